"""The chip of the model in use, its menu, and the pill beside it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from pytestqt.qtbot import QtBot

from hands import ANSWER_MS, LEFT, draw
from lenet_desktop.ui.window.main_window import MainWindow

Keep = Callable[..., Path]


def use(window: MainWindow, path: Path, qtbot: QtBot) -> None:
    window.session.use(path)
    qtbot.waitUntil(lambda: window.session.model_path == path, timeout=ANSWER_MS)


def menu_texts(window: MainWindow) -> list[str]:
    menu = window.chip.menu()
    menu.aboutToShow.emit()
    return [action.text().replace("&", "") for action in menu.actions() if action.text()]


def test_the_chip_names_the_model_and_its_accuracy(window: MainWindow) -> None:
    chip = window.chip
    assert chip.text() == "LeNet-5 · 99.5 %"
    assert chip.toolTip().removeprefix("<p>").split("<br>")[:2] == [
        "LeNet-5",
        "99.46 % (99.30 to 99.59 %) on the 10,000 test digits of MNIST",
    ]
    spoken = QAccessible.queryAccessibleInterface(chip)
    assert spoken.text(QAccessible.Text.Name) == "LeNet-5 · 99.5 %"


def test_nothing_is_invented_for_a_model_that_was_not_measured(
    window: MainWindow, keep: Keep, qtbot: QtBot
) -> None:
    use(window, keep("mine", test_accuracy=None), qtbot)
    assert window.chip.text() == "mine"
    assert "%" not in window.chip.toolTip()
    use(window, keep("foreign", test_accuracy=0.5, data="", test_data=""), qtbot)
    assert "50.00 % on the test set: unknown test set" in window.chip.toolTip()


def test_a_long_name_is_cut_off_and_the_accuracy_is_not(
    window: MainWindow, keep: Keep, qtbot: QtBot
) -> None:
    use(window, keep("W" * 60), qtbot)
    chip = window.chip
    metrics = chip.fontMetrics()
    assert chip.text() == f"{'W' * 60} · 99.5 %"
    for width in (60, 100, 150, 250):
        text = chip.shown_text(width, metrics)
        assert metrics.horizontalAdvance(text) <= width
        assert "…" in text
        assert text.endswith((" · 99.5 %", "…"))
    assert chip.shown_text(2000, metrics) == chip.text()
    assert chip.width() < window.width() / 3


def test_the_menu_of_the_chip(window: MainWindow, keep: Keep, qtbot: QtBot) -> None:
    path = keep("mine")
    assert menu_texts(window) == [
        "In use: LeNet-5",
        "Factory model",
        "mine",
        "Compare with",
        "Open model…",
        "Export…",
        "Manage my models…",
    ]
    with qtbot.waitSignal(window.session.challenger_changed, timeout=ANSWER_MS):
        window.session.try_beside(path)
    assert menu_texts(window)[4:6] == ["Use the compared model", "End the comparison"]
    (action,) = (action for action in window.chip.menu().actions() if action.text() == "mine")
    action.trigger()
    qtbot.waitUntil(lambda: window.session.model_path == path, timeout=ANSWER_MS)
    qtbot.waitUntil(lambda: window.session.challenger == "", timeout=ANSWER_MS)
    assert menu_texts(window)[0] == "In use: mine"


def test_the_chip_is_a_button_with_a_menu_in_the_order_of_tab(window: MainWindow) -> None:
    spoken = QAccessible.queryAccessibleInterface(window.chip)
    assert spoken.role() in (QAccessible.Role.ButtonMenu, QAccessible.Role.Button)
    assert spoken.state().hasPopup
    assert spoken.text(QAccessible.Text.Description) == (
        "Model in use. 99.46 % (99.30 to 99.59 %) on the 10,000 test digits of MNIST"
    )
    assert window.chip.focusPolicy() & Qt.FocusPolicy.TabFocus


@pytest.mark.parametrize("button", ["use", "end"])
def test_the_pill_says_what_is_on_trial_and_ends_it(
    window: MainWindow, keep: Keep, qtbot: QtBot, button: str
) -> None:
    path = keep("My MNIST")
    before = window.session.model_path
    pill = window.chip.trial
    assert pill.text == ""
    with qtbot.waitSignal(window.session.challenger_changed, timeout=ANSWER_MS):
        window.session.try_beside(path)
    assert pill.text == "beside My MNIST"
    assert pill.use_button.isVisible()
    clicked = pill.use_button if button == "use" else pill.end_button
    assert QAccessible.queryAccessibleInterface(clicked).text(QAccessible.Text.Name) in (
        "Use My MNIST",
        "End the comparison",
    )
    with qtbot.waitSignal(window.session.challenger_changed, timeout=ANSWER_MS):
        qtbot.mouseClick(clicked, LEFT)
    in_use = path if button == "use" else before
    qtbot.waitUntil(lambda: window.session.model_path == in_use, timeout=ANSWER_MS)
    assert pill.text == ""
    assert not pill.isVisible()


def test_both_models_read_the_drawing(window: MainWindow, keep: Keep, qtbot: QtBot) -> None:
    recognition = window.session.recognition
    window.session.try_beside(keep("mine"))
    qtbot.waitUntil(lambda: window.session.challenger == "mine", timeout=ANSWER_MS)
    answers = []
    recognition.challenger_recognized.connect(lambda _number, answer: answers.append(answer))
    draw(window, "3", qtbot)
    qtbot.waitUntil(lambda: answers[-1:] and answers[-1].text == "3", timeout=ANSWER_MS)
