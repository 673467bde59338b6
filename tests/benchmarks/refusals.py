"""How much the factory model refuses: real digits (wrongly), letters, scribbles, pairs of digits.

python tests/benchmarks/refusals.py PEN [--model MODEL]

PEN is a folder with unipen-validation.jsonl and letters-validation.jsonl. The pairs are two real
digits of one person side by side. The scribbles are made here, in other ways than those of the
training. Below them is every kind that the training draws, with a seed that it never uses. All but
those are drawn on the pad.

'in Auto' is what the window says: the drawing may be taken for a number, and counts as refused if
one of its digits is.
"""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lenet_desktop import paths
from lenet_desktop.data.stroke_samples import samples_of_strokes
from lenet_desktop.data.synthetic.outliers import KINDS, draw_outliers
from lenet_desktop.drawing.legibility import readable
from lenet_desktop.drawing.preprocess import preprocess
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.stroke_file import read_strokes
from lenet_desktop.drawing.strokes import Points, place_by_hand
from lenet_desktop.evaluation import metrics
from lenet_desktop.inference.decision import decide
from lenet_desktop.inference.numbers import NumberReader
from lenet_desktop.inference.recognizer import Recognizer
from lenet_desktop.models import model_file

COUNT = 400
UNSEEN_SEED = 2**41


def on_the_pad(drawings: Iterator[Sequence[Points]]) -> NDArray[np.float32]:
    samples = (
        preprocess(rasterize(readable(place_by_hand(d, seed=i)))) for i, d in enumerate(drawings)
    )
    return np.stack([sample for sample in samples if sample is not None])


def pairs(file: Path) -> Iterator[list[Points]]:
    """Put consecutive digits of one writer side by side."""
    records, made = list(read_strokes(file)), 0
    by_writer: dict[str, list[Sequence[Points]]] = {}
    for record in records:
        by_writer.setdefault(record.writer, []).append(record.strokes)
    for digits in by_writer.values():
        for left, right in zip(digits[::2], digits[1::2], strict=False):
            if made == COUNT:
                return
            made += 1
            gap = 0.05 + 0.3 * (made % 7) / 6
            first, second = unit(left), unit(right)
            width = max(float(stroke[:, 0].max()) for stroke in first)
            yield [*first, *(stroke + np.array([width + gap, 0]) for stroke in second)]


def unit(strokes: Sequence[Points]) -> list[Points]:
    """Scale strokes to height or width 1, with the upper left corner at the origin."""
    points = np.concatenate(strokes)
    low, size = points.min(axis=0), float(np.ptp(points, axis=0).max())
    return [(stroke - low) / max(size, 1e-6) for stroke in strokes]


def zigzags() -> Iterator[list[Points]]:
    """Return straight lines back and forth between two edges, rotated at random."""
    for seed in range(COUNT):
        random = np.random.default_rng(seed)
        turns = int(random.integers(7, 16))
        along = np.linspace(0, 1, turns) + random.normal(0, 0.03, turns)
        across = np.where(np.arange(turns) % 2, 0.0, 1.0) + random.normal(0, 0.12, turns)
        angle = random.uniform(0, np.pi)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        yield [(np.stack([along, across], axis=1) @ turn).astype(np.float32)]


def tangles() -> Iterator[list[Points]]:
    """Return circles whose centre and size drift."""
    for seed in range(COUNT):
        random = np.random.default_rng(seed)
        time = np.linspace(0, 1, 160)
        speeds = random.uniform(3, 9, 2) * 2 * np.pi
        drift = random.uniform(0.3, 1.2, 2)
        angles = time[:, np.newaxis] * speeds + random.uniform(0, 6, 2)
        slow = time[:, np.newaxis] * np.array([5, 7]) + random.uniform(0, 6, 2)
        yield [(np.sin(angles) + drift * np.sin(slow)).astype(np.float32)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pen", type=Path)
    parser.add_argument("--model", type=Path, default=paths.factory_model())
    options = parser.parse_args()
    model = model_file.load(options.model)

    def show(name: str, samples: NDArray[np.float32]) -> None:
        refused = decide(metrics.logits_of(model, samples), model.card).refused
        print(f"{refused.mean():7.1%} of {len(samples):>5,} refused: {name}")

    digits = options.pen / "unipen-validation.jsonl"
    show("real digits", samples_of_strokes(digits).samples)
    reader = NumberReader(Recognizer(model, "cpu"))

    def show_auto(name: str, drawings: Iterable[Sequence[Points]]) -> None:
        readings = [reader.read(place_by_hand(d, seed=i)) for i, d in enumerate(drawings)]
        refused = [reading is None or not reading.is_sure for reading in readings]
        print(f"{np.mean(refused):7.1%} of {len(refused):>5,} refused in Auto: {name}")

    letters = options.pen / "letters-validation.jsonl"
    show("real letters that look like no digit", samples_of_strokes(letters).samples)
    show("two real digits side by side", on_the_pad(pairs(digits)))
    show("zigzags", on_the_pad(zigzags()))
    show("tangles", on_the_pad(tangles()))
    show_auto("real letters that look like no digit", (r.strokes for r in read_strokes(letters)))
    show_auto("zigzags", zigzags())
    show_auto("tangles", tangles())
    for kind in KINDS:
        images = draw_outliers(COUNT, seed=UNSEEN_SEED, kinds=[kind]).numpy()
        show(f"synthetic, {kind}", images.astype(np.float32) / np.float32(255))


if __name__ == "__main__":
    main()
