"""What an eraser leaves of strokes, as strokes."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lenet_desktop.drawing.line.polylines import Floats, evenly
from lenet_desktop.drawing.strokes import Stroke

_SPACING = 4.0  # of the points at which a stroke may end, in pad units
_MOST_POINTS = 4_000
_PAIRS = 1_000_000  # how many distances are measured at a time


def without_erased(strokes: Sequence[Stroke]) -> tuple[Stroke, ...]:
    """Return the strokes that add ink, without the parts that later strokes erased.

    A stroke is erased where its middle lies under the eraser; it may fall into several.
    """
    if not any(stroke.erases for stroke in strokes):
        return tuple(strokes)
    left: list[Stroke] = []
    for stroke in strokes:
        if stroke.erases:
            left = [part for each in left for part in _erased(each, stroke)]
        else:
            left.append(stroke)
    return tuple(left)


def _erased(stroke: Stroke, eraser: Stroke) -> list[Stroke]:
    """Return what one eraser leaves of one stroke."""
    reach = eraser.brush / 2
    low, high = eraser.points.min(axis=0) - reach, eraser.points.max(axis=0) + reach
    if (stroke.points.max(axis=0) < low).any() or (stroke.points.min(axis=0) > high).any():
        return [stroke]
    length = float(np.hypot(*np.diff(stroke.points.astype(np.float64), axis=0).T).sum())
    points, _ = evenly(stroke.points, min(int(length / _SPACING) + 2, _MOST_POINTS))
    kept = _distance(points, eraser.points.astype(np.float64)) > reach
    if kept.all():
        return [stroke]
    edges = np.flatnonzero(np.diff(np.concatenate([[False], kept, [False]]).astype(np.int8)))
    return [
        replace(stroke, points=points[first:last].astype(np.float32))
        for first, last in zip(edges[::2], edges[1::2], strict=True)
    ]


def _distance(points: Floats, path: Floats) -> NDArray[np.float64]:
    """Return the distance of points (N, 2) to the lines through a path's points (M, 2), (N,)."""
    start = np.concatenate([path[:1], path[:-1]])
    step = path - start
    squared = np.maximum((step * step).sum(axis=1), 1e-12)
    nearest = np.full(len(points), np.inf)
    lines = max(_PAIRS // len(points), 1)
    for first in range(0, len(path), lines):
        part = slice(first, first + lines)
        apart = points[:, np.newaxis] - start[part]
        share = np.clip((apart * step[part]).sum(axis=2) / squared[part], 0, 1)
        apart -= share[:, :, np.newaxis] * step[part]
        nearest = np.minimum(nearest, np.hypot(apart[..., 0], apart[..., 1]).min(axis=1))
    return nearest
