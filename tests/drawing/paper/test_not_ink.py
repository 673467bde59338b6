"""Specks, frames and what lies at the rim are removed; a digit stays, even in a tight crop."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from lenet_desktop.drawing.paper.grey import Grey
from lenet_desktop.drawing.paper.not_ink import without_what_is_no_ink

FIVE = (((230, 130), (160, 130), (150, 200), (200, 190), (230, 220), (200, 270), (150, 265)),)
HIGH, WIDE = 400, 400


def drawn(*strokes: tuple[tuple[int, int], ...], width: int = 10) -> Grey:
    image = Image.new("L", (WIDE, HIGH))
    for stroke in strokes:
        ImageDraw.Draw(image).line(stroke, 255, width, joint="curve")
    return np.asarray(image, np.float32) / 255


DIGIT = drawn(*FIVE)

THINGS = {
    "specks": drawn(*(((x, x + 3), (x, x + 6)) for x in range(20, 130, 30)), width=4),
    "a frame": drawn(((60, 60), (330, 70), (320, 340), (70, 330), (60, 60)), width=4),
    "an edge at one side": drawn(((20, 0), (12, 400)), width=12),
    "two edges that meet": drawn(((14, 0), (8, 390), (400, 380)), width=8),
    "a frame that is cut off": drawn(((0, 30), (370, 35), (372, 400)), width=5),
    "a finger": drawn(((0, 60), (40, 70)), width=40),
}


@pytest.mark.parametrize("name", THINGS)
def test_what_is_no_ink_is_removed(name: str) -> None:
    left = without_what_is_no_ink(np.maximum(DIGIT, THINGS[name]))
    assert left[DIGIT == 0].sum() < 0.1 * THINGS[name][DIGIT == 0].sum()
    assert left[DIGIT > 0].sum() > 0.98 * DIGIT.sum()


@pytest.mark.parametrize(
    "ink",
    [
        pytest.param(DIGIT, id="a digit"),
        pytest.param(drawn(*FIVE, ((230, 130), (300, 128))), id="a five with a bar"),
        pytest.param(DIGIT[125:276, 144:237], id="a tight crop"),
        pytest.param(drawn(((200, 0), (200, 400)), width=30), id="a one from rim to rim"),
        pytest.param(drawn(((0, 20), (380, 20), (150, 400)), width=20), id="a seven, tight"),
        pytest.param(THINGS["a frame"], id="an empty frame"),
    ],
)
def test_ink_stays(ink: Grey) -> None:
    assert np.array_equal(without_what_is_no_ink(ink), ink)


def test_a_digit_between_ruled_lines_loses_them() -> None:
    ruling = drawn(*(((0, y), (400, y + 8)) for y in range(40, 400, 45)), width=2)
    left = without_what_is_no_ink(np.maximum(DIGIT, 0.6 * ruling))
    assert left[DIGIT == 0].sum() < 0.1 * ruling[DIGIT == 0].sum()
    assert left[DIGIT > 0].sum() > 0.95 * DIGIT.sum()
