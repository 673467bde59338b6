"""How the pen moved to write a character: its turns and loops, its start and its end.

The 28x28 sample does not tell a 2 with a loop from a 9 with a tail, but the pen turned the other
way. Such features have been used since the first pen computers: D. Rubine, "Specifying Gestures by
Example", SIGGRAPH 1991.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lenet_desktop.drawing.line.polylines import Floats, evenly, meetings
from lenet_desktop.drawing.line.segmentation import Box
from lenet_desktop.drawing.strokes import Stroke

_POINTS = 24
_PLACES = {"start": 0, "quarter": 6, "middle": 12, "three quarters": 18, "end": 23}

GESTURE = (
    "turns right",
    "turns left",
    *(f"{place} {axis}" for place in _PLACES for axis in "xy"),
    "open",
    "loops",
    *(f"second {place} {axis}" for place in ("start", "end") for axis in "xy"),
)
"""The features: how far the pen turned, in turns; where the longest stroke starts, runs along and
ends; how far its ends are apart; 0.5 if it crosses itself once, 1 if more often; where the second
longest stroke starts and ends, 0 if there is none. Lengths are relative to the character's size."""


def gesture(strokes: Sequence[Stroke], box: Box) -> NDArray[np.float64]:
    """Return the features of a character's strokes, at least one, in their box: (len(GESTURE),)."""
    left, top, right, bottom = box
    size = max(right - left, bottom - top, 1e-6)
    middle = np.array([left + right, top + bottom]) / 2
    traced = [evenly((stroke.points - middle) / size, _POINTS) for stroke in strokes]
    traced.sort(key=lambda points_and_length: -points_and_length[1])
    turned = np.zeros(2)
    for points, length in traced:
        if length > 0:
            turned += _turned(points)
    longest = traced[0][0]
    second = traced[1][0][[0, -1]].ravel() if len(traced) > 1 else np.zeros(4)
    return np.concatenate(
        [
            turned,
            longest[list(_PLACES.values())].ravel(),
            [np.hypot(*(longest[0] - longest[-1]))],
            # Neighbouring lines meet where one ends.
            [min(int(np.triu(meetings(longest, longest), 2).sum()), 2) / 2],
            second,
        ]
    )


def _turned(points: Floats) -> Floats:
    """Return how far a path turns to the right and to the left, in turns."""
    step = np.diff(points, axis=0)
    angle = np.arctan2(step[:, 1], step[:, 0])
    turn = (np.diff(angle) + np.pi) % (2 * np.pi) - np.pi
    return np.array([np.maximum(turn, 0).sum(), np.maximum(-turn, 0).sum()]) / (2 * np.pi)
