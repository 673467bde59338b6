"""The parts below the segmentation: polylines, erasers, gestures and the samples of candidates."""

import numpy as np
import pytest

from lenet_desktop.drawing.legibility import readable
from lenet_desktop.drawing.line.erasure import without_erased
from lenet_desktop.drawing.line.gesture import GESTURE, gesture
from lenet_desktop.drawing.line.ink import LineInk
from lenet_desktop.drawing.line.polylines import crossings, distances, evenly
from lenet_desktop.drawing.line.segmentation import box_of, segment
from lenet_desktop.drawing.preprocess import preprocess
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.strokes import Stroke, place
from written_numbers import DEMO, written


def line(*points: tuple[float, float]) -> np.ndarray:
    return np.array(points, np.float64)


def test_points_are_evenly_spaced_along_a_corner() -> None:
    points, length = evenly(line((0, 0), (30, 0), (30, 10)), 5)
    np.testing.assert_allclose(points, [(0, 0), (10, 0), (20, 0), (30, 0), (30, 10)])
    assert length == 40


def test_distances_and_crossings_of_strokes() -> None:
    strokes = [
        line((0, 0), (5, 5), (10, 10)),
        line((0, 10), (10, 0)),
        line((12, 0), (12, 10)),
    ]
    assert crossings(strokes).tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]
    away = distances(strokes)
    assert away[0, 2] == away[2, 0] == pytest.approx(2)
    assert away[1, 2] == pytest.approx(2)


def test_an_eraser_across_a_stroke_leaves_both_ends() -> None:
    pen = Stroke(np.array([(100, 100), (500, 100)], np.float32))
    eraser = Stroke(np.array([(300, 0), (300, 200)], np.float32), brush=80, erases=True)
    left, right = without_erased([pen, eraser])
    assert box_of(left)[::2] == pytest.approx((100, 260), abs=8)
    assert box_of(right)[::2] == pytest.approx((340, 500), abs=8)


def test_an_eraser_takes_only_what_was_drawn_before_it() -> None:
    pen = Stroke(np.array([(100, 100), (130, 100)], np.float32))
    eraser = Stroke(np.array([(115, 100)], np.float32), brush=120, erases=True)
    assert without_erased([pen, eraser]) == ()
    assert without_erased([eraser, pen]) == (pen,)
    far = Stroke(np.array([(115, 500)], np.float32), brush=120, erases=True)
    assert without_erased([pen, far]) == (pen,)


def test_a_gesture_tells_the_direction_of_a_loop() -> None:
    angles = np.linspace(0, 2 * np.pi, 60)
    right = Stroke(np.stack([np.cos(angles), np.sin(angles)], 1).astype(np.float32))
    left = Stroke(right.points[::-1])
    values = {
        name: (dict(zip(GESTURE, gesture([s], (-1, -1, 1, 1)), strict=True)))
        for name, s in (("right", right), ("left", left))
    }
    assert (
        values["right"]["turns right"] == values["left"]["turns left"] == pytest.approx(1, abs=0.1)
    )
    assert (
        values["right"]["turns left"] == values["left"]["turns right"] == pytest.approx(0, abs=0.01)
    )
    assert values["right"]["open"] == pytest.approx(0, abs=0.01)


def test_a_gesture_counts_loops_and_sees_the_second_stroke() -> None:
    fish = Stroke(np.array([(0, 0), (10, 10), (10, 0), (0, 10)], np.float32))
    bar = Stroke(np.array([(0, 5), (4, 5)], np.float32))
    values = dict(zip(GESTURE, gesture([bar, fish], (0, 0, 10, 10)), strict=True))
    assert values["loops"] == 0.5
    assert (values["second start x"], values["second end x"]) == pytest.approx((-0.5, -0.1))


@pytest.mark.parametrize("label", DEMO)
def test_the_sample_of_a_candidate_is_the_one_of_its_digit_alone(label: str) -> None:
    found = segment(written(f"8{label}", gap=150))
    alone = preprocess(rasterize(readable(place(DEMO[label], brush=56))))
    assert alone is not None
    samples = LineInk(found).samples(found.candidates)
    assert samples.shape == (len(found.candidates), 28, 28)
    assert 0 <= samples.min() < samples.max() <= 1
    # Other candidates differ by 0.1 and more.
    assert np.abs(samples - alone).mean(axis=(1, 2)).min() < 0.09
