"""Two tall parts beside each other with bare paper between them: no digit looks like that."""

import numpy as np
from numpy.typing import NDArray

from lenet_desktop.drawing.strokes import Drawing

# The height of the lower part, relative to the drawing's size. Chosen with all 1,600 validation
# digits of UNIPEN in view, in one of which, a four, the separate upright reaches 0.54: it refuses
# none of them. Tried afterwards on the 7,494 training digits of Pen-Based Recognition, it refuses
# 4, all of them fours in two parts (13 with the thinnest brush). Of digits with a separate upright
# as high as they are, 0.15 of their height away, 7 % were read as a sure digit, and none is now.
# Uprights half as high stay as they were (35 %): to refuse them costs fours.
_TALL = 0.6
# The slants at which bare paper is looked for: how far a line leans to a side for each unit down.
_SLANTS = (0.0, -0.1, 0.1, -0.2, 0.2, -0.3, 0.3, -0.4, 0.4, -0.5, 0.5)


def stands_side_by_side(drawing: Drawing) -> bool:
    """Return whether a straight strip of bare paper parts two tall groups of strokes.

    Only strokes can tell: the answer is False for a picture and for a drawing with erased parts.
    """
    strokes = drawing.strokes
    if len(strokes) < 2 or drawing.picture is not None or any(s.erases for s in strokes):
        return False
    points = np.concatenate([stroke.points for stroke in strokes]).astype(np.float64)
    size = float(np.ptp(points, axis=0).max())
    counts = [len(stroke.points) for stroke in strokes]
    starts = np.cumsum([0, *counts[:-1]])
    top = np.minimum.reduceat(points[:, 1], starts)
    bottom = np.maximum.reduceat(points[:, 1], starts)
    radii = np.array([stroke.brush for stroke in strokes]) / 2
    for slant in _SLANTS:
        across = points[:, 0] + slant * points[:, 1]
        reach = radii * np.hypot(1, slant)
        left = np.minimum.reduceat(across, starts) - reach
        right = np.maximum.reduceat(across, starts) + reach
        order = np.argsort(left)
        is_bare = left[order][1:] > np.maximum.accumulate(right[order])[:-1]
        before = _heights(top[order], bottom[order])[:-1]
        after = _heights(top[order][::-1], bottom[order][::-1])[::-1][1:]
        if (is_bare & (np.minimum(before, after) > _TALL * size)).any():
            return True
    return False


def _heights(top: NDArray[np.float64], bottom: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the height of the first stroke, of the first two together, and so on."""
    heights: NDArray[np.float64] = np.maximum.accumulate(bottom) - np.minimum.accumulate(top)
    return heights
