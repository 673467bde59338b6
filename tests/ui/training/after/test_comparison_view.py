"""The verdict in one sentence, and the mistakes of all cells or of one."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from hands import LEFT, press_key
from lenet_desktop.evaluation.compare import compare
from lenet_desktop.models.model_file import Model
from lenet_desktop.training.job import Outcome
from lenet_desktop.ui.training.after.comparison_view import ComparisonView
from small_models import LETTERS, THREE, a_model, images

HUNDRED = tuple(f"class {number}" for number in range(100))


def an_outcome(champion: Model, won: int, lost: int) -> Outcome:
    """Return an outcome in which only the challenger was right on ``won`` images."""
    some, labels = images(*[1] * won, *[2] * lost), ["one"] * won + ["two"] * lost
    comparison = compare(champion, a_model(wrong=2), some, labels, "some <images>")
    return Outcome(a_model(wrong=2), "the <old> one", comparison)


def of_classes(classes: tuple[str, ...], wrong: int = -1) -> Outcome:
    """Return an outcome in which the challenger misreads the three images of one class."""
    indices = list(range(len(classes))) * 3
    labels = [classes[index] for index in indices]
    challenger = a_model(classes, wrong=wrong)
    comparison = compare(a_model(classes), challenger, images(*indices), labels, "some images")
    return Outcome(challenger, "a", comparison)


@pytest.fixture
def view(qtbot: QtBot) -> ComparisonView:
    view = ComparisonView()
    qtbot.addWidget(view)
    view.resize(364, 900)
    view.show()
    qtbot.waitExposed(view)
    return view


@pytest.mark.parametrize(
    ("won", "lost", "sentence"),
    [
        (
            4,
            0,
            "No significant difference: the challenger reads 100 % (51.01 to 100 %) of some "
            "<images>, 'the <old> one' 0.00 % (0.00 to 48.99 %).",
        ),
        (
            6,
            0,
            "The challenger is better: it reads 100 % (60.97 to 100 %) of some <images>, 'the "
            "<old> one' 0.00 % (0.00 to 39.03 %).",
        ),
        (
            0,
            6,
            "The challenger is worse: it reads 0.00 % (0.00 to 39.03 %) of some <images>, 'the "
            "<old> one' 100 % (60.97 to 100 %).",
        ),
    ],
)
def test_one_sentence_has_both_accuracies_and_their_intervals(
    view: ComparisonView, won: int, lost: int, sentence: str
) -> None:
    view.show_outcome(an_outcome(a_model(wrong=1), won, lost))
    assert view.verdict == sentence
    assert view.differences == (
        f"Read correctly by the challenger alone: {won}, by 'the <old> one' alone: {lost}."
    )
    assert view.mistakes.list.count() == lost
    # Names are shown as they are.
    for label in view.findChildren(QLabel):
        assert label.textFormat() is not Qt.TextFormat.RichText
        if "<old>" in label.text():
            assert label.textFormat() is Qt.TextFormat.PlainText


def test_a_champion_of_other_classes_is_named_but_not_compared(view: ComparisonView) -> None:
    view.show_outcome(an_outcome(a_model(LETTERS), 3, 2))
    assert view.verdict == (
        "The challenger reads 60.00 % (23.07 to 88.24 %) of some <images>; it cannot be compared "
        "with 'the <old> one', which has other classes."
    )
    assert view.differences == ""
    chosen = QSignalSpy(view.mistake_chosen)
    view.mistakes.list.setCurrentRow(0)
    press_key(view.mistakes.list, Qt.Key.Key_Return)
    assert chosen.at(0)[1] == ("Labelled two in the test set", "Challenger: zero · 96.5 %")


def test_a_mistake_comes_with_both_answers(qtbot: QtBot, view: ComparisonView) -> None:
    view.show_outcome(an_outcome(a_model(wrong=1), 2, 1))
    chosen = QSignalSpy(view.mistake_chosen)
    pictures = view.mistakes.list
    place = pictures.visualItemRect(pictures.item(0)).center()
    qtbot.mouseClick(pictures.viewport(), LEFT, pos=place)
    image, lines = chosen.at(0)
    assert image.shape == (28, 28) and image[0, 0] == 2
    assert lines == (
        "Labelled two in the test set",
        "Challenger: zero · 96.5 %",
        "the <old> one: two · 96.5 %",
    )


def test_a_cell_filters_the_mistakes(qtbot: QtBot, view: ComparisonView) -> None:
    some = images(*[1] * 5, *[2] * 3)
    labels = ["zero"] * 2 + ["one"] * 3 + ["zero"] * 3
    comparison = compare(a_model(), a_model(wrong=2), some, labels, "some images")
    view.show_outcome(Outcome(a_model(wrong=2), "a", comparison))
    matrix, mistakes = view.matrix, view.mistakes
    assert mistakes.title == "Mistakes: 2"
    assert not mistakes.all_button.isVisible()
    at = matrix.visualRect(matrix.model().index(0, 1)).center()
    qtbot.mouseClick(matrix.viewport(), LEFT, pos=at)
    assert matrix.chosen == (0, 1)
    assert mistakes.title == "zero read as one: 2"
    assert mistakes.list.count() == 2
    at = matrix.visualRect(matrix.model().index(1, 1)).center()
    qtbot.mouseClick(matrix.viewport(), LEFT, pos=at)
    assert mistakes.title == "one read correctly: 3"
    assert not mistakes.list.isVisible()
    qtbot.mouseClick(mistakes.all_button, LEFT)
    assert matrix.chosen is None
    assert mistakes.title == "Mistakes: 2" and mistakes.list.isVisible()


def test_without_mistakes_a_sentence_says_so(view: ComparisonView) -> None:
    view.show_outcome(of_classes(THREE))
    assert view.mistakes.title == "No mistakes: every test image was read correctly."
    assert not view.mistakes.list.isVisible()


def test_of_many_mistakes_the_most_probable_are_shown(view: ComparisonView) -> None:
    view.show_outcome(an_outcome(a_model(), 0, 1500))
    assert view.mistakes.title == "Mistakes: 1,500, of which 200 are shown"
    assert view.mistakes.list.count() == 200
    view.matrix.choose(2, 0)
    assert view.mistakes.title == "two read as zero: 1,500"


@pytest.mark.parametrize("classes", [THREE[:2], LETTERS, HUNDRED], ids=["2", "26", "100"])
def test_every_number_of_classes_fits_the_drawer(
    qtbot: QtBot, view: ComparisonView, classes: tuple[str, ...]
) -> None:
    last = len(classes) - 1
    view.show_outcome(of_classes(classes, wrong=last))
    assert view.minimumSizeHint().width() <= 364
    view.matrix.choose(last, 0)
    assert view.mistakes.title == f"{classes[last]} read as {classes[0]}: 3"
    assert view.mistakes.list.count() == 3
    assert view.matrix.height() <= 340
    qtbot.wait(20)
    assert view.matrix.geometry().bottom() < view.mistakes.geometry().top()


def test_a_long_name_does_not_widen_the_drawer(view: ComparisonView) -> None:
    outcome = an_outcome(a_model(wrong=1), 6, 0)
    view.show_outcome(Outcome(outcome.challenger, "W" * 60, outcome.comparison))
    assert view.minimumSizeHint().width() <= 364
    assert "W" * 60 in view.verdict


def test_screen_readers_are_told_each_mistake(view: ComparisonView) -> None:
    view.show_outcome(an_outcome(a_model(), 0, 2))
    pictures = QAccessible.queryAccessibleInterface(view.mistakes.list)
    assert pictures.role() == QAccessible.Role.List
    assert pictures.text(QAccessible.Text.Name) == "The challenger's mistakes"
    assert pictures.text(QAccessible.Text.Description) == "Mistakes: 2"
    assert pictures.child(0).text(QAccessible.Text.Name) == "two read as zero with 96.5 %"
