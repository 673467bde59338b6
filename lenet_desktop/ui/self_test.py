"""The program tries itself: it opens its window, draws as a person would, and checks the answers.

The same playing of strokes serves the tests and the benchmarks.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent, QPointingDevice
from PySide6.QtWidgets import QApplication

from lenet_desktop import paths
from lenet_desktop.core.ink import Points, read_strokes
from lenet_desktop.ui.app import make_window
from lenet_desktop.ui.canvas import Canvas
from lenet_desktop.ui.main_window import MainWindow

_LOADING_SECONDS = 120.0
_ANSWER_SECONDS = 10.0
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
    """Open the window, draw the demo digits, check the answers; print what was seen.

    Args:
        screenshot: where to save a picture of the window with a digit on it.
        theme: 'light' or 'dark' for this run, instead of the remembered one.

    Returns:
        0 when every digit was read rightly, else 1.
    """
    begin = time.perf_counter()
    window = make_window(paths.factory_model(), "auto", theme)
    window.resize(980, 680)
    window.show()
    QApplication.processEvents()
    print(f"window shown after {time.perf_counter() - begin:.2f} s")
    window.start()
    try:
        return _try_all(window, begin, screenshot)
    finally:
        window.close()


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
    print("self-test passed" if not wrong else f"self-test FAILED: {wrong} wrong")
    return 1 if wrong else 0
