"""Thumbnails show the whole drawing, whatever it was drawn with."""

import numpy as np
import pytest

from lenet_desktop import paths
from lenet_desktop.drawing.raster import blank, rasterize
from lenet_desktop.drawing.stroke_file import read_strokes
from lenet_desktop.drawing.strokes import Drawing, Ink, Stroke, place
from lenet_desktop.drawing.thumbnail import thumbnail

DEMO = {r.label: r.strokes for r in read_strokes(paths.resource("demo-strokes.jsonl"))}
SIDE = 64


def box(ink: Ink) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


@pytest.mark.parametrize("height", [0.05, 0.3, 0.9])
def test_a_drawing_of_any_size_fills_the_square(height: float) -> None:
    for strokes in DEMO.values():
        drawing = place(strokes, height=height, centre=(0.3, 0.6), brush=16)
        ink = thumbnail(drawing, SIDE)
        assert ink.shape == (SIDE, SIDE)
        left, top, right, bottom = box(ink)
        assert 0 < left < right < SIDE
        assert 0 < top < bottom < SIDE
        assert max(right - left, bottom - top) in range(48, 58)
        assert abs(left + right - SIDE) <= 3
        assert abs(top + bottom - SIDE) <= 3


def test_strokes_and_their_picture_look_alike() -> None:
    for strokes in DEMO.values():
        drawing = place(strokes)
        one = thumbnail(drawing, SIDE).astype(float)
        other = thumbnail(Drawing(picture=rasterize(drawing)), SIDE).astype(float)
        assert np.corrcoef(one.ravel(), other.ravel())[0, 1] > 0.9


def test_erased_ink_is_not_shown() -> None:
    line = np.array([(100, 400), (700, 400)], np.float32)
    ink = thumbnail(Drawing((Stroke(line), Stroke(line[1:], 200, erases=True))), SIDE)
    assert ink[SIDE // 2, 10] == 255
    assert not ink[:, 55:].any()


@pytest.mark.parametrize(
    "drawing",
    [
        Drawing(),
        Drawing(picture=blank(1200)),
        Drawing((Stroke(np.zeros((1, 2), np.float32), erases=True),)),
    ],
)
def test_without_ink_it_is_blank(drawing: Drawing) -> None:
    assert not thumbnail(drawing, SIDE).any()


def test_a_dot_far_outside_and_a_line_as_wide_as_the_pad_are_shown() -> None:
    dot = Drawing((Stroke(np.array([(-5e5, 5e5)], np.float32)),))
    assert thumbnail(dot, SIDE)[SIDE // 2, SIDE // 2] == 255
    wide = Drawing((Stroke(np.array([(0, 5), (1900, 5)], np.float32), 16.0),))
    assert thumbnail(wide, SIDE)[SIDE // 2].max() > 100
