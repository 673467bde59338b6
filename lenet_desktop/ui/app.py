"""The application: QApplication, theme, settings and the event loop."""

import signal
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from lenet_desktop import __version__, paths
from lenet_desktop.ui import icons
from lenet_desktop.ui.error_report import ErrorReport, start_log, stop_log, tell_of_failed_start
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.settings import Settings
from lenet_desktop.ui.style.style import Style
from lenet_desktop.ui.style.theme import follow_system, set_theme
from lenet_desktop.ui.window.main_window import MainWindow


def make_app() -> QApplication:
    """Return the QApplication; the first call creates it."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    # Release the GIL five times as often as by default, so that loading modules delays the window
    # less.
    sys.setswitchinterval(0.001)
    app = QApplication(sys.argv[:1])
    app.setApplicationName("LeNet Desktop")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("lenet-desktop")
    app.setWindowIcon(QIcon(str(paths.resource("icon.png"))))
    app.setStyle(Style())
    follow_system(app)
    return app


def make_window(
    model: Path | None = None, device: str | None = None, theme: str | None = None
) -> MainWindow:
    """Make the window, without showing or starting it.

    Args:
        model: a model file for this session, instead of the remembered one.
        device: a device for this session, instead of the remembered one.
        theme: 'light' or 'dark' for this session, instead of the remembered one.
    """
    app = make_app()
    settings = Settings()
    set_theme(app, theme or settings.theme)
    return MainWindow(Session(settings, model, device))


def run(model: Path | None = None, device: str | None = None, file: Path | None = None) -> int:
    """Show the pad until it is closed; return the exit code of the process.

    Args:
        model: a model file for this session, instead of the remembered one.
        device: a device for this session, instead of the remembered one.
        file: a picture or a stroke file to open.
    """
    app = make_app()
    # Qt's loop would not let Python handle Ctrl+C in the terminal.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    start_log()
    try:
        window = make_window(model, device)
    except Exception as error:  # noqa: BLE001 -- there may be no terminal to print it to
        tell_of_failed_start(error)
        stop_log()
        return 1
    report = ErrorReport(window)
    report.install()
    icons.prepare()
    window.show()
    # The user can draw while the model loads.
    QTimer.singleShot(0, window.start)
    if file is not None:
        QTimer.singleShot(0, window, lambda: window.open_file(file))
    try:
        return app.exec()
    finally:
        report.uninstall()
        stop_log()
