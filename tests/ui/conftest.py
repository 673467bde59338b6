"""Windows and their pads, in a home of their own and closed when the test ends."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hands import LOADING_MS
from lenet_desktop.ui.app import make_app, make_window
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.window.main_window import MainWindow


@pytest.fixture(scope="session")
def qapp_cls() -> Callable[[list[str]], QApplication]:
    """Have pytest-qt use the program's own application."""
    return lambda _arguments: make_app()


@pytest.fixture
def canvas(qtbot: QtBot) -> Canvas:
    """A pad of its own of 402x402 pixels: its paper is 400 wide, two pad units a pixel."""
    canvas = Canvas()
    canvas.resize(402, 402)
    qtbot.addWidget(canvas)
    canvas.show()
    qtbot.waitExposed(canvas)
    return canvas


@pytest.fixture
def open_window(qtbot: QtBot, home: Path) -> Iterator[Callable[..., MainWindow]]:
    """Open windows as the program does; they are closed at the end."""
    windows: list[MainWindow] = []

    def open_window(*, start: bool = True, **options: object) -> MainWindow:
        window = make_window(**options)
        windows.append(window)
        window.show()
        qtbot.waitExposed(window)
        if start:
            window.start()
            qtbot.waitUntil(lambda: not window.is_loading, timeout=LOADING_MS)
        return window

    yield open_window
    for window in windows:
        window.close()
        window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def window(open_window: Callable[..., MainWindow]) -> MainWindow:
    """A window that is ready to read."""
    return open_window()
