"""Ink: strokes, drawings, how a brush turns them into a picture, and stroke files.

The pad is a square of fixed size, whatever the window and the screen are like. Points are in pad
units, y down. Ink is coverage: uint8 (PAD_SIZE, PAD_SIZE), 0 paper to 255 full ink. The window
draws with the very brush that is here, so a stroke file gives the same ink with and without one.
"""

import itertools
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lenet_desktop.atomic_write import replace_file

PAD_SIZE = 800
MIN_BRUSH, DEFAULT_BRUSH, MAX_BRUSH = 16, 56, 120
# Brushes relative to how far the hand went. Up to the first, holes stay open; the second is what
# MNIST's pencils were; and who moved less than a quarter of a brush has made a dot.
_TOO_THICK, _AS_A_PENCIL, _A_DOT = 0.25, 0.12, 0.25
# Points further apart than this, relative to the drawing, are joined by a curve of so many lines.
_SPARSE, _LINES = 0.12, 4

Ink = NDArray[np.uint8]
Points = NDArray[np.float32]
Rect = tuple[int, int, int, int]
"""Left, top, right, bottom in whole pad units; right and bottom lie outside."""

_MAX_FILE_BYTES = 256 * 1024 * 1024
_MAX_POINTS = 100_000


class StrokeFileError(Exception):
    """A stroke file that cannot be read or written; the message is one sentence for the user."""


@dataclass(frozen=True, eq=False)
class Stroke:
    """One pen-down to pen-up: points (N, 2), float32, pad units, and the brush's diameter."""

    points: Points
    brush: float = DEFAULT_BRUSH
    erases: bool = False


@dataclass(frozen=True, eq=False)
class Drawing:
    """What is on the pad: strokes in the order they were drawn, over a picture or bare paper."""

    strokes: tuple[Stroke, ...] = ()
    picture: Ink | None = None

    def ink(self) -> Ink:
        """Draw it all: a new uint8 array (PAD_SIZE, PAD_SIZE)."""
        ink = blank() if self.picture is None else self.picture.copy()
        for stroke in self.strokes:
            draw_stroke(ink, stroke)
        return ink

    def legible(self) -> "Drawing":
        """Give the drawing as it is to be read; itself where nothing needs to change.

        People who draw with a mouse often draw small, at the brush they find: where the ink would
        run together to a blot, the brush is finer. And they draw fast: where a stroke has few
        points, a curve runs through them, as the hand went. Where something was erased, or there is
        a picture, nothing is changed; nor is a mere dot.
        """
        if not self.strokes or self.picture is not None or any(s.erases for s in self.strokes):
            return self
        points = np.concatenate([stroke.points for stroke in self.strokes])
        size = float(np.ptp(points, axis=0).max())
        thickest = max(stroke.brush for stroke in self.strokes)
        if size <= _A_DOT * thickest:
            return self
        finer = _AS_A_PENCIL * size / thickest if thickest > _TOO_THICK * size else 1.0
        sparse = [_is_sparse(stroke.points, size) for stroke in self.strokes]
        if finer == 1 and not any(sparse):
            return self
        return Drawing(
            tuple(
                replace(
                    stroke,
                    points=_curve(stroke.points) if is_sparse else stroke.points,
                    brush=stroke.brush * finer,
                )
                for stroke, is_sparse in zip(self.strokes, sparse, strict=True)
            )
        )


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


def blank() -> Ink:
    """Give bare paper."""
    return np.zeros((PAD_SIZE, PAD_SIZE), np.uint8)


def draw_stroke(ink: Ink, stroke: Stroke) -> Rect:
    """Draw a stroke into ``ink`` and tell which part of it changed."""
    points = stroke.points
    changed = draw_line(ink, points[0], points[0], stroke.brush, stroke.erases)
    for start, end in itertools.pairwise(points):
        changed = unite(changed, draw_line(ink, start, end, stroke.brush, stroke.erases))
    return changed


