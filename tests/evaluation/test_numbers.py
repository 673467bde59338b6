"""The measures of how well numbers are read."""

import numpy as np
import pytest

from lenet_desktop.drawing.strokes import PAD_SIZE
from lenet_desktop.evaluation.numbers import (
    PAPER_WIDTH,
    NumberAnswer,
    NumberEvaluation,
    distance,
    place_number,
)
from written_numbers import written


@pytest.mark.parametrize(
    ("a", "b", "edits"),
    [
        ("42", "42", 0),
        ("42", "47", 1),
        ("42", "412", 1),
        ("42", "2", 1),
        ("12", "", 2),
        ("10", "01", 2),
    ],
)
def test_the_distance_of_two_numbers(a: str, b: str, edits: int) -> None:
    assert distance(a, b) == distance(b, a) == edits


def test_the_measures() -> None:
    result = NumberEvaluation(
        (
            NumberAnswer("42", "42", is_sure=True),
            NumberAnswer("137", "731", is_sure=False),
            NumberAnswer("10", "100", is_sure=True),
            NumberAnswer("555", "555", is_sure=False),
        )
    ).to_json()
    assert result["n"] == 4
    assert result["accuracy"] == 0.5
    assert result["digit_accuracy"] == pytest.approx(1 - 3 / 10)
    assert result["wrong_count"] == 0.25
    assert result["refused"] == 0.5
    assert result["accuracy_answered"] == 0.5


@pytest.mark.parametrize("text", ["7", "42", "31415926"])
def test_numbers_are_placed_on_the_paper(text: str) -> None:
    strokes = [stroke.points for stroke in written(text)]
    for seed in range(5):
        drawing = place_number(strokes, seed)
        points = np.concatenate([stroke.points for stroke in drawing.strokes])
        (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
        assert 0 < left < right < PAPER_WIDTH
        assert 0 < top < bottom < PAD_SIZE
        assert right - left == pytest.approx(0.85 * PAPER_WIDTH, rel=1e-3) or (
            0.6 <= (bottom - top) / PAD_SIZE <= 0.8
        )
    dot = place_number([np.zeros((1, 2), np.float32)], 0)
    assert np.isfinite(dot.strokes[0].points).all()
