"""Stroke files: drawings as JSON lines."""

import io
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lenet_desktop.atomic_write import replace_file
from lenet_desktop.drawing.strokes import (
    MAX_BRUSH,
    MIN_BRUSH,
    PAD_SIZE,
    WIDEST,
    Drawing,
    Points,
    Stroke,
)
from lenet_desktop.errors import Text, UserError
from lenet_desktop.regular_file import limited

MAX_FILE_BYTES = 256 * 1024 * 1024
"""The largest stroke file that is read."""

_MAX_LINE_LENGTH = 8_000_000
# A drawing within these limits is rasterized in less than two seconds. Drawing for ten
# minutes without a break gives a path about 3,000 times as long as the drawing is large.
_MAX_POINTS, _MAX_STROKES, _MAX_PATH = 50_000, 500, 5_000
# In the units of the device, and in pad units if the file uses them.
_FARTHEST, _FARTHEST_FROM_THE_PAD = 1e9, 1e6


class StrokeFileError(UserError):
    """A stroke file that cannot be read or written; the message is one sentence for the user."""


@dataclass(frozen=True, eq=False)
class StrokeRecord:
    """One line of a stroke file.

    Attributes:
        strokes: points (N, 2), float32, in units of the device that recorded them, y down.
        label: what the writer meant, or None if the file does not say.
        source, writer: where it comes from.
        line: the number of the line in its file, from 1.
        drawing: the drawing with brushes and erasers, in pad units, if this program wrote the line;
            else None.
        picture: the picture that the strokes were traced in, as a PNG file in base64; '' if they
            were drawn.
    """

    strokes: tuple[Points, ...]
    label: str | None = None
    source: str = ""
    writer: str = ""
    line: int = 1
    drawing: Drawing | None = field(default=None, repr=False)
    picture: str = field(default="", repr=False)


def read_strokes(source: Path | bytes, name: str | None = None) -> Iterator[StrokeRecord]:
    """Read a stroke file line by line.

    A line is a JSON object: ``{"source": str, "writer": str, "label": int or str, "strokes":
    [[[x, y], ...], ...]}``; only the strokes are required. This program's own files also hold
    ``"brushes"`` and ``"erases"``, with one entry for each stroke; their x and y are in pad units,
    and ``"width"`` is that of the pad if it was wide.

    Args:
        source: the file or its content.
        name: what messages call it; the path, or 'The stroke file', if None.

    Raises:
        StrokeFileError: the file cannot be read, or a line is not a drawing or is too long; the
            message names the line.
    """
    name = name or (Text("The stroke file") if isinstance(source, bytes) else str(source))
    try:
        content = limited(source, MAX_FILE_BYTES)
    except OSError as error:
        raise StrokeFileError(
            "{name} cannot be read: {reason}.", name=name, reason=error.strerror or error
        ) from error
    # A byte that is no text must be reported with the number of its line. The decoder alone could
    # not tell it, since it decodes many lines at once.
    with io.TextIOWrapper(io.BytesIO(content), "utf-8-sig", "surrogateescape") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield read_record(line, number, Text("{name}, line {line}", name=name, line=number))


def read_record(line: str, number: int, where: Text) -> StrokeRecord:
    """Read one line of a stroke file, see ``read_strokes``.

    Args:
        line: the line; bytes that are not UTF-8 are lone surrogates ('surrogateescape').
        number: its number in the file, from 1.
        where: what messages call it.

    Raises:
        StrokeFileError: the line is not a drawing, or is too long.
    """
    if len(line) > _MAX_LINE_LENGTH:
        raise StrokeFileError("{where}: the line is too long to be a drawing.", where=where)
    try:
        line.encode()
    except UnicodeEncodeError as error:
        raise StrokeFileError(
            "{where}: a stroke file is text in UTF-8; this is not.", where=where
        ) from error
    try:
        values = json.loads(line)
        strokes = [np.array(s, np.float64) for s in values["strokes"]]
        label = values.get("label")
        brushes, erases = values.get("brushes"), values.get("erases")
        pens, width = None, PAD_SIZE
        if brushes is not None and erases is not None:
            pens = [(_brush(b), bool(e)) for b, e in zip(brushes, erases, strict=True)]
            width = min(max(int(values.get("width", PAD_SIZE)), PAD_SIZE), WIDEST)
            if len(pens) != len(strokes):
                raise ValueError("each stroke needs a brush")
    except (
        ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError
    ) as error:  # fmt: skip
        raise StrokeFileError(
            '{where}: not a drawing; a line such as {{"label": 7, "strokes": [[[x, y], '
            "...], ...]}} was expected.",
            where=where,
        ) from error
    problem = _problem(strokes, _FARTHEST if pens is None else _FARTHEST_FROM_THE_PAD)
    if problem is not None:
        raise StrokeFileError("{where}: {problem}.", where=where, problem=problem)
    points = tuple(s.astype(np.float32) for s in strokes)
    return StrokeRecord(
        strokes=points,
        label=None if label is None or label == "" else str(label),
        source=str(values.get("source", "")),
        writer=str(values.get("writer", "")),
        line=number,
        drawing=None
        if pens is None
        else Drawing(
            tuple(Stroke(p, *pen) for p, pen in zip(points, pens, strict=True)), bare_width=width
        ),
        picture=str(values.get("picture") or ""),
    )


