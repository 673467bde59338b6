"""Frames are found, straight or turned, and round digits are none."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from lenet_desktop.drawing.paper.frame import Mask, inside_of_frame


def square(degrees: float, width: int = 4) -> Image.Image:
    image = Image.new("L", (200, 200))
    ImageDraw.Draw(image).rectangle((40, 40, 160, 160), outline=255, width=width)
    return image.rotate(degrees, Image.Resampling.BICUBIC)


def mask_of(image: Image.Image) -> Mask:
    mask: Mask = np.asarray(image) > 127
    return mask


@pytest.mark.parametrize("width", [1, 4, 10])
@pytest.mark.parametrize("degrees", [-10, 0, 4])
def test_a_square_is_a_frame(degrees: float, width: int) -> None:
    inside = inside_of_frame(mask_of(square(degrees, width)))
    assert inside is not None
    assert inside[100, 100] and not inside[10, 10]
    assert 0.6 < inside.sum() / 120**2 < 1


def test_a_digit_that_touches_its_frame_is_inside() -> None:
    image = square(3)
    ImageDraw.Draw(image).line((100, 80, 100, 170), 255, 8)
    inside = inside_of_frame(mask_of(image))
    assert inside is not None
    assert inside[80:145, 97:104].all()


def ellipse(*box: int) -> Image.Image:
    image = Image.new("L", (200, 200))
    ImageDraw.Draw(image).ellipse(box, outline=255, width=8)
    return image


def lines(*points: tuple[int, int]) -> Image.Image:
    image = Image.new("L", (200, 200))
    ImageDraw.Draw(image).line(points, 255, 8)
    return image


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(ellipse(40, 40, 160, 160), id="a circle"),
        pytest.param(ellipse(60, 20, 140, 180), id="a zero"),
        pytest.param(lines((40, 40), (160, 40), (100, 160)), id="a seven"),
        pytest.param(lines((150, 40), (40, 40), (40, 160), (150, 160)), id="open on one side"),
        pytest.param(lines((40, 40), (160, 160)), id="a line"),
        pytest.param(lines((100, 100), (103, 100)), id="a dot"),
    ],
)
def test_what_is_no_frame(image: Image.Image) -> None:
    assert inside_of_frame(mask_of(image)) is None
