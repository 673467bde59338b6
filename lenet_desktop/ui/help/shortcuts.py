"""The sheet of shortcuts, made from the actions themselves, and of what the mouse and a pen do."""

import html
from itertools import groupby

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenuBar, QWidget

from lenet_desktop.ui.help.commands import commands_of
from lenet_desktop.ui.style.theme import colours


def shortcuts_page(bar: QMenuBar, widget: QWidget) -> str:
    """Return the page as rich text.

    Args:
        bar: the menu bar whose actions are listed.
        widget: the widget that shows the page, for the colours.
    """
    groups = [(_pad_title(), _pad())]
    commands = [command for command in commands_of(bar) if command.keys]
    for menu, members in groupby(commands, key=lambda command: command.menus[0]):
        groups.append((menu, [(" ".join(map(_key, c.keys)), html.escape(c.name)) for c in members]))
    theme = colours(widget)
    return (
        f"<style>h3 {{ color: {theme.accent}; margin-top: 14px; margin-bottom: 4px }}"
        f"td {{ padding: 3px 18px 3px 0 }} .key {{ background: {theme.track} }}</style>"
        + "".join(_table(title, rows) for title, rows in groups)
    )


def _table(title: str, rows: list[tuple[str, str]]) -> str:
    lines = "".join(f"<tr><td width='190'>{keys}</td><td>{what}</td></tr>" for keys, what in rows)
    return f"<h3>{html.escape(title)}</h3><table>{lines}</table>"


def _key(keys: str) -> str:
    return f"<span class='key'>&nbsp;{html.escape(keys)}&nbsp;</span>"


def _pad_title() -> str:
    return QCoreApplication.translate("Shortcuts", "On the pad")


def _pad() -> list[tuple[str, str]]:
    """Return what the mouse and a pen do, and two keys that are no commands."""
    translate = QCoreApplication.translate
    rows = [
        (translate("Shortcuts", "Left button, pen, finger"), translate("Shortcuts", "Draw")),
        (translate("Shortcuts", "Right button, pen's eraser"), translate("Shortcuts", "Erase")),
        (
            translate("Shortcuts", "Ctrl and the wheel"),
            translate("Shortcuts", "Thicker or thinner brush"),
        ),
        (
            translate("Shortcuts", "Drop a file"),
            translate("Shortcuts", "Open a picture, a stroke file or a model"),
        ),
    ]
    held = translate(
        "Shortcuts", "While held: the answer of the challenger, or of the compared model"
    )
    escape = translate(
        "Shortcuts", "Close what is open, one thing at a time; if nothing is, clear the pad"
    )
    return [(html.escape(how), html.escape(what)) for how, what in rows] + [
        (_key("X"), html.escape(held)),
        (_key("Esc"), html.escape(escape)),
    ]
