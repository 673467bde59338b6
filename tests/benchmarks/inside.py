"""What the view inside the network costs: ink to painted answer with it open, beside it closed.

python tests/benchmarks/inside.py [--seconds 10] [--rounds 3] [--size 1280 760]

A mouse draws the demo digits on the real window, 125 events a second; closed and open alternate.
'Answer' is the time from the last ink to the painted answer of the drawing; 'view' counts
how often a second the view painted the values of a newer drawing. QT_SCALE_FACTOR=2 draws on a
screen with twice the pixels. Memory is the process's resident size.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, QTimer
from PySide6.QtWidgets import QWidget

from lenet_desktop import paths
from lenet_desktop.drawing.stroke_file import read_strokes
from lenet_desktop.ui.app import make_window
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.self_test import close_and_delete, send_mouse, wait_until
from lenet_desktop.ui.window.main_window import MainWindow

_EVENT_SECONDS = 1 / 125
_BETWEEN_DIGITS = 0.25


class Painted(QObject):
    """Notes when a widget or a part of it has been painted and put on the screen."""

    def __init__(self, widget: QWidget, note: Callable[[], object]) -> None:
        super().__init__()
        self._note, self._asked = note, False
        self._widgets = [widget, *widget.findChildren(QWidget)]
        for each in self._widgets:
            each.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 -- Qt's name
        if event.type() is QEvent.Type.Paint and not self._asked:
            self._asked = True
            # After all widgets are painted.
            QTimer.singleShot(0, self._after)
        return False

    def _after(self) -> None:
        self._asked = False
        self._note()


class Measured:
    """Draws and measures for some seconds."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.latencies: list[float] = []
        self.frames = self.missed = 0
        self.drawing_seconds = 0.0
        self._painted: dict[float, float] = {}
        self._shown: object = None
        self._sample: object = None
        window.reading.sample_changed.connect(self._take_sample)

    def draw(self, seconds: float) -> None:
        canvas = self.window.canvas
        records = list(read_strokes(paths.resource("demo-strokes.jsonl")))
        end = time.perf_counter() + seconds
        turn = 0
        while time.perf_counter() < end:
            canvas.clear()
            wait_until(lambda: False, 0.05)
            start = time.perf_counter()
            strokes = [
                [canvas.from_pad(x, y).toPoint() for x, y in stroke.tolist()]
                for stroke in records[turn % len(records)].strokes
            ]
            for stroke in strokes:
                self._stroke(canvas, stroke)
            self.drawing_seconds += time.perf_counter() - start
            ink = self.window.last_ink_time
            if wait_until(lambda ink=ink: ink in self._painted, 2):
                self.latencies.append((self._painted[ink] - ink) * 1000)
            else:
                self.missed += 1
            wait_until(lambda: False, _BETWEEN_DIGITS)
            turn += 1

    def _stroke(self, canvas: Canvas, places: list[QPoint]) -> None:
        kinds = QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonRelease
        for number, place in enumerate(places):
            due = time.perf_counter() + _EVENT_SECONDS
            send_mouse(canvas, kinds[0 if number == 0 else 1], place)
            wait_until(lambda due=due: time.perf_counter() >= due, 1)
        send_mouse(canvas, kinds[2], places[-1])

    def _take_sample(self, sample: object) -> None:
        self._sample = sample

    def answer_painted(self) -> None:
        """Note the time if the answer that was painted is the last drawing's."""
        if self.window.is_answered():
            self._painted.setdefault(self.window.last_ink_time, time.perf_counter())

    def view_painted(self) -> None:
        """Count the paints of values that were not painted before."""
        view = self.window.inside
        if view is None or view.reading is None:
            return
        if view.reading is not self._shown:
            self._shown = view.reading
            self.frames += 1
        if view.reading.sample is self._sample:
            self.answer_painted()


def resident_mib() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--size", type=int, nargs=2, default=(1280, 760))
    options = parser.parse_args()
    window = make_window()
    window.show()
    window.start()
    assert wait_until(lambda: not window.is_loading, 60)
    window.resize(*options.size)
    if window.strip.isVisible():
        window.actions_.network.trigger()
    wait_until(lambda: False, 1.5)
    loaded = [name for name in sys.modules if name.startswith("lenet_desktop.ui.inside")]
    print(f"modules of the view that are loaded while it is closed: {len(loaded)}")
    before = resident_mib()
    closed, opened = Measured(window), Measured(window)
    watch = [Painted(window.panel, closed.answer_painted)]
    for _ in range(options.rounds):
        closed.draw(options.seconds)
        memory = resident_mib()
        window.actions_.inside.trigger()
        wait_until(lambda: False, 0.5)
        view = window.inside
        assert view is not None
        if len(watch) == 1:
            watch.append(Painted(view.picture, opened.view_painted))
        opened.draw(options.seconds)
        window.actions_.inside.trigger()
        wait_until(lambda: False, 0.3)
    print(
        f"memory: {before:.0f} MiB at first, {memory:.0f} closed, {resident_mib():.0f} at the end"
    )
    for name, measured in (("closed", closed), ("open", opened)):
        p50, p95 = np.percentile(measured.latencies, [50, 95])
        print(
            f"{name:6}: answer p50 {p50:.1f}  p95 {p95:.1f}  "
            f"worst {max(measured.latencies):.1f} ms ({len(measured.latencies)} digits, "
            f"{measured.missed} not painted in 2 s)"
        )
    rate = opened.frames / opened.drawing_seconds
    print(f"view: {rate:.0f} updates a second while drawing")
    ratio = np.percentile(opened.latencies, 95) / np.percentile(closed.latencies, 95)
    print(f"p95 open / closed: {ratio:.2f}")
    close_and_delete(window)
    return 0


if __name__ == "__main__":
    sys.exit(main())
