"""The command palette, used with keys."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hands import ANSWER_MS, DEMO, LEFT, activate, press_key
from lenet_desktop import paths
from lenet_desktop.models import library, model_file
from lenet_desktop.ui.help.command_palette import CommandPalette
from lenet_desktop.ui.help.commands import Command, commands_of, matching, plain
from lenet_desktop.ui.self_test import play_strokes
from lenet_desktop.ui.window.main_window import MainWindow

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def palette(window: MainWindow, qtbot: QtBot) -> CommandPalette:
    """The palette of a window with ink on the pad and a kept model, opened by its key."""
    library.keep(model_file.load(paths.factory_model()), "mine")
    play_strokes(window.canvas, DEMO["3"])
    activate(window, qtbot)
    press_key(window, Qt.Key.Key_P, CTRL | SHIFT)
    assert window.palette_.isVisible()
    return window.palette_


def shown(palette: CommandPalette) -> list[str]:
    items = map(palette.list.topLevelItem, range(palette.list.topLevelItemCount()))
    return [item.text(0).removeprefix("✓ ") for item in items if item is not None]


def command(window: MainWindow, name: str) -> Command:
    (found,) = (c for c in commands_of(window.menuBar()) if c.name == name)
    return found


def test_it_lists_every_entry_of_the_menus(window: MainWindow, palette: CommandPalette) -> None:
    names = shown(palette)
    commands = commands_of(window.menuBar())
    assert sorted(names) == sorted(command.name for command in commands)
    for name in ("Undo", "mine", "Factory model", "Dark", "CPU", "About LeNet Desktop"):
        assert name in names
    menus = {command.menus[-1] for command in commands}
    assert {"File", "Edit", "View", "Help", "My models", "Compare with", "Theme"} <= menus


def test_every_enabled_entry_is_found_by_its_name_and_runs(
    window: MainWindow, palette: CommandPalette
) -> None:
    press_key(palette.input, Qt.Key.Key_Escape)
    names = [(c.name, c.menus) for c in commands_of(window.menuBar()) if c.is_enabled]
    assert len(names) > 20
    for name, menus in names:
        palette.open()
        QTest.keyClicks(palette.input, f"{name} {' '.join(menus)}".replace("…", ""))
        selected: Command = palette.list.currentItem().data(0, Qt.ItemDataRole.UserRole)
        assert (selected.name, selected.menus) == (name, menus)
        # What each entry does is tested elsewhere: here it is enough that it is triggered.
        ran: list[str] = []
        selected.action.triggered.disconnect()
        selected.action.triggered.connect(lambda name=name, ran=ran: ran.append(name))
        press_key(palette.input, Qt.Key.Key_Return)
        assert len(ran) == 1
        assert not palette.isVisible()


@pytest.mark.parametrize(
    ("typed", "key", "happened"),
    [
        ("clear", Qt.Key.Key_Return, lambda window: window.canvas.is_blank),
        ("eras", Qt.Key.Key_Enter, lambda window: window.canvas.is_erasing),
        ("thick", Qt.Key.Key_Return, lambda window: window.canvas.brush > 56),
        ("shortc", Qt.Key.Key_Return, lambda window: bool(window.help.open_names)),
        ("mine my models", Qt.Key.Key_Return, lambda window: "mine" in window.status),
    ],
)
def test_enter_runs_what_is_selected(
    window: MainWindow,
    palette: CommandPalette,
    qtbot: QtBot,
    typed: str,
    key: Qt.Key,
    happened: Callable[[MainWindow], bool],
) -> None:
    assert not happened(window)
    QTest.keyClicks(palette.input, typed)
    press_key(palette.input, key)
    assert not palette.isVisible()
    qtbot.waitUntil(lambda: happened(window), timeout=ANSWER_MS)


def test_scattered_letters_match_only_if_nothing_else_does(palette: CommandPalette) -> None:
    QTest.keyClicks(palette.input, "red")
    assert shown(palette) == ["Redo", "Use the compared model"]
    palette.input.clear()
    QTest.keyClicks(palette.input, "clr")
    assert "Clear" in shown(palette)


def test_a_click_runs_an_entry(window: MainWindow, palette: CommandPalette, qtbot: QtBot) -> None:
    QTest.keyClicks(palette.input, "eraser")
    place = palette.list.visualItemRect(palette.list.topLevelItem(0)).center()
    qtbot.mouseClick(palette.list.viewport(), LEFT, pos=place)
    assert window.canvas.is_erasing
    assert not palette.isVisible()


def test_letters_and_escape_do_nothing_to_the_drawing(
    window: MainWindow, palette: CommandPalette
) -> None:
    ink = window.canvas.ink()
    QTest.keyClicks(palette.input, "pewx?[]+-")
    press_key(palette.input, Qt.Key.Key_Delete)
    assert not window.canvas.is_erasing
    assert window.canvas.brush == 56
    press_key(palette.input, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert (window.canvas.ink() == ink).all()
    assert QApplication.focusWidget() is window.canvas, "the pad has the keys again"


def test_arrow_keys_move_within_the_list(palette: CommandPalette) -> None:
    def row() -> int:
        return palette.list.currentIndex().row()

    assert row() == 0
    press_key(palette.input, Qt.Key.Key_Up)
    assert row() == 0
    press_key(palette.input, Qt.Key.Key_Down)
    press_key(palette.input, Qt.Key.Key_Down)
    assert row() == 2
    press_key(palette.input, Qt.Key.Key_PageDown)
    assert row() > 5
    for _ in range(20):
        press_key(palette.input, Qt.Key.Key_PageDown)
    item = palette.list.topLevelItem(row())
    assert item is not None
    assert not item.isDisabled()
    assert palette.list.topLevelItem(row() + 1).isDisabled(), "it is the last one that can be run"


def test_what_cannot_be_run_comes_last_and_is_not_run(
    window: MainWindow, palette: CommandPalette
) -> None:
    QTest.keyClicks(palette.input, "redo")
    assert shown(palette)[0] == "Redo"
    press_key(palette.input, Qt.Key.Key_Return)
    assert palette.isVisible()
    palette.input.clear()
    last = palette.list.topLevelItem(palette.list.topLevelItemCount() - 1)
    assert last.isDisabled()
    assert not palette.list.topLevelItem(0).isDisabled()


def test_it_closes_when_the_pad_is_clicked(
    window: MainWindow, palette: CommandPalette, qtbot: QtBot
) -> None:
    window.canvas.setFocus()
    assert not palette.isVisible()


def test_its_names_for_screen_readers(palette: CommandPalette) -> None:
    spoken = QAccessible.queryAccessibleInterface(palette.input)
    assert spoken.text(QAccessible.Text.Name) == "Find a command"
    table = QAccessible.queryAccessibleInterface(palette.list)
    names = [table.child(i).text(QAccessible.Text.Name) for i in range(table.childCount())]
    assert "Undo, Edit, Ctrl+Z" in names
    assert "Pen, Edit, P, chosen" in names
    assert "Redo, Edit, Ctrl+Shift+Z, not possible now" in names


@pytest.mark.parametrize("size", [(900, 600), (1280, 760), (1920, 1080)])
def test_it_stays_inside_the_window(
    window: MainWindow, palette: CommandPalette, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window.resize(*size)
    qtbot.waitUntil(lambda: window.size().toTuple() == size)
    assert window.rect().contains(palette.geometry())
    assert abs(palette.geometry().center().x() - window.rect().center().x()) <= 1
    QTest.keyClicks(palette.input, "zzzz")
    assert palette.list.topLevelItem(0).text(0) == "No command has this name"
    assert palette.list.topLevelItemCount() == 1
    press_key(palette.input, Qt.Key.Key_Return)
    assert palette.isVisible()


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("undo", "Undo"),
        ("UND", "Undo"),
        ("dark", "Dark"),
        ("theme dark", "Dark"),
        ("thkr", "Thicker brush"),
        ("brush thin", "Thinner brush"),
        ("save", "Save drawing…"),
    ],
)
def test_the_best_match_comes_first(window: MainWindow, typed: str, first: str) -> None:
    assert matching(commands_of(window.menuBar()), typed)[0].name == first


def test_entries_of_a_disabled_menu_cannot_be_run(
    open_window: Callable[..., MainWindow], tmp_path: Path
) -> None:
    window = open_window(start=False)
    assert not command(window, "Open model…").is_enabled
    assert command(window, "Open…").is_enabled


def test_mnemonics_are_not_shown() -> None:
    assert plain("&Save as…") == "Save as…"
    assert plain("salt && &pepper") == "salt & pepper"
