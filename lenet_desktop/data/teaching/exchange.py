"""Own samples as stroke files: exported for others, and imported from them."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

from lenet_desktop import paths
from lenet_desktop.atomic_write import replace_file
from lenet_desktop.data import own_samples
from lenet_desktop.data.own_samples import OwnSample, OwnSamplesError
from lenet_desktop.drawing.stroke_file import MAX_FILE_BYTES, StrokeRecord, line_of, read_strokes
from lenet_desktop.drawing.strokes import place
from lenet_desktop.errors import UserError
from lenet_desktop.regular_file import read_regular

# What this program writes in a line; nothing else is taken over from a file of others.
_KEYS = ("source", "writer", "label", "strokes", "brushes", "erases", "width", "picture")


@dataclass(frozen=True)
class Imported:
    """What came of an import.

    Attributes:
        added: how many samples were added.
        present: how many were there already.
        others: how many have no label, or one that is none of the classes.
        unreadable: how many lines are no drawings.
        first_unreadable: the number of the first of them, from 1; 0 if there is none.
    """

    added: int = 0
    present: int = 0
    others: int = 0
    unreadable: int = 0
    first_unreadable: int = 0


def export_samples(path: Path, samples: Sequence[OwnSample]) -> None:
    """Write samples as a stroke file.

    Raises:
        OwnSamplesError: the file cannot be written, or holds samples of the person itself.
    """
    if path.resolve().parent == paths.samples_folder().resolve():
        raise OwnSamplesError(
            "{path} is in the folder of your samples: choose another folder.", path=path
        )
    try:
        replace_file(path, b"".join(sample.line + b"\n" for sample in samples))
    except OSError as error:
        raise OwnSamplesError(
            "{path} cannot be written: {reason}.", path=path, reason=error.strerror or error
        ) from error


def import_samples(
    path: Path, source: Path, classes: Collection[str], stop: Event | None = None
) -> Imported:
    """Add the drawings of a stroke file to the person's samples, unless they are there already.

    Drawings from other devices are placed in the middle of the pad.

    Args:
        path: the file of the person's samples.
        source: the stroke file.
        classes: the classes; drawings of others are left out.
        stop: stops the import when it is set; nothing is added then.

    Raises:
        OwnSamplesError: a file cannot be read or written, and nothing was added.
    """
    samples, imported = parsed(_content(source), classes, stop)
    if stop is not None and stop.is_set():
        return Imported()
    added = own_samples.extend(path, samples) if samples else 0
    return replace(imported, added=added, present=len(samples) - added)


def labels_of(path: Path) -> list[str]:
    """Return the labels in a stroke file, each once, in their order; those of bad lines are not.

    Raises:
        OwnSamplesError: the file cannot be read.
    """
    labels: dict[str, None] = {}
    for line in _content(path).split(b"\n"):
        try:
            label = next(read_strokes(line)).label if line.strip() else None
        except UserError:
            continue
        if label is not None:
            labels[label] = None
    return list(labels)


def parsed(
    content: bytes, classes: Collection[str], stop: Event | None = None
) -> tuple[list[OwnSample], Imported]:
    """Return the samples of these classes in a stroke file, which is not trusted.

    Args:
        content: the content of the file.
        classes: the classes.
        stop: stops it when it is set.

    Returns:
        the samples, and how many lines are none of them; nothing is imported yet.
    """
    samples: list[OwnSample] = []
    others = 0
    unreadable: list[int] = []
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if stop is not None and stop.is_set():
            break
        if not line.strip():
            continue
        try:
            sample = _sample(line, classes)
        except UserError:
            unreadable.append(number)
            continue
        if sample is None:
            others += 1
        else:
            samples.append(sample)
    first = next(iter(unreadable), 0)
    return samples, Imported(others=others, unreadable=len(unreadable), first_unreadable=first)


def _content(path: Path) -> bytes:
    try:
        return read_regular(path, MAX_FILE_BYTES).removeprefix(b"\xef\xbb\xbf")
    except OSError as error:
        raise OwnSamplesError(
            "{path} cannot be read: {reason}.", path=path, reason=error.strerror or error
        ) from error


def _sample(line: bytes, classes: Collection[str]) -> OwnSample | None:
    """Return the sample of a line, or None if it has no label or that of another class.

    Raises:
        UserError: the line is no drawing.
    """
    record = next(read_strokes(line))
    if record.label not in classes:
        return None
    return own_samples.sample_of(_line(line, record), "")


def _line(line: bytes, record: StrokeRecord) -> bytes:
    """Return a line as this program writes it."""
    label = record.label or ""
    if record.drawing is None:
        return line_of(place(record.strokes), label).encode().rstrip()
    values = json.loads(line) | {"label": label}
    own = {key: values[key] for key in _KEYS if key in values}
    return json.dumps(own, separators=(",", ":")).encode()
