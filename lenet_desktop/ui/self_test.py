"""The self-test: the program opens its window, draws as a person would, and checks the answers.

The tests and the benchmarks draw their strokes with the same functions.
"""

import io
import os
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

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
from lenet_desktop.data.sources import STARTER
from lenet_desktop.drawing.stroke_file import read_strokes
from lenet_desktop.drawing.strokes import Points
from lenet_desktop.percent import percent
from lenet_desktop.ui.app import make_window
from lenet_desktop.ui.error_report import (
    ErrorReport,
    hide_own_libraries,
    log_file,
    start_log,
    stop_log,
)
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.settings import Settings
from lenet_desktop.ui.window.main_window import MainWindow

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
    """Send the event that a mouse with this button sends; positions are whole pixels."""
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
    """Draw strokes, points (N, 2) in pad units, by dragging the mouse over whole pixels."""
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
    """Run Qt's event loop until the condition holds; return whether it did in time."""
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


def close_and_delete(window: MainWindow) -> None:
    """Close a window without a question, and destroy it here.

    Left to the garbage collector, it might be destroyed in another thread: the collector runs in
    whichever thread fills its threshold, and Qt's widgets do not survive that.
    """
    if window.training is not None:
        window.training.shut_down()
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def self_test(screenshot: Path | None = None, theme: str | None = None) -> int:
    """Open the window, draw the demo digits, check the answers, train; print what happens.

    All of it happens in a temporary home: the user's settings and models stay as they are.

    Args:
        screenshot: where to save a picture of the window with a digit on it.
        theme: 'light' or 'dark' for this run, instead of the remembered one.

    Returns:
        0 if every check passed, else 1.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Flush each line at once: a benchmark measures the time at which it appears.
        sys.stdout.reconfigure(line_buffering=True)
    before = qInstallMessageHandler(_say_what_matters)
    failures = 0
    try:
        for failure in _try_all(screenshot, theme or Settings().theme):
            print(f"FAILED: {failure}")
            failures += 1
    finally:
        qInstallMessageHandler(before)
    print(f"self-test FAILED, failed checks: {failures}" if failures else "self-test passed")
    return 1 if failures else 0


def _try_all(screenshot: Path | None, theme: str) -> Iterator[str]:
    """Run all checks; yield one sentence for each failure."""
    with _temporary_home():
        loaded = yield from _try_reading(screenshot, theme)
    if not loaded:
        return
    print(f"your kept models: {', '.join(_kept_model_names()) or 'none'}")
    with _temporary_home():
        yield from _try_training()
        yield from _try_failing()
    yield from _try_bundle()


def _try_reading(screenshot: Path | None, theme: str) -> Generator[str, None, bool]:
    """Open the window and draw; yield the failures; return whether the model loaded."""
    begin = time.perf_counter()
    window = make_window(paths.factory_model(), "auto", theme)
    window.show()
    wait_until(window.windowHandle().isExposed, _ANSWER_SECONDS)
    QApplication.processEvents()
    print(f"window shown after {time.perf_counter() - begin:.2f} s")
    window.start()
    window.resize(1280, 760)  # whatever the screen: the picture is to be the same everywhere
    try:
        wait_until(lambda: not window.is_loading, _LOADING_SECONDS)
        if window.session.model is None:
            yield f"the model did not load: {window.message or 'no answer'}"
            return False
        print(f"model ready after {time.perf_counter() - begin:.2f} s: {window.status}")
        yield from _try_drawing(window, screenshot)
    finally:
        close_and_delete(window)
    return True


def _try_drawing(window: MainWindow, screenshot: Path | None) -> Iterator[str]:
    """Draw the demo digits as a person would; yield a sentence for each misread digit."""
    latencies = []
    for record in read_strokes(paths.resource("demo-strokes.jsonl")):
        window.canvas.clear()
        play_strokes(window.canvas, record.strokes)
        start = time.perf_counter()
        answered = wait_until(window.is_answered, _ANSWER_SECONDS)
        latencies.append((time.perf_counter() - start) * 1000)
        seen = f"{record.label} read as {window.panel.digit or 'nothing'}, {window.panel.caption}"
        print(seen)
        if not answered or window.panel.digit != record.label:
            yield seen
        if screenshot is not None and record.label == _SHOWN_DIGIT:
            QApplication.processEvents()
            if not window.grab().save(str(screenshot)):
                yield f"the picture cannot be written to {screenshot}"
    latencies.sort()
    print(
        f"ink to answer: median {latencies[len(latencies) // 2]:.1f} ms, "
        f"worst {latencies[-1]:.1f} ms"
    )


def _say_what_matters(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    # Qt's platform 'offscreen' prints this for every dialog.
    if not message.startswith("This plugin does not support"):
        print(message, file=sys.stderr)


def _kept_model_names() -> list[str]:
    """Return the names of the user's kept models."""
    from lenet_desktop.models.library import kept_models

    return [kept.card.name for kept in kept_models()]


