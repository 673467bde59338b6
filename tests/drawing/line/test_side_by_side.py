"""Two tall parts beside each other are told from the parts of one digit."""

import numpy as np
import pytest

from lenet_desktop import paths
from lenet_desktop.drawing.line.side_by_side import stands_side_by_side
from lenet_desktop.drawing.stroke_file import read_strokes
from lenet_desktop.drawing.strokes import Drawing, Points, Stroke, place
from lenet_desktop.inference.recognizer import Recognizer


def line(left: float, right: float, top: float = 100, bottom: float = 700) -> Points:
    return np.linspace((left, top), (right, bottom), 20, dtype=np.float32)


def drawn(*strokes: Points, brush: float = 30) -> Drawing:
    return Drawing(tuple(Stroke(stroke, brush) for stroke in strokes))


@pytest.mark.parametrize("lean", [-250, -100, 0, 100, 250])
def test_two_lines_with_paper_between_them(lean: float) -> None:
    assert stands_side_by_side(drawn(line(300 + lean, 300), line(380 + lean, 380)))


@pytest.mark.parametrize(
    "drawing",
    [
        drawn(line(300, 300)),
        drawn(line(300, 300), line(320, 320)),  # they touch: one thick line
        drawn(line(300, 500), line(500, 300)),  # they cross
        drawn(line(300, 300), line(400, 400, bottom=400)),  # half as high
        drawn(line(200, 600, bottom=110), line(200, 600, top=690)),  # one above the other
        Drawing((*drawn(line(300, 300), line(500, 500)).strokes, Stroke(line(9, 9), erases=True))),
        Drawing(drawn(line(300, 300), line(500, 500)).strokes, np.zeros((800, 800), np.uint8)),
        Drawing(),
    ],
)
def test_everything_else(drawing: Drawing) -> None:
    assert not stands_side_by_side(drawing)


@pytest.mark.parametrize("brush", [16, 56])
def test_a_demo_digit_is_refused_only_with_a_bar_beside_it(brush: float) -> None:
    recognizer = Recognizer.from_file(paths.factory_model(), "cpu")
    for record in read_strokes(paths.resource("demo-strokes.jsonl")):
        digit = place(record.strokes, brush=brush)
        right = max(float(stroke.points[:, 0].max()) for stroke in digit.strokes)
        bar = Stroke(line(right + 90, right + 90, 150, 650), brush)
        assert recognizer.recognize(digit).is_sure
        beside = Drawing((*digit.strokes, bar))
        assert not recognizer.recognize(beside).is_sure
        assert not recognizer.read_stages(beside)[-1].is_sure


def test_two_thin_lines_close_together_are_no_one() -> None:
    recognizer = Recognizer.from_file(paths.factory_model(), "cpu")
    lines = drawn(line(380, 380), line(430, 430), brush=16)
    assert not recognizer.recognize(lines).is_sure
