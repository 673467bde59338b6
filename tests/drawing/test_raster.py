"""The brush leaves no gaps, and a whole stroke leaves the same ink as its lines one by one."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lenet_desktop.drawing.raster import Rasterizer, blank, draw_line, draw_stroke, rasterize, unite
from lenet_desktop.drawing.strokes import (
    DEFAULT_BRUSH,
    MAX_BRUSH,
    MIN_BRUSH,
    PAD_SIZE,
    Drawing,
    Ink,
    Points,
    Rect,
    Stroke,
    place,
)

BRUSHES = [16, 33, DEFAULT_BRUSH, 120]


def stroke(*points: tuple[float, float], brush: float = DEFAULT_BRUSH, erases: bool = False):
    return Stroke(np.array(points, np.float32), brush, erases)


def distance_to_line(start: tuple[float, float], end: tuple[float, float]) -> np.ndarray:
    """Return the distance of each pixel's middle to a line, computed with complex numbers."""
    middles = np.arange(PAD_SIZE) + 0.5
    x, y = np.meshgrid(middles, middles)
    pixels = (x + 1j * y).ravel()
    a, b = complex(*start), complex(*end)
    if a == b:
        return np.abs(pixels - a).reshape(x.shape)
    turned = (pixels - a) * np.conj(b - a) / abs(b - a)
    beyond = np.maximum(np.maximum(-turned.real, turned.real - abs(b - a)), 0)
    return np.hypot(beyond, turned.imag).reshape(x.shape)


@pytest.mark.parametrize("brush", BRUSHES)
def test_a_tap_leaves_a_round_dot_of_the_brushs_diameter(brush: int) -> None:
    ink = blank()
    draw_line(ink, (400, 300), (400, 300), brush)
    assert ink.sum() / 255 == pytest.approx(np.pi * (brush / 2) ** 2, rel=0.01)
    assert (ink[300] > 127).sum() == (ink[:, 400] > 127).sum() == pytest.approx(brush, abs=1)
    assert np.array_equal(ink, ink[:, ::-1]), "x = 400 is the pad's middle: the dot is symmetric"


@pytest.mark.parametrize("brush", BRUSHES)
@pytest.mark.parametrize(
    ("start", "end"),
    [
        ((20, 700), (780, 90)),
        ((100, 100), (100, 700)),
        ((90, 400.25), (710, 400.25)),
        ((401.3, 250.7), (402.1, 251.9)),
        ((-300, 400), (1200, 500)),
    ],
)
def test_a_jump_of_any_length_is_a_line_without_gaps(
    start: tuple[float, float], end: tuple[float, float], brush: int
) -> None:
    ink = blank()
    draw_line(ink, start, end, brush)
    distance = distance_to_line(start, end)
    assert (ink[distance <= brush / 2 - 0.51] == 255).all(), "full ink inside"
    assert (ink[distance >= brush / 2 + 0.51] == 0).all(), "bare paper outside"
    expected = np.clip(brush / 2 + 0.5 - distance, 0, 1) * 255
    assert np.abs(ink - expected).max() <= 1, "the rim falls off over one unit"


def test_one_jump_and_many_small_steps_leave_the_same_ink() -> None:
    jump, steps = blank(), blank()
    draw_stroke(jump, stroke((100, 150), (700, 450)))
    draw_stroke(steps, stroke(*np.linspace((100, 150), (700, 450), 97)))
    assert np.abs(jump.astype(int) - steps).max() <= 1


def test_a_corner_is_joined() -> None:
    ink = blank()
    corner = (400, 400)
    draw_stroke(ink, stroke((100, 100), corner, (700, 100)))
    assert (ink[distance_to_line(corner, corner) <= DEFAULT_BRUSH / 2 - 0.51] == 255).all()


def test_ink_never_grows_beyond_full_and_the_eraser_takes_it_away() -> None:
    ink = blank()
    draw_stroke(ink, stroke((200, 200), (600, 600)))
    once = ink.copy()
    draw_stroke(ink, stroke((200, 200), (600, 600)))
    assert np.array_equal(ink, once)
    draw_stroke(ink, stroke((200, 200), (600, 600), brush=DEFAULT_BRUSH + 2, erases=True))
    assert not ink.any()


