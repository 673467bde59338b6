"""The program's only brush: it turns strokes into ink.

Ink is coverage: uint8 (PAD_SIZE, width), 0 paper to 255 full ink. The window draws each line as
the pen moves, with ``draw_line`` or ``draw_lines``. ``draw_stroke`` draws a whole stroke and leaves
the same ink, bit for bit, so a stroke file gives the same ink with and without a window. It takes
half the time for an ordinary stroke, and much less for long or many lines.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lenet_desktop.drawing.coverage import Coverage, cover_few_lines, cover_lines
from lenet_desktop.drawing.strokes import PAD_SIZE, Drawing, Ink, Points, Rect, Stroke


def rasterize(drawing: Drawing) -> Ink:
    """Draw all strokes over the picture or bare paper: a new uint8 array (PAD_SIZE, width)."""
    ink = blank(drawing.width) if drawing.picture is None else drawing.picture.copy()
    for stroke in drawing.strokes:
        draw_stroke(ink, stroke)
    return ink


class Rasterizer:
    """Rasterizes one drawing after another, such as those that the pad sends while one draws.

    Where a drawing continues the one before, only its new lines are drawn: the time for an answer
    does not grow with the drawing.
    """

    def __init__(self) -> None:
        self._drawing = Drawing()
        self._ink = blank()

    def rasterize(self, drawing: Drawing) -> Ink:
        """Return the same ink as ``rasterize``."""
        if _continues(drawing, self._drawing):
            # A copy: a stroke that fails must leave nothing in the ink of the next drawing.
            ink = self._ink.copy()
            for stroke in _new_lines(drawing.strokes, self._drawing.strokes):
                draw_stroke(ink, stroke)
        else:
            ink = rasterize(drawing)
        self._drawing, self._ink = drawing, ink
        return ink


def _continues(drawing: Drawing, before: Drawing) -> bool:
    """Return whether a drawing begins with all that was drawn before."""
    pairs = list(zip(drawing.strokes, before.strokes, strict=False))
    return (
        drawing.picture is before.picture
        and drawing.width == before.width
        and len(pairs) == len(before.strokes)
        and all(
            new is old
            or (
                (new.brush, new.erases) == (old.brush, old.erases)
                # Only the last stroke may have become longer.
                and (len(new.points) == len(old.points) or number == len(pairs))
                and np.array_equal(new.points[: len(old.points)], old.points)
            )
            for number, (new, old) in enumerate(pairs, 1)
        )
    )


def _new_lines(strokes: Sequence[Stroke], before: Sequence[Stroke]) -> Iterator[Stroke]:
    """Yield what strokes add to those before, of which only the last may have become longer."""
    if before and len(strokes[len(before) - 1].points) > len(before[-1].points):
        stroke = strokes[len(before) - 1]
        yield replace(stroke, points=stroke.points[len(before[-1].points) - 1 :])
    yield from strokes[len(before) :]


def blank(width: int = PAD_SIZE) -> Ink:
    """Return bare paper of a width in pad units."""
    return np.zeros((PAD_SIZE, width), np.uint8)


def draw_stroke(ink: Ink, stroke: Stroke) -> Rect:
    """Draw a stroke into ``ink``; return the part of it that may have changed."""
    points = stroke.points.astype(np.float64)
    box = _box(points, stroke.brush, ink)
    if box[0] < box[2] and box[1] < box[3]:
        # The stroke begins with a dot, as it does on the pad.
        starts = np.concatenate([points[:1], points[:-1]])
        _apply(ink, box, cover_lines(starts, points, stroke.brush, box), stroke.erases)
    return box


def draw_line(
    ink: Ink,
    start: Sequence[float] | Points,
    end: Sequence[float] | Points,
    brush: float,
    erases: bool = False,
) -> Rect:
    """Draw a straight line with a round, anti-aliased brush; ``start == end`` leaves a dot.

    Coverage falls from 255 to 0 over the one unit around the brush's edge. Lines that meet are
    joined by their round ends.

    Args:
        ink: uint8 (H, W), changed in place.
        start, end: x and y in pad units; may lie outside.
        brush: the brush's diameter in pad units.
        erases: remove ink instead of adding it.

    Returns:
        The part of ``ink`` that may have changed; it is empty when the line lies outside.
    """
    return draw_lines(ink, np.array((start, end)), brush, erases)


def draw_lines(ink: Ink, points: Points, brush: float, erases: bool = False) -> Rect:
    """Draw a few short lines from each of at least two points (N, 2) to the next.

    Leaves the same ink as ``draw_line`` for each, and returns the part that may have changed.
    """
    ends = points.astype(np.float64)
    box = _box(ends, brush, ink)
    if box[0] < box[2] and box[1] < box[3]:
        _apply(ink, box, cover_few_lines(ends[:-1], ends[1:], brush, box), erases)
    return box


def _box(points: NDArray[np.float64], brush: float, ink: Ink) -> Rect:
    """Return the part of ``ink`` that a brush reaches along lines through points (N, 2)."""
    height, width = ink.shape
    reach = brush / 2 + 0.5
    (x0, y0), (x1, y1) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    left = min(max(math.floor(x0 - reach), 0), width)
    right = max(min(math.ceil(x1 + reach), width), left)
    top = min(max(math.floor(y0 - reach), 0), height)
    bottom = max(min(math.ceil(y1 + reach), height), top)
    return left, top, right, bottom


def _apply(ink: Ink, box: Rect, covered: Coverage, erases: bool) -> None:
    """Add the covered ink to a part of ``ink``, or take it away.

    Applying the largest coverage of several lines once has the same result as applying each.
    """
    left, top, right, bottom = box
    part = ink[top:bottom, left:right]
    if erases:
        np.minimum(part, 255 - covered, out=part)
        # At edges the coverage is partial: erasing along a stroke's own path would leave a faint
        # outline, too pale to be seen but still part of the digit.
        part[(covered > 0) & (part < 128)] = 0
    else:
        np.maximum(part, covered, out=part)


def unite(a: Rect, b: Rect) -> Rect:
    """Return the smallest rectangle that contains both; one without area is ignored."""
    if a[0] >= a[2] or a[1] >= a[3]:
        return b
    if b[0] >= b[2] or b[1] >= b[3]:
        return a
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])
