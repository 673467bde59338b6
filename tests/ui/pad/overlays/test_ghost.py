"""The faint digit on the empty paper."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QAbstractAnimation, QPoint
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from hands import DEMO, PRESS, RELEASE, RIGHT, dot
from lenet_desktop.drawing.strokes import Drawing
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.pad.overlays.ghost import demonstration
from lenet_desktop.ui.self_test import send_mouse
from lenet_desktop.ui.window.main_window import MainWindow


def painted(canvas: Canvas) -> QImage:
    return canvas.grab().toImage()


def is_moving(canvas: Canvas) -> bool:
    motions = canvas.findChildren(QAbstractAnimation)
    assert len(motions) == 1
    return motions[0].state() is QAbstractAnimation.State.Running


def test_it_is_drawn_once_and_then_stands_still(canvas: Canvas, qtbot: QtBot) -> None:
    empty = painted(canvas)
    canvas.show_ghost(demonstration())
    assert is_moving(canvas)
    qtbot.waitUntil(lambda: painted(canvas) != empty)
    part = painted(canvas)
    qtbot.waitUntil(lambda: not is_moving(canvas))
    whole = painted(canvas)
    assert whole not in (empty, part)
    x, y = DEMO["3"][0][0].tolist()
    faint = whole.pixelColor(canvas.from_pad(x, y).toPoint()).lightness()
    assert 200 < faint < painted(canvas).pixelColor(20, 20).lightness()


def test_it_is_no_ink(canvas: Canvas, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(canvas.drawing_changed):
        canvas.show_ghost(demonstration())
        qtbot.waitUntil(lambda: not is_moving(canvas))
    assert canvas.has_ghost
    assert canvas.is_blank
    assert not canvas.ink().any()
    assert canvas.drawing_so_far.strokes == ()


def test_it_goes_with_the_first_ink_and_never_comes_back(canvas: Canvas) -> None:
    empty = painted(canvas)
    canvas.show_ghost(demonstration())
    send_mouse(canvas, PRESS, QPoint(105, 55))
    assert not canvas.has_ghost
    assert not is_moving(canvas)
    send_mouse(canvas, RELEASE, QPoint(105, 55))
    canvas.undo()
    assert painted(canvas) == empty
    canvas.show_ghost(demonstration())
    assert painted(canvas) == empty


def test_it_goes_when_one_begins_to_erase(canvas: Canvas) -> None:
    canvas.show_ghost(demonstration())
    send_mouse(canvas, PRESS, QPoint(105, 55), RIGHT)
    assert not canvas.has_ghost
    send_mouse(canvas, RELEASE, QPoint(105, 55), RIGHT)


def test_it_goes_when_something_is_opened(canvas: Canvas) -> None:
    canvas.show_ghost(demonstration())
    canvas.set_drawing(Drawing(picture=dot(400, 400)), "open")
    assert not canvas.has_ghost


def test_it_can_be_taken_away(canvas: Canvas) -> None:
    empty = painted(canvas)
    canvas.show_ghost(demonstration())
    canvas.show_ghost(None)
    assert painted(canvas) == empty
    assert not is_moving(canvas)


def test_a_model_of_digits_shows_a_digit_and_one_of_letters_nothing(
    open_window: Callable[..., MainWindow], letters: Path, qtbot: QtBot
) -> None:
    window = open_window()
    assert window.canvas.has_ghost
    window.open_file(letters)
    qtbot.waitUntil(lambda: not window.canvas.has_ghost)


def test_the_strokes_are_those_of_the_digit() -> None:
    strokes = demonstration()
    assert len(strokes) == len(DEMO["3"])
    assert all(np.array_equal(a, b) for a, b in zip(strokes, DEMO["3"], strict=True))
