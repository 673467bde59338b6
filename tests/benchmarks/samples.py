"""How smoothly 'My samples' scrolls: the CPU time to paint a frame, of 100 samples and of more.

python tests/benchmarks/samples.py [--counts 1000 10000]

The samples are real drawings, each distorted differently. Every frame shows other samples: the list
is scrolled by a third of a row, or by a whole page, once in a sixtieth of a second. Thumbnails are
drawn in another thread meanwhile. Also measured: the gaps of a 4 ms timer while the file is read
and while the list is scrolled.
"""

import argparse
import os
import tempfile
import time

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt, QTimer

from lenet_desktop import paths
from lenet_desktop.data.own_samples import file_of
from lenet_desktop.drawing.stroke_file import line_of, read_strokes
from lenet_desktop.drawing.strokes import Drawing, Stroke, place
from lenet_desktop.models.model_card import DIGITS
from lenet_desktop.ui.app import make_app
from lenet_desktop.ui.samples.dialog import SamplesDialog
from lenet_desktop.ui.self_test import wait_until

FRAME, FRAMES, BASELINE = 1 / 60, 120, 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--counts", type=int, nargs="*", default=[1_000, 10_000])
    counts = [BASELINE, *parser.parse_args().counts]
    make_app()
    baseline = 0.0
    for count in counts:
        with tempfile.TemporaryDirectory() as home:
            os.environ["LENET_DESKTOP_HOME"] = home
            write(count)
            frames, gaps, listed = measure(count)
        p50, p99 = np.percentile(frames, [50, 99])
        baseline = baseline or p50
        print(
            f"{count:6,} samples: listed after {listed:.2f} s, a frame p50 {p50:.1f} ms "
            f"({p50 / baseline:.1f} x that of {BASELINE})  p99 {p99:.1f}  worst {max(frames):.1f}; "
            f"gaps p99 {np.percentile(gaps, 99):.0f}  worst {max(gaps):.0f} ms"
        )


def write(count: int) -> None:
    """Write so many samples into the file of digits."""
    records = list(read_strokes(paths.resource("demo-strokes.jsonl")))
    random = np.random.default_rng(0)
    lines = []
    for number in range(count):
        record = records[number % len(records)]
        strokes = []
        for stroke in place(record.strokes).strokes:
            # As many points as a mouse reports.
            at = np.linspace(0, len(stroke.points) - 1, 60)
            known = np.arange(len(stroke.points))
            points = np.stack([np.interp(at, known, axis) for axis in stroke.points.T], axis=1)
            noisy = points + random.normal(0, 4, points.shape)
            strokes.append(Stroke(noisy.astype(np.float32)))
        lines.append(line_of(Drawing(tuple(strokes)), str(record.label)))
    file_of(DIGITS).parent.mkdir(parents=True)
    file_of(DIGITS).write_text("".join(lines), encoding="utf-8")


def measure(count: int) -> tuple[list[float], list[float], float]:
    """Return the times of the frames and the gaps, in ms, and when all were listed, in s."""
    frames: list[float] = []
    gaps: list[float] = []
    last = [time.perf_counter()]

    def beat() -> None:
        now = time.perf_counter()
        gaps.append(1000 * (now - last[0]))
        last[0] = now

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(beat)
    dialog = SamplesDialog()
    dialog.resize(1200, 800)
    dialog.show()
    last[0] = start = time.perf_counter()
    timer.start(4)
    dialog.show_classes(DIGITS)
    wait_until(lambda: dialog.view.samples.rowCount() == count, 600)
    listed = time.perf_counter() - start
    bar = dialog.view.verticalScrollBar()
    for frame in range(FRAMES):
        step = bar.singleStep() if frame < FRAMES // 2 else bar.pageStep()
        begun, wall = time.thread_time(), time.perf_counter()
        bar.setValue((bar.value() + step) % max(bar.maximum(), 1))
        dialog.view.viewport().repaint()
        frames.append(1000 * (time.thread_time() - begun))
        wait_until(lambda: False, max(FRAME - (time.perf_counter() - wall), 0.001))
    timer.stop()
    dialog.shut_down()
    dialog.close()
    dialog.deleteLater()
    return frames, gaps, listed


if __name__ == "__main__":
    main()