@pytest.mark.parametrize("brush", [MIN_BRUSH, DEFAULT_BRUSH, MAX_BRUSH])
def test_erasing_along_a_stroke_leaves_nothing(brush: int) -> None:
    points = np.array([[120.3, 100.7], [230, 300.5], [200, 520]], np.float32)
    ink = blank()
    draw_stroke(ink, Stroke(points, brush))
    draw_stroke(ink, Stroke(points, brush, erases=True))
    assert not ink.any()


def test_erased_ink_does_not_shift_the_rest_of_the_digit() -> None:
    digit = place([np.array([[0, 0], [0, 9], [3, 9]], np.float32)], height=0.5, centre=(0.3, 0.5))
    stray = np.array([[700, 60], [760, 700]], np.float32)
    erased = Drawing((*digit.strokes, Stroke(stray), Stroke(stray, erases=True)))
    assert np.array_equal(rasterize(erased), rasterize(digit))


def test_the_eraser_takes_only_what_it_touches() -> None:
    ink = blank()
    draw_stroke(ink, stroke((100, 400), (700, 400)))
    before = ink.copy()
    left, top, right, bottom = draw_stroke(ink, stroke((400, 400), erases=True))
    assert not ink[400, 375:425].any()
    before[top:bottom, left:right] = ink[top:bottom, left:right]
    assert np.array_equal(ink, before)


@pytest.mark.parametrize("margin", [62, -150], ids=["inside", "over the rim"])
@pytest.mark.parametrize("erases", [False, True], ids=["draws", "erases"])
def test_the_returned_rectangle_holds_all_that_changed(erases: bool, margin: int) -> None:
    random = np.random.default_rng(1)
    before = np.full((PAD_SIZE, PAD_SIZE), 255 if erases else 0, np.uint8)
    for _ in range(60):
        ink = before.copy()
        start, end = random.uniform(margin, PAD_SIZE - margin, (2, 2))
        left, top, right, bottom = draw_line(ink, start, end, random.integers(16, 120), erases)
        assert 0 <= left <= right <= PAD_SIZE
        assert 0 <= top <= bottom <= PAD_SIZE
        changed = ink != before
        inside = changed[top:bottom, left:right]
        assert inside.sum() == changed.sum()
        if margin > 0:
            assert min(side.any() for side in (inside[:2], inside[-2:])), "and hardly more"
            assert min(side.any() for side in (inside[:, :2], inside[:, -2:])), "and hardly more"


@pytest.mark.parametrize(
    "outside", [(-500, 400), (1300, 400), (400, -500), (400, 1300), (-1e6, -1e6), (1e6, 5)]
)
def test_strokes_outside_the_pad_change_nothing(outside: tuple[float, float]) -> None:
    ink = blank()
    left, top, right, bottom = draw_line(ink, outside, outside, DEFAULT_BRUSH)
    assert left >= right or top >= bottom
    assert not ink.any()


def test_a_stroke_may_leave_the_pad_and_come_back() -> None:
    ink = blank()
    draw_stroke(ink, stroke((700, 400), (1000, 400), (1000, 100), (700, 100)))
    assert ink[400, 700:].min() == ink[100, 700:].min() == 255
    assert not ink[200:300].any()


@pytest.mark.parametrize(
    ("a", "b", "both"),
    [
        ((1, 2, 3, 4), (5, 0, 6, 3), (1, 0, 6, 4)),
        ((0, 0, 0, 0), (5, 6, 7, 8), (5, 6, 7, 8)),
        ((5, 6, 7, 8), (9, 9, 20, 9), (5, 6, 7, 8)),
    ],
)
def test_rectangles_unite(a: Rect, b: Rect, both: Rect) -> None:
    assert unite(a, b) == both


# A whole stroke


def line_by_line(ink: Ink, stroke: Stroke) -> None:
    """Draw a stroke as the pad does while the pen moves."""
    draw_line(ink, stroke.points[0], stroke.points[0], stroke.brush, stroke.erases)
    for start, end in itertools.pairwise(stroke.points):
        draw_line(ink, start, end, stroke.brush, stroke.erases)


