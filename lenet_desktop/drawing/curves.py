"""Smooth curves through the points of a stroke."""

import numpy as np
from numpy.typing import NDArray

from lenet_desktop.drawing.strokes import Points

_Floats = NDArray[np.float64]

_LINES = 4


def smooth_curve(points: Points) -> Points:
    """Run a curve through the N points of a stroke; return 1 + 4 (N - 1) points."""
    values = points.astype(np.float64)
    distances = np.hypot(*np.diff(values, axis=0).T)
    curve = spline(values, np.maximum(np.sqrt(distances), 1e-3), np.full(len(points) - 1, _LINES))
    return curve.astype(np.float32)


def spline(points: _Floats, spans: _Floats, steps: NDArray[np.int_]) -> _Floats:
    """Run a Catmull-Rom spline through points, as straight lines.

    E. Catmull, R. Rom, "A Class of Local Interpolating Splines", 1974. Where ``spans`` are the
    roots of the distances between the points, the curve makes no loops (C. Yuksel et al., "On the
    Parameterization of Catmull-Rom Curves", 2009). The curve is linear in the points: applied to
    the identity matrix, this function returns the matrix that takes points to their curve.

    Args:
        points: (N, D), at least two.
        spans: (N - 1,), how much of the curve's parameter runs from each point to the next.
        steps: (N - 1,), how many lines run from each point to the next.

    Returns:
        (1 + the sum of ``steps``, D); the given points are among them.
    """
    first, last = 2 * points[:1] - points[1:2], 2 * points[-1:] - points[-2:-1]
    padded = np.concatenate([first, points, last])
    a, b, c, d = padded[:-3], padded[1:-2], padded[2:-1], padded[3:]  # (N - 1, D) each
    widths = np.concatenate([spans[:1], spans, spans[-1:]])[:, np.newaxis]
    before, here, after = widths[:-2], widths[1:-1], widths[2:]
    # The slopes at both ends of each span; a cubic runs from b to c.
    start = here * ((b - a) / before - (c - a) / (before + here) + (c - b) / here)
    end = here * ((c - b) / here - (d - b) / (here + after) + (d - c) / after)
    span = np.repeat(np.arange(len(steps)), steps)
    step = np.arange(1, len(span) + 1) - np.repeat(steps.cumsum() - steps, steps)
    t = (step / steps[span])[:, np.newaxis]
    curve = (
        (2 * t**3 - 3 * t**2 + 1) * b[span]
        + (t**3 - 2 * t**2 + t) * start[span]
        + (3 * t**2 - 2 * t**3) * c[span]
        + (t**3 - t**2) * end[span]
    )
    return np.concatenate([points[:1], curve])
