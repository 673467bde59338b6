"""Real people's numbers as real mouse drags on the real window: how many are read, how soon.

python tests/benchmarks/numbers/replay_numbers.py NUMBERS.jsonl [--limit 100] [--size 1280 760]

NUMBERS is a stroke file whose labels are whole numbers. The same numbers are read without the
window for comparison. The time is from the last ink to the painted number.
"""

import argparse
import os
import time
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from lenet_desktop import paths
from lenet_desktop.drawing.stroke_file import read_strokes
from lenet_desktop.drawing.strokes import Points, place
from lenet_desktop.inference.kind import Kind
from lenet_desktop.inference.numbers import NumberReader
from lenet_desktop.inference.recognizer import Recognizer
from lenet_desktop.ui.answer.bars import ProbabilityBars
from lenet_desktop.ui.app import make_window
from lenet_desktop.ui.self_test import play_strokes, wait_until
from lenet_desktop.ui.window.main_window import MainWindow


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("numbers", type=Path)
    parser.add_argument("--limit", type=int, default=100)
    parser.add_argument("--size", type=int, nargs=2, default=(1280, 760))
    options = parser.parse_args()
    records = [r for r in read_strokes(options.numbers) if r.label]
    records = records[:: max(len(records) // options.limit, 1)][: options.limit]

    painted = [0.0]
    paint = ProbabilityBars.paintEvent

    def paint_and_note(self: ProbabilityBars, event: object) -> None:
        paint(self, event)
        painted[0] = time.perf_counter()

    ProbabilityBars.paintEvent = paint_and_note
    window = make_window(paths.factory_model(), "auto")
    window.show()
    window.start()
    assert wait_until(lambda: not window.is_loading, 60)
    window.setMinimumSize(300, 300)
    window.resize(*options.size)
    wait_until(lambda: False, 0.2)
    window.kind_menu.choose(Kind.NUMBER)
    reader = NumberReader(Recognizer.from_file(paths.factory_model(), "cpu"))
    times: list[float] = []
    right = same = 0
    for record in records:
        window.canvas.clear()
        strokes = _on_paper(record.strokes, window)
        # Each event, with its repaint, is handled before the next one, as when a person draws.
        play_strokes(window.canvas, strokes, after_event=QApplication.processEvents)
        assert wait_until(lambda: window.is_answered() and painted[0] > window.last_ink_time, 10)
        times.append((painted[0] - window.last_ink_time) * 1000)
        read = window.reading.number
        without = reader.read(window.canvas.drawing, Kind.NUMBER)
        right += read == record.label
        same += without is not None and read == without.shown.replace(" ", "")
    window.close()
    p50, p95 = np.percentile(times, [50, 95])
    count = len(records)
    print(f"{count} numbers, {right / count:.1%} read correctly and surely")
    print(f"the same as without the window: {same / count:.1%}")
    print(f"last ink to painted number: p50 {p50:.1f}  p95 {p95:.1f}  worst {max(times):.1f} ms")


def _on_paper(strokes: tuple[Points, ...], window: MainWindow) -> list[Points]:
    """Put strokes into the middle of the window's paper, 60 % of its height or less."""
    width = window.canvas.drawing.width
    placed = place(strokes, height=0.6, widest=width)
    shift = np.array(((width - placed.width) / 2, 0), np.float32)
    return [stroke.points + shift for stroke in placed.strokes]


if __name__ == "__main__":
    main()