def _problem(strokes: Sequence[NDArray[np.float64]], farthest: float) -> Text | None:
    """Return why strokes cannot be read, or None if they can."""
    if not strokes or any(s.ndim != 2 or s.shape[1] != 2 or not len(s) for s in strokes):
        return Text("each stroke must be a list of points [x, y]")
    points = np.concatenate(strokes)
    if len(strokes) > _MAX_STROKES or len(points) > _MAX_POINTS:
        return Text(
            "a drawing of {strokes:,} strokes and {points:,} points is too large; "
            "{most_strokes:,} strokes and {most_points:,} points are read",
            strokes=len(strokes),
            points=len(points),
            most_strokes=_MAX_STROKES,
            most_points=_MAX_POINTS,
        )
    # NaN fails this comparison, too.
    if not (np.abs(points) < farthest).all():
        return Text(
            "a point lies too far away; coordinates up to {farthest:,.0f} are read",
            farthest=farthest,
        )
    path = sum(float(np.hypot(*np.diff(s, axis=0).T).sum()) for s in strokes)
    if path > _MAX_PATH * float(np.ptp(points, axis=0).max()):
        return Text(
            "the pen goes back and forth too often; paths up to {most:,} times as long as the "
            "drawing is large are read",
            most=_MAX_PATH,
        )
    return None


def _brush(value: float) -> float:
    if math.isnan(value):
        raise ValueError("a brush is not a number")
    return min(max(float(value), MIN_BRUSH), MAX_BRUSH)


def write_strokes(path: Path, drawings: Iterable[Drawing]) -> None:
    """Write drawings as a stroke file, one per line, so that ``read_strokes`` returns them again.

    Raises:
        StrokeFileError: a drawing contains a picture, is empty or too large to be read again, or
            the file cannot be written.
    """
    lines = [line_of(drawing) for drawing in drawings]
    try:
        replace_file(path, "".join(lines).encode())
    except OSError as error:
        raise StrokeFileError(
            "{path} cannot be written: {reason}.", path=path, reason=error.strerror or error
        ) from error


def line_of(drawing: Drawing, label: str = "") -> str:
    """Return the line of a stroke file that holds a drawing and its label.

    Raises:
        StrokeFileError: it contains a picture, is empty, or is too large to be read again.
    """
    if drawing.picture is not None:
        raise StrokeFileError("A picture has no strokes: save this drawing as PNG.")
    if not drawing.strokes:
        raise StrokeFileError("There is nothing to save: draw a digit first.")
    strokes = [np.round(s.points.astype(float), 2) for s in drawing.strokes]
    problem = _problem(strokes, _FARTHEST_FROM_THE_PAD)
    if problem is not None:
        raise StrokeFileError("Save this drawing as PNG: {problem}.", problem=problem)
    record: dict[str, object] = {
        "source": "lenet-desktop",
        "writer": "",
        "label": label,
        "strokes": [points.tolist() for points in strokes],
        "brushes": [s.brush for s in drawing.strokes],
        "erases": [s.erases for s in drawing.strokes],
    }
    if drawing.width != PAD_SIZE:
        record["width"] = drawing.width
    return json.dumps(record, separators=(",", ":")) + "\n"
