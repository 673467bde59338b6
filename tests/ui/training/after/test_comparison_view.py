"""The comparison shows the verdict of the exact test, and a challenger without a champion."""

import pytest
from pytestqt.qtbot import QtBot

from lenet_desktop.evaluation.compare import compare
from lenet_desktop.models.model_file import Model
from lenet_desktop.training.job import Outcome
from lenet_desktop.ui.training.after.comparison_view import ComparisonView
from small_models import LETTERS, a_model, images


def an_outcome(champion: Model, won: int, lost: int) -> Outcome:
    """Return an outcome in which only the challenger was right on ``won`` images."""
    some, labels = images(*[1] * won, *[2] * lost), ["one"] * won + ["two"] * lost
    challenger = a_model(wrong=2)
    comparison = compare(champion, challenger, some, labels, "some <images>")
    return Outcome(challenger, "the <old> one", comparison)


@pytest.mark.parametrize(
    ("won", "lost", "words"),
    [
        (4, 0, "No significant difference"),
        (7, 1, "No significant difference"),
        (6, 0, "The challenger is better"),
        (0, 6, "The challenger is worse"),
    ],
)
def test_the_verdict_is_that_of_the_exact_test(
    qtbot: QtBot, won: int, lost: int, words: str
) -> None:
    view = ComparisonView()
    qtbot.addWidget(view)
    view.show_outcome(an_outcome(a_model(wrong=1), won, lost))
    assert words in view.verdict
    assert f"right on {won}, only the champion on {lost}." in view.verdict
    assert "&lt;old&gt;" in view.verdict and "&lt;images&gt;" in view.verdict
    assert view.mistakes.count() == lost


def test_a_champion_of_other_classes_is_named_but_not_compared(qtbot: QtBot) -> None:
    view = ComparisonView()
    qtbot.addWidget(view)
    view.show_outcome(an_outcome(a_model(LETTERS), 3, 2))
    assert "has other classes, so the two cannot be compared" in view.verdict
    assert "the &lt;old&gt; one" in view.verdict
    assert "60.00%" in view.verdict
    assert "None" not in view.verdict
    assert view.mistakes.count() == 2
    view.resize(600, 400)
    assert not view.grab().isNull()


def test_the_matrix_of_26_classes_is_painted(qtbot: QtBot) -> None:
    view = ComparisonView()
    qtbot.addWidget(view)
    some, labels = images(*range(26)), list(LETTERS)
    comparison = compare(a_model(LETTERS), a_model(LETTERS, wrong=25), some, labels, "letters")
    view.show_outcome(Outcome(a_model(LETTERS), "a", comparison))
    view.resize(600, 400)
    assert not view.grab().isNull()
    assert view.mistakes.item(0).text() == "Z → A"
