"""How well whole numbers are read: accuracy of numbers and of digits, wrong counts, refusals."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from lenet_desktop.drawing.raster import blank, draw_stroke
from lenet_desktop.drawing.stroke_file import StrokeFileError, read_strokes
from lenet_desktop.drawing.strokes import (
    DEFAULT_BRUSH,
    PAD_SIZE,
    WIDEST,
    Drawing,
    Ink,
    Points,
    Stroke,
)
from lenet_desktop.evaluation.interval import interval
from lenet_desktop.inference.numbers import NumberReading

PAPER_WIDTH = WIDEST
"""The width of the paper that numbers are written on; it is as high as the pad."""


@dataclass(frozen=True)
class NumberAnswer:
    """What was meant and what was read; the reading is '' if there was no ink."""

    label: str
    text: str
    is_sure: bool
    writer: str = ""

    @property
    def is_right(self) -> bool:
        """Whether the whole number was read correctly."""
        return self.label == self.text


@dataclass(frozen=True)
class NumberEvaluation:
    """The answers to some numbers, at least one."""

    answers: tuple[NumberAnswer, ...]

    @property
    def accuracy(self) -> float:
        """The share of the numbers that was read correctly, refused or not, 0 to 1."""
        return _share([answer.is_right for answer in self.answers])

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % confidence interval of the accuracy, 0 to 1."""
        return interval(sum(a.is_right for a in self.answers), len(self.answers))

    @property
    def digit_accuracy(self) -> float:
        """The share of the digits that was read correctly, 0 to 1.

        One minus the number of digits to change, add or remove (the Levenshtein distance), divided
        by the number of digits that were meant.
        """
        wrong = sum(distance(answer.label, answer.text) for answer in self.answers)
        return 1 - wrong / sum(len(answer.label) for answer in self.answers)

    @property
    def wrong_count(self) -> float:
        """The share of the numbers that were read with too many or too few digits, 0 to 1."""
        return _share([len(answer.label) != len(answer.text) for answer in self.answers])

    @property
    def refused(self) -> float:
        """The share of the numbers with a digit that is not to be trusted, 0 to 1."""
        return _share([not answer.is_sure for answer in self.answers])

    @property
    def accuracy_answered(self) -> float:
        """The accuracy on the numbers that were not refused, 0 to 1."""
        return _share([answer.is_right for answer in self.answers if answer.is_sure])

    def to_json(self) -> dict[str, object]:
        """Return the evaluation as JSON values; shares are 0 to 1."""
        return {
            "n": len(self.answers),
            "accuracy": self.accuracy,
            "interval": self.interval,
            "digit_accuracy": self.digit_accuracy,
            "wrong_count": self.wrong_count,
            "refused": self.refused,
            "accuracy_answered": self.accuracy_answered,
        }


def _share(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else 0.0


def evaluate_numbers(
    path: Path, read: Callable[[Drawing], NumberReading | None], *, as_pictures: bool = False
) -> NumberEvaluation:
    """Read the numbers of a stroke file, placed on the paper as a person would.

    Args:
        path: a stroke file whose labels are whole numbers. The number of the line, counted from 0,
            is the seed of its place.
        read: reads a drawing.
        as_pictures: draw the strokes and forget them, so that a picture is read.

    Raises:
        StrokeFileError: the file cannot be read, it is empty, or a drawing has no label.
    """
    answers = []
    for number, record in enumerate(read_strokes(path)):
        if record.label is None:
            raise StrokeFileError(
                "{path}, line {line}: the drawing has no label to compare with.",
                path=path,
                line=record.line,
            )
        if as_pictures:
            drawing = Drawing(picture=picture_of_number(record.strokes, seed=number))
        else:
            drawing = place_number(record.strokes, seed=number)
        reading = read(drawing)
        answers.append(
            NumberAnswer(
                record.label,
                "" if reading is None else reading.text,
                reading is not None and reading.is_sure,
                record.writer,
            )
        )
    if not answers:
        raise StrokeFileError("{path} holds no drawing.", path=path)
    return NumberEvaluation(tuple(answers))


def place_number(strokes: Iterable[Points], seed: int, brush: float = DEFAULT_BRUSH) -> Drawing:
    """Place the strokes of a number on the paper as a person would, near the middle.

    They fill 60 to 80 % of the paper's height, and at most 85 % of its width.
    """
    random = np.random.default_rng(seed)
    given = [np.asarray(stroke, np.float64) for stroke in strokes]
    points = np.concatenate(given)
    low, high = points.min(axis=0), points.max(axis=0)
    across, down = np.maximum(high - low, 1e-9).tolist()
    scale = min(0.85 * PAPER_WIDTH / across, random.uniform(0.6, 0.8) * PAD_SIZE / down)
    # A dot has no size to scale.
    scale = scale if max(across, down) > 1e-6 else 1.0
    middle = random.uniform(0.45, 0.55, 2) * (PAPER_WIDTH, PAD_SIZE)
    return Drawing(
        tuple(
            Stroke(((s - (low + high) / 2) * scale + middle).astype(np.float32), brush)
            for s in given
        )
    )


def picture_of_number(strokes: Iterable[Points], seed: int) -> Ink:
    """Draw a number as ``place_number`` places it and forget its strokes: ink on wide paper.

    The pen's width is 6 to 12 % of the number's height.
    """
    placed = place_number(strokes, seed).strokes
    points = np.concatenate([stroke.points for stroke in placed])
    height = max(float(np.ptp(points[:, 1])), 0.1 * float(np.ptp(points[:, 0])))
    brush = max(np.random.default_rng((seed, 2)).uniform(0.06, 0.12) * height, 6.0)
    ink = blank(PAPER_WIDTH)
    for stroke in placed:
        draw_stroke(ink, replace(stroke, brush=brush))
    return ink


def distance(a: str, b: str) -> int:
    """Return how many characters to change, add or remove to turn one text into the other.

    V. Levenshtein, "Binary codes capable of correcting deletions, insertions, and reversals",
    Soviet Physics Doklady 10, 1966.
    """
    row = list(range(len(b) + 1))
    for i, wanted in enumerate(a, 1):
        before, row = row, [i]
        for j, found in enumerate(b, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (wanted != found)))
    return row[-1]