def assert_same_ink(strokes: list[Stroke], shape: tuple[int, int] = (PAD_SIZE, PAD_SIZE)) -> None:
    expected, ink = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)
    for one in strokes:
        line_by_line(expected, one)
        before = ink.copy()
        left, top, right, bottom = draw_stroke(ink, one)
        before[top:bottom, left:right] = ink[top:bottom, left:right]
        assert np.array_equal(ink, before), "nothing outside the returned rectangle changes"
    assert np.array_equal(ink, expected)


COORDINATES = st.one_of(
    st.floats(-100, 900, width=32),
    st.floats(399, 401, width=32),
    st.integers(0, 800).map(float),
    st.sampled_from([-1e6, -30_000.0, 30_000.0, 1e6, 0.0, 799.99]),
)
STROKES = st.builds(
    lambda points, brush, erases: Stroke(np.array(points, np.float32), brush, erases),
    st.lists(st.tuples(COORDINATES, COORDINATES), min_size=1, max_size=12),
    st.one_of(st.floats(0.5, 200), st.sampled_from([1.0, 16.0, 56.0, 120.0, 800.0])),
    st.booleans(),
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(STROKES, min_size=1, max_size=3))
def test_a_stroke_leaves_the_same_ink_as_its_lines(strokes: list[Stroke]) -> None:
    assert_same_ink(strokes)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(STROKES, st.tuples(st.integers(1, 170), st.integers(1, 170)))
def test_ink_of_any_shape_gets_the_same_stroke(stroke: Stroke, shape: tuple[int, int]) -> None:
    assert_same_ink([stroke], shape)


@pytest.mark.parametrize("brush", [1, 16, 57.3, 120])
def test_a_scribble_leaves_the_same_ink_as_on_the_pad(brush: float) -> None:
    random = np.random.default_rng(4)
    turns = random.normal(0, 0.2, 1500).cumsum()
    walk = 400 + (3 * np.stack([np.cos(turns), np.sin(turns)], axis=1)).cumsum(axis=0)
    points = np.round(walk, 2).astype(np.float32)
    assert_same_ink([Stroke(points, brush), Stroke(points[::3], brush / 2 + 1, erases=True)])


def test_a_rasterizer_gives_the_same_ink_whatever_was_drawn_before() -> None:
    """Strokes that grow, end, erase, are undone, and drawings over a picture."""
    random = np.random.default_rng(0)
    picture = rasterize(Drawing((stroke((50, 50), (700, 600)),)))
    rasterizer, drawing, undone = Rasterizer(), Drawing(), [Drawing()]
    for _ in range(200):
        action = random.choice(["begin", "extend", "extend", "extend", "undo", "clear", "picture"])
        if action == "begin":
            undone.append(drawing)
            new = Stroke(a_line(random, 1), random.uniform(16, 120), bool(random.random() < 0.3))
            drawing = Drawing((*drawing.strokes, new), drawing.picture)
        elif action == "extend" and drawing.strokes:
            last = drawing.strokes[-1]
            longer = np.concatenate([last.points, a_line(random, int(random.integers(1, 4)))])
            strokes = (*drawing.strokes[:-1], replace(last, points=longer))
            drawing = Drawing(strokes, drawing.picture)
        elif action == "undo":
            drawing = undone[-1]
        elif action == "clear" and random.random() < 0.2:
            drawing = Drawing()
        elif action == "picture" and random.random() < 0.2:
            drawing = Drawing(picture=picture)
        assert np.array_equal(rasterizer.rasterize(drawing), rasterize(drawing))


def a_line(random: np.random.Generator, count: int) -> Points:
    return random.uniform(-50, 850, (count, 2)).astype(np.float32)


def test_a_drawing_that_fails_leaves_nothing_in_the_next_one() -> None:
    rasterizer, good = Rasterizer(), Drawing((stroke((100, 100), (300, 300)),))
    rasterizer.rasterize(good)
    other, impossible = stroke((500, 500), (600, 600)), stroke((np.nan, 0))
    with pytest.raises(ValueError, match="NaN"):
        rasterizer.rasterize(Drawing((*good.strokes, other, impossible)))
    assert np.array_equal(rasterizer.rasterize(good), rasterize(good))
