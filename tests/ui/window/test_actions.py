"""The menu bar is complete for the keyboard, and shortcuts leave text fields alone."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDoubleSpinBox, QLineEdit, QMenu, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from hands import DEMO, activate
from lenet_desktop.ui.help.commands import commands_of
from lenet_desktop.ui.self_test import play_strokes
from lenet_desktop.ui.window.main_window import MainWindow


def menus_of(window: MainWindow) -> Iterator[QMenu]:
    waiting = [action.menu() for action in window.menuBar().actions()]
    while waiting:
        menu = waiting.pop()
        if isinstance(menu, QMenu):
            yield menu
            waiting += [action.menu() for action in menu.actions() if action.menu() is not None]


def mnemonic(text: str) -> str:
    _, _, rest = text.replace("&&", "").partition("&")
    return rest[:1].lower()


def test_each_entry_has_a_mnemonic_of_its_own_in_its_menu(window: MainWindow) -> None:
    # The devices and the models have names of their own.
    others = {window.model_menu.kept_menu, window.model_menu.compare_menu}
    groups = [[action.text() for action in window.menuBar().actions()]]
    groups += [
        [action.text() for action in menu.actions() if not action.isSeparator()]
        for menu in menus_of(window)
        if menu not in others and menu is not window.model_menu.device_menu
    ]
    assert len(groups) >= 7
    for texts in groups:
        letters = [mnemonic(text) for text in texts]
        assert all(letters), texts
        assert len(set(letters)) == len(letters), texts


def test_all_that_can_be_done_has_an_entry(window: MainWindow) -> None:
    entries = {id(command.action) for command in commands_of(window.menuBar())}
    actions = [a for a in vars(window.actions_).values() if hasattr(a, "shortcuts")]
    assert len(actions) > 15
    for action in actions:
        assert id(action) in entries, action.text()


def test_no_shortcut_is_used_twice(window: MainWindow) -> None:
    keys = [key for command in commands_of(window.menuBar()) for key in command.keys]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("field", [QLineEdit, QSpinBox, QDoubleSpinBox])
def test_letters_typed_into_a_field_are_no_shortcuts(
    window: MainWindow, qtbot: QtBot, field: type[QWidget]
) -> None:
    play_strokes(window.canvas, DEMO["3"])
    window.open_training()
    assert window.training is not None
    activate(window, qtbot)
    # A field of its own in the drawer: all of them behave as Qt's do.
    typed = field(window.training)
    typed.show()
    typed.setFocus()
    ink, strip = window.canvas.ink(), window.strip.isVisible()
    QTest.keyClicks(typed, "pewx?[]+-")
    QTest.keyClick(typed, Qt.Key.Key_Delete)
    assert (window.canvas.ink() == ink).all()
    assert not window.canvas.is_erasing
    assert window.canvas.brush == 56
    assert window.strip.isVisible() is strip
    assert not window.help.open_names
    if isinstance(typed, QLineEdit):
        assert typed.text() == "pewx?[]+-"
    window.canvas.setFocus()
    QTest.keyClicks(window.canvas, "e")
    assert window.canvas.is_erasing, "on the pad they are"


def test_clear_can_be_chosen_only_where_there_is_ink(
    open_window: Callable[..., MainWindow],
) -> None:
    window = open_window(start=False)
    clear = window.actions_.clear
    assert not clear.isEnabled()
    play_strokes(window.canvas, DEMO["1"])
    assert clear.isEnabled()
    clear.trigger()
    assert not clear.isEnabled()
    window.canvas.undo()
    assert clear.isEnabled()
