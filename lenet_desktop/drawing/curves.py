"""Smooth curves through the points of a stroke."""

import numpy as np

from lenet_desktop.drawing.strokes import Points

_LINES = 4


def smooth_curve(points: Points) -> Points:
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
