"""The thread that reads pictures: the window stays responsive, and the newest request counts."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QThread, QTimer
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from hands import ANSWER_MS, DEMO, MOVE, PRESS, RELEASE, open_file, wait_for_file
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.stroke_file import write_strokes
from lenet_desktop.drawing.strokes import place
from lenet_desktop.ui.self_test import play_strokes, send_mouse
from lenet_desktop.ui.window.main_window import MainWindow
from lenet_desktop.ui.workers.opening import Opened, OpeningWorker

BRUSH = 40.0


@pytest.fixture
def worker() -> Iterator[OpeningWorker]:
    worker = OpeningWorker()
    yield worker
    worker.stop()


@pytest.fixture
def large_picture(tmp_path: Path) -> Path:
    """A picture that takes some tenths of a second to read."""
    noise = np.random.default_rng(0).integers(200, 255, (3000, 4000), np.uint8)
    noise[1000:2000, 1900:2100] = 20
    Image.fromarray(noise).save(tmp_path / "large.png", compress_level=0)
    return tmp_path / "large.png"


def test_a_stroke_file_comes_with_its_ink(
    worker: OpeningWorker, qtbot: QtBot, tmp_path: Path
) -> None:
    write_strokes(tmp_path / "a.jsonl", [place(DEMO["3"])])
    with qtbot.waitSignal(worker.opened, timeout=ANSWER_MS) as signal:
        assert worker.open(tmp_path / "a.jsonl", "open a.jsonl", BRUSH) == 1
    number, opened = signal.args
    assert (number, opened.text) == (1, "open a.jsonl")
    ink, shown = opened.inks
    assert np.array_equal(ink, rasterize(opened.drawing))
    assert ink.any()
    assert shown.any()


def test_only_the_newest_of_many_requests_has_to_be_read(
    worker: OpeningWorker, qtbot: QtBot, tmp_path: Path, large_picture: Path
) -> None:
    opened: list[tuple[int, Opened]] = []
    worker.opened.connect(lambda number, it: opened.append((number, it)))
    write_strokes(tmp_path / "a.jsonl", [place(DEMO["3"])])
    for _ in range(20):
        worker.open(large_picture, "large", BRUSH)
    last = worker.open(tmp_path / "a.jsonl", "small", BRUSH)
    qtbot.waitUntil(lambda: bool(opened) and opened[-1][0] == last, timeout=ANSWER_MS)
    assert opened[-1][1].text == "small"
    assert len(opened) <= 2


@pytest.mark.parametrize("source", ["missing.png", "a\0b", QImage()])
def test_an_unreadable_file_is_reported_in_one_sentence_and_the_next_is_read(
    worker: OpeningWorker, qtbot: QtBot, tmp_path: Path, source: str | QImage
) -> None:
    request = tmp_path / source if isinstance(source, str) else source
    with qtbot.waitSignal(worker.failed, timeout=ANSWER_MS) as signal:
        worker.open(request, "open", BRUSH)
    number, sentence = signal.args
    assert number == 1
    assert sentence.endswith(".")
    assert "\n" not in sentence
    write_strokes(tmp_path / "a.jsonl", [place(DEMO["3"])])
    with qtbot.waitSignal(worker.opened, timeout=ANSWER_MS):
        worker.open(tmp_path / "a.jsonl", "open", BRUSH)


def test_a_stopped_thread_cannot_be_started(worker: OpeningWorker, tmp_path: Path) -> None:
    worker.stop()
    worker.open(tmp_path / "a.png", "open", BRUSH)
    assert not worker.isRunning()


def test_the_thread_can_be_ended_while_it_reads(worker: OpeningWorker, large_picture: Path) -> None:
    worker.open(large_picture, "large", BRUSH)
    worker.stop()
    assert worker.isFinished()


# In the window


def as_image(path: Path) -> QImage:
    return QImage(str(path))


@pytest.mark.parametrize("how", ["open", "paste"])
def test_the_window_stays_alive_while_a_picture_is_read(
    open_window: Callable[..., MainWindow], qtbot: QtBot, large_picture: Path, how: str
) -> None:
    window = open_window(start=False)
    readers: list[QThread] = []
    window.canvas.drawing_changed.connect(lambda _: readers.append(QThread.currentThread()))
    image = as_image(large_picture)
    beats: list[int] = []
    timer = QTimer()
    timer.timeout.connect(lambda: beats.append(window.files.is_opening))
    timer.start(0)
    if how == "open":
        window.open_file(large_picture)
    else:
        window.files.open_image(image, "paste")
    assert window.canvas.is_blank, "nothing is read before the call returns"
    assert window.message.startswith("Opening ")
    wait_for_file(window, qtbot)
    timer.stop()
    assert sum(beats) > 3, "events are handled while it is read"
    assert not window.canvas.is_blank
    assert window.message == ""
    assert readers == [window.thread()]


def test_undo_restores_a_drawing_made_while_a_picture_was_read(
    open_window: Callable[..., MainWindow], qtbot: QtBot, large_picture: Path
) -> None:
    window = open_window(start=False)
    window.open_file(large_picture)
    play_strokes(window.canvas, DEMO["4"])
    send_mouse(window.canvas, PRESS, QPoint(200, 200))
    send_mouse(window.canvas, MOVE, QPoint(220, 250))
    drawn = window.canvas.ink()
    wait_for_file(window, qtbot)
    picture = window.canvas.ink()
    assert not np.array_equal(picture, drawn)
    # The button is still down: the rest of that stroke is ignored.
    send_mouse(window.canvas, MOVE, QPoint(300, 300))
    send_mouse(window.canvas, RELEASE, QPoint(300, 300))
    assert np.array_equal(window.canvas.ink(), picture)
    window.canvas.undo()
    assert np.array_equal(window.canvas.ink(), drawn)


def test_the_newest_request_is_on_the_pad(
    open_window: Callable[..., MainWindow], qtbot: QtBot, large_picture: Path, tmp_path: Path
) -> None:
    window = open_window(start=False)
    write_strokes(tmp_path / "a.jsonl", [place(DEMO["3"])])
    window.open_file(large_picture)
    open_file(window, tmp_path / "a.jsonl", qtbot)
    qtbot.wait(20)  # lets the older one arrive, if it does
    assert window.canvas.undo_stack.count() == 1
    assert window.canvas.undo_stack.undoText() == "open a.jsonl"


def test_closing_while_a_picture_is_read_ends_the_thread(
    open_window: Callable[..., MainWindow], large_picture: Path
) -> None:
    window = open_window(start=False)
    window.open_file(large_picture)
    window.close()
    assert window.files.worker.isFinished()
    assert window.canvas.is_blank
