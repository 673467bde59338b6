"""Thinned ink is one pixel wide and keeps its parts and its holes."""

import numpy as np
import pytest
from PIL import Image

from hands import DEMO
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.strokes import place
from lenet_desktop.drawing.tracing.thinning import Mask, thin


def count(mask: Mask, *, diagonally: bool) -> int:
    """Count the connected parts of a mask, by filling one after the other."""
    steps = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if diagonally or not dy or not dx]
    left = {tuple(pixel) for pixel in np.argwhere(mask).tolist()}
    found = 0
    while left:
        found += 1
        waiting = [left.pop()]
        while waiting:
            row, column = waiting.pop()
            near = {(row + dy, column + dx) for dy, dx in steps} & left
            left -= near
            waiting += near
    return found


def parts(mask: Mask) -> int:
    return count(mask, diagonally=True)


def holes(mask: Mask) -> int:
    return count(~np.pad(mask, 1), diagonally=False) - 1


def drawn(label: str, size: int = 90) -> Mask:
    ink = Image.fromarray(rasterize(place(DEMO[label])))
    return np.asarray(ink.resize((size, size), Image.Resampling.BOX)) > 110


@pytest.mark.parametrize("label", DEMO)
def test_a_digit_keeps_its_parts_and_holes(label: str) -> None:
    mask = drawn(label)
    skeleton = thin(mask)
    assert not (skeleton & ~mask).any()
    assert holes(skeleton) == holes(mask)
    assert parts(skeleton) == parts(mask) == 1
    square = skeleton[:-1, :-1] & skeleton[1:, :-1] & skeleton[:-1, 1:] & skeleton[1:, 1:]
    assert square.sum() <= 2, "it is one pixel wide, but where four lines meet"


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1), (30, 50)])
def test_solid_ink_of_any_shape_leaves_something(shape: tuple[int, int]) -> None:
    skeleton = thin(np.ones(shape, bool))
    assert skeleton.any()
    assert parts(skeleton) == 1


def test_no_ink_has_no_skeleton() -> None:
    assert not thin(np.zeros((20, 30), bool)).any()
