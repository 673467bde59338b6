"""Asking where to save something."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget


def ask_save_name(parent: QWidget, title: str, start: str, suffixes: dict[str, str]) -> Path | None:
    """Ask for a file to save to; None where the user thinks better of it.

    Qt asks before a file is replaced, but knows nothing of the ending that a name gets here.

    Args:
        parent: the window that asks.
        title: what is to be done.
        start: the name to begin with, or ''.
        suffixes: the endings by what Qt calls filters, the usual one first.
    """
    name, chosen = QFileDialog.getSaveFileName(parent, title, start, ";;".join(suffixes))
    if not name:
        return None
    path = Path(name)
    if path.suffix:
        return path
    path = path.with_suffix(suffixes.get(chosen, next(iter(suffixes.values()))))
    yes, no = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No
    text = f"{path.name} is there already. Replace it?"
    if path.exists() and QMessageBox.question(parent, title, text, yes | no, no) != yes:
        return None
    return path
