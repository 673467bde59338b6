"""The window: drawing, answers, keys, buttons and themes."""

import threading
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSlider, QWidget
from pytestqt.qtbot import QtBot

from hands import (
    ANSWER_MS,
    DEMO,
    LOADING_MS,
    MOVE,
    PRESS,
    RELEASE,
    activate,
    draw,
    points,
    press_key,
)
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.strokes import DEFAULT_BRUSH, MAX_BRUSH, MIN_BRUSH, place
from lenet_desktop.ui.app import make_app
from lenet_desktop.ui.self_test import play_strokes, send_mouse
from lenet_desktop.ui.theme import is_dark
from lenet_desktop.ui.window.main_window import MainWindow

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def active(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """A window that gets the keys."""
    activate(window, qtbot)
    return window


def assert_shows_nothing(window: MainWindow, caption: str = "draw a digit") -> None:
    assert window.panel.digit == ""
    assert window.panel.caption == caption
    assert window.panel.bars.probabilities is None
    assert window.panel.sample.sample is None


# Drawing and answers


def test_a_blank_pad_gives_no_digit(window: MainWindow) -> None:
    assert_shows_nothing(window)
    assert window.message == ""


@pytest.mark.parametrize("label", DEMO)
def test_a_digit_drawn_with_the_mouse_is_read(window: MainWindow, qtbot: QtBot, label: str) -> None:
    draw(window, label, qtbot)
    panel = window.panel
    assert panel.digit == label
    assert panel.caption.endswith(" %")
    assert panel.bars.classes == tuple("0123456789")
    assert panel.bars.probabilities is not None
    assert sum(panel.bars.probabilities) == pytest.approx(1, abs=1e-4)
    assert max(panel.bars.probabilities) == panel.bars.probabilities[int(label)]
    assert f"{label}: " in panel.bars.accessibleDescription()
    assert panel.sample.sample is not None
    assert panel.sample.sample.shape == (28, 28)
    assert panel.sample.sample.max() > 200
    assert "answered in" in window.status
    assert "CPU" in window.status or "CUDA" in window.status or "MPS" in window.status


def test_the_answer_comes_while_the_stroke_is_drawn(window: MainWindow, qtbot: QtBot) -> None:
    one = DEMO["1"][0]
    places = [window.canvas.from_pad(x, y).toPoint() for x, y in one.tolist()]
    send_mouse(window.canvas, PRESS, places[0])
    qtbot.waitUntil(lambda: window.panel.digit != "", timeout=ANSWER_MS)
    send_mouse(window.canvas, RELEASE, places[0])


def test_drawing_works_before_the_model_is_there(
    open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = open_window(start=False)
    assert_shows_nothing(window, "loading the model")
    play_strokes(window.canvas, DEMO["5"])
    assert not window.canvas.is_blank
    assert_shows_nothing(window, "loading the model")
    window.start()
    qtbot.waitUntil(lambda: window.panel.digit == "5", timeout=LOADING_MS)
    assert not window.is_loading


def test_clearing_while_the_model_loads_still_says_that_it_loads(
    open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = open_window(start=False)
    play_strokes(window.canvas, DEMO["5"])
    window.canvas.clear()
    assert_shows_nothing(window, "loading the model")
    window.start()
    qtbot.waitUntil(lambda: not window.is_loading, timeout=LOADING_MS)
    assert_shows_nothing(window)


@pytest.mark.parametrize("how", ["clear", "undo", "erase"])
def test_an_answer_that_comes_after_the_ink_has_gone_is_ignored(
    window: MainWindow, qtbot: QtBot, how: str
) -> None:
    given = threading.Event()
    window.session.recognition.recognized.connect(
        lambda *_: given.set(), Qt.ConnectionType.DirectConnection
    )
    send_mouse(window.canvas, PRESS, QPoint(200, 200))
    send_mouse(window.canvas, RELEASE, QPoint(200, 200))
    assert given.wait(ANSWER_MS / 1000), "the answer is on its way to the window"
    if how == "clear":
        window.canvas.clear()
    elif how == "undo":
        window.canvas.undo_stack.undo()
    else:
        window.canvas.set_brush(MAX_BRUSH)
        send_mouse(window.canvas, PRESS, QPoint(200, 200), Qt.MouseButton.RightButton)
        send_mouse(window.canvas, RELEASE, QPoint(200, 200), Qt.MouseButton.RightButton)
    assert window.canvas.is_blank
    with qtbot.assertNotEmitted(window.canvas.drawing_changed, wait=50):
        pass
    assert_shows_nothing(window)
    assert "answered" not in window.status


def test_the_next_drawing_after_a_clear_is_read(window: MainWindow, qtbot: QtBot) -> None:
    for label in "38":
        draw(window, label, qtbot)
        assert window.panel.digit == label
        window.canvas.clear()
        assert_shows_nothing(window)
    window.canvas.undo_stack.undo()
    qtbot.waitUntil(lambda: window.panel.digit == "8", timeout=ANSWER_MS)


# Keys, buttons, slider


def test_undo_and_redo_by_keys(active: MainWindow) -> None:
    play_strokes(active.canvas, [points((200, 200)), points((600, 600))])
    both = active.canvas.ink()
    press_key(active, Qt.Key.Key_Z, CTRL)
    assert 2 * int(active.canvas.ink().sum()) == pytest.approx(int(both.sum()), rel=0.02)
    press_key(active, Qt.Key.Key_Z, CTRL)
    assert active.canvas.is_blank
    press_key(active, Qt.Key.Key_Z, CTRL | SHIFT)
    press_key(active, Qt.Key.Key_Y, CTRL)
    assert np.array_equal(active.canvas.ink(), both)


@pytest.mark.parametrize(
    ("key", "modifiers"),
    [
        pytest.param(Qt.Key.Key_Z, CTRL, id="undo"),
        pytest.param(Qt.Key.Key_Z, CTRL | SHIFT, id="redo"),
        pytest.param(Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier, id="clear"),
    ],
)
def test_keys_pressed_in_the_middle_of_a_stroke_keep_ink_and_drawing_consistent(
    active: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier
) -> None:
    canvas = active.canvas
    play_strokes(canvas, [points((100, 100), (700, 100)), points((100, 300), (700, 300))])
    canvas.undo_stack.undo()
    middle = canvas.paper().center().toPoint()
    send_mouse(canvas, PRESS, middle - QPoint(0, 200))
    send_mouse(canvas, MOVE, middle)
    press_key(active, key, modifiers)
    send_mouse(canvas, MOVE, middle + QPoint(50, 100))
    send_mouse(canvas, RELEASE, middle + QPoint(50, 100))
    assert np.array_equal(canvas.ink(), rasterize(canvas.drawing))
    while canvas.undo_stack.canUndo():
        canvas.undo_stack.undo()
        assert np.array_equal(canvas.ink(), rasterize(canvas.drawing))
    assert canvas.is_blank


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Escape])
def test_clear_by_keys_can_be_undone(active: MainWindow, key: Qt.Key) -> None:
    play_strokes(active.canvas, DEMO["2"])
    before = active.canvas.ink()
    press_key(active, key)
    assert active.canvas.is_blank
    press_key(active, Qt.Key.Key_Z, CTRL)
    assert np.array_equal(active.canvas.ink(), before)


def test_e_toggles_the_eraser(active: MainWindow) -> None:
    play_strokes(active.canvas, [points((400, 400))])
    press_key(active, Qt.Key.Key_E)
    assert active.canvas.is_erasing
    active.canvas.set_brush(MAX_BRUSH)
    play_strokes(active.canvas, [points((400, 400))])
    assert active.canvas.is_blank
    press_key(active, Qt.Key.Key_E)
    assert not active.canvas.is_erasing
    play_strokes(active.canvas, [points((400, 400))])
    assert not active.canvas.is_blank


@pytest.mark.parametrize(
    ("key", "change"),
    [
        (Qt.Key.Key_BracketRight, 1),
        (Qt.Key.Key_BracketLeft, -1),
        (Qt.Key.Key_Plus, 1),
        (Qt.Key.Key_Minus, -1),
    ],
)
def test_the_brush_by_keys(active: MainWindow, key: Qt.Key, change: int) -> None:
    press_key(active, key)
    assert np.sign(active.canvas.brush - DEFAULT_BRUSH) == change


def the_slider(window: MainWindow) -> QSlider:
    (slider,) = window.findChildren(QSlider)
    return slider


def test_the_brush_by_its_slider_and_the_slider_by_the_brush(window: MainWindow) -> None:
    slider = the_slider(window)
    assert (slider.minimum(), slider.maximum()) == (MIN_BRUSH, MAX_BRUSH)
    assert slider.value() == window.canvas.brush == DEFAULT_BRUSH
    slider.setValue(90)
    assert window.canvas.brush == 90
    window.canvas.step_brush(-1)
    assert slider.value() == window.canvas.brush < 90


def test_undo_redo_can_be_chosen_only_where_there_is_something(window: MainWindow) -> None:
    actions = {a.text().replace("&", ""): a for a in window.findChildren(QAction)}
    undo, redo = actions["Undo"], actions["Redo"]
    assert (undo.isEnabled(), redo.isEnabled()) == (False, False)
    play_strokes(window.canvas, DEMO["1"])
    assert (undo.isEnabled(), redo.isEnabled()) == (True, False)
    undo.trigger()
    assert (undo.isEnabled(), redo.isEnabled()) == (False, True)


# Look


@pytest.mark.parametrize("size", [(900, 600), (980, 680), (1600, 1000)])
def test_the_pad_is_large_and_nothing_is_cut_off(
    window: MainWindow, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window.resize(*size)
    qtbot.waitUntil(lambda: window.size().toTuple() == size)
    assert window.canvas.paper().width() > 0.7 * size[1]
    for part in (window.canvas, window.panel, the_slider(window)):
        corner = part.mapTo(window, QPoint(part.width(), part.height()))
        assert corner.x() <= size[0]
        assert corner.y() <= size[1]


def test_every_control_has_a_name_and_can_be_reached_by_the_keyboard(window: MainWindow) -> None:
    controls = [
        w
        for w in window.findChildren(QWidget)
        if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isVisible()
    ]
    assert window.canvas in controls
    assert the_slider(window) in controls
    assert len(controls) >= 6
    for control in controls:
        text = getattr(control, "text", str)()
        assert control.accessibleName() or text, f"{control} has no name"
    for action in window.findChildren(QAction):
        assert action.text() or action.isSeparator() or action.menu()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_paper_and_ink_are_the_same_in_both_themes(
    open_window: Callable[..., MainWindow], theme: str
) -> None:
    window = open_window(start=False, theme=theme)
    play_strokes(window.canvas, [points((400, 400))])
    shown = window.canvas.grab().toImage()
    ratio = shown.devicePixelRatio()
    places = window.canvas.from_pad(400, 400) * ratio, window.canvas.from_pad(90, 700) * ratio
    assert [shown.pixelColor(p.toPoint()).name() for p in places] == ["#1c2030", "#fdfdfa"]
    assert is_dark(make_app()) is (theme == "dark")


def test_a_digit_that_is_drawn_small_is_read_while_it_is_drawn(
    window: MainWindow, qtbot: QtBot
) -> None:
    """About 40 pixels high, the default brush is as thick as the digit."""
    for label in "2347":
        window.canvas.clear()
        drawing = place(DEMO[label], height=0.08)
        play_strokes(window.canvas, [s.points for s in drawing.strokes])
        qtbot.waitUntil(window.is_answered)
        assert window.panel.digit == label
        # The drawing on the paper is not changed.
        assert abs(window.canvas.ink().astype(int) - rasterize(drawing)).mean() < 2
