"""The window that shows the log file."""

import os
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from lenet_desktop.ui.error_report import hide_own_libraries, log_file

_MAX_BYTES = 64 * 1024


class LogWindow(QDialog):
    """Shows the last 64 KB of the log, to be copied into a report; Esc closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Log"))
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sentence = self.tr("Warnings and errors are written to {file}.")
        self._note = QLabel(sentence.format(file=log_file()))
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setWordWrap(True)
        self._note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text = QPlainTextEdit(_end_of(log_file()))
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("Log"))
        self.text.setPlaceholderText(self.tr("The log is empty: nothing has gone wrong."))
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.copy_button = QPushButton(self.tr("&Copy"))
        self.copy_button.setEnabled(bool(self.text.toPlainText()))
        self.copy_button.clicked.connect(self._copy)
        self.folder_button = QPushButton(self.tr("Open &folder"))
        self.folder_button.setEnabled(log_file().parent.is_dir())
        self.folder_button.clicked.connect(self._open_folder)
        close = QPushButton(self.tr("C&lose"))
        close.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addWidget(self.copy_button)
        buttons.addWidget(self.folder_button)
        buttons.addStretch(1)
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.addWidget(self._note)
        layout.addWidget(self.text)
        layout.addLayout(buttons)
        self.resize(680, 420)
        bar = self.text.verticalScrollBar()
        bar.setValue(bar.maximum())
        self.text.setFocus()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())

    def _open_folder(self) -> None:
        hide_own_libraries()
        folder = log_file().parent
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            sentence = self.tr("No program can open the folder. It is {folder}.")
            self._note.setText(sentence.format(folder=folder))


def _end_of(path: Path) -> str:
    """Return the last lines of a file, or '' if it cannot be read."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(size - _MAX_BYTES, 0))
            content = file.read().decode(errors="replace")
    except OSError:
        return ""
    return content.partition("\n")[2] if size > _MAX_BYTES else content
