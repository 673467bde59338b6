"""Drawings too small for their brush, of uneven brushes, or drawn too fast are made legible."""

from dataclasses import replace

import numpy as np
import pytest

from lenet_desktop import paths
from lenet_desktop.drawing.curves import spline
from lenet_desktop.drawing.legibility import readable
from lenet_desktop.drawing.raster import blank
from lenet_desktop.drawing.stroke_file import read_strokes
from lenet_desktop.drawing.strokes import (
    DEFAULT_BRUSH,
    PAD_SIZE,
    Drawing,
    Stroke,
    place,
    place_by_hand,
)
from lenet_desktop.inference.decision import Verdict
from lenet_desktop.inference.recognizer import Recognizer

DEMO = {r.label: r.strokes for r in read_strokes(paths.resource("demo-strokes.jsonl"))}
BRUSHES = [16, 33, DEFAULT_BRUSH, 120]


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.from_file(paths.factory_model(), "cpu")


def stroke(*points: tuple[float, float], brush: float = DEFAULT_BRUSH, erases: bool = False):
    return Stroke(np.array(points, np.float32), brush, erases)


@pytest.mark.parametrize("brush", BRUSHES)
@pytest.mark.parametrize("height", [0.07, 0.12])
def test_a_small_drawing_is_read_with_a_finer_brush(height: float, brush: int) -> None:
    (record, *_) = read_strokes(paths.resource("demo-strokes.jsonl"))
    drawing = place(record.strokes, height=height, brush=brush)
    legible = readable(drawing)
    size = PAD_SIZE * height
    if brush <= 0.25 * size:
        assert legible is drawing
        return
    for before, after in zip(drawing.strokes, legible.strokes, strict=True):
        assert np.array_equal(before.points, after.points)
        assert after.brush == pytest.approx(0.12 * size, rel=0.01)
    assert readable(legible) is legible


@pytest.mark.parametrize("brush", BRUSHES)
def test_a_drawing_of_the_usual_size_is_read_as_it_is(brush: int) -> None:
    for number, record in enumerate(read_strokes(paths.resource("demo-strokes.jsonl"))):
        drawing = place_by_hand(record.strokes, seed=number, brush=brush)
        assert readable(drawing) is drawing


def bar(x: float, top: float, bottom: float, brush: float) -> Stroke:
    return stroke(*((x, y) for y in np.linspace(top, bottom, 30)), brush=brush)


@pytest.mark.parametrize(
    "thin",
    [
        bar(500, 150, 650, 16),
        bar(420, 300, 500, 16),
        bar(360, 150, 650, 16),
        bar(600, 200, 600, 30),
        *place(DEMO["4"], height=0.6, centre=(0.7, 0.5), brush=16).strokes,
        *place(DEMO["3"], height=0.3, centre=(0.6, 0.5), brush=20).strokes,
    ],
    ids=["a line", "a short line", "a line close by", "a thicker line", "4 (1)", "4 (2)", "a 3"],
)
@pytest.mark.parametrize("order", [1, -1], ids=["thick first", "thin first"])
def test_a_thick_stroke_beside_a_thin_one_is_no_digit(
    recognizer: Recognizer, thin: Stroke, order: int
) -> None:
    """The thin one was all but overlooked: this was a 1, with 99.8 %."""
    prediction = recognizer.recognize(Drawing((bar(250, 150, 650, 120), thin)[::order]))
    assert prediction is not None
    assert prediction.verdict is Verdict.NOT_A_DIGIT


@pytest.mark.parametrize("label", ["4", "5", "7"])
@pytest.mark.parametrize("brushes", [(16, 80), (80, 16)])
def test_a_digit_of_thick_and_thin_strokes_is_read(
    recognizer: Recognizer, label: str, brushes: tuple[int, int]
) -> None:
    strokes = place(DEMO[label]).strokes
    mixed = tuple(replace(each, brush=brushes[number % 2]) for number, each in enumerate(strokes))
    prediction = recognizer.recognize(Drawing(mixed))
    assert prediction is not None
    assert (prediction.best_class, prediction.verdict) == (label, Verdict.DIGIT)


