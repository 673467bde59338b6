"""Read the labelled drawings of a person from a stroke file; leave out those that are unusable."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lenet_desktop.data.labelled import DatasetError
from lenet_desktop.data.stroke_samples import class_name, drawing_of
from lenet_desktop.data.teaching.held_out import is_held_out
from lenet_desktop.drawing.legibility import readable
from lenet_desktop.drawing.preprocess import preprocess
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.stroke_file import MAX_FILE_BYTES, StrokeRecord, read_record
from lenet_desktop.drawing.strokes import Drawing
from lenet_desktop.errors import NO_TEXT, Text, UserError
from lenet_desktop.models.model_card import MAX_CLASS_NAME, check_classes
from lenet_desktop.printable import printable
from lenet_desktop.regular_file import read_regular

MIN_DRAWINGS = 4
"""The fewest drawings of a class of one's own that a network learns from."""
MAX_CLASSES = 50
# Drawing this many takes half a minute.
_MAX_DRAWINGS = 10_000


@dataclass(frozen=True, eq=False)
class LabelledDrawing:
    """A drawing, and the class that the person says it is.

    Attributes:
        drawing: the drawing; strokes from another device are placed in the middle of the pad.
        label: the name of its class.
        image: uint8 (28, 28), the sample that the network is shown, 255 full ink.
        is_held_out: whether it is kept for the comparison of champion and challenger.
    """

    drawing: Drawing
    label: str
    image: NDArray[np.uint8]
    is_held_out: bool


@dataclass(frozen=True, eq=False)
class LabelledDrawings:
    """The drawings of a stroke file.

    Attributes:
        name: what messages call the file.
        drawings: the drawings that can be used, at least one, in the order of the file.
        notice: one sentence that says which were left out and why, or ''.
    """

    name: str
    drawings: tuple[LabelledDrawing, ...]
    notice: Text = NO_TEXT

    @property
    def counts(self) -> dict[str, int]:
        """How many drawings each class has, sorted by its name."""
        return dict(sorted(Counter(each.label for each in self.drawings).items()))


def read_drawings(path: Path) -> LabelledDrawings:
    """Read the labelled drawings of a stroke file, pictures among them.

    A line that cannot be used (it is damaged, or the drawing has no label or no ink) is left out.

    Raises:
        DatasetError: the file cannot be read, holds no drawing that can be used or too many, or two
            of its labels look the same.
    """
    try:
        content = read_regular(path, MAX_FILE_BYTES)
    except OSError as error:
        raise DatasetError(
            "{path} cannot be read: {reason}.", path=path, reason=error.strerror or error
        ) from error
    lines = content.decode("utf-8-sig", "surrogateescape").split("\n")
    numbered = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if len(numbered) > _MAX_DRAWINGS:
        raise DatasetError(
            "{path} holds {count:,} drawings, but at most {most:,} can be learned from: choose "
            "some of them.",
            path=path,
            count=len(numbered),
            most=_MAX_DRAWINGS,
        )
    drawings: list[LabelledDrawing] = []
    spellings: dict[str, str] = {}
    reasons: list[Text] = []
    for number, line in numbered:
        where = Text("{name}, line {line}", name=path, line=number)
        try:
            record = read_record(line, number, where)
            drawings.append(_labelled(record, where))
        except UserError as error:
            reasons.append(error.text)
            continue
        label = record.label or ""
        first = spellings.setdefault(drawings[-1].label, label)
        if first != label:
            raise DatasetError(
                "The labels {first!a} and {second!a} in {path} look the same: write them in the "
                "same way.",
                first=first,
                second=label,
                path=path,
            )
    if not drawings:
        first_reason = Text(" {reason}", reason=reasons[0]) if reasons else NO_TEXT
        raise DatasetError(
            "{path} holds no drawing to learn from.{reason}", path=path, reason=first_reason
        )
    return LabelledDrawings(str(path), tuple(drawings), _notice(reasons, len(numbered)))


def check_own_classes(drawings: LabelledDrawings, classes: Sequence[str]) -> None:
    """Check that a network can learn these classes from the drawings.

    Raises:
        DatasetError: there are too few or too many classes, a class has too few drawings or a name
            that cannot be used, or a drawing belongs to no class.
    """
    counts = drawings.counts
    if not 2 <= len(classes) <= MAX_CLASSES:
        raise DatasetError(
            "2 to {most} classes can be learned, but {name} has drawings of {count}.",
            name=drawings.name,
            count=len(classes),
            most=MAX_CLASSES,
        )
    try:
        check_classes(classes)
    except ValueError as error:
        raise DatasetError(
            "{name} cannot be learned from: {reason}.", name=drawings.name, reason=error
        ) from error
    check_labels(drawings, classes)
    few = [name for name in classes if counts.get(name, 0) < MIN_DRAWINGS]
    if few:
        raise DatasetError(
            "The class '{label}' in {name} has {count} of the {least} drawings that it needs: draw "
            "more of it, or leave it out.",
            label=few[0],
            name=drawings.name,
            count=counts.get(few[0], 0) or Text("none"),
            least=MIN_DRAWINGS,
        )


def check_labels(drawings: LabelledDrawings, classes: Sequence[str]) -> None:
    """Check that all drawings are of these classes.

    Raises:
        DatasetError: one is not.
    """
    others = [label for label in drawings.counts if label not in classes]
    if others:
        raise DatasetError(
            "{name} has drawings labelled '{label}', which is none of the classes {classes}.",
            name=drawings.name,
            label=printable(others[0], MAX_CLASS_NAME),
            classes=listed(classes),
        )


def listed(names: Sequence[str]) -> str:
    """Return the names of classes, or the first ones and the last one of many."""
    return ", ".join(names if len(names) <= 12 else (*names[:10], "…", names[-1]))


def _labelled(record: StrokeRecord, where: Text) -> LabelledDrawing:
    """Return the drawing of a line.

    Raises:
        UserError: it has no label, no ink, or is a picture that cannot be read.
    """
    label = class_name(record.label or "")
    if not label:
        raise DatasetError("{where}: the drawing has no label.", where=where)
    drawing = drawing_of(record, where, record.line)
    sample = preprocess(rasterize(readable(drawing)))
    if sample is None:
        raise DatasetError("{where}: the drawing leaves no ink on the pad.", where=where)
    image = (sample * 255 + 0.5).astype(np.uint8)
    return LabelledDrawing(drawing, label, image, is_held_out(record.strokes))


def _notice(reasons: Sequence[Text], lines: int) -> Text:
    if not reasons:
        return NO_TEXT
    if len(reasons) == 1:
        return Text(
            "One of {lines:,} drawings is left out: {reason}", lines=lines, reason=reasons[0]
        )
    return Text(
        "{count:,} of {lines:,} drawings are left out; the first one: {reason}",
        count=len(reasons),
        lines=lines,
        reason=reasons[0],
    )
