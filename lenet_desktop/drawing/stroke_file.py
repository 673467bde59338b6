"""Stroke files: drawings as JSON lines."""

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lenet_desktop.atomic_write import replace_file
from lenet_desktop.drawing.strokes import PAD_SIZE, Drawing, Points, Stroke
from lenet_desktop.errors import UserError

_MAX_FILE_BYTES = 256 * 1024 * 1024

_MAX_POINTS = 100_000


class StrokeFileError(UserError):
    """A stroke file that cannot be read or written; the message is one sentence for the user."""


@dataclass(frozen=True, eq=False)
class StrokeRecord:
    """One line of a stroke file.

    Attributes:
        strokes: points (N, 2), float32, in units of the device that recorded them, y down.
        label: what was meant, or None where nobody said.
        source, writer: where it comes from.
        drawing: the drawing itself where the line was written by this program, which also
            notes brush and eraser and whose units are the pad's; else None.
    """

    strokes: tuple[Points, ...]
    label: str | None = None
    source: str = ""
    writer: str = ""
    drawing: Drawing | None = field(default=None, repr=False)


def read_strokes(path: Path) -> Iterator[StrokeRecord]:
    """Read a stroke file line by line.

    A line is a JSON object: ``{"source": str, "writer": str, "label": int or str, "strokes":
    [[[x, y], ...], ...]}``, of which only the strokes must be there. This program's own files
    also hold ``"brushes"`` and ``"erases"``, one entry a stroke, and then x and y in pad units.

    Raises:
        StrokeFileError: the file cannot be read or a line is no such object.
    """
    try:
        if path.stat().st_size > _MAX_FILE_BYTES:
            raise StrokeFileError(f"{path} is too large to be a stroke file.")
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _read_record(line, f"{path}, line {number}")
    except OSError as error:
        raise StrokeFileError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise StrokeFileError(f"{path} is not a stroke file: it is not text.") from error


def _read_record(line: str, where: str) -> StrokeRecord:
    try:
        values = json.loads(line)
        strokes = tuple(np.array(s, np.float64) for s in values["strokes"])
        label = values.get("label")
        brushes, erases = values.get("brushes"), values.get("erases")
        drawing = None
        if brushes is not None and erases is not None:
            drawing = Drawing(
                tuple(
                    Stroke(_points(points), _brush(b), bool(e))
                    for points, b, e in zip(strokes, brushes, erases, strict=True)
                )
            )
    except (
        ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError
    ) as error:  # fmt: skip
        raise StrokeFileError(
            f"{where}: not a drawing; a line such as "
            '{"label": 7, "strokes": [[[x, y], ...], ...]} was expected.'
        ) from error
    if not strokes or any(s.ndim != 2 or s.shape[1] != 2 or not len(s) for s in strokes):
        raise StrokeFileError(f"{where}: each stroke must be a list of points [x, y].")
    if sum(map(len, strokes)) > _MAX_POINTS:
        raise StrokeFileError(f"{where}: more than {_MAX_POINTS:,} points are no drawing.")
    if not all(np.isfinite(s).all() and (np.abs(s) < 1e9).all() for s in strokes):
        raise StrokeFileError(f"{where}: a point lies outside of all reason.")
    return StrokeRecord(
        strokes=tuple(_points(s) for s in strokes),
        label=None if label is None or label == "" else str(label),
        source=str(values.get("source", "")),
        writer=str(values.get("writer", "")),
        drawing=drawing,
    )


def _points(values: NDArray[np.float64]) -> Points:
    with np.errstate(over="ignore"):  # what is beyond all reason is refused by its value
        return values.astype(np.float32)


def _brush(value: float) -> float:
    if math.isnan(value):
        raise ValueError("a brush is no number")
    return min(max(float(value), 1.0), float(PAD_SIZE))


def write_strokes(path: Path, drawings: Iterable[Drawing]) -> None:
    """Write drawings as a stroke file, one a line; ``read_strokes`` gives them back.

    Raises:
        StrokeFileError: a drawing holds a picture or nothing, or the file cannot be written.
    """
    lines = []
    for drawing in drawings:
        if drawing.picture is not None:
            raise StrokeFileError("A picture has no strokes: save this drawing as PNG.")
        if not drawing.strokes:
            raise StrokeFileError("There is nothing to save: draw a digit first.")
        record = {
            "source": "lenet-desktop",
            "writer": "",
            "label": "",
            "strokes": [np.round(s.points.astype(float), 2).tolist() for s in drawing.strokes],
            "brushes": [s.brush for s in drawing.strokes],
            "erases": [s.erases for s in drawing.strokes],
        }
        lines.append(json.dumps(record, separators=(",", ":")) + "\n")
    try:
        replace_file(path, "".join(lines).encode())
    except OSError as error:
        raise StrokeFileError(f"{path} cannot be written: {error.strerror or error}.") from error
