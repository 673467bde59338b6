"""The paper stays under the hand while the network strip opens and closes."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from hands import DEMO, MOVE, PRESS, RELEASE, RIGHT, activate, points, press_key
from lenet_desktop.drawing.strokes import MAX_BRUSH
from lenet_desktop.inference.kind import Kind
from lenet_desktop.ui.self_test import play_strokes, send_mouse
from lenet_desktop.ui.window.main_window import MainWindow


@pytest.fixture
def idle(open_window: Callable[..., MainWindow], qtbot: QtBot) -> MainWindow:
    """A window with square paper and no model; it gets the keys, the pointer is far away."""
    QCursor.setPos(QPoint(0, 0))
    window = open_window(start=False)
    window.kind_menu.choose(Kind.DIGIT)
    window.resize(1000, 760)
    qtbot.waitUntil(lambda: window.size().toTuple() == (1000, 760))
    activate(window, qtbot)
    if not window.strip.isVisible():
        press_key(window, Qt.Key.Key_W)
    return window


def place(window: MainWindow) -> tuple[float, ...]:
    """Return where the paper is on the screen, and its size."""
    paper = window.canvas.paper()
    corner = window.canvas.mapToGlobal(paper.topLeft())
    return corner.x(), corner.y(), paper.width(), paper.height()


def toggle(window: MainWindow, qtbot: QtBot) -> None:
    """Press W, and let the layout settle."""
    shown = window.strip.isVisible()
    press_key(window, Qt.Key.Key_W)
    assert window.strip.isVisible() is not shown
    qtbot.wait(20)


def test_a_blank_paper_takes_the_room_at_once(idle: MainWindow, qtbot: QtBot) -> None:
    small = place(idle)
    toggle(idle, qtbot)
    large = place(idle)
    assert large[2] > small[2] + 100
    toggle(idle, qtbot)
    assert place(idle) == small


def point_at(window: MainWindow, widget: QWidget, qtbot: QtBot) -> None:
    """Move the pointer over a part of the window."""
    QCursor.setPos(widget.mapToGlobal(widget.rect().center()))
    qtbot.waitUntil(lambda: window.canvas.underMouse() is (widget is window.canvas))


def assert_ink_is_seen(window: MainWindow) -> None:
    ys, xs = np.nonzero(window.canvas.ink())
    for corner in ((xs.min(), ys.min()), (xs.max() + 1, ys.max() + 1)):
        assert window.canvas.rect().toRectF().contains(window.canvas.from_pad(*map(int, corner)))


@pytest.mark.parametrize("size", [(900, 600), (1280, 760), (1920, 1080)])
@pytest.mark.parametrize("is_over", [False, True])
def test_no_ink_is_ever_cut_off(
    idle: MainWindow, qtbot: QtBot, size: tuple[int, int], is_over: bool
) -> None:
    idle.resize(*size)
    qtbot.waitUntil(lambda: idle.size().toTuple() == size)
    toggle(idle, qtbot)
    if is_over:
        point_at(idle, idle.canvas, qtbot)
    play_strokes(idle.canvas, [points((400, 40), (400, 760))])
    ink = idle.canvas.ink()
    for _ in range(3):
        toggle(idle, qtbot)
        assert_ink_is_seen(idle)
    assert np.array_equal(idle.canvas.ink(), ink)


def test_paper_with_ink_takes_the_room_if_no_hand_is_on_it(idle: MainWindow, qtbot: QtBot) -> None:
    small = place(idle)
    play_strokes(idle.canvas, DEMO["3"])
    toggle(idle, qtbot)
    assert place(idle)[2] > small[2] + 100, "no void"
    toggle(idle, qtbot)
    assert place(idle) == small


def test_ink_drawn_beyond_the_edge_is_seen_once_the_pen_is_up(
    idle: MainWindow, qtbot: QtBot
) -> None:
    toggle(idle, qtbot)
    point_at(idle, idle.canvas, qtbot)
    play_strokes(idle.canvas, [points((400, 100))])
    large = place(idle)
    toggle(idle, qtbot)
    assert place(idle) == large
    play_strokes(idle.canvas, [points((400, 200), (400, 780))])
    assert place(idle)[2] < large[2] - 100
    assert_ink_is_seen(idle)


def test_paper_stays_where_it_is_under_the_pointer(idle: MainWindow, qtbot: QtBot) -> None:
    small = place(idle)
    point_at(idle, idle.canvas, qtbot)
    play_strokes(idle.canvas, DEMO["3"])
    for _ in range(3):
        toggle(idle, qtbot)
        assert place(idle) == small
    idle.canvas.clear()
    assert place(idle)[2] > small[2] + 100, "blank, it takes the room"


def test_a_held_paper_that_is_cut_off_is_painted_and_drawn_on_rightly(
    idle: MainWindow, qtbot: QtBot
) -> None:
    toggle(idle, qtbot)
    point_at(idle, idle.canvas, qtbot)
    play_strokes(idle.canvas, [points((400, 400))])
    large, canvas = place(idle), idle.canvas
    toggle(idle, qtbot)
    assert place(idle) == large
    assert canvas.paper().bottom() > canvas.height() + 100, "cut off by the widget's edge"
    at = QPointF(canvas.width() / 2, canvas.height() - 60)
    x, y = canvas.to_pad(at)
    assert canvas.from_pad(x, y).toPoint() == at.toPoint()
    send_mouse(canvas, PRESS, at.toPoint())
    send_mouse(canvas, RELEASE, at.toPoint())
    assert canvas.ink()[round(y), round(x)] == 255
    image = canvas.grab().toImage()
    assert image.pixelColor(at.toPoint()) == image.pixelColor(canvas.from_pad(400, 400).toPoint())


def test_a_stroke_goes_on_while_the_strip_opens(idle: MainWindow, qtbot: QtBot) -> None:
    canvas = idle.canvas
    point_at(idle, canvas, qtbot)
    steps = [QPoint(200, 100), QPoint(260, 180), QPoint(200, 260), QPoint(300, 300)]
    send_mouse(canvas, PRESS, steps[0])
    for step in steps[1:]:
        send_mouse(canvas, MOVE, step)
    send_mouse(canvas, RELEASE, steps[-1])
    expected = canvas.ink()
    canvas.undo()
    before = place(idle)
    send_mouse(canvas, PRESS, steps[0])
    send_mouse(canvas, MOVE, steps[1])
    toggle(idle, qtbot)
    assert place(idle) == before
    send_mouse(canvas, MOVE, steps[2])
    toggle(idle, qtbot)
    toggle(idle, qtbot)
    send_mouse(canvas, MOVE, steps[3])
    send_mouse(canvas, RELEASE, steps[3])
    assert place(idle) == before
    assert np.array_equal(canvas.ink(), expected)


def test_a_held_paper_takes_the_room_at_the_next_resize(idle: MainWindow, qtbot: QtBot) -> None:
    point_at(idle, idle.canvas, qtbot)
    play_strokes(idle.canvas, DEMO["3"])
    toggle(idle, qtbot)
    held = place(idle)
    ink = idle.canvas.ink()
    idle.resize(1000, 770)
    qtbot.waitUntil(lambda: place(idle)[2] > held[2] + 100)
    assert np.array_equal(idle.canvas.ink(), ink)


def test_erasing_the_last_ink_lets_the_paper_take_the_room_after_the_stroke(
    idle: MainWindow, qtbot: QtBot
) -> None:
    canvas = idle.canvas
    point_at(idle, canvas, qtbot)
    play_strokes(canvas, [points((400, 400))])
    toggle(idle, qtbot)
    held = place(idle)
    canvas.set_brush(MAX_BRUSH)
    middle = canvas.from_pad(400, 400).toPoint()
    send_mouse(canvas, PRESS, middle, RIGHT)
    assert canvas.is_blank
    assert place(idle) == held, "not while the stroke goes on"
    send_mouse(canvas, RELEASE, middle, RIGHT)
    assert place(idle)[2] > held[2] + 100


def test_a_blank_paper_under_the_pointer_waits_until_the_pointer_leaves(
    idle: MainWindow, qtbot: QtBot
) -> None:
    small = place(idle)
    point_at(idle, idle.canvas, qtbot)
    toggle(idle, qtbot)
    assert place(idle) == small
    point_at(idle, idle.panel, qtbot)
    qtbot.waitUntil(lambda: place(idle)[2] > small[2] + 100)
