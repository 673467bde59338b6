"""The program tries itself: it opens its window, draws as a person would, and checks the answers.

The same playing of strokes serves the tests and the benchmarks.
"""

import io
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QEventLoop,
    QMessageLogContext,
    QPoint,
    QPointF,
    Qt,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtGui import QMouseEvent, QPointingDevice
from PySide6.QtWidgets import QApplication

from lenet_desktop import paths
from lenet_desktop.core.ink import Points, read_strokes
from lenet_desktop.ui.app import make_window
from lenet_desktop.ui.canvas import Canvas
from lenet_desktop.ui.main_window import MainWindow
from lenet_desktop.ui.training_thread import STARTER

_LOADING_SECONDS = 120.0
_ANSWER_SECONDS = 10.0
_TRAINING_SECONDS = 300.0
_TRAINED = "trained by the self-test"
_SHOWN_DIGIT = "3"


def send_mouse(
    canvas: Canvas,
    kind: QEvent.Type,
    position: QPoint,
    button: Qt.MouseButton = Qt.MouseButton.LeftButton,
) -> None:
    """Send the event that a mouse with this button makes; positions are whole pixels."""
    moving, released = kind is QEvent.Type.MouseMove, kind is QEvent.Type.MouseButtonRelease
    local = QPointF(position)
    event = QMouseEvent(
        kind,
        local,
        QPointF(canvas.mapToGlobal(position)),
        Qt.MouseButton.NoButton if moving else button,
        Qt.MouseButton.NoButton if released else button,
        Qt.KeyboardModifier.NoModifier,
        QPointingDevice.primaryPointingDevice(),
    )
    QCoreApplication.sendEvent(canvas, event)


def play_strokes(
    canvas: Canvas,
    strokes: Sequence[Points],
    button: Qt.MouseButton = Qt.MouseButton.LeftButton,
    after_event: Callable[[], object] = lambda: None,
) -> None:
    """Draw strokes, points (N, 2) in pad units, as drags of the mouse over whole pixels."""
    for stroke in strokes:
        places = [canvas.from_pad(x, y).toPoint() for x, y in stroke.tolist()]
        send_mouse(canvas, QEvent.Type.MouseButtonPress, places[0], button)
        after_event()
        for place in places[1:]:
            send_mouse(canvas, QEvent.Type.MouseMove, place, button)
            after_event()
        send_mouse(canvas, QEvent.Type.MouseButtonRelease, places[-1], button)
        after_event()


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Let Qt work until the condition holds; tell whether it came to hold in time."""
    limit = time.perf_counter() + seconds
    loop, timer = QEventLoop(), QTimer()

    def check() -> None:
        if condition() or time.perf_counter() > limit:
            loop.quit()

    timer.timeout.connect(check)
    if not condition():
        timer.start(1)
        loop.exec()
    return condition()


def self_test(screenshot: Path | None = None, theme: str | None = None) -> int:
    """Open the window, draw the demo digits, check the answers; train; print what was seen.

    Args:
        screenshot: where to save a picture of the window with a digit on it.
        theme: 'light' or 'dark' for this run, instead of the remembered one.

    Returns:
        0 when every digit was read rightly and a trained model could be kept, else 1.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Whoever reads along sees each line when it happens: the benchmark takes the time.
        sys.stdout.reconfigure(line_buffering=True)
    begin = time.perf_counter()
    window = make_window(paths.factory_model(), "auto", theme)
    window.resize(980, 680)
    window.show()
    wait_until(window.windowHandle().isExposed, _ANSWER_SECONDS)
    QApplication.processEvents()
    print(f"window shown after {time.perf_counter() - begin:.2f} s")
    window.start()
    try:
        wrong = _try_all(window, begin, screenshot)
    finally:
        window.close()
    if not wrong:
        before = qInstallMessageHandler(_say_what_matters)
        for failure in (*_try_training(), *_try_bundle()):
            print(f"FAILED: {failure}")
            wrong += 1
        qInstallMessageHandler(before)
    print("self-test passed" if not wrong else f"self-test FAILED: {wrong} wrong")
    return 1 if wrong else 0


