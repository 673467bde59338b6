"""The answer's column: what it says, and that everything has a place at every size."""

import itertools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from hands import DEMO
from lenet_desktop import paths
from lenet_desktop.drawing.strokes import place
from lenet_desktop.inference.decision import Verdict
from lenet_desktop.inference.recognizer import Prediction, Recognizer
from lenet_desktop.models import model_file
from lenet_desktop.models.model_card import DIGITS
from lenet_desktop.ui.answer.answer_panel import AnswerPanel

LETTERS = tuple("abcdefghij")


@pytest.fixture(scope="module")
def read() -> Callable[..., Prediction]:
    """Read a demo digit with the factory model, with other thresholds or classes if asked for."""
    model = model_file.load(paths.factory_model())

    def read(label: str, **card: object) -> Prediction:
        changed = replace(model, card=replace(model.card, **card))
        prediction = Recognizer(changed, "cpu").recognize(place(DEMO[label]))
        assert prediction is not None
        return prediction

    return read


@pytest.fixture
def panel(qtbot: QtBot) -> AnswerPanel:
    """The column as it is in a window of 1280x760 with the strip open."""
    panel = AnswerPanel()
    qtbot.addWidget(panel)
    panel.resize(280, 522)
    panel.show_sample_here(False)
    panel.show()
    return panel


REFUSED, UNSURE = {"max_energy": -1000.0}, {"min_probability": 1.0}


@pytest.mark.parametrize(
    ("classes", "card", "digit", "caption"),
    [
        (DIGITS, {}, "4", " %"),
        (DIGITS, UNSURE, "4", "Not sure. Closest: 4"),
        (DIGITS, REFUSED, "?", "Not a digit. Closest: 4"),
        (LETTERS, REFUSED, "?", "None of these. Closest: e"),
        (LETTERS, UNSURE, "e", "Not sure. Closest: e"),
    ],
)
def test_each_verdict_has_its_words(
    panel: AnswerPanel,
    read: Callable[..., Prediction],
    classes: tuple[str, ...],
    card: dict[str, float],
    digit: str,
    caption: str,
) -> None:
    prediction = read("4", classes=classes, **card)
    panel.show_prediction(prediction)
    assert panel.digit == digit
    assert panel.caption.endswith(caption)
    assert panel.best_class == prediction.best_class
    quiet = panel._digit.foregroundRole() is QPalette.ColorRole.PlaceholderText
    assert quiet is bool(card)
    assert panel.bars.is_sure is not bool(card)


_DIRECTLY = Qt.FindChildOption.FindDirectChildrenOnly


def places(panel: AnswerPanel) -> dict[str, QRect]:
    """Return where everything is that can be seen."""
    panel.grab()
    return {
        type(child).__name__ + child.objectName() + str(number): child.geometry()
        for number, child in enumerate(panel.findChildren(QWidget, options=_DIRECTLY))
        if child.isVisible()
    }


@pytest.mark.parametrize(
    ("width", "height", "sample"),
    [(280, 350, False), (280, 500, True), (380, 350, False), (380, 500, True), (280, 996, True)],
)
@pytest.mark.parametrize("count", [2, 10, 26])
def test_nothing_overlaps_at_any_size(
    panel: AnswerPanel,
    read: Callable[..., Prediction],
    width: int,
    height: int,
    sample: bool,
    count: int,
) -> None:
    classes = tuple("abcdefghijklmnopqrstuvwxyz"[:count])
    probabilities = np.full(count, 1 / count, np.float32)
    prediction = replace(read("3"), classes=classes, best_class="a", probabilities=probabilities)
    panel.resize(width, height)
    panel.show_sample_here(sample)
    panel.set_names("LeNet-5", "My MNIST")
    panel.show_prediction(prediction, is_challenger=True)
    panel.show_challenger(probabilities.tolist(), classes)
    panel.show_time(0.0046, "cpu")
    panel.label_row.show_offer(True)
    shown = places(panel)
    assert len(shown) == (8 if sample else 7)
    for one, other in itertools.combinations(shown.values(), 2):
        assert not one.intersects(other)
    for area in shown.values():
        assert panel.rect().contains(area)
    assert panel.bars.height() / min(count, 13) >= 14
    assert panel._digit.height() >= 52


