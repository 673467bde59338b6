"""The last resort: an uncaught error is written to a log file and reported in one sentence."""

import faulthandler
import logging
import os
import sys
import textwrap
import threading
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget

from lenet_desktop import __version__, paths

_log = logging.getLogger("lenet_desktop")
_MAX_LOG_BYTES = 256 * 1024
_MAX_REASON = 300


def log_file() -> Path:
    """Return the path of the log file; it need not exist."""
    return paths.logs_folder() / "lenet-desktop.log"


def start_log() -> None:
    """Write warnings and errors to the log file from now on, the last half megabyte of them.

    If the folder cannot be written, the program starts without a log.
    """
    path = log_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = _LogFile(path)
    except OSError as error:
        print(f"lenet-desktop: no log can be written to {path}: {error}", file=sys.stderr)
        return
    handler.setFormatter(logging.Formatter(f"%(asctime)s {__version__} %(levelname)s %(message)s"))
    handler.setLevel(logging.WARNING)
    _log.addHandler(handler)


def stop_log() -> None:
    """Close the log file."""
    for handler in _log.handlers[:]:
        if isinstance(handler, _LogFile):
            _log.removeHandler(handler)
            handler.close()


class _LogFile(RotatingFileHandler):
    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=_MAX_LOG_BYTES, backupCount=1, encoding="utf-8")
        # If the process itself crashes, the stacks of all threads still reach the file. This handle
        # is a second one, since logging closes its own when it rotates the log.
        self._crash_log = path.open("a", encoding="utf-8")
        faulthandler.enable(self._crash_log)

    def close(self) -> None:
        faulthandler.disable()
        self._crash_log.close()
        super().close()


def tell_of_failed_start(error: Exception) -> None:
    """Log why the program cannot start, and show it until the user closes it."""
    _log.critical("the program could not start", exc_info=error)
    box = QMessageBox(QMessageBox.Icon.Critical, "LeNet Desktop", "")
    box.setTextFormat(Qt.TextFormat.PlainText)
    text = QCoreApplication.translate("ErrorReport", "LeNet Desktop cannot start: {reason}.")
    box.setText(text.format(reason=_in_short(error)))
    _offer_the_log(box)
    box.exec()


def hide_own_libraries() -> None:
    """Make programs that this one starts load their own libraries.

    The environment of the packaged program points to the libraries inside it; a text editor that
    loads them instead of the system's may crash.
    """
    inside = getattr(sys, "_MEIPASS", None)
    if inside is None:
        return
    for name, value in list(os.environ.items()):
        folders = value.split(os.pathsep)
        others = [folder for folder in folders if not folder.startswith(inside)]
        if not others:
            del os.environ[name]
        elif others != folders:
            os.environ[name] = os.pathsep.join(others)


def _offer_the_log(box: QMessageBox) -> None:
    box.addButton(QMessageBox.StandardButton.Close)
    if not log_file().is_file():
        return
    text = QCoreApplication.translate("ErrorReport", "The details are in {file}.")
    box.setInformativeText(text.format(file=log_file()))
    button = box.addButton(
        QCoreApplication.translate("ErrorReport", "Open the log"), QMessageBox.ButtonRole.ActionRole
    )
    button.clicked.connect(_open_the_log)


def _open_the_log() -> None:
    hide_own_libraries()
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_file()))):
        box = QMessageBox(QMessageBox.Icon.Information, "LeNet Desktop", "")
        box.setTextFormat(Qt.TextFormat.PlainText)
        text = QCoreApplication.translate(
            "ErrorReport", "No program can open the log file. It is {file}."
        )
        box.setText(text.format(file=log_file()))
        box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        box.exec()


def _in_short(reason: object) -> str:
    """Return the text of an error as one short line without a full stop."""
    text = " ".join(str(reason).split()) or type(reason).__name__
    return textwrap.shorten(text, _MAX_REASON).rstrip(".")


class ErrorReport(QObject):
    """Replaces Python's hooks for errors in slots, in events and in threads.

    The window and its drawing survive the error.
    """

    _happened = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._shown: QMessageBox | None = None
        # Errors of all threads are shown by the GUI thread.
        self._happened.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Report every uncaught error from now on."""
        sys.excepthook = self._note
        threading.excepthook = lambda args: self._note(
            args.exc_type, args.exc_value, args.exc_traceback
        )

    def uninstall(self) -> None:
        """Restore Python's own hooks."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__

    def _note(
        self,
        kind: type[BaseException],
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            _log.critical("uncaught error", exc_info=(kind, error, trace))
        self._happened.emit(_in_short(kind.__name__ if error is None else error))

    def _show(self, reason: str) -> None:
        # Show one message for many errors: a paint event that fails is repeated at once.
        if self._shown is not None:
            return
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Critical)
        box.setWindowTitle("LeNet Desktop")
        # An error message may quote an untrusted file.
        box.setTextFormat(Qt.TextFormat.PlainText)
        text = self.tr("An unexpected error occurred: {reason}. Your drawing is still there.")
        box.setText(text.format(reason=reason))
        _offer_the_log(box)
        box.finished.connect(self._forget)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._shown = box
        box.open()

    def _forget(self) -> None:
        self._shown = None

    @property
    def shown(self) -> QMessageBox | None:
        """The message box that reports an error now, if there is one."""
        return self._shown
