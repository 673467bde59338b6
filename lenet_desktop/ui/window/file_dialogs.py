"""The dialogs that ask for a file or a folder; each kind of file has a folder of its own."""

import re
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from lenet_desktop.ui.settings import Settings

_MAX_NAME = 60
# Windows allows none of these in a name, and other systems have trouble with some of them.
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')


class Purpose(StrEnum):
    """What a dialog asks for; the values are keys of the settings."""

    DRAWING = "drawing"
    MODEL = "model"
    DATA = "data"
    TRAINING = "training"
    """What a training leaves: its curves, its numbers."""


def ask_save_name(
    parent: QWidget,
    title: str,
    start: str,
    suffixes: dict[str, tuple[str, ...]],
    purpose: Purpose = Purpose.TRAINING,
) -> Path | None:
    """Ask for a file to save to; return None if the user cancels.

    A name without one of the suffixes gets the first suffix of the chosen filter. Qt asks before a
    file is replaced, but only for the name as typed; for a name with an added suffix, this function
    asks.

    Args:
        parent: the window that asks.
        title: the title of the dialog.
        start: the suggested name, or ''; see ``as_file_name``.
        suffixes: the known suffixes of each of Qt's filters, the usual filter first.
        purpose: the dialog starts in the folder that was used last for it.
    """
    suggested = str(_folder(purpose) / start) if start else str(_folder(purpose))
    name, chosen = QFileDialog.getSaveFileName(parent, title, suggested, ";;".join(suffixes))
    if not name:
        return None
    path = Path(name)
    known = tuple(suffix for group in suffixes.values() for suffix in group)
    if not name.lower().endswith(known):
        path = Path(name + suffixes.get(chosen, next(iter(suffixes.values())))[0])
        yes, no = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No
        text = QCoreApplication.translate("FileDialogs", "{name} exists already. Replace it?")
        text = text.format(name=path.name)
        if path.exists() and QMessageBox.question(parent, title, text, yes | no, no) != yes:
            return None
    Settings().set_folder(purpose, path.parent)
    return path


def ask_open_name(
    parent: QWidget | None, title: str, filters: str, purpose: Purpose
) -> Path | None:
    """Ask for a file to open; return None if the user cancels.

    Args:
        parent: the window that asks.
        title: the title of the dialog.
        filters: Qt's filters, separated by ';;'.
        purpose: the dialog starts in the folder that was used last for it.
    """
    name, _ = QFileDialog.getOpenFileName(parent, title, str(_folder(purpose)), filters)
    if not name:
        return None
    Settings().set_folder(purpose, Path(name).parent)
    return Path(name)


def ask_folder(parent: QWidget, title: str, purpose: Purpose) -> Path | None:
    """Ask for a folder; return None if the user cancels.

    Args:
        parent: the window that asks.
        title: the title of the dialog.
        purpose: the dialog starts in the folder that was chosen last for it.
    """
    name = QFileDialog.getExistingDirectory(parent, title, str(_folder(purpose)))
    if not name:
        return None
    Settings().set_folder(purpose, Path(name))
    return Path(name)


def as_file_name(text: str) -> str:
    """Return a text, such as a model's name, as the name of a file on any system; it may be ''."""
    return " ".join(_NOT_IN_NAMES.sub("-", text[:_MAX_NAME]).split()).strip(". ")


def _folder(purpose: Purpose) -> Path:
    """Return the folder that was used last for a purpose, else one of the user's usual folders."""
    last = Settings().folder(purpose)
    if last is not None:
        return last
    places = QStandardPaths.StandardLocation
    usual = places.PicturesLocation if purpose is Purpose.DRAWING else places.DocumentsLocation
    folder = Path(QStandardPaths.writableLocation(usual))
    return folder if folder.is_dir() else Path.home()