def test_only_strokes_much_thinner_than_the_thickest_are_made_thicker() -> None:
    drawing = Drawing((bar(200, 100, 700, 80), bar(400, 100, 700, 60), bar(600, 100, 700, 20)))
    assert [each.brush for each in readable(drawing).strokes] == [80, 60, pytest.approx(56)]
    even = Drawing(drawing.strokes[:2])
    assert readable(even) is even


@pytest.mark.parametrize(
    "drawing",
    [
        Drawing(),
        Drawing((stroke((400, 400)),)),
        Drawing((stroke((400, 400), (410, 405)),)),
        Drawing((stroke((400, 400), (440, 450)), stroke((400, 420), (430, 420), erases=True))),
        Drawing((stroke((400, 400), (440, 450)),), blank()),
    ],
    ids=["nothing", "a tap", "a dot", "erased", "on a picture"],
)
def test_other_drawings_are_read_as_they_are(drawing: Drawing) -> None:
    assert readable(drawing) is drawing


def test_a_curve_runs_through_the_points_of_a_fast_stroke() -> None:
    angles = np.linspace(0, 2 * np.pi, 9)
    points = (400 + 200 * np.stack([np.cos(angles), np.sin(angles)], axis=1)).astype(np.float32)
    drawing = Drawing((Stroke(points), stroke((100, 100), (700, 100))))
    ring, line = readable(drawing).strokes
    assert np.allclose(ring.points[::4], points)
    assert len(ring.points) == 4 * (len(points) - 1) + 1
    # Straight lines would come as near as 185 to the middle.
    distances = np.hypot(*(ring.points - 400).T)
    assert distances.min() > 190
    assert distances.max() < 203
    # Two points define no curve.
    assert np.array_equal(line.points, drawing.strokes[1].points)


def test_a_curve_makes_no_loop_where_the_pen_turned() -> None:
    corner = stroke((200, 200), (600, 200), (610, 210), (600, 600))
    (curved,) = readable(Drawing((corner,))).strokes
    assert curved.points.min() > 180
    assert curved.points.max() < 640
    steps = np.diff(curved.points, axis=0)
    assert (steps[:4, 0] > 0).all()
    assert (steps[-3:, 1] > 0).all()


def test_a_drawing_of_many_points_gets_no_curve() -> None:
    points = np.random.default_rng(0).uniform(100, 700, (2_001, 2)).astype(np.float32)
    drawing = Drawing((Stroke(points),))
    assert readable(drawing) is drawing
    fewer = Drawing((Stroke(points[:-1]),))
    assert len(readable(fewer).strokes[0].points) == 1 + 4 * 1_999


def test_a_spline_applied_to_the_identity_is_the_matrix_of_its_curve() -> None:
    random = np.random.default_rng(1)
    points, spans = random.normal(0, 1, (7, 2)), random.uniform(0.1, 2, 6)
    steps = random.integers(1, 9, 6)
    curve = spline(points, spans, steps)
    assert len(curve) == 1 + steps.sum()
    assert np.allclose(spline(np.eye(7), spans, steps) @ points, curve)
    assert np.allclose(curve[[0, *steps.cumsum()]], points)
    straight = spline(points[:2], spans[:1], np.array([4]))
    assert np.allclose(straight, points[0] + np.arange(5)[:, None] / 4 * (points[1] - points[0]))


@pytest.mark.parametrize("again", [1, 2, 3])
def test_points_may_coincide(again: int) -> None:
    points = [(200, 200), *[(600, 200)] * again, (600, 600)]
    (curved,) = readable(Drawing((stroke(*points),))).strokes
    assert np.isfinite(curved.points).all()
