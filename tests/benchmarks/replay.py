"""Real people's strokes, played as mouse drags on the real window.

python tests/benchmarks/replay.py FILE.jsonl [--limit N] [--size W H] [--brush N]

Prints the accuracy, and the time from the last mouse event of a digit to its painted answer. A
drawing is placed as 'lenet-desktop evaluate --strokes' places it; what differs is the rounding
of the mouse to whole pixels.
"""

import argparse
import time
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication

from lenet_desktop import paths
from lenet_desktop.core import evaluation, model_file
from lenet_desktop.core.ink import DEFAULT_BRUSH, place_by_hand, read_strokes
from lenet_desktop.ui.app import make_window
from lenet_desktop.ui.prediction_panel import ProbabilityBars
from lenet_desktop.ui.self_test import play_strokes, wait_until


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--limit", type=int, default=None)
    parser.add_argument("--size", type=int, nargs=2, default=(980, 680))
    parser.add_argument("--brush", type=int, default=DEFAULT_BRUSH)
    options = parser.parse_args()
    records = list(read_strokes(options.file))[: options.limit]

    painted = [0.0]
    paint = ProbabilityBars.paintEvent

    def paint_and_note(self: ProbabilityBars, event: object) -> None:
        paint(self, event)
        painted[0] = time.perf_counter()

    ProbabilityBars.paintEvent = paint_and_note
    window = make_window(paths.factory_model(), "auto")
    window.resize(*options.size)
    window.canvas.set_brush(options.brush)
    window.show()
    window.start()
    assert wait_until(lambda: not window.is_loading, 60)
    times, read = [], []
    for number, record in enumerate(records):
        window.canvas.clear()
        # Every event is handled before the next, as when a person draws; repaints included.
        drawing = place_by_hand(record.strokes, seed=number)
        play_strokes(
            window.canvas,
            [s.points for s in drawing.strokes],
            after_event=QApplication.processEvents,
        )
        assert wait_until(lambda: window.is_answered() and painted[0] > window.last_ink_time, 10)
        times.append((painted[0] - window.last_ink_time) * 1000)
        read.append(window.panel.digit)
    window.close()

    labels = [record.label for record in records]
    right = np.array([a == b for a, b in zip(read, labels, strict=True)])
    p50, p95 = np.percentile(times, [50, 95])
    print(f"{len(right)} digits, {right.mean():.2%} read rightly")
    print(f"last ink to painted answer: p50 {p50:.1f}  p95 {p95:.1f}  worst {max(times):.1f} ms")
    model = model_file.load(paths.factory_model())
    samples = evaluation.samples_of_strokes(options.file)
    logits = evaluation.logits_of(model, samples.samples[: len(records)])
    result = [model.card.classes[guess] for guess in logits.argmax(axis=1)]
    differing = [i for i, (a, b) in enumerate(zip(read, result, strict=True)) if a != b]
    without = np.mean([a == b for a, b in zip(result, labels, strict=True)])
    print(
        f"evaluate --strokes reads {without:.2%} of them; "
        f"lines read otherwise than here: {[i + 1 for i in differing] or 'none'}"
    )


if __name__ == "__main__":
    main()
