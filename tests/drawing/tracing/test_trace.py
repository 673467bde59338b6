"""Strokes traced in ink run where the pen ran."""

import numpy as np
import pytest

from hands import DEMO
from lenet_desktop.drawing.raster import blank, draw_stroke, rasterize
from lenet_desktop.drawing.strokes import Drawing, Ink, Stroke, place
from lenet_desktop.drawing.tracing.lines import lines_of
from lenet_desktop.drawing.tracing.trace import traced
from written_numbers import written


def line(*points: tuple[float, float], brush: float = 40) -> Stroke:
    return Stroke(np.array(points, np.float32), brush)


def ink_of(*strokes: Stroke, width: int = 800) -> Ink:
    ink = blank(width)
    for stroke in strokes:
        draw_stroke(ink, stroke)
    return ink


@pytest.mark.parametrize("label", DEMO)
def test_the_ink_of_the_traced_strokes_is_the_ink(label: str) -> None:
    ink = rasterize(place(DEMO[label], brush=40))
    strokes = traced(ink)
    assert all(35 < stroke.brush < 45 for stroke in strokes)
    again = rasterize(Drawing(strokes))
    differs = (ink > 127) != (again > 127)
    assert differs.sum() < 0.2 * (ink > 127).sum()


def test_a_stroke_goes_straight_through_a_crossing() -> None:
    strokes = traced(ink_of(line((200, 200), (600, 600)), line((600, 200), (200, 600))))
    assert len(strokes) == 2
    for stroke in strokes:
        (left, top), (right, bottom) = stroke.points[0], stroke.points[-1]
        assert abs(abs(right - left) - 400) < 40
        assert bottom - top > 360, "from top to bottom"


def test_a_stroke_ends_at_another_that_passes() -> None:
    strokes = traced(ink_of(line((400, 150), (400, 650)), line((150, 400), (400, 400))))
    assert len(strokes) == 2
    long, short = sorted(strokes, key=lambda s: -float(np.ptp(s.points[:, 1])))
    assert np.ptp(long.points[:, 1]) > 450
    assert np.ptp(short.points[:, 0]) > 210


def test_a_ring_is_one_stroke_and_a_dot_is_one_point() -> None:
    angles = np.linspace(0, 2 * np.pi, 60)
    ring = line(*zip(300 + 150 * np.cos(angles), 400 + 150 * np.sin(angles), strict=True))
    strokes = traced(ink_of(ring, line((650, 650))))
    assert len(strokes) == 2
    circle, dot = sorted(strokes, key=lambda s: -len(s.points))
    assert np.hypot(*(circle.points[0] - circle.points[-1])) < 10
    assert np.ptp(dot.points, axis=0).max() < 25
    assert np.abs(dot.points.mean(axis=0) - 650).max() < 8


@pytest.mark.parametrize("ink", [np.zeros((50, 60), np.uint8), np.full((800, 800), 40, np.uint8)])
def test_where_there_is_no_ink_there_are_no_strokes(ink: Ink) -> None:
    assert traced(ink) == ()


def test_all_ink_and_noise_end_soon() -> None:
    assert len(traced(np.full((800, 1920), 255, np.uint8))) <= 10
    noise = (np.random.default_rng(0).random((800, 1920)) < 0.3).astype(np.uint8) * 255
    assert isinstance(traced(noise), tuple)


# Lines


def labels(lines: tuple[tuple[Stroke, ...], ...]) -> list[int]:
    return [len(some) for some in lines]


def test_lines_are_read_from_top_to_bottom() -> None:
    low = [Stroke(s.points + np.array([40, 500], np.float32), s.brush) for s in written("77")]
    high = written("111")
    assert labels(lines_of([*low, *high])) == [len(high), len(low)]


@pytest.mark.parametrize("degrees", [-10, -5, 5, 10])
def test_a_slanting_line_is_one_line(degrees: float) -> None:
    strokes = [
        Stroke(s.points + np.outer(s.points[:, 0], (0, np.tan(np.radians(degrees)))), s.brush)
        for s in written("31415926")
    ]
    assert labels(lines_of(strokes)) == [len(strokes)]


def test_specks_away_from_the_digits_are_left_out() -> None:
    digits = written("42")
    specks = [line((90, 900)), line((1500, 100), (1510, 104))]
    assert labels(lines_of([*digits, *specks])) == [len(digits)]
    assert lines_of([]) == ()


def test_a_bar_belongs_to_the_nearest_line() -> None:
    bar = line((150, 190), (230, 190))
    assert labels(lines_of([*written("5"), bar])) == [len(written("5")) + 1]
    assert labels(lines_of([bar])) == [1]