def test_a_challenger_moves_nothing(panel: AnswerPanel, read: Callable[..., Prediction]) -> None:
    panel.resize(280, 350)
    panel.show_prediction(read("3"))
    assert panel.other == ""
    alone = places(panel)
    panel.set_names("LeNet-5", "")
    there = places(panel)
    assert alone.items() <= there.items(), "only its line is new"
    assert panel.other == "Challenger"
    for seven in np.linspace(0.1, 0.9, 5).tolist():
        rest = (1 - seven) / 9
        panel.show_challenger([rest] * 7 + [seven] + [rest] * 2)
        panel.show_prediction(read("3"))
        assert places(panel) == there
    assert panel.other == "Challenger: 7 · 90.0 %"
    panel.show_nothing("Draw a digit", DIGITS)
    assert places(panel) == there
    assert panel.other == "Challenger"
    assert panel.bars.others is None
    panel.set_names("LeNet-5", None)
    assert panel.other == ""


def test_a_challenger_of_other_classes_has_its_line_but_no_bars(
    panel: AnswerPanel, read: Callable[..., Prediction]
) -> None:
    panel.set_names("LeNet-5", "letters")
    panel.show_prediction(read("3"))
    panel.show_challenger([0.2, 0.8], ("left", "right"))
    assert panel.other == "letters: right · 80.0 %"
    assert panel.bars.others is None
    panel.show_challenger([0.2, 0.8], ("left", "right"), Verdict.NOT_A_DIGIT)
    assert panel.other == "letters: right? · none of these"
    panel.show_challenger([0.1] * 10, DIGITS, Verdict.UNSURE)
    assert panel.other == "letters: 0? · not sure"


def test_swapped_the_badge_and_the_line_say_whose_answer_is_whose(
    panel: AnswerPanel, read: Callable[..., Prediction]
) -> None:
    panel.set_names("LeNet-5", "My MNIST")
    panel.show_prediction(read("3"), is_challenger=True)
    panel.show_challenger(read("5").probabilities.tolist())
    assert panel.badge == "My MNIST"
    assert panel.other.startswith("LeNet-5: 5 · ")
    panel.show_prediction(read("5"))
    panel.show_challenger(read("3").probabilities.tolist())
    assert panel.badge == ""
    assert panel.other.startswith("My MNIST: 3 · ")


def test_a_long_name_is_cut_off_and_not_its_answer(
    panel: AnswerPanel, read: Callable[..., Prediction]
) -> None:
    panel.set_names("LeNet-5", "My MNIST " * 9)
    panel.show_prediction(read("3"))
    panel.show_challenger(read("5").probabilities.tolist())
    shown = panel._other.shown_text(200)
    assert shown.startswith("My MNIST")
    assert "…: 5 · " in shown
    assert "My MNIST " * 9 in panel._other.toolTip()


def test_the_sample_is_a_button_with_a_name(panel: AnswerPanel, qtbot: QtBot) -> None:
    panel.show_sample_here(True)
    seen = QAccessible.queryAccessibleInterface(panel.sample)
    assert seen.role() is QAccessible.Role.Button
    assert seen.text(QAccessible.Text.Name) == "What the network sees"
    for press in (
        lambda: qtbot.mouseClick(panel.sample, Qt.MouseButton.LeftButton),
        lambda: qtbot.keyClick(panel.sample, Qt.Key.Key_Space),
    ):
        with qtbot.waitSignal(panel.sample.clicked):
            press()


def test_a_steady_answer_is_announced_once(
    panel: AnswerPanel, read: Callable[..., Prediction], qtbot: QtBot
) -> None:
    said: list[str] = []
    panel.announcer.announced.connect(said.append)
    for label in "1745":  # while somebody draws
        panel.show_prediction(read(label))
        QApplication.processEvents()
    with qtbot.waitSignal(panel.announcer.announced):
        panel.show_prediction(read("5"))
    panel.show_prediction(replace(read("5"), seconds=1.0))
    qtbot.wait(300)
    assert said == ["5"]
    with qtbot.waitSignal(panel.announcer.announced):
        panel.show_prediction(read("5", **REFUSED))
    assert said[1:] == ["Not a digit. Closest: 5"]
    panel.show_nothing("Draw a digit", DIGITS)
    qtbot.wait(300)
    with qtbot.waitSignal(panel.announcer.announced):
        panel.show_prediction(read("5", **REFUSED))
    assert len(said) == 3, "a new drawing is announced even if its answer is the same"


def test_screen_readers_get_the_answer_the_caption_and_the_other_models_line(
    panel: AnswerPanel, read: Callable[..., Prediction]
) -> None:
    panel.set_names("LeNet-5", "")
    panel.show_prediction(read("4"))
    panel.show_challenger(read("4").probabilities.tolist())
    names = [
        QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
        for widget in (panel._digit, panel._caption, panel._other)
    ]
    assert names == ["4", panel.caption, panel.other]
