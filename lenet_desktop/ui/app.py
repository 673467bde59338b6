"""The application: QApplication, theme, settings, and the last resort for errors."""

import logging
import sys
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMessageBox

from lenet_desktop import __version__, paths
from lenet_desktop.ui.main_window import MainWindow
from lenet_desktop.ui.theme import follow_system, set_theme

_log = logging.getLogger(__name__)


def make_app() -> QApplication:
    """Give the QApplication, made on the first call."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    # A loading thread that holds Python's lock lets go of it five times as often.
    sys.setswitchinterval(0.001)
    app = QApplication(sys.argv[:1])
    app.setApplicationName("LeNet Desktop")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("lenet-desktop")
    app.setWindowIcon(QIcon(str(paths.resource("icon.png"))))
    app.setStyle("Fusion")
    follow_system(app)
    return app


def open_settings() -> QSettings:
    """Give the user's settings."""
    return QSettings(str(paths.settings_file()), QSettings.Format.IniFormat)


def make_window(
    model: Path | None = None, device: str | None = None, theme: str | None = None
) -> MainWindow:
    """Make the window in the remembered theme or in this one; neither shown nor started yet."""
    app = make_app()
    settings = open_settings()
    theme = theme or str(settings.value("theme", "system"))
    set_theme(app, theme if theme in ("light", "dark") else "system")
    return MainWindow(settings, model, device)


def run(model: Path | None = None, device: str | None = None, file: Path | None = None) -> int:
    """Show the pad until it is closed; give the process's exit code.

    Args:
        model: a model file for this session, instead of the remembered one.
        device: a device for this session, instead of the remembered one.
        file: a picture or a stroke file to begin with.
    """
    if sys.platform == "win32":
        # There torch must be loaded before Qt, or its libraries are not found (pytorch #169429).
        import torch  # noqa: F401
    app = make_app()
    window = make_window(model, device)
    sys.excepthook = _LastResort(window)
    window.show()
    # After the first paint: drawing works from then on, and the model loads meanwhile.
    QTimer.singleShot(0, window.start)
    if file is not None:
        window.open_file(file)
    return app.exec()


class _LastResort:
    """Shows an error that nobody caught, and keeps the window and its drawing."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def __call__(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Take the place of sys.excepthook."""
        _log.critical("nobody caught this", exc_info=(kind, error, trace))
        QMessageBox.critical(
            self._window,
            "LeNet Desktop",
            f"Something went wrong that should not have: {error or kind.__name__}. "
            "Your drawing is still there.",
        )
