"""How well a model reads digits that it has not seen."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from lenet_desktop.core.ink import StrokeFileError, place_by_hand, read_strokes
from lenet_desktop.core.model_file import Model
from lenet_desktop.core.preprocess import Sample, preprocess

_BATCH = 1000


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What a model made of labelled samples.

    Attributes:
        classes: one text a class.
        confusion: int64 (classes, classes); rows are what was meant, columns what was read.
    """

    classes: tuple[str, ...]
    confusion: NDArray[np.int64]

    @property
    def count(self) -> int:
        """How many samples there were."""
        return int(self.confusion.sum())

    @property
    def accuracy(self) -> float:
        """The share that was read as what was meant, 0 to 1."""
        return float(np.trace(self.confusion) / max(self.count, 1))

    @property
    def interval(self) -> tuple[float, float]:
        """The accuracy's 95 % confidence interval, 0 to 1."""
        return interval(int(np.trace(self.confusion)), self.count)

    @property
    def per_class(self) -> dict[str, float | None]:
        """The accuracy on each class, 0 to 1; None where there was no sample of it."""
        totals = self.confusion.sum(axis=1).tolist()
        hits = np.diagonal(self.confusion).tolist()
        return {
            name: hit / total if total else None
            for name, hit, total in zip(self.classes, hits, totals, strict=True)
        }

    def to_json(self) -> dict[str, object]:
        """Give all of it as what JSON can hold."""
        return {
            "n": self.count,
            "accuracy": self.accuracy,
            "per_class": self.per_class,
            "confusion": self.confusion.tolist(),
        }


@dataclass(frozen=True, eq=False)
class LabelledSamples:
    """Samples, float32 (N, 28, 28), 0 to 1, and what each was meant to be."""

    samples: NDArray[np.float32]
    labels: tuple[str, ...]


def samples_of_strokes(path: Path) -> LabelledSamples:
    """Play a stroke file on the pad, each line as a person would place it, without a window.

    The line's number, counted from 0, decides where exactly it is placed (``place_by_hand``); the
    pad's own brush draws it and the one preprocess brings it down.

    Raises:
        StrokeFileError: the file cannot be used, or a line has no label.
    """
    samples: list[Sample] = []
    labels: list[str] = []
    for number, record in enumerate(read_strokes(path)):
        if record.label is None:
            raise StrokeFileError(f"{path}: drawing {number + 1} has no label to compare with.")
        sample = preprocess(place_by_hand(record.strokes, seed=number).ink())
        if sample is None:
            raise StrokeFileError(f"{path}: drawing {number + 1} leaves no ink on the pad.")
        samples.append(sample)
        labels.append(record.label)
    if not samples:
        raise StrokeFileError(f"{path} holds no drawing.")
    return LabelledSamples(np.stack(samples), tuple(labels))


def evaluate(model: Model, samples: NDArray[np.float32], labels: Sequence[str]) -> Evaluation:
    """Compare what a model reads with what was meant.

    Args:
        model: the model, its network on the CPU.
        samples: float32 (N, 28, 28), 0 to 1.
        labels: N names of the model's classes.

    Raises:
        ValueError: a label is none of the model's classes.
    """
    classes = model.card.classes
    unknown = sorted(set(labels) - set(classes))
    if unknown:
        raise ValueError(f"the model has no class '{unknown[0]}', only {', '.join(classes)}")
    confusion = np.zeros((len(classes), len(classes)), np.int64)
    for meant, guess in zip(labels, read(model, samples), strict=True):
        confusion[classes.index(meant), classes.index(guess)] += 1
    return Evaluation(classes, confusion)


def read(model: Model, samples: NDArray[np.float32]) -> list[str]:
    """Give the likeliest class of each sample, float32 (N, 28, 28), 0 to 1."""
    guesses: list[int] = []
    with torch.inference_mode():
        for start in range(0, len(samples), _BATCH):
            batch = torch.from_numpy(samples[start : start + _BATCH]).unsqueeze(1)
            guesses += model.network(batch).argmax(dim=1).tolist()
    return [model.card.classes[guess] for guess in guesses]


def interval(hits: int, count: int) -> tuple[float, float]:
    """Give the 95 % confidence interval of a share, 0 to 1.

    E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22,
    1927: unlike the simpler one it stays within 0 and 1 near the ends.
    """
    if count == 0:
        return 0.0, 1.0
    z, share = 1.959964, hits / count
    middle = share + z * z / (2 * count)
    reach = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return max((middle - reach) / scale, 0.0), min((middle + reach) / scale, 1.0)


@dataclass(frozen=True, eq=False)
class Mistake:
    """A held-out digit that the challenger read wrongly.

    Attributes:
        image: uint8 (28, 28), 0 paper to 255 full ink.
        meant, guess: names of classes.
        probability: of the guess, 0 to 1.
    """

    image: NDArray[np.uint8]
    meant: str
    guess: str
    probability: float


@dataclass(frozen=True, eq=False)
class Comparison:
    """Champion and challenger on the same digits.

    Attributes:
        digits: what they were compared on, for people.
        champion, challenger: what each made of them.
        only_champion, only_challenger: how many each got right that the other missed.
        mistakes: the challenger's, the surest first.
    """

    digits: str
    champion: Evaluation
    challenger: Evaluation
    only_champion: int
    only_challenger: int
    mistakes: tuple[Mistake, ...]


def compare(
    champion: Model, challenger: Model, images: NDArray[np.uint8], labels: Sequence[str], name: str
) -> Comparison:
    """Let two models read the same digits, images uint8 (N, 28, 28), 0 to 255.

    Raises:
        ValueError: a label is none of a model's classes.
    """
    samples = images.astype(np.float32) / np.float32(255)
    first, second = (evaluate(model, samples, labels) for model in (champion, challenger))
    truth = np.array(labels)
    guesses = np.array(read(challenger, samples))
    champion_right, right = np.array(read(champion, samples)) == truth, guesses == truth
    wrong = np.flatnonzero(~right)
    with torch.inference_mode():
        logits = challenger.network(torch.from_numpy(samples[wrong]).unsqueeze(1))
        sure = torch.softmax(logits / challenger.card.temperature, dim=1).amax(dim=1).tolist()
    mistakes = [
        Mistake(images[i].copy(), str(truth[i]), str(guesses[i]), p)
        for i, p in zip(wrong.tolist(), sure, strict=True)
    ]
    return Comparison(
        digits=name,
        champion=first,
        challenger=second,
        only_champion=int((champion_right & ~right).sum()),
        only_challenger=int((right & ~champion_right).sum()),
        mistakes=tuple(sorted(mistakes, key=lambda mistake: -mistake.probability)),
    )
