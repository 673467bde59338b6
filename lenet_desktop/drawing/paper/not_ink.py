"""Remove what is dark in a picture but was not drawn: dust, ruled lines, frames, the rim."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from lenet_desktop.drawing.paper.frame import inside_of_frame
from lenet_desktop.drawing.paper.grey import Grey, reduced
from lenet_desktop.drawing.paper.patches import patches
from lenet_desktop.drawing.paper.ruling import without_ruling

Numbers = NDArray[np.intp]
"""For each point (H, W) the number of its patch, from 1; 0 outside."""

_SIZE = 200
_FAINT = 0.1
_SPECK_SHARE, _SPECK_DARKNESS = 0.02, 0.5
# A speck's size relative to the largest patch. The bars of fives are at least three times as long.
_SPECK_SIZE = 0.08
# What touches one side of the picture and spans so much of it is the paper's edge, or a frame.
_MOST_OF_A_SIDE = 0.6
# What is so near to the rim, relative to the picture, touches it.
_RIM = 0.03
# How far a thing at the rim is from the drawing, relative to the drawing: the bars of fives and the
# digits of numbers are nearer to each other.
_APART = 0.3
# What remains must be so large, relative to the picture's shorter side or to the frame.
_ENOUGH_IN_PICTURE, _ENOUGH_IN_FRAME = 0.1, 0.25
# More patches are no frames and digits, and would take long.
_MOST_PATCHES = 60


def without_what_is_no_ink(ink: Grey) -> Grey:
    """Return ink, 0 to 1, without specks, ruled lines, frames, and what lies along the rim.

    All but specks stay where hardly anything else would remain.
    """
    height, width = ink.shape
    numbers = _without_specks(reduced(ink, _SIZE))
    unruled = without_ruling(ink)
    if unruled is not ink:
        others = _without_specks(reduced(unruled, _SIZE))
        # Lines that run on beyond a digit are not its strokes.
        if _is_apart_from_rim(others):
            ink, numbers = unruled, others
    numbers = _without_frames(numbers)
    kept = _without_rim(numbers) > 0
    mask = Image.fromarray(np.where(kept, np.uint8(255), np.uint8(0)))
    grown = mask.filter(ImageFilter.MaxFilter(3)).resize((width, height), Image.Resampling.NEAREST)
    return np.where(np.asarray(grown) > 0, ink, np.float32(0))


def _without_specks(ink: Grey) -> Numbers:
    """Number the patches but those with almost no ink, or none that is dark: dust, grain."""
    numbers = patches(ink > _FAINT)
    mass = np.bincount(numbers.ravel(), weights=ink.ravel())
    mass[0] = 0
    darkest = np.zeros_like(mass)
    np.maximum.at(darkest, numbers.ravel(), ink.ravel())
    is_ink = (mass >= _SPECK_SHARE * mass.sum()) & (darkest >= _SPECK_DARKNESS)
    boxes = _boxes(numbers)
    sizes = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    is_ink &= sizes >= _SPECK_SIZE * sizes[is_ink].max(initial=0)
    return _renumbered(numbers, is_ink)


def _renumbered(numbers: Numbers, is_kept: NDArray[np.bool_]) -> Numbers:
    """Return the numbers of the patches that are kept, from 1."""
    return np.where(is_kept, is_kept.cumsum(), 0)[numbers]


def _without_frames(numbers: Numbers) -> Numbers:
    if numbers.max() > _MOST_PATCHES:
        return numbers
    mask = numbers > 0
    boxes = _boxes(numbers)
    left = mask
    for number in range(1, int(numbers.max()) + 1):
        across, down = boxes[number, 2:] - boxes[number, :2]
        if min(across, down) < _ENOUGH_IN_PICTURE * min(mask.shape):
            continue
        patch = numbers == number
        inside = inside_of_frame(patch)
        if inside is None:
            continue
        if _size(mask & inside) >= _ENOUGH_IN_FRAME * max(across, down):
            left = left & (inside | ~patch)
    return numbers if left is mask else patches(left)


def _boxes(numbers: Numbers) -> NDArray[np.intp]:
    """Return left, top, right and bottom of each patch, (N + 1, 4); the first row is of no use."""
    count = int(numbers.max()) + 1
    rows, columns = np.nonzero(numbers)
    inked = numbers[rows, columns]
    boxes = np.zeros((count, 4), np.intp)
    boxes[:, :2] = max(numbers.shape)
    for axis, places in ((0, columns), (1, rows)):
        np.minimum.at(boxes[:, axis], inked, places)
        np.maximum.at(boxes[:, axis + 2], inked, places + 1)
    return boxes


def _is_apart_from_rim(numbers: Numbers) -> bool:
    """Return whether the largest patch is large enough and does not touch the rim."""
    boxes = _boxes(numbers)[1:]
    if not len(boxes):
        return False
    sizes = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    left, top, right, bottom = boxes[sizes.argmax()].tolist()
    height, width = numbers.shape
    near = max(round(_RIM * max(height, width)), 1)
    is_inside = min(left, top) >= near and right <= width - near and bottom <= height - near
    return is_inside and bool(sizes.max() >= _ENOUGH_IN_PICTURE * min(height, width))


def _without_rim(numbers: Numbers) -> Numbers:
    """Remove patches that touch the rim: the paper's edge, a frame, a finger, the next digit.

    They touch two sides, or span most of one, or lie apart from what does not touch the rim.
    """
    boxes = _boxes(numbers)
    height, width = numbers.shape
    near = max(round(_RIM * max(height, width)), 1)
    touched = np.stack(
        [boxes[:, 0] < near, boxes[:, 1] < near, boxes[:, 2] > width - near,
         boxes[:, 3] > height - near], axis=1)  # fmt: skip
    touched[0] = False
    is_free = touched.sum(axis=1) == 0
    is_free[0] = False
    rest = is_free[numbers]
    size = _size(rest)
    if not touched.any() or size < _ENOUGH_IN_PICTURE * min(height, width):
        return numbers
    across, down = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    spans = (touched[:, [1, 3]].any(axis=1) & (across >= _MOST_OF_A_SIDE * width)) | (
        touched[:, [0, 2]].any(axis=1) & (down >= _MOST_OF_A_SIDE * height)
    )
    free = boxes[is_free]
    left, top = free[:, :2].min(axis=0)
    right, bottom = free[:, 2:].max(axis=0)
    gaps = np.maximum(
        np.maximum(boxes[:, 0] - right, left - boxes[:, 2]),
        np.maximum(boxes[:, 1] - bottom, top - boxes[:, 3]),
    )
    is_rim = (touched.sum(axis=1) >= 2) | spans | (touched.any(axis=1) & (gaps > _APART * size))
    return np.where(is_rim[numbers], 0, numbers)


def _size(mask: NDArray[np.bool_]) -> int:
    """Return the longer side of the box around a mask, 0 if it is empty."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(max(np.ptp(rows), np.ptp(columns))) + 1 if len(rows) else 0
