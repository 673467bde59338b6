"""The top bar: what it shows, at every width, and how it is reached by the keyboard."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QSlider, QWidget
from pytestqt.qtbot import QtBot

from hands import ANSWER_MS, DEMO, LEFT, activate, press_key
from lenet_desktop import paths
from lenet_desktop.drawing.strokes import MAX_BRUSH, MIN_BRUSH
from lenet_desktop.models import library, model_file
from lenet_desktop.ui.number.kind_switch import KindSwitch
from lenet_desktop.ui.self_test import play_strokes
from lenet_desktop.ui.window.bar_button import BarButton
from lenet_desktop.ui.window.main_window import MainWindow
from lenet_desktop.ui.window.top_bar import TopBar


def bar_of(window: MainWindow) -> TopBar:
    bar = window.findChild(TopBar)
    assert bar is not None
    return bar


def parts(window: MainWindow) -> list[QWidget]:
    """Return all that is in the bar, from left to right."""
    bar = bar_of(window)
    direct = [w for w in bar.children() if isinstance(w, QWidget) and w.isVisible()]
    return sorted(direct, key=lambda widget: widget.x())


def resize(window: MainWindow, size: tuple[int, int], qtbot: QtBot) -> None:
    window.resize(*size)
    qtbot.waitUntil(lambda: bar_of(window).width() == size[0])
    QApplication.processEvents()


@pytest.mark.parametrize("size", [(900, 600), (1067, 667), (1280, 760), (1920, 1080)])
@pytest.mark.parametrize("trial", [False, True])
def test_nothing_is_clipped_or_overlaps_at_any_width(
    window: MainWindow, qtbot: QtBot, size: tuple[int, int], trial: bool
) -> None:
    if trial:
        model = model_file.load(paths.factory_model())
        path = library.keep(replace(model, card=replace(model.card)), "W" * 40)
        window.session.use(path)
        window.session.try_beside(path)
        qtbot.waitUntil(lambda: window.chip.trial.isVisible(), timeout=ANSWER_MS)
    resize(window, size, qtbot)
    assert window.size() == QSize(*size)
    inside = bar_of(window).rect()
    for part in parts(window):
        assert inside.contains(part.geometry())
        assert part.width() >= part.minimumSizeHint().width()
    for left, right in pairwise(parts(window)):
        assert left.geometry().right() < right.x()


def test_the_tools_have_small_names_unless_the_bar_is_narrow(
    window: MainWindow, qtbot: QtBot
) -> None:
    tools = [b for b in bar_of(window).findChildren(BarButton) if b.name() in ("Pen", "Clear")]
    assert len(tools) == 2
    resize(window, (1280, 760), qtbot)
    assert all(tool.shows_name for tool in tools)
    window.session.try_beside(paths.factory_model())
    qtbot.waitUntil(lambda: window.chip.trial.isVisible(), timeout=ANSWER_MS)
    resize(window, (900, 600), qtbot)
    assert not any(tool.shows_name for tool in tools)
    for tool in tools:
        spoken = QAccessible.queryAccessibleInterface(tool)
        assert spoken.text(QAccessible.Text.Name) == tool.name()
    resize(window, (1280, 760), qtbot)
    assert all(tool.shows_name for tool in tools)


def test_the_chip_is_as_wide_as_its_text(window: MainWindow, qtbot: QtBot) -> None:
    """While the model was loaded, it had a longer text."""
    resize(window, (1280, 760), qtbot)
    assert window.chip.width() == window.chip.sizeHint().width()
    right = parts(window)[-1].geometry().right()
    assert bar_of(window).width() - right == pytest.approx(12, abs=2)


def test_the_height_is_the_same_at_every_width(window: MainWindow, qtbot: QtBot) -> None:
    heights = set()
    for size in ((900, 600), (1280, 760)):
        resize(window, size, qtbot)
        heights.add(bar_of(window).height())
    assert len(heights) == 1


@pytest.mark.parametrize("size", [(900, 600), (1280, 760)])
def test_it_comes_to_rest(
    window: MainWindow, qtbot: QtBot, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A layout that asks for another one each time keeps a core busy, and nobody sees it."""
    resize(window, size, qtbot)
    qtbot.wait(50)
    fits = []
    monkeypatch.setattr(TopBar, "_centre", lambda _bar: fits.append(1))
    qtbot.wait(100)
    assert len(fits) <= 1