def _try_all(window: MainWindow, begin: float, screenshot: Path | None) -> int:
    wait_until(lambda: not window.is_loading, _LOADING_SECONDS)
    if window.panel.caption != "draw a digit":
        print(f"FAILED: the model did not load: {window.message or 'no answer'}")
        return 1
    print(f"model ready after {time.perf_counter() - begin:.2f} s: {window.status}")
    wrong, latencies = 0, []
    for record in read_strokes(paths.resource("demo-strokes.jsonl")):
        window.canvas.clear()
        play_strokes(window.canvas, record.strokes)
        start = time.perf_counter()
        answered = wait_until(window.is_answered, _ANSWER_SECONDS)
        latencies.append((time.perf_counter() - start) * 1000)
        right = answered and window.panel.digit == record.label
        wrong += not right
        print(
            f"{record.label} read as {window.panel.digit or 'nothing'}, {window.panel.caption}"
            + ("" if right else "  <- WRONG")
        )
        if screenshot is not None and record.label == _SHOWN_DIGIT:
            QApplication.processEvents()
            if not window.grab().save(str(screenshot)):
                print(f"FAILED: the picture cannot be written to {screenshot}")
                wrong += 1
    latencies.sort()
    print(
        f"ink to answer: median {latencies[len(latencies) // 2]:.1f} ms, "
        f"worst {latencies[-1]:.1f} ms"
    )
    return wrong


def _say_what_matters(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    # Qt's platform without a screen says so of every dialog.
    if not message.startswith("This plugin does not support"):
        print(message, file=sys.stderr)


def _try_training() -> Iterator[str]:
    """Train on starter digits, keep the model, find it again; yield what goes wrong."""
    from lenet_desktop.core.kept_models import kept_models

    print(f"your kept models: {', '.join(kept.card.name for kept in kept_models()) or 'none'}")
    with _home_of_our_own():
        window = make_window()
        try:
            yield from _train_and_keep(window)
        finally:
            window.close()
        again = make_window()
        try:
            again.start()
            wait_until(lambda: not again.is_loading, _LOADING_SECONDS)
            found = [kept.card.name for kept in kept_models()]
            if found != [_TRAINED] or _TRAINED not in again.status:
                yield f"the kept model was not found again: {found}, {again.status}"
            else:
                print("the kept model was found again")
        finally:
            again.close()


def _train_and_keep(window: MainWindow) -> Iterator[str]:
    window.start()
    wait_until(lambda: not window.is_loading, _LOADING_SECONDS)
    window.open_training()
    dialog = window.training
    if dialog is None:
        yield "the training's window did not open"
        return
    data = dialog.options.data
    data.setCurrentIndex([data.itemData(i) for i in range(data.count())].index(STARTER))
    dialog.options.epochs.setValue(2)
    start = time.perf_counter()
    dialog.train()
    wait_until(lambda: not dialog.is_training, _TRAINING_SECONDS)
    if dialog.outcome is None:
        yield f"the training ended without a model: {dialog.notice}"
        return
    card = dialog.outcome.challenger.card
    print(
        f"trained in {time.perf_counter() - start:.1f} s, "
        f"{card.validation_accuracy or 0:.1%} of the validation digits"
    )
    dialog.name.setText(_TRAINED)
    dialog.keep()
    if not wait_until(lambda: _TRAINED in window.status, _ANSWER_SECONDS):
        yield f"the kept model does not read: {dialog.notice} {window.message}"


def _try_bundle() -> Iterator[str]:
    """Look for what only the packaged program brings along; yield what is missing."""
    from lenet_desktop.core.datasets import find_mnist

    if not getattr(sys, "frozen", False):
        return
    if not paths.resource("LICENCES.txt").is_file():
        yield "the licences' file is missing"
    if find_mnist() is None:
        yield "MNIST is missing"


@contextmanager
def _home_of_our_own() -> Iterator[None]:
    """Keep the user's settings and models out of it."""
    name = "LENET_DESKTOP_HOME"
    before = os.environ.get(name)
    with tempfile.TemporaryDirectory(prefix="lenet-desktop-", ignore_cleanup_errors=True) as home:
        os.environ[name] = home
        try:
            yield
        finally:
            os.environ.pop(name)
            if before is not None:
                os.environ[name] = before
