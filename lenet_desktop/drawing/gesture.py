"""How the pen moved to write a character: its turns, its start and its end.

The 28x28 sample does not tell a 2 with a loop from a 9 with a tail, but the pen turned the other
way. Such features have been used since the first pen computers: D. Rubine, "Specifying Gestures by
Example", SIGGRAPH 1991.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lenet_desktop.drawing.polylines import evenly
from lenet_desktop.drawing.segmentation import Box
from lenet_desktop.drawing.strokes import Stroke

_POINTS = 24
_PLACES = {"start": 0, "quarter": 6, "middle": 12, "three quarters": 18, "end": 23}

GESTURE = (
    "turns right",
    "turns left",
    *(f"{place} {axis}" for place in _PLACES for axis in "xy"),
    "open",
)
"""The features: how far the pen turned, in turns; where the longest stroke starts, runs along and
ends; how far its ends are apart. Lengths are relative to the character's size."""


def gesture(strokes: Sequence[Stroke], box: Box) -> NDArray[np.float64]:
    """Return the features of a character's strokes, at least one, in their box: (len(GESTURE),)."""
    left, top, right, bottom = box
    size = max(right - left, bottom - top, 1e-6)
    middle = np.array([left + right, top + bottom]) / 2
    turned = np.zeros(2)
    longest, length = np.zeros((_POINTS, 2)), -1.0
    for stroke in strokes:
        points, its_length = evenly((stroke.points - middle) / size, _POINTS)
        if its_length > length:
            longest, length = points, its_length
        if its_length > 0:
            step = np.diff(points, axis=0)
            angle = np.arctan2(step[:, 1], step[:, 0])
            turn = (np.diff(angle) + np.pi) % (2 * np.pi) - np.pi
            turned += np.maximum(turn, 0).sum(), np.maximum(-turn, 0).sum()
    ends = longest[0] - longest[-1]
    places = longest[list(_PLACES.values())]
    return np.concatenate([turned / (2 * np.pi), places.ravel(), [np.hypot(*ends)]])
