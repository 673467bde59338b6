"""Connected patches of a mask, compared with a plain flood fill."""

import numpy as np
import pytest
from numpy.typing import NDArray

from lenet_desktop.drawing.paper.patches import patches

Mask = NDArray[np.bool_]


def flood_fill(mask: Mask) -> NDArray[np.int_]:
    """Number the patches in the order of their first pixel."""
    numbers = np.zeros(mask.shape, int)
    number = 0
    for start in zip(*np.nonzero(mask), strict=True):
        if numbers[start]:
            continue
        number += 1
        waiting = [start]
        while waiting:
            row, column = waiting.pop()
            inside = 0 <= row < mask.shape[0] and 0 <= column < mask.shape[1]
            if inside and mask[row, column] and not numbers[row, column]:
                numbers[row, column] = number
                waiting += [(row + dy, column + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    return numbers


def serpentine(size: int) -> Mask:
    """One path through all of the picture, from side to side."""
    mask = np.zeros((size, size), bool)
    mask[::2] = True
    mask[1::4, -1] = mask[3::4, 0] = True
    return mask


def spiral(size: int) -> Mask:
    mask = np.zeros((size, size), bool)
    angles = np.linspace(0, 2 * np.pi * size / 8, size * 60)
    radii = angles / angles.max() * (size / 2 - 1)
    rows, columns = size / 2 + radii * np.sin(angles), size / 2 + radii * np.cos(angles)
    mask[rows.astype(int), columns.astype(int)] = True
    return mask


RANDOM = np.random.default_rng(0)
MASKS = {
    "empty": np.zeros((5, 7), bool),
    "full": np.ones((5, 7), bool),
    "one pixel": np.ones((1, 1), bool),
    "a row": RANDOM.random((1, 40)) < 0.5,
    "a column": RANDOM.random((40, 1)) < 0.5,
    "corners": np.eye(9, dtype=bool) | np.eye(9, dtype=bool)[::-1],
    "side by side at the rim": np.array([[0, 0, 1], [1, 0, 0], [0, 0, 1]], bool),
    "a comb": np.tile([True, False], (30, 20)) | (np.arange(30) == 29)[:, None],
    "serpentine": serpentine(100),
    "noisy serpentine": serpentine(100) ^ (RANDOM.random((100, 100)) < 0.02),
    "spiral": spiral(100),
    **{
        f"random, {share:.0%}": RANDOM.random((61, 83)) < share
        for share in (0.1, 0.3, 0.4, 0.5, 0.7)
    },
}


@pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS.keys())
def test_patches_are_those_of_a_flood_fill(mask: Mask) -> None:
    numbers, expected = patches(mask), flood_fill(mask)
    assert numbers.shape == mask.shape
    assert np.array_equal(numbers > 0, mask)
    pairs = np.unique(np.stack([numbers[mask], expected[mask]]), axis=1)
    assert pairs.shape[1] == expected.max() == numbers.max(), "one number a patch"
