"""Closing the window at any moment ends every thread and the process, without any output."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from close_often import close_once
from hands import DEMO
from lenet_desktop.ui.self_test import play_strokes
from lenet_desktop.ui.window.main_window import MainWindow


@pytest.mark.parametrize(
    "moment",
    ["at once", "30", "250", "700", "drawing while loading", "drawing", "predicting"],
)
def test_closing_at_any_moment_exits_with_0_and_no_output(home: Path, moment: str) -> None:
    assert close_once(moment, home) == (0, "")


def test_closing_ends_the_thread(window: MainWindow) -> None:
    thread = window.session.recognition
    assert thread.isRunning()
    play_strokes(window.canvas, DEMO["3"])
    window.close()
    assert thread.isFinished()
    assert not window.isVisible()


def test_closing_while_the_model_loads_ends_the_thread(
    open_window: Callable[..., MainWindow],
) -> None:
    window = open_window(start=False)
    window.start()
    play_strokes(window.canvas, DEMO["3"])
    window.close()
    assert window.session.recognition.isFinished()


def test_a_window_that_was_closed_does_not_start_its_thread(
    open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = open_window(start=False)
    window.close()
    with qtbot.assertNotEmitted(window.session.recognition.started, wait=100):
        window.start()  # the timer that starts it may fire after the window is closed