def draw_line(
    ink: Ink,
    start: Sequence[float] | Points,
    end: Sequence[float] | Points,
    brush: float,
    erases: bool = False,
) -> Rect:
    """Draw a straight line with a round, anti-aliased brush; ``start == end`` leaves a dot.

    Coverage falls from 255 to 0 over the one unit around the brush's edge. Lines that meet are
    joined by the roundness of their ends.

    Args:
        ink: uint8 (H, W), changed in place.
        start, end: x and y in pad units; may lie outside.
        brush: the brush's diameter in pad units.
        erases: take ink away instead.

    Returns:
        The part of ``ink`` that may have changed; of no width or height when the line lies outside.
    """
    height, width = ink.shape
    x0, y0, x1, y1 = float(start[0]), float(start[1]), float(end[0]), float(end[1])
    radius = brush / 2
    reach = radius + 0.5
    left = min(max(math.floor(min(x0, x1) - reach), 0), width)
    right = max(min(math.ceil(max(x0, x1) + reach), width), left)
    top = min(max(math.floor(min(y0, y1) - reach), 0), height)
    bottom = max(min(math.ceil(max(y0, y1) + reach), height), top)
    if left == right or top == bottom:
        return left, top, right, bottom
    # The middle of the pixel (column, row) lies at (column + 0.5, row + 0.5).
    dx = np.arange(left, right, dtype=np.float32)[np.newaxis, :] + np.float32(0.5 - x0)
    dy = np.arange(top, bottom, dtype=np.float32)[:, np.newaxis] + np.float32(0.5 - y0)
    along_x, along_y = x1 - x0, y1 - y0
    squared_length = along_x * along_x + along_y * along_y
    if squared_length > 0:
        nearest = dx * np.float32(along_x / squared_length)
        nearest = nearest + dy * np.float32(along_y / squared_length)
        np.clip(nearest, 0, 1, out=nearest)
        dx = dx - nearest * np.float32(along_x)
        dy = dy - nearest * np.float32(along_y)
    coverage = np.sqrt(dx * dx + dy * dy)
    np.subtract(np.float32(reach), coverage, out=coverage)
    np.clip(coverage, 0, 1, out=coverage)
    covered = (coverage * np.float32(255) + np.float32(0.5)).astype(np.uint8)
    part = ink[top:bottom, left:right]
    if erases:
        np.minimum(part, 255 - covered, out=part)
        # Rims cover each other by halves: a stroke erased along its own way would leave a faint
        # outline, too pale to be seen and yet a part of the digit.
        part[(covered > 0) & (part < 128)] = 0
    else:
        np.maximum(part, covered, out=part)
    return left, top, right, bottom


def _is_sparse(points: Points, size: float) -> bool:
    if len(points) < 3:
        return False
    return float(np.hypot(*np.diff(points, axis=0).T).mean()) > _SPARSE * size


def _curve(points: Points) -> Points:
    """Run a curve through the points of a stroke: N of them give 1 + 4 (N - 1).

    E. Catmull, R. Rom, "A Class of Local Interpolating Splines", 1974, with the root of the
    distance between points as the parameter, which makes no loops (C. Yuksel et al., "On the
    Parameterization of Catmull-Rom Curves", 2009).
    """
    first, last = 2 * points[:1] - points[1:2], 2 * points[-1:] - points[-2:-1]
    padded = np.concatenate([first, points, last]).astype(np.float64)
    steps = np.maximum(np.sqrt(np.hypot(*np.diff(padded, axis=0).T)), 1e-3)[:, np.newaxis]
    a, b, c, d = padded[:-3], padded[1:-2], padded[2:-1], padded[3:]  # (N - 1, 2) each
    before, here, after = steps[:-2], steps[1:-1], steps[2:]
    # The slopes at both ends of each span, by which a cubic runs from b to c.
    start = here * ((b - a) / before - (c - a) / (before + here) + (c - b) / here)
    end = here * ((c - b) / here - (d - b) / (here + after) + (d - c) / after)
    t = (np.arange(1, _LINES + 1) / _LINES)[np.newaxis, :, np.newaxis]
    b, c, start, end = (part[:, np.newaxis] for part in (b, c, start, end))
    curve = (
        (2 * t**3 - 3 * t**2 + 1) * b
        + (t**3 - 2 * t**2 + t) * start
        + (3 * t**2 - 2 * t**3) * c
        + (t**3 - t**2) * end
    )
    return np.concatenate([points[:1], curve.reshape(-1, 2)]).astype(np.float32)


def unite(a: Rect, b: Rect) -> Rect:
    """Give the smallest rectangle that holds both; one without area counts for nothing."""
    if a[0] >= a[2] or a[1] >= a[3]:
        return b
    if b[0] >= b[2] or b[1] >= b[3]:
        return a
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])


def place(
    strokes: Sequence[Points],
    *,
    height: float = 0.7,
    centre: tuple[float, float] = (0.5, 0.5),
    brush: float = DEFAULT_BRUSH,
) -> Drawing:
    """Put strokes of any device on the pad, their proportions kept.

    Args:
        strokes: points (N, 2) each, in any units, y down.
        height: the part of the pad's height that the strokes are to fill, 0 to 1. Strokes wider
            than high fill at most 0.8 of its width.
        centre: where the middle of the strokes comes to lie, 0 to 1 in x and y.
        brush: the brush's diameter in pad units.
    """
    points = np.concatenate([np.asarray(s, np.float64) for s in strokes])
    low, high = points.min(axis=0), points.max(axis=0)
    across, down = (high - low).tolist()
    scales = [0.8 / across] if across > 0 else []
    scales += [height / down] if down > 0 else []
    scale = min(scales, default=1.0) * PAD_SIZE
    middle = (low + high) / 2
    return Drawing(
        tuple(
            Stroke(
                ((np.asarray(s) - middle) * scale + np.array(centre) * PAD_SIZE).astype(np.float32),
                brush,
            )
            for s in strokes
        )
    )


def place_by_hand(strokes: Sequence[Points], seed: int, brush: float = DEFAULT_BRUSH) -> Drawing:
    """Put strokes on the pad as a person would: 60 to 80 % high and not quite in the middle.

    The same seed gives the same place on every machine.
    """
    random = np.random.default_rng(seed)
    height = random.uniform(0.6, 0.8)
    centre = tuple(random.uniform(0.45, 0.55, 2).tolist())
    return place(strokes, height=height, centre=(centre[0], centre[1]), brush=brush)


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
