"""Drawings, and where strokes are placed on the pad."""

import numpy as np
import pytest

from lenet_desktop.drawing.raster import blank, rasterize
from lenet_desktop.drawing.strokes import (
    DEFAULT_BRUSH,
    PAD_SIZE,
    Drawing,
    Stroke,
    moved,
    place,
    place_by_hand,
)


def stroke(*points: tuple[float, float], brush: float = DEFAULT_BRUSH, erases: bool = False):
    return Stroke(np.array(points, np.float32), brush, erases)


def test_strokes_are_drawn_over_the_picture_which_is_not_changed() -> None:
    picture = blank()
    picture[:100] = 200
    drawing = Drawing((stroke((400, 400)), stroke((50, 50), erases=True)), picture)
    ink = rasterize(drawing)
    assert ink[400, 400] == 255
    assert ink[50, 50] == 0
    assert ink[10, 700] == 200
    assert (picture[:100] == 200).all()


def box_of(drawing: Drawing) -> np.ndarray:
    points = np.concatenate([s.points for s in drawing.strokes])
    return np.stack([points.min(axis=0), points.max(axis=0)]) / PAD_SIZE


@pytest.mark.parametrize("factor", [0.001, 1, 3000])
def test_strokes_of_any_device_keep_their_proportions(factor: float) -> None:
    strokes = [np.array([[7, 9], [27, 9]], np.float32) * factor, np.array([[17, 49]]) * factor]
    low, high = box_of(place(strokes, height=0.6, centre=(0.4, 0.55)))
    assert (high - low).tolist() == pytest.approx([0.3, 0.6], abs=1e-4)
    assert ((high + low) / 2).tolist() == pytest.approx([0.4, 0.55], abs=1e-4)


def test_wide_strokes_fill_no_more_than_four_fifths_of_the_pad() -> None:
    low, high = box_of(place([np.array([[0, 0], [100, 10]], np.float32)], height=0.7))
    assert (high - low).tolist() == pytest.approx([0.8, 0.08], abs=1e-4)


@pytest.mark.parametrize("points", [[[5, 5]], [[5, 5], [5, 5]]], ids=["tap", "standing still"])
def test_a_single_dot_is_placed_in_the_middle(points: list[list[float]]) -> None:
    ink = rasterize(place([np.array(points, np.float32)]))
    assert ink.sum() / 255 == pytest.approx(np.pi * (DEFAULT_BRUSH / 2) ** 2, rel=0.01)
    assert ink[PAD_SIZE // 2, PAD_SIZE // 2] == 255


def test_placed_by_hand_is_60_to_80_percent_high_near_the_middle_and_the_same_each_time() -> None:
    strokes = [np.array([[0, 0], [3, 10]], np.float32)]
    boxes = [box_of(place_by_hand(strokes, seed)) for seed in range(50)]
    heights = [float(high[1] - low[1]) for low, high in boxes]
    middles = np.stack([(low + high) / 2 for low, high in boxes])
    assert min(heights) >= 0.6
    assert max(heights) <= 0.8
    assert max(heights) - min(heights) > 0.1
    assert np.abs(middles - 0.5).max() <= 0.0501
    assert np.ptp(middles, axis=0).min() > 0.05
    assert np.array_equal(box_of(place_by_hand(strokes, 7)), boxes[7])


def test_a_drawing_moves_to_the_edge_of_the_paper_and_no_further() -> None:
    drawing = Drawing((stroke((100, 200), (300, 500), brush=40),), bare_width=1000)
    there, by = moved(drawing, 50, -30)
    assert there.strokes[0].points.tolist() == [[150, 170], [350, 470]]
    assert by == (50, -30)
    corner, by = moved(drawing, -5000, 5000)
    assert corner.strokes[0].points.tolist() == [[20, 480], [220, 780]]
    assert by == (-80, 280)
    wide = Drawing((stroke((-90, 400), (890, 400), brush=40),))
    _, by = moved(wide, 10, 0)
    assert by == (0, 0), "it is over both edges already"
