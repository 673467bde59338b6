"""How well a model reads samples that it has not seen, and how well it knows when it does not."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray

from lenet_desktop.inference.decision import decide
from lenet_desktop.models.model_file import Model

_BATCH = 1000

_CALIBRATION_BINS = 15

_WORST_WRITERS = 10


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What a model made of labelled samples.

    Every digit counts in the accuracy by its nearest guess, refused or not. Samples whose label is
    none of the model's classes ought to be refused, and count in nothing else.

    Attributes:
        classes: one text a class.
        labels: what each of the N samples was meant to be.
        predicted: int64 (N,), the number of the class each was taken for.
        confidences: float32 (N,), the probability of the guess, 0 to 1.
        refused: bool (N,), 'not sure' or 'not a digit'.
        writers: who wrote each; empty texts where that is not known.
    """

    classes: tuple[str, ...]
    labels: tuple[str, ...]
    predicted: NDArray[np.int64]
    confidences: NDArray[np.float32]
    refused: NDArray[np.bool_]
    writers: tuple[str, ...]

    @cached_property
    def truth(self) -> NDArray[np.int64]:
        """The number of the class that each was meant to be, int64 (N,); -1 for none of them."""
        numbers = {name: number for number, name in enumerate(self.classes)}
        return np.array([numbers.get(label, -1) for label in self.labels], np.int64)

    @cached_property
    def is_digit(self) -> NDArray[np.bool_]:
        """Which samples have a label that is one of the classes, bool (N,)."""
        return self.truth >= 0

    @cached_property
    def is_right(self) -> NDArray[np.bool_]:
        """Which predicted are what was meant, bool (N,)."""
        right: NDArray[np.bool_] = self.predicted == self.truth
        return right

    @cached_property
    def confusion(self) -> NDArray[np.int64]:
        """Counts (classes, classes); rows are what was meant, columns what was read."""
        table = np.zeros((len(self.classes), len(self.classes)), np.int64)
        np.add.at(table, (self.truth[self.is_digit], self.predicted[self.is_digit]), 1)
        return table

    @property
    def count(self) -> int:
        """How many digits there were."""
        return int(self.is_digit.sum())

    @property
    def accuracy(self) -> float:
        """The share of the digits that was read as what was meant, 0 to 1."""
        return _share(self.is_right[self.is_digit])

    @property
    def interval(self) -> tuple[float, float]:
        """The accuracy's 95 % confidence interval, 0 to 1."""
        return interval(int(self.is_right.sum()), self.count)

    @property
    def per_class(self) -> dict[str, float | None]:
        """The accuracy on each class, 0 to 1; None where there was no sample of it."""
        return {
            name: _share(self.is_right[self.truth == number]) if number in self.truth else None
            for number, name in enumerate(self.classes)
        }

    @property
    def refused_share(self) -> float:
        """The share of the digits that was refused, 0 to 1."""
        return _share(self.refused[self.is_digit])

    @property
    def accuracy_answered(self) -> float:
        """The accuracy on the digits that were not refused, 0 to 1."""
        return _share(self.is_right[self.is_digit & ~self.refused])

    @property
    def others(self) -> int:
        """How many samples were no digits."""
        return len(self.labels) - self.count

    @property
    def others_refused_share(self) -> float:
        """The share of them that was refused, 0 to 1."""
        return _share(self.refused[~self.is_digit])

    @property
    def ece(self) -> float:
        """The expected calibration error on the digits, 0 to 1.

        How far probability and accuracy lie apart in 15 bins of equal width, on average over the
        samples: C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.
        """
        sure, right = self.confidences[self.is_digit], self.is_right[self.is_digit]
        bins = np.minimum((sure * _CALIBRATION_BINS).astype(int), _CALIBRATION_BINS - 1)
        gaps = [
            abs(float(sure[bins == b].mean()) - float(right[bins == b].mean())) * (bins == b).sum()
            for b in np.unique(bins)
        ]
        return float(sum(gaps) / max(len(sure), 1))

    @property
    def worst_writers(self) -> list[tuple[str, int, int]]:
        """The ten writers who were misread most: name, digits read rightly, digits."""
        tally: dict[str, list[int]] = {}
        for writer, right, digit in zip(self.writers, self.is_right, self.is_digit, strict=True):
            if writer and digit:
                hits = tally.setdefault(writer, [0, 0])
                hits[0] += int(right)
                hits[1] += 1
        ordered = sorted(tally.items(), key=lambda item: (item[1][0] / item[1][1], -item[1][1]))
        return [(name, hits, count) for name, (hits, count) in ordered[:_WORST_WRITERS]]

    def to_json(self) -> dict[str, object]:
        """Give all of it as what JSON can hold; shares are from 0 to 1."""
        return {
            "n": self.count,
            "accuracy": self.accuracy,
            "interval": self.interval,
            "per_class": self.per_class,
            "confusion": self.confusion.tolist(),
            "refused": self.refused_share,
            "accuracy_answered": self.accuracy_answered,
            "ece": self.ece,
            "non_digits": {"n": self.others, "refused": self.others_refused_share},
            "worst_writers": [
                {"writer": name, "right": right, "n": count}
                for name, right, count in self.worst_writers
            ],
        }


def _share(values: NDArray[np.bool_]) -> float:
    return float(values.mean()) if len(values) else 0.0


def evaluate(
    model: Model,
    samples: NDArray[np.float32],
    labels: Sequence[str],
    writers: Sequence[str] | None = None,
) -> Evaluation:
    """Compare what a model reads with what was meant.

    Args:
        model: the model, its network on the CPU.
        samples: float32 (N, 28, 28), 0 to 1.
        labels: what each was meant to be; what is none of the model's classes is no digit.
        writers: who wrote each.
    """
    decision = decide(logits_of(model, samples), model.card)
    return Evaluation(
        classes=model.card.classes,
        labels=tuple(labels),
        predicted=decision.predicted,
        confidences=decision.confidences,
        refused=decision.refused,
        writers=tuple(writers or [""] * len(labels)),
    )


def logits_of(model: Model, samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give the logits (N, classes), float32, of samples, float32 (N, 28, 28), 0 to 1."""
    with torch.inference_mode():
        parts = [
            model.network(torch.from_numpy(samples[start : start + _BATCH]).unsqueeze(1))
            for start in range(0, len(samples), _BATCH)
        ]
        logits: NDArray[np.float32] = torch.cat(parts).float().numpy()
        return logits


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
