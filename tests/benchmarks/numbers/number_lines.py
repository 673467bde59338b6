"""The numbers that the path's weights are learned from, with their candidates.

Each real number is drawn twice: as it was written, and small and jagged as with a mouse. Synthetic
lines of digits, letters and shapes teach what is none of the digits.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from lenet_desktop.data.synthetic.handwriting import sketch
from lenet_desktop.data.synthetic.outliers import templates
from lenet_desktop.data.synthetic.pen_digits import styles
from lenet_desktop.drawing.stroke_file import StrokeRecord, read_strokes
from lenet_desktop.drawing.strokes import Points
from lenet_desktop.drawing.tracing.trace import traced
from lenet_desktop.evaluation.numbers import picture_of_number, place_number
from lenet_desktop.inference.numbers import Candidates, NumberReader
from lenet_desktop.inference.path_weights import network_features
from lenet_desktop.models.model_card import ModelCard

LETTERS = "letters-validation"
FILES = (
    "numbers-validation",
    "composed-numbers-validation",
    "unipen-validation",
    LETTERS,
)
SYNTHETIC = "synthetic"
# A number with more would make the batches slow.
_MOST_PIECES = 60
LINES = 1500


@dataclass(frozen=True, eq=False)
class Item:
    """A number, its candidates and its writer."""

    label: str
    writer: str
    name: str
    is_mouse: bool
    first: list[int]
    last: list[int]
    candidates: np.ndarray  # (N, features); the last one is the energy
    log_probabilities: np.ndarray
    as_class: np.ndarray
    borders: np.ndarray
    left: np.ndarray
    right: np.ndarray


def item(
    record: StrokeRecord, name: str, is_mouse: bool, found: Candidates, card: ModelCard
) -> Item:
    log_probabilities, energies = network_features(found.logits, card)
    features = found.features
    return Item(
        label=record.label or "",
        # The name of a writer of composed numbers begins with the corpus.
        writer=record.writer.split("/")[-1].split(":")[-1],
        name=name,
        is_mouse=is_mouse,
        first=[c.first for c in found.segmentation.candidates],
        last=[c.last for c in found.segmentation.candidates],
        candidates=np.concatenate([features.candidates, energies[:, None]], axis=1),
        log_probabilities=log_probabilities,
        as_class=features.as_class,
        borders=features.borders,
        left=features.left,
        right=features.right,
    )


def with_a_mouse(strokes: Sequence[Points], seed: int) -> list[Points]:
    """Return strokes as a mouse would draw them: whole pixels, few points, small."""
    random = np.random.default_rng((seed, 1))
    pixels, step = random.uniform(25, 70), int(random.integers(1, 4))
    kept = [np.concatenate([s[:-1:step], s[-1:]]) for s in strokes]
    heights = [float(np.ptp(s[:, 1])) for s in strokes]
    scale = pixels / max(max(heights), 1e-6)
    return [np.round(s * scale).astype(np.float32) for s in kept]


def read_items(
    pen: Path, reader: NumberReader, card: ModelCard, *, as_pictures: bool = False
) -> list[Item]:
    """Read all files; ``as_pictures`` forgets the strokes and traces them again in the ink."""

    def candidates(strokes: Sequence[Points], number: int) -> Candidates | None:
        if as_pictures:
            picture = picture_of_number(strokes, number)
            return reader.candidates(traced(picture), picture=picture)
        return reader.candidates(place_number(strokes, number).strokes)

    items = []
    for name in FILES:
        for number, record in enumerate(read_strokes(pen / f"{name}.jsonl")):
            if not record.label or not record.label.isdigit():
                record = replace(record, label="?")
            for is_mouse in (False, True):
                strokes = with_a_mouse(record.strokes, number) if is_mouse else record.strokes
                found = candidates(strokes, number)
                if found is None or max(len(found.segmentation.pieces), 1) > _MOST_PIECES:
                    print(f"left out: {name}, line {record.line}")
                    continue
                items.append(item(record, name, is_mouse, found, card))
    for number, record in enumerate(synthetic_lines(LINES)):
        found = candidates(record.strokes, number)
        assert found is not None
        items.append(item(record, SYNTHETIC, False, found, card))
    return items


def synthetic_lines(count: int) -> Iterator[StrokeRecord]:
    """Write lines of one to four characters, a third of them letters and shapes."""
    torch_random, random = torch.Generator().manual_seed(0), np.random.default_rng(0)
    written: dict[str, list[list[Points]]] = {}
    kinds = {**styles(), "?": tuple(s for some in templates().values() for s in some)}
    for symbol, among in kinds.items():
        copies = -(-count // len(among))
        sketches = [sketch(style, copies, torch_random) for style in among]
        written[symbol] = [some.strokes(n) for n in range(copies) for some in sketches]
    for number in range(count):
        label = "".join(
            "?" if random.random() < 1 / 3 else str(random.integers(10))
            for _ in range(random.integers(1, 5))
        )
        line: list[Points] = []
        end = 0.0
        for symbol in label:
            strokes = written[symbol][int(random.integers(len(written[symbol])))]
            points = np.concatenate(strokes)
            size = float(np.exp(random.normal(0, 0.1)))
            move = np.array([end, random.normal(0, 0.05)]) - points.min(axis=0) * (size, size)
            move[1] += points.min(axis=0)[1] * size
            line += [(s * size + move).astype(np.float32) for s in strokes]
            end = max(end, float(np.concatenate(line)[:, 0].max())) + random.uniform(-0.05, 0.4)
        yield StrokeRecord(tuple(line), label, SYNTHETIC, f"synthetic {number}")
