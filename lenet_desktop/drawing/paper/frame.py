"""A frame: a patch of ink with four straight sides and something else inside."""

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
_Floats = NDArray[np.float64]

# Of a side, how much is looked at: the corners of a turned frame belong to two sides.
_MIDDLE = 0.7
# How far a straight side may bend, relative to the frame, and how much of it must not bend more.
_BEND, _STRAIGHT = 0.025, 0.85
# How steep a side of a turned frame, seen from the side, may be.
_STEEPEST = 0.35
# How far inside the box the middle of a side may lie, relative to the box.
_MOST_INSET = 0.25


def inside_of_frame(patch: Mask) -> Mask | None:
    """Return which points (H, W) lie inside a patch that is a frame; None if it is none.

    A digit that touches the frame, and so belongs to the patch, lies inside, too.
    """
    rows, columns = np.flatnonzero(patch.any(axis=1)), np.flatnonzero(patch.any(axis=0))
    down, across = int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1
    if min(down, across) < 8:
        return None
    bend = max(_BEND * max(down, across), 1.0)
    part = patch[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    inside = np.ones_like(part)
    # Each side in turn becomes the left one.
    for turn in range(4):
        limits = _behind_left_side(np.rot90(part, turn), bend)
        if limits is None:
            return None
        turned = np.rot90(inside, turn)
        turned &= np.arange(turned.shape[1]) > limits[:, np.newaxis]
    whole = np.zeros_like(patch)
    whole[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] = inside
    return whole


def _behind_left_side(part: Mask, bend: float) -> _Floats | None:
    """Return for each row the column where the left side's line ends; None if it is not a line."""
    height, width = part.shape
    margin = round((1 - _MIDDLE) / 2 * height)
    rows = np.arange(margin, height - margin)
    has_ink = part[rows].any(axis=1)
    rows = rows[has_ink]
    if len(rows) < max(_STRAIGHT * _MIDDLE * height, 4):
        return None
    first = part[rows].argmax(axis=1).astype(np.float64)
    quarter = max(len(rows) // 3, 1)
    apart = rows[-quarter:].mean() - rows[:quarter].mean()
    slope = float(np.median(first[-quarter:]) - np.median(first[:quarter])) / max(apart, 1.0)
    start = float(np.median(first - slope * rows))
    straight = np.abs(first - start - slope * rows) <= bend
    if abs(slope) > _STEEPEST or straight.sum() < _STRAIGHT * _MIDDLE * height:
        return None
    if np.median(first) > _MOST_INSET * width:
        return None
    bare = ~part[rows[straight]]
    bare &= np.arange(width) > first[straight, np.newaxis]
    # How thick the line is where nothing touches it.
    ends = np.where(bare.any(axis=1), bare.argmax(axis=1), width) - first[straight]
    thickness = float(np.median(ends))
    limits: _Floats = start + slope * np.arange(height) + thickness + bend
    return limits
