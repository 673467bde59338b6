"""Windows and pads in a temporary home, closed when the test ends."""

import gc
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from hands import LOADING_MS
from lenet_desktop import paths
from lenet_desktop.models import model_file
from lenet_desktop.ui.app import make_app, make_window
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.self_test import close_and_delete
from lenet_desktop.ui.window.main_window import MainWindow

_TICK_MS, _MAX_TICKS = 50, 20_000 // 50


@pytest.fixture(scope="session")
def qapp_cls() -> Callable[[list[str]], QApplication]:
    """Have pytest-qt use the program's own application."""
    return lambda _arguments: make_app()


@pytest.fixture(autouse=True)
def widgets_die_in_their_own_thread() -> Iterator[None]:
    """Collect garbage here only, after each test.

    The collector runs in whichever thread fills its threshold. A widget that a test leaves to it
    would then be destroyed in a worker thread, which ends the process.
    """
    gc.disable()
    yield
    gc.enable()
    gc.collect()


@pytest.fixture(autouse=True)
def fail_on_unexpected_questions(qapp: QApplication) -> Iterator[None]:
    """Close a message box that a test does not expect, and fail, instead of waiting for ever."""
    unanswered: list[str] = []
    seen = [0]

    def look() -> None:
        box = QApplication.activeModalWidget()
        seen[0] = seen[0] + 1 if isinstance(box, QMessageBox) else 0
        if isinstance(box, QMessageBox) and seen[0] > _MAX_TICKS:
            unanswered.append(box.text())
            box.reject()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(_TICK_MS)
    yield
    timer.stop()
    assert not unanswered


@pytest.fixture
def canvas(qtbot: QtBot) -> Canvas:
    """A pad of its own of 410x410 pixels: its paper is 400 wide, two pad units a pixel."""
    canvas = Canvas()
    canvas.resize(410, 410)
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
        close_and_delete(window)


@pytest.fixture
def window(open_window: Callable[..., MainWindow]) -> MainWindow:
    """A window that is ready to read."""
    return open_window()


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """A model that reads letters where the factory model reads digits."""
    model = model_file.load(paths.factory_model())
    card = replace(model.card, name="letters", classes=tuple("abcdefghij"))
    model_file.save(replace(model, card=card), tmp_path / "letters.safetensors")
    return tmp_path / "letters.safetensors"
