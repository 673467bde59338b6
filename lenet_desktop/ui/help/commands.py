"""The commands of the window: every action of the menu bar, with its name and its shortcuts."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidgetAction

# How well a word matches: the beginning of the name, of a word, or any part.
_NAME, _WORD, _PART = 3, 2, 1


@dataclass(frozen=True, eq=False)
class Command:
    """An action of the menu bar.

    Attributes:
        action: the action.
        name: its text, without mnemonics.
        menus: the names of the menus that lead to it, the outermost first.
        is_enabled: whether it can be run now.
    """

    action: QAction
    name: str
    menus: tuple[str, ...]
    is_enabled: bool

    @property
    def keys(self) -> tuple[str, ...]:
        """Its shortcuts, as this system writes them."""
        native = QKeySequence.SequenceFormat.NativeText
        return tuple(keys.toString(native) for keys in self.action.shortcuts())


def commands_of(bar: QMenuBar) -> list[Command]:
    """Return all commands in the order of the menus; those of submenus that fill when shown too."""
    return [
        command
        for action in bar.actions()
        for command in _commands_in(action.menu(), (), action.isEnabled())
    ]


def _commands_in(menu: object, above: tuple[str, ...], is_enabled: bool) -> Iterator[Command]:
    if not isinstance(menu, QMenu):
        return
    menu.aboutToShow.emit()  # some fill themselves when they are shown
    menus = (*above, plain(menu.title()))
    for action in menu.actions():
        enabled = is_enabled and menu.isEnabled() and action.isEnabled()
        if action.menu() is not None:
            yield from _commands_in(action.menu(), menus, enabled)
        elif not action.isSeparator() and not isinstance(action, QWidgetAction):
            yield Command(action, plain(action.text()), menus, enabled)


def plain(text: str) -> str:
    """Return the text of an action or a menu without its mnemonic."""
    return "&".join(part.replace("&", "") for part in text.split("&&"))


def matching(commands: list[Command], typed: str) -> list[Command]:
    """Return the commands that match every typed word, the best matches first.

    A word matches a part of the name or of the name of a menu. If none matches, one word matches
    letters of the name in this order ('clr' finds 'Clear').
    """
    words = typed.casefold().split()
    scored = [(_score(command, words), command) for command in commands]
    found = [(score, command) for score, command in scored if score is not None]
    if found or len(words) != 1:
        return [command for _, command in sorted(found, key=lambda pair: -pair[0])]
    return [command for command in commands if _has_letters(command.name.casefold(), words[0])]


def _score(command: Command, words: list[str]) -> int | None:
    total = 0
    name = command.name.casefold()
    menus = " ".join(command.menus).casefold()
    for word in words:
        if name.startswith(word):
            total += _NAME
        elif f" {word}" in f" {name}":
            total += _WORD
        elif word in name or word in menus:
            total += _PART
        else:
            return None
    return total


def _has_letters(text: str, letters: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)
