"""Ink is found in shadows and on desks, dark or light; what does not look drawn is refused."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from lenet_desktop.drawing.paper.grey import Grey
from lenet_desktop.drawing.paper.ink import ink_of

SHAPE = (300, 400)
Y, X = np.mgrid[0:300, 0:400].astype(np.float32)
GRAIN = np.random.default_rng(0).normal(0, 0.008, SHAPE).astype(np.float32)


def stroke(width: int = 9) -> Grey:
    image = Image.new("L", SHAPE[::-1])
    points = ((160, 90), (240, 90), (190, 215))
    ImageDraw.Draw(image).line(points, 255, width, joint="curve")
    return np.asarray(image, np.float32) / 255


def photo(paper: Grey | float, ink: Grey, darkness: float = 0.75) -> Grey:
    return np.clip(paper * (1 - darkness * ink) + GRAIN, 0, 1).astype(np.float32)


PAPERS = {
    "even": np.full(SHAPE, 0.85, np.float32),
    "a lamp to one side": 0.9 - 0.4 * X / 400,
    "half in a hard shadow": np.where(X + Y < 330, 0.45, 0.85).astype(np.float32),
    "the corner of a shadow": np.where((X > 210) & (Y > 120), 0.5, 0.85).astype(np.float32),
    "a soft shadow": (0.8 - 0.4 / (1 + np.exp(-(X - 180) / 12))).astype(np.float32),
    "on a dark desk": np.where((X > 60) & (Y > 40), 0.9, 0.2).astype(np.float32),
    "on a dark desk all around": np.where(
        (X > 50) & (X < 350) & (Y > 30) & (Y < 265), 0.9, 0.2
    ).astype(np.float32),
}


@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS.keys())
def test_only_the_stroke_is_ink_in_any_light(paper: Grey) -> None:
    drawn = stroke()
    ink = ink_of(photo(paper, drawn))
    assert ink is not None
    assert ink[drawn > 0].mean() > 0.85
    assert ink[drawn == 0].sum() < 0.08 * ink.sum()


@pytest.mark.parametrize("width", [6, 14, 40])
def test_light_strokes_on_dark_paper_are_ink(width: int) -> None:
    drawn = stroke(width)
    ink = ink_of(photo(0.15, np.zeros(SHAPE, np.float32)) + 0.7 * drawn)
    assert ink is not None
    assert ink[drawn > 0].mean() > 0.85
    assert ink[drawn == 0].sum() < 0.05 * ink.sum()


def test_a_thick_blurred_stroke_in_a_tight_crop_is_not_thinned() -> None:
    crop = Image.fromarray(stroke(44)[66:238, 138:264]).resize((120, 160))
    drawn = np.asarray(crop.resize((30, 40)).resize((120, 160), Image.Resampling.BICUBIC))
    ink = ink_of(np.clip(0.85 * (1 - 0.7 * drawn) + GRAIN[:160, :120], 0, 1).astype(np.float32))
    assert ink is not None
    assert (ink > 0.5).sum() > 0.85 * (drawn > 0.5).sum()


def blob(*box: int) -> Grey:
    image = Image.new("L", SHAPE[::-1])
    ImageDraw.Draw(image).ellipse(box, 255)
    return np.asarray(image, np.float32) / 255


NO_DRAWINGS = {
    "a large spot": photo(0.85, blob(120, 90, 250, 200)),
    "an arm's shadow": photo(0.85, (np.abs(X - 0.3 * Y - 150) < 28).astype(np.float32), 0.5),
    "a soft spot": photo(0.85, np.exp(-((X - 200) ** 2 + (Y - 150) ** 2) / 900), 0.6),
    "a hand": photo(
        0.85,
        np.maximum.reduce(
            [blob(90, 130, 260, 290), *(blob(x, 20, x + 34, 210) for x in (95, 138, 182, 226))]
        ),
        0.5,
    ),
}


@pytest.mark.parametrize("grey", NO_DRAWINGS.values(), ids=NO_DRAWINGS.keys())
def test_what_does_not_look_drawn_is_no_ink(grey: Grey) -> None:
    ink = ink_of(grey)
    assert ink is None or not ink.any()


def test_a_frame_in_a_picture_that_the_pad_saved_is_ink() -> None:
    drawn = stroke()
    drawn[[40, 260], 60:340] = drawn[40:260, [60, 340]] = 1
    clean, other = ink_of(1 - drawn, is_clean=True), ink_of(1 - drawn)
    assert clean is not None and other is not None
    assert np.array_equal(clean, drawn)
    assert not other[40].any() and not other[260].any()


@pytest.mark.parametrize("width", [10, 16, 24])
def test_a_one_is_ink_in_a_crop_without_any_paper_around_it(width: int) -> None:
    image = Image.new("L", (40, 240))
    ImageDraw.Draw(image).line((width // 2, 0, 40 - width // 2, 240), 255, width)
    drawn = np.asarray(image, np.float32) / 255
    ink = ink_of(np.clip(0.9 - 0.7 * drawn + GRAIN[:240, :40], 0, 1).astype(np.float32))
    assert ink is not None
    assert (ink[drawn > 0] > 0.5).mean() > 0.9
    assert (ink[drawn == 0] > 0.5).mean() < 0.1
