"""A digit over the paper, in the window."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from hands import DEMO, LEFT, activate, points, press_key
from lenet_desktop.drawing.strokes import Drawing, Stroke
from lenet_desktop.ui.pad.overlays.over_paper import OverPaper
from lenet_desktop.ui.self_test import play_strokes
from lenet_desktop.ui.style.theme import colours
from lenet_desktop.ui.window.main_window import MainWindow

LINES = "Test digit 17: a 9", "LeNet-5: 4, 62.1 %", "Challenger: 9, 88.0 %"


@pytest.fixture
def idle(open_window, qtbot: QtBot) -> MainWindow:
    """A window without a model, with a drawing on its pad, that gets the keys."""
    window = open_window(start=False)
    activate(window, qtbot)
    play_strokes(window.canvas, DEMO["2"])
    return window


@pytest.fixture
def over(idle: MainWindow) -> OverPaper:
    over = idle.over_paper
    over.show_image(a_digit(), LINES)
    return over


def a_digit() -> np.ndarray:
    digit = np.zeros((28, 28), np.uint8)
    digit[4:24, 13:16] = 255
    return digit


def test_it_covers_the_paper_with_image_and_lines(idle: MainWindow, over: OverPaper) -> None:
    assert over.isVisible()
    assert over.geometry().contains(idle.canvas.paper().toRect())
    assert over.text == "\n".join(LINES)
    assert np.array_equal(over.image, a_digit())
    picture = over._picture.grab().toImage()
    ink = [
        QPoint(x, y)
        for x in range(picture.width())
        for y in range(0, picture.height(), 7)
        if picture.pixelColor(x, y).name() == colours(over).ink
    ]
    assert max(p.x() for p in ink) - min(p.x() for p in ink) > 2 * 3, "some pixels for each pixel"
    interface = QAccessible.queryAccessibleInterface(over)
    assert interface.text(QAccessible.Text.Name) == "\n".join(LINES)


@pytest.mark.parametrize("how", ["button", "Esc", "Esc, with the focus in a button"])
def test_going_back_shows_the_drawing_as_it_was(
    idle: MainWindow, over: OverPaper, how: str, qtbot: QtBot
) -> None:
    before, steps = idle.canvas.ink(), idle.canvas.undo_stack.count()
    with qtbot.waitSignal(over.closed):
        if how == "button":
            QTest.mouseClick(over.back_button, LEFT)
        else:
            if how != "Esc":
                idle.chip.setFocus()
            press_key(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert over.isHidden()
    assert over.image is None
    assert np.array_equal(idle.canvas.ink(), before)
    assert idle.canvas.undo_stack.count() == steps


def test_a_pen_on_it_leaves_no_ink_and_is_told_why(idle: MainWindow, over: OverPaper) -> None:
    before = idle.canvas.ink()
    for child in (over, over._picture, over._title, over._lines):
        idle.pill.hide()
        QTest.mouseClick(child, LEFT)
        assert "Go back" in idle.message
        QTest.mouseClick(child, Qt.MouseButton.RightButton)
    assert np.array_equal(idle.canvas.ink(), before)
    assert over.isVisible()
    at = idle.pill.geometry().center()
    assert idle.canvas.childAt(at) in idle.pill.findChildren(QWidget), "above the digit"
    back = next(b for b in idle.pill.findChildren(QPushButton) if b.isVisible())
    QTest.mouseClick(back, LEFT)
    assert over.isHidden()
    assert idle.message == ""


def test_the_explanation_goes_with_the_digit(idle: MainWindow, over: OverPaper) -> None:
    QTest.mouseClick(over, LEFT)
    QTest.mouseClick(over.back_button, LEFT)
    assert idle.message == ""


def test_the_answer_to_the_hidden_drawing_is_faded(idle: MainWindow, over: OverPaper) -> None:
    parts = idle.panel, idle.strip
    for part in parts:
        assert part.graphicsEffect().opacity() < 0.5
        assert QAccessible.queryAccessibleInterface(part).state().disabled
    over.show_image(a_digit().T.copy(), ("Another one",))
    over.back()
    for part in parts:
        assert part.graphicsEffect() is None
        assert not QAccessible.queryAccessibleInterface(part).state().disabled


@pytest.mark.parametrize("key", [Qt.Key.Key_Z, Qt.Key.Key_Delete])
def test_an_undo_or_a_clear_shows_the_drawing_that_it_changes(
    idle: MainWindow, over: OverPaper, key: Qt.Key
) -> None:
    control = Qt.KeyboardModifier.ControlModifier
    press_key(idle, key, control if key == Qt.Key.Key_Z else Qt.KeyboardModifier.NoModifier)
    assert over.isHidden()
    assert idle.canvas.is_blank


def test_it_follows_the_paper(idle: MainWindow, over: OverPaper, qtbot: QtBot) -> None:
    for size in ((900, 600), (1280, 760)):
        idle.resize(*size)
        qtbot.waitUntil(lambda size=size: idle.size().toTuple() == size)
        paper = idle.canvas.paper()
        assert over.geometry() == paper.toAlignedRect()
        for child in (over._title, over._lines, over.back_button):
            corner = child.mapTo(over, child.rect().bottomRight())
            assert over.rect().contains(corner)


def test_all_of_it_can_be_seen_where_the_paper_is_cut_off(
    idle: MainWindow, over: OverPaper, qtbot: QtBot
) -> None:
    if idle.strip.isVisible():
        press_key(idle, Qt.Key.Key_W)
        idle.resize(1000, 730)
        qtbot.waitUntil(lambda: idle.size().toTuple() == (1000, 730))
    idle.canvas.set_drawing(Drawing((Stroke(points((400, 100))),)), "dot")
    over.show_image(a_digit(), LINES)
    QCursor.setPos(idle.canvas.mapToGlobal(idle.canvas.rect().center()))
    qtbot.waitUntil(idle.canvas.underMouse)
    press_key(idle, Qt.Key.Key_W)
    assert idle.canvas.paper().bottom() > idle.canvas.height() + 100
    corner = over.back_button.mapTo(idle.canvas, over.back_button.rect().bottomRight())
    assert idle.canvas.rect().contains(corner)
    QTest.mouseClick(over.back_button, LEFT)
    assert over.isHidden()


def test_the_next_image_replaces_it_and_the_focus_stays(idle: MainWindow, over: OverPaper) -> None:
    idle.chip.setFocus()
    over.show_image(a_digit().T.copy(), ("Another one",))
    assert over.text == "Another one"
    assert idle.chip.hasFocus()


def test_the_drawing_goes_on_after_it(idle: MainWindow, over: OverPaper) -> None:
    over.back()
    assert idle.canvas.hasFocus()
    play_strokes(idle.canvas, [points((100, 100))])
    assert len(idle.canvas.drawing.strokes) == 2
