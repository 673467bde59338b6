"""Runs the program and measures it from inside; prints one JSON object.

Other benchmarks start it: python measured_pad.py SPAWNED_AT SECONDS_OF_DRAWING [MNIST]

With a folder that holds MNIST, a training on it starts after the first answer.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

SPAWNED_AT, DRAWING_SECONDS = float(sys.argv[1]), float(sys.argv[2])
MNIST = Path(sys.argv[3]) if len(sys.argv) > 3 else None


def main() -> int:
    # The same steps as the command line takes to open the window.
    from lenet_desktop.ui.display import check_display

    check_display()
    from PySide6.QtCore import QEvent, Qt, QTimer
    from PySide6.QtWidgets import QApplication

    from lenet_desktop import paths
    from lenet_desktop.drawing.stroke_file import read_strokes
    from lenet_desktop.ui import app
    from lenet_desktop.ui.answer.answer_panel import AnswerPanel
    from lenet_desktop.ui.pad.canvas import Canvas
    from lenet_desktop.ui.self_test import send_mouse
    from lenet_desktop.ui.window.main_window import MainWindow

    seen: dict[str, object] = {}
    gaps: list[float] = []
    latencies: list[float] = []
    readings: list[object] = []
    last_beat = [0.0]
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    pen = QTimer()
    pen.setTimerType(Qt.TimerType.PreciseTimer)

    def beat() -> None:
        now = time.perf_counter()
        gaps.append((now - last_beat[0]) * 1000)
        last_beat[0] = now

    timer.timeout.connect(beat)
    paint = Canvas.paintEvent
    show_digit, show_number = AnswerPanel.show_prediction, AnswerPanel.show_number

    def paint_and_note(self: Canvas, event: object) -> None:
        paint(self, event)
        if "first_paint" not in seen:
            seen["first_paint"] = time.time() - SPAWNED_AT
            QTimer.singleShot(0, lambda: begin(self))

    def show_digit_and_note(self: AnswerPanel, *args: Any, **options: Any) -> None:
        show_digit(self, *args, **options)
        note(self.window())

    def show_number_and_note(self: AnswerPanel, *args: Any, **options: Any) -> None:
        show_number(self, *args, **options)
        note(self.window())

    def note(window: MainWindow) -> None:
        latencies.append((time.perf_counter() - window.last_ink_time) * 1000)
        if "first_answer" not in seen:
            seen["first_answer"] = time.time() - SPAWNED_AT
            QTimer.singleShot(int(DRAWING_SECONDS * 1000), finish)
            if MNIST is not None:
                QTimer.singleShot(0, lambda: train(window))

    def train(window: MainWindow) -> None:
        window.open_training()
        window.training.run.challenger_read.connect(readings.append)
        window.training.train_on(MNIST, epochs=100)
        # Do not count the time in which the dialog opens.
        QTimer.singleShot(500, lambda: (gaps.clear(), latencies.clear()))

    def begin(canvas: Canvas) -> None:
        records = list(read_strokes(paths.resource("demo-strokes.jsonl")))
        moves = [
            (canvas, kind, canvas.from_pad(*point).toPoint())
            for record in records
            for stroke in record.strokes
            for kind, point in [
                (QEvent.Type.MouseButtonPress, stroke[0].tolist()),
                *((QEvent.Type.MouseMove, p) for p in stroke[1:].tolist()),
                (QEvent.Type.MouseButtonRelease, stroke[-1].tolist()),
            ]
        ]
        turn = [0]

        def draw() -> None:
            send_mouse(*moves[turn[0] % len(moves)])
            turn[0] += 1
            if turn[0] % 200 == 0:
                canvas.clear()

        pen.timeout.connect(draw)
        pen.start(8)  # a mouse reports its position 125 times a second
        last_beat[0] = time.perf_counter()
        timer.start(4)

    def finish() -> None:
        timer.stop()
        pen.stop()
        lines = Path("/proc/self/status").read_text().splitlines()
        memory = {k: int(v.split()[0]) for k, v in (x.split(":", 1) for x in lines if "kB" in x)}
        seen["rss_mib"] = memory["VmRSS"] / 1024
        seen["gaps_ms"] = gaps
        seen["latencies_ms"] = latencies
        seen["challenger_readings"] = len(readings)
        for window in QApplication.topLevelWidgets():
            if isinstance(window, MainWindow) and window.training is not None:
                seen["training_steps"] = window.training.during.plot.steps
                window.training.shut_down()
        for window in QApplication.topLevelWidgets():
            window.close()

    Canvas.paintEvent = paint_and_note
    AnswerPanel.show_prediction = show_digit_and_note
    AnswerPanel.show_number = show_number_and_note
    code = app.run()
    print(json.dumps(seen))
    return code


if __name__ == "__main__":
    sys.exit(main())
