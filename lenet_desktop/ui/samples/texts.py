"""An import in words."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from lenet_desktop.data.teaching.exchange import Imported


def about_import(imported: "Imported") -> str:
    """Return what was imported, what was left out, and why."""
    translate = QCoreApplication.translate
    if imported.added:
        sentences = [translate("Import", "Imported: {count}.").format(count=f"{imported.added:,}")]
    else:
        sentences = [translate("Import", "Nothing was imported.")]
    if imported.present:
        text = translate("Import", "There already: {count}.")
        sentences.append(text.format(count=f"{imported.present:,}"))
    if imported.others:
        text = translate("Import", "Without a label of these classes: {count}.")
        sentences.append(text.format(count=f"{imported.others:,}"))
    if imported.unreadable:
        text = translate("Import", "Not drawings: {count} (the first is line {line}).")
        sentences.append(
            text.format(count=f"{imported.unreadable:,}", line=imported.first_unreadable)
        )
    return " ".join(sentences)
