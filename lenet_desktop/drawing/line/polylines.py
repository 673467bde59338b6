"""The geometry of strokes as straight lines: evenly spaced points, distances and crossings."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def evenly(points: NDArray[np.floating], count: int) -> tuple[Floats, float]:
    """Return ``count`` points at equal distances along a stroke (N, 2), and its length."""
    lengths = along(points)
    places = np.linspace(0, lengths[-1], count)
    return np.stack([np.interp(places, lengths, points[:, axis]) for axis in (0, 1)], 1), float(
        lengths[-1]
    )


def along(points: NDArray[np.floating]) -> Floats:
    """Return how far along the stroke each of its points (N, 2) lies, (N,)."""
    steps = np.hypot(*np.diff(points.astype(np.float64), axis=0).T)
    return np.concatenate([[0.0], steps.cumsum()])


def distances(strokes: Sequence[Floats]) -> Floats:
    """Return the shortest distance of the points of each stroke to those of each other, (P, P)."""
    starts = np.cumsum([0, *(len(stroke) for stroke in strokes[:-1])])
    points = np.concatenate(strokes).astype(np.float32)
    x, y = points[:, 0], points[:, 1]
    squared = (x[:, np.newaxis] - x) ** 2 + (y[:, np.newaxis] - y) ** 2
    least = np.minimum.reduceat(np.minimum.reduceat(squared, starts, axis=0), starts, axis=1)
    return np.sqrt(least.astype(np.float64))


def crossings(strokes: Sequence[Floats]) -> NDArray[np.int64]:
    """Return how often each stroke crosses each other one, (P, P)."""
    # The lines from one stroke's end to the next one's start are none.
    points = np.concatenate(strokes)
    ends = np.cumsum([len(stroke) for stroke in strokes])
    meet = meetings(points, points).astype(np.int64)
    meet[ends[:-1] - 1] = 0
    meet[:, ends[:-1] - 1] = 0
    starts = np.concatenate([[0], ends[:-1]])
    table: NDArray[np.int64] = np.add.reduceat(np.add.reduceat(meet, starts, 0), starts, 1)
    return table


def meetings(a: Floats, b: Floats) -> NDArray[np.bool_]:
    """Return which lines between the points (N, 2) meet which of those (M, 2): (N - 1, M - 1)."""
    r, s = np.diff(a, axis=0)[:, np.newaxis], np.diff(b, axis=0)[np.newaxis]
    apart = b[np.newaxis, :-1] - a[:-1, np.newaxis]
    # Lines p + t r and q + u s meet where t = (q - p) x s / (r x s) and u = (q - p) x r / (r x s).
    both = _cross(r, s)
    with np.errstate(divide="ignore", invalid="ignore"):
        t, u = _cross(apart, s) / both, _cross(apart, r) / both
    meet: NDArray[np.bool_] = (t > 0) & (t <= 1) & (u > 0) & (u <= 1)
    return meet


def _cross(a: Floats, b: Floats) -> Floats:
    product: Floats = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return product
