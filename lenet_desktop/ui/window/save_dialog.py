"""The dialog that asks where to save a file."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget


def ask_save_name(
    parent: QWidget, title: str, start: str, suffixes: dict[str, tuple[str, ...]]
) -> Path | None:
    """Ask for a file to save to; return None if the user cancels.

    A name without one of the suffixes gets the first suffix of the chosen filter. Qt asks before a
    file is replaced, but only for the name as typed; for a name with an added suffix, this function
    asks.

    Args:
        parent: the window that asks.
        title: the title of the dialog.
        start: the name to begin with, or ''.
        suffixes: the known suffixes of each of Qt's filters, the usual filter first.
    """
    name, chosen = QFileDialog.getSaveFileName(parent, title, start, ";;".join(suffixes))
    if not name:
        return None
    known = tuple(suffix for group in suffixes.values() for suffix in group)
    if name.lower().endswith(known):
        return Path(name)
    path = Path(name + suffixes.get(chosen, next(iter(suffixes.values())))[0])
    yes, no = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No
    text = f"{path.name} exists already. Replace it?"
    if path.exists() and QMessageBox.question(parent, title, text, yes | no, no) != yes:
        return None
    return path
