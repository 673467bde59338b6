"""The one brush: how strokes become ink.

Ink is coverage: uint8 (PAD_SIZE, PAD_SIZE), 0 paper to 255 full ink. The window draws with the same
brush, so a stroke file gives the same ink with and without a window.
"""

import itertools
import math
from collections.abc import Sequence

import numpy as np

from lenet_desktop.drawing.strokes import PAD_SIZE, Drawing, Ink, Points, Rect, Stroke


def rasterize(drawing: Drawing) -> Ink:
    """Draw all strokes over the picture or bare paper: a new uint8 array (PAD_SIZE, PAD_SIZE)."""
    ink = blank() if drawing.picture is None else drawing.picture.copy()
    for stroke in drawing.strokes:
        draw_stroke(ink, stroke)
    return ink


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


def unite(a: Rect, b: Rect) -> Rect:
    """Give the smallest rectangle that holds both; one without area counts for nothing."""
    if a[0] >= a[2] or a[1] >= a[3]:
        return b
    if b[0] >= b[2] or b[1] >= b[3]:
        return a
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])