@pytest.mark.parametrize("size", [(1280, 760), (1920, 1080)])
def test_the_choice_of_digit_or_number_is_in_the_middle(
    window: MainWindow, qtbot: QtBot, size: tuple[int, int]
) -> None:
    (switch,) = bar_of(window).findChildren(KindSwitch)
    resize(window, size, qtbot)
    qtbot.waitUntil(lambda: abs(switch.geometry().center().x() - size[0] // 2) <= 3)


def test_each_button_has_a_name_and_a_tooltip_with_its_shortcut(window: MainWindow) -> None:
    spoken = {}
    for button in bar_of(window).findChildren(BarButton):
        interface = QAccessible.queryAccessibleInterface(button)
        spoken[interface.text(QAccessible.Text.Name)] = button.toolTip()
    for name, keys in (
        ("Pen", "(P)"),
        ("Eraser", "(E)"),
        ("Undo", "(Ctrl+Z)"),
        ("Redo", "(Ctrl+Shift+Z)"),
        ("Clear", "(Del)"),
        ("Train", "(Ctrl+T)"),
    ):
        assert keys in spoken[name]
    assert spoken["Switch between light and dark"]


def test_tab_goes_from_left_to_right(window: MainWindow, qtbot: QtBot) -> None:
    play_strokes(window.canvas, DEMO["1"])
    activate(window, qtbot)
    bar = bar_of(window)
    first = bar.findChildren(BarButton)[0]
    first.setFocus(Qt.FocusReason.TabFocusReason)
    places = []
    while (focused := QApplication.focusWidget()) is not None and bar.isAncestorOf(focused):
        places.append(focused.mapTo(bar, QPoint()).x())
        press_key(focused, Qt.Key.Key_Tab)
        assert len(places) < 20
    assert len(places) == 9, "pen, eraser, undo, clear, brush, kind, chip, Train, theme"
    assert places == sorted(places)


def test_the_focus_is_seen(window: MainWindow, qtbot: QtBot) -> None:
    activate(window, qtbot)
    for button in (window.chip, bar_of(window).findChildren(BarButton)[0]):
        before = button.grab().toImage()
        button.setFocus(Qt.FocusReason.TabFocusReason)
        assert button.grab().toImage() != before


def test_clear_can_be_chosen_only_where_there_is_something(window: MainWindow) -> None:
    clear = window.actions_.clear
    assert not clear.isEnabled()
    play_strokes(window.canvas, DEMO["1"])
    assert clear.isEnabled()
    window.canvas.undo()
    assert not clear.isEnabled()


def test_the_chosen_tool_looks_different_and_not_by_its_colour_alone(
    window: MainWindow, qtbot: QtBot
) -> None:
    pen, eraser = bar_of(window).findChildren(BarButton)[:2]
    qtbot.mouseClick(eraser, LEFT)
    assert window.canvas.is_erasing
    spoken = [QAccessible.queryAccessibleInterface(button) for button in (pen, eraser)]
    assert [bool(interface.state().checked) for interface in spoken] == [False, True]
    bottom = QRect(0, eraser.height() - 4, eraser.width(), 2)
    line = eraser.grab(bottom).toImage()
    colours = {line.pixel(x, 0) for x in range(line.width())}
    assert len(colours) > 2, "a line below it, shorter than the button"


def dot_width(window: MainWindow) -> int:
    """Return the width of the dot in pixels."""
    bar = bar_of(window)
    (slider,) = bar.findChildren(QSlider)
    dot = parts(window)[parts(window).index(slider) + 1]
    image = dot.grab().toImage()
    row = [image.pixelColor(x, image.height() // 2) for x in range(image.width())]
    return sum(colour != row[0] for colour in row)


def test_the_dot_shows_the_brush_as_it_is_on_the_paper(window: MainWindow, qtbot: QtBot) -> None:
    (slider,) = bar_of(window).findChildren(QSlider)
    scale = window.canvas.paper().width() / 800
    for brush in (MIN_BRUSH, 40):
        slider.setValue(brush)
        assert window.canvas.brush == brush
        assert dot_width(window) == pytest.approx(brush * scale, abs=2)
    window.canvas.set_brush(100)
    large = bar_of(window).grab().toImage()
    window.canvas.set_brush(MAX_BRUSH)
    assert slider.value() == MAX_BRUSH
    assert bar_of(window).grab().toImage() != large, "its size is written into it"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_train_stands_out_and_keeps_its_state(
    open_window: Callable[..., MainWindow], theme: str
) -> None:
    window = open_window(theme=theme)
    (train,) = (b for b in bar_of(window).findChildren(BarButton) if b.name() == "Train")
    closed = train.grab().toImage()
    train.click()
    assert window.side.is_drawer_open
    assert train.isChecked()
    assert train.grab().toImage() != closed
    train.click()
    assert not window.side.is_drawer_open
