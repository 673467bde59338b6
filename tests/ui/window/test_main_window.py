"""The window: drawing, answers, keys, buttons and themes."""

import itertools
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QSlider, QTabBar, QWidget
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
from lenet_desktop.ui.style.theme import DARK, LIGHT, is_dark
from lenet_desktop.ui.window import main_window
from lenet_desktop.ui.window.main_window import MainWindow

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def active(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """A window that gets the keys."""
    activate(window, qtbot)
    return window


def assert_shows_nothing(window: MainWindow, caption: str = "Draw a digit or a number") -> None:
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
    assert window.panel.time.endswith(" ms")
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
    assert_shows_nothing(window, "Loading the model\u00a0…")
    play_strokes(window.canvas, DEMO["5"])
    assert not window.canvas.is_blank
    assert_shows_nothing(window, "Loading the model\u00a0…")
    window.start()
    qtbot.waitUntil(lambda: window.panel.digit == "5", timeout=LOADING_MS)
    assert not window.is_loading


def test_clearing_while_the_model_loads_still_says_that_it_loads(
    open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = open_window(start=False)
    play_strokes(window.canvas, DEMO["5"])
    window.canvas.clear()
    assert_shows_nothing(window, "Loading the model\u00a0…")
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
    assert window.panel.time == ""


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


@pytest.mark.parametrize(
    ("key", "modifier"),
    [
        (Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Backspace, CTRL),
        (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier),
    ],
)
def test_clear_by_keys_can_be_undone(
    active: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier
) -> None:
    play_strokes(active.canvas, DEMO["2"])
    before = active.canvas.ink()
    press_key(active, key, modifier)
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
    (slider,) = window.top_bar.findChildren(QSlider)
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


SIZES = [(900, 600), (1280, 760), (1920, 1080), (1067, 667)]


def show_at(window: MainWindow, size: tuple[int, int], qtbot: QtBot) -> None:
    window.setMinimumSize(1, 1)  # the test's screen may be smaller than the usual minimum
    window.resize(*size)
    qtbot.waitUntil(lambda: window.size().toTuple() == size)


def place_of(part: QWidget, window: MainWindow) -> QRect:
    return QRect(part.mapTo(window, QPoint(0, 0)), part.size())


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("strip", [False, True])
@pytest.mark.parametrize("drawer", [False, True])
def test_the_paper_is_large_and_nothing_is_cut_off_or_covered(
    window: MainWindow, qtbot: QtBot, size: tuple[int, int], strip: bool, drawer: bool
) -> None:
    show_at(window, size, qtbot)
    if window.strip.isVisible() is not strip:
        window.actions_.network.trigger()
    if drawer:
        window.open_training()
    QApplication.processEvents()
    assert window.size().toTuple() == size, "nothing needs more room than the window has"
    paper = window.canvas.paper()
    assert paper.height() > 0.5 * size[1] - (100 if strip else 0)
    parts = [window.canvas, window.strip, window.panel, the_slider(window), window.chip]
    if window.training is not None:
        parts.append(window.training)
    shown = [place_of(part, window) for part in parts if part.isVisible()]
    assert all(window.rect().contains(each) for each in shown)
    for one, other in itertools.combinations(shown, 2):
        assert not one.intersects(other)


def test_the_strip_is_there_by_default_where_there_is_room(
    open_window: Callable[..., MainWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    for height, shown in ((719, False), (720, True)):
        monkeypatch.setattr(main_window, "_SIZE", QSize(780, height))
        assert open_window(start=False).strip.isVisible() is shown


def test_the_strip_follows_the_height_until_the_user_chooses(
    window: MainWindow, qtbot: QtBot
) -> None:
    canvas = window.canvas
    play_strokes(canvas, DEMO["3"])
    for height, shown in ((760, True), (640, False), (760, True)):
        show_at(window, (1280, height), qtbot)
        assert window.strip.isVisible() is shown
        qtbot.waitUntil(lambda: canvas.rect().contains(canvas.paper().toAlignedRect()))
    window.actions_.network.trigger()
    show_at(window, (1280, 640), qtbot)
    show_at(window, (1280, 760), qtbot)
    assert not window.strip.isVisible()


def test_the_users_choice_about_the_strip_is_remembered(
    open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    first = open_window(start=False)
    activate(first, qtbot)
    before = first.strip.isVisible()
    press_key(first, Qt.Key.Key_W)
    assert first.strip.isVisible() is not before
    first.close()
    assert open_window(start=False).strip.isVisible() is not before


def test_in_a_narrow_window_the_drawer_is_a_tab(window: MainWindow, qtbot: QtBot) -> None:
    show_at(window, (900, 600), qtbot)
    window.open_training()
    assert window.training is not None
    (tabs,) = (t for t in window.side.findChildren(QTabBar) if t.isVisible())
    assert (window.training.isVisible(), window.panel.isVisible()) == (True, False)
    tabs.setCurrentIndex(0)
    assert (window.training.isVisible(), window.panel.isVisible()) == (False, True)
    show_at(window, (1280, 760), qtbot)
    assert not tabs.isVisible()
    assert (window.training.isVisible(), window.panel.isVisible()) == (True, True)


def test_the_drawer_opens_and_closes_by_its_button_and_key(
    active: MainWindow, qtbot: QtBot
) -> None:
    press_key(active, Qt.Key.Key_T, CTRL)
    assert active.training is not None
    assert active.training.isVisible()
    assert active.actions_.train.isChecked()
    press_key(active, Qt.Key.Key_T, CTRL)
    assert not active.training.isVisible()
    assert not active.actions_.train.isChecked()


def test_the_window_is_never_larger_than_the_screen(
    open_window: Callable[..., MainWindow],
) -> None:
    window = open_window(start=False)
    available = window.screen().availableSize()
    assert window.width() <= available.width()
    assert window.height() <= available.height()


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
def test_ink_on_paper_in_the_light_theme_and_chalk_on_slate_in_the_dark_one(
    open_window: Callable[..., MainWindow], theme: str
) -> None:
    window = open_window(start=False, theme=theme)
    play_strokes(window.canvas, [points((400, 400))])
    shown = window.canvas.grab().toImage()
    ratio = shown.devicePixelRatio()
    places = window.canvas.from_pad(400, 400) * ratio, window.canvas.from_pad(90, 700) * ratio
    expected = {"light": LIGHT, "dark": DARK}[theme]
    seen = [shown.pixelColor(p.toPoint()).name() for p in places]
    assert seen == [expected.ink, expected.paper]
    assert window.canvas.ink()[400, 400] == 255, "the ink means the same"
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


def test_in_a_narrow_window_a_trial_shows_the_answers(
    window: MainWindow, qtbot: QtBot, letters: Path
) -> None:
    show_at(window, (900, 600), qtbot)
    window.open_training()
    assert not window.panel.isVisible()
    window.session.try_beside(letters)
    qtbot.waitUntil(window.panel.isVisible, timeout=ANSWER_MS)
