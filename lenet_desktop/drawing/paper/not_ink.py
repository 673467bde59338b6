"""Remove what is dark in a picture but was not drawn: dust, grain, frames, what lies at the rim."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from lenet_desktop.drawing.paper.frame import Mask, inside_of_frame
from lenet_desktop.drawing.paper.grey import Grey, reduced
from lenet_desktop.drawing.paper.patches import patches

_SIZE = 200
_FAINT = 0.1
_SPECK_SHARE, _SPECK_DARKNESS = 0.02, 0.5
# What touches one side of the picture and spans so much of it is the paper's edge, or a frame.
_MOST_OF_A_SIDE = 0.6
# What remains must be so large, relative to the picture's shorter side or to the frame.
_ENOUGH_IN_PICTURE, _ENOUGH_IN_FRAME = 0.1, 0.25
# More patches are no frames and digits, and would take long.
_MOST_PATCHES = 60


def without_what_is_no_ink(ink: Grey) -> Grey:
    """Return ink, 0 to 1, without specks, frames, and what lies along the picture's rim.

    Frames and what lies at the rim stay where hardly anything else would remain.
    """
    height, width = ink.shape
    small = reduced(ink, _SIZE)
    kept = _without_specks(small)
    kept = _without_frames(kept)
    kept = _without_rim(kept)
    mask = Image.fromarray(np.where(kept, np.uint8(255), np.uint8(0)))
    grown = mask.filter(ImageFilter.MaxFilter(3)).resize((width, height), Image.Resampling.NEAREST)
    return np.where(np.asarray(grown) > 0, ink, np.float32(0))


def _without_specks(ink: Grey) -> Mask:
    """Return where ink is without patches with almost none, or none that is dark: dust, grain."""
    numbers = patches(ink > _FAINT)
    mass = np.bincount(numbers.ravel(), weights=ink.ravel())
    mass[0] = 0
    darkest = np.zeros_like(mass)
    np.maximum.at(darkest, numbers.ravel(), ink.ravel())
    kept: Mask = ((mass >= _SPECK_SHARE * mass.sum()) & (darkest >= _SPECK_DARKNESS))[numbers]
    return kept


def _without_frames(mask: Mask) -> Mask:
    numbers = patches(mask)
    if numbers.max() > _MOST_PATCHES:
        return mask
    for number in range(1, int(numbers.max()) + 1):
        patch = numbers == number
        inside = inside_of_frame(patch)
        if inside is None:
            continue
        rest = mask & inside
        if _size(rest) >= _ENOUGH_IN_FRAME * _size(patch):
            mask = mask & (inside | ~patch)
    return mask


def _without_rim(mask: Mask) -> Mask:
    numbers = patches(mask)
    sides = numbers[0], numbers[-1], numbers[:, 0], numbers[:, -1]
    count = int(numbers.max()) + 1
    touched = np.zeros(count, int)
    spans = np.zeros(count)
    for side in sides:
        there = np.bincount(side, minlength=count)
        touched += there > 0
        for number in np.flatnonzero(there).tolist():
            spans[number] = max(spans[number], np.ptp(np.flatnonzero(side == number)) / len(side))
    is_rim = (touched >= 2) | (spans >= _MOST_OF_A_SIDE)
    is_rim[0] = False
    rest = (numbers > 0) & (touched == 0)[numbers]
    if not is_rim.any() or _size(rest) < _ENOUGH_IN_PICTURE * min(mask.shape):
        return mask
    return mask & ~is_rim[numbers]


def _size(mask: NDArray[np.bool_]) -> int:
    """Return the longer side of the box around a mask, 0 if it is empty."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(max(np.ptp(rows), np.ptp(columns))) + 1 if len(rows) else 0
