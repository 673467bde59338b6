"""Real people's strokes, drawn with the mouse on the real window.

python tests/benchmarks/replay.py FILE.jsonl [--limit N] [--brush N] [--high PIXELS] [--hand NAME]

Prints the accuracy, and the time from the last mouse event of a digit to its painted answer.
Without options a drawing is placed as 'lenet-desktop evaluate --strokes' places it; the only
difference is that the mouse moves by whole pixels. For comparison all drawings, including those
beyond --limit, are also read without a window and without rounding.

--hand fast keeps every fifth point of a stroke and its end; slow moves from pixel to pixel.
QT_SCALE_FACTOR=2 plays on a screen with twice the pixels.
"""

import argparse
import itertools
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication

from lenet_desktop import paths
from lenet_desktop.drawing.legibility import readable
from lenet_desktop.drawing.preprocess import preprocess
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.stroke_file import read_strokes
from lenet_desktop.drawing.strokes import (
    DEFAULT_BRUSH,
    MAX_BRUSH,
    MIN_BRUSH,
    PAD_SIZE,
    Drawing,
    Points,
    place,
    place_by_hand,
)
from lenet_desktop.evaluation import metrics
from lenet_desktop.inference.kind import Kind
from lenet_desktop.models import model_file
from lenet_desktop.ui.answer.bars import ProbabilityBars
from lenet_desktop.ui.app import make_window
from lenet_desktop.ui.self_test import play_strokes, wait_until


def slowly(stroke: Points, step: float) -> Points:
    """Add points so that neighbours are at most ``step`` apart, as a slow mouse does."""
    parts = [stroke[:1]]
    for a, b in itertools.pairwise(stroke):
        count = max(1, int(np.ceil(np.abs(b - a).max() / step)))
        parts.append(a + (b - a) * (np.arange(1, count + 1) / count)[:, np.newaxis])
    return np.concatenate(parts).astype(np.float32)


def drawn(
    strokes: tuple[Points, ...], seed: int, options: argparse.Namespace, pixel: float
) -> Drawing:
    """Place a digit; ``pixel`` is the size of a screen pixel in pad units."""
    if options.hand == "fast":
        strokes = tuple(np.concatenate([s[:-1:5], s[-1:]]) for s in strokes)
    drawing = place_by_hand(strokes, seed=seed, brush=options.brush)
    if options.high:
        height = min((options.high * pixel + options.brush) / PAD_SIZE, 0.96)
        drawing = place(strokes, height=height, brush=options.brush)
    if options.hand == "slow":
        slow = (replace(s, points=slowly(s.points, pixel)) for s in drawing.strokes)
        drawing = replace(drawing, strokes=tuple(slow))
    return drawing


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--limit", type=int, default=None)
    parser.add_argument("--size", type=int, nargs=2, default=(980, 680))
    parser.add_argument(
        "--brush", type=int, default=DEFAULT_BRUSH, help=f"{MIN_BRUSH} to {MAX_BRUSH}"
    )
    parser.add_argument(
        "--high", type=int, default=None, help="the height of the drawing, in pixels"
    )
    parser.add_argument("--hand", choices=["steady", "fast", "slow"], default="steady")
    options = parser.parse_args()
    records = list(read_strokes(options.file))
    labels = [record.label for record in records]

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
    window.kind_menu.choose(Kind.DIGIT)  # square paper, as the drawings are
    pixel = PAD_SIZE / window.canvas.paper().width()
    drawings = [drawn(r.strokes, number, options, pixel) for number, r in enumerate(records)]
    times, read = [], []
    for drawing in drawings[: options.limit]:
        window.canvas.clear()
        # Each event, with its repaint, is handled before the next one, as when a person draws.
        play_strokes(
            window.canvas,
            [s.points for s in drawing.strokes],
            after_event=QApplication.processEvents,
        )
        assert wait_until(lambda: window.is_answered() and painted[0] > window.last_ink_time, 10)
        times.append((painted[0] - window.last_ink_time) * 1000)
        read.append(window.panel.digit)
    ratio = window.devicePixelRatioF()
    window.close()

    right = np.mean([a == b for a, b in zip(read, labels, strict=False)])
    p50, p95 = np.percentile(times, [50, 95])
    print(
        f"{len(read)} digits, {right:.2%} read correctly ({pixel:.2f} pad units a pixel, {ratio}x)"
    )
    print(f"last ink to painted answer: p50 {p50:.1f}  p95 {p95:.1f}  worst {max(times):.1f} ms")
    model = model_file.load(paths.factory_model())
    samples = [preprocess(rasterize(readable(drawing))) for drawing in drawings]
    logits = metrics.logits_of(model, np.stack([s for s in samples if s is not None]))
    result = [model.card.classes[guess] for guess in logits.argmax(axis=1)]
    same = np.array([a == b for a, b in zip(result, labels, strict=True)])
    differing = [i + 1 for i, (a, b) in enumerate(zip(read, result, strict=False)) if a != b]
    print(
        f"without the window: {same[: len(read)].mean():.2%} of them, {same.mean():.2%} of all "
        f"{len(same):,}; lines read differently: {differing or 'none'}"
    )


if __name__ == "__main__":
    main()