def _try_training() -> Iterator[str]:
    """Train on starter digits, keep the model, and open it again; yield the failures."""
    window = make_window()
    try:
        yield from _train_and_keep(window)
    finally:
        close_and_delete(window)
    again = make_window()
    try:
        again.start()
        wait_until(lambda: not again.is_loading, _LOADING_SECONDS)
        found = _kept_model_names()
        if found != [_TRAINED] or _TRAINED not in again.status:
            yield f"the kept model was not found again: {found}, {again.status}"
        else:
            print("the kept model was found again")
    finally:
        close_and_delete(again)


def _train_and_keep(window: MainWindow) -> Iterator[str]:
    window.start()
    wait_until(lambda: not window.is_loading, _LOADING_SECONDS)
    window.open_training()
    drawer = window.training
    if drawer is None:
        yield "the training's drawer did not open"
        return
    drawer.before.options.use_data(STARTER)
    drawer.before.options.epochs.setValue(2)
    start = time.perf_counter()
    drawer.before.train()
    wait_until(lambda: not drawer.is_training, _TRAINING_SECONDS)
    if drawer.outcome is None:
        yield f"the training ended without a model: {drawer.notice}"
        return
    card = drawer.outcome.challenger.card
    print(
        f"trained in {time.perf_counter() - start:.1f} s, "
        f"{percent(card.validation_accuracy or 0)} of the validation digits"
    )
    drawer.after.name.setText(_TRAINED)
    drawer.after.keep(use=True)
    if not wait_until(lambda: _TRAINED in window.status, _ANSWER_SECONDS):
        yield f"the kept model does not read: {drawer.notice} {window.message}"


def _try_failing() -> Iterator[str]:
    """Raise errors in a slot and in a thread; yield a sentence for each that is not handled."""
    window = make_window()
    start_log()
    report = ErrorReport(window)
    report.install()
    try:
        window.show()
        record = next(read_strokes(paths.resource("demo-strokes.jsonl")))
        play_strokes(window.canvas, record.strokes)
        drawn = window.canvas.ink().copy()
        fail_in: dict[str, Callable[[], object]] = {
            "a slot": lambda: QTimer.singleShot(0, lambda: _fail("a slot")),
            "a thread": Thread(target=_fail, args=["a thread"]).start,
        }
        for where, begin in fail_in.items():
            begin()
            wait_until(lambda: report.shown is not None, _ANSWER_SECONDS)
            if report.shown is None:
                yield f"an error in {where} was not reported"
                continue
            told, logged = report.shown.text(), log_file().read_text(encoding="utf-8")
            if not (f"in {where}" in told and f"in {where}" in logged):
                yield f"an error in {where} was reported wrongly: {told}"
            report.shown.close()
            wait_until(lambda: report.shown is None, _ANSWER_SECONDS)
        if not window.isVisible() or (window.canvas.ink() != drawn).any():
            yield "the window or its drawing did not survive an error"
        else:
            print("errors in a slot and in a thread were reported and logged; the window survived")
    finally:
        report.uninstall()
        stop_log()
        close_and_delete(window)


def _fail(where: str) -> None:
    raise RuntimeError(f"the self-test fails on purpose in {where}")


def _try_bundle() -> Iterator[str]:
    """Look for the files that only the packaged program contains; yield those that are missing."""
    from lenet_desktop.data.sources import find_mnist

    if not getattr(sys, "frozen", False):
        return
    if not paths.resource("LICENCES.txt").is_file():
        yield "the licences' file is missing"
    if find_mnist() is None:
        yield "MNIST is missing"
    hide_own_libraries()
    inside = paths.resource("").parent.resolve()
    for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "QT_PLUGIN_PATH", "QML2_IMPORT_PATH"):
        for folder in filter(None, os.environ.get(name, "").split(os.pathsep)):
            if Path(folder).resolve().is_relative_to(inside):
                yield f"other programs started here would load its libraries: {name} is {folder}"


@contextmanager
def _temporary_home() -> Iterator[None]:
    """Use a temporary home, so that the user's settings, models and logs are not touched."""
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
