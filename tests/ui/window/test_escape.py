"""Esc closes one thing after the other, and clears the pad only where nothing is open."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hands import ANSWER_MS, DEMO, activate, press_key
from lenet_desktop import paths
from lenet_desktop.ui.self_test import play_strokes
from lenet_desktop.ui.window.main_window import MainWindow

ESC = Qt.Key.Key_Escape


def test_each_press_closes_what_lies_on_top(window: MainWindow, qtbot: QtBot) -> None:
    activate(window, qtbot)
    play_strokes(window.canvas, DEMO["2"])
    ink = window.canvas.ink()
    window.open_training()
    window.session.try_beside(paths.factory_model())
    qtbot.waitUntil(lambda: bool(window.session.challenger), timeout=ANSWER_MS)
    window.over_paper.show_image(np.zeros((28, 28), np.uint8), ("A mistake",))
    window.show_message("Something went wrong.")
    window.actions_.commands.trigger()

    def press() -> None:
        press_key(QApplication.focusWidget(), ESC)
        assert np.array_equal(window.canvas.ink(), ink)

    press()
    assert window.palette_ is not None and not window.palette_.isVisible()
    assert window.message
    press()
    assert window.message == ""
    assert window.over_paper.isVisible()
    press()
    assert window.over_paper.isHidden()
    assert window.session.challenger
    press()
    qtbot.waitUntil(lambda: not window.session.challenger, timeout=ANSWER_MS)
    assert window.side.is_drawer_open
    press()
    assert not window.side.is_drawer_open
    press_key(QApplication.focusWidget(), ESC)
    assert window.canvas.is_blank
    window.canvas.undo()
    assert np.array_equal(window.canvas.ink(), ink)


def test_it_works_wherever_the_focus_is(
    open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = open_window(start=False)
    activate(window, qtbot)
    play_strokes(window.canvas, DEMO["2"])
    window.show_message("Something went wrong.")
    window.chip.setFocus()
    press_key(window.chip, ESC)
    assert window.message == ""
    assert not window.canvas.is_blank
