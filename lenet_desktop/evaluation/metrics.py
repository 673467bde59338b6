"""Accuracy, refusals, calibration error and confusion matrix of a model on labelled samples."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray

from lenet_desktop.data.labelled import NONE_OF_THEM
from lenet_desktop.evaluation.interval import interval
from lenet_desktop.inference.decision import decide
from lenet_desktop.models.model_file import Model

_BATCH = 1000
_CALIBRATION_BINS = 15
_WORST_WRITERS = 10


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The answers of a model to N labelled samples.

    A sample whose label is none of the model's classes is an outlier: the model should refuse it,
    and it counts only as refused or not refused. The best class of every other sample counts in the
    accuracy, refused or not.

    Attributes:
        classes: the name of each class.
        labels: the name of each sample's class.
        predicted: int64 (N,), the index of each sample's best class.
        confidences: float32 (N,), the probability of each best class, 0 to 1.
        refused: bool (N,), whether the best class is not to be trusted.
        writers: who wrote each sample; '' if that is not known.
    """

    classes: tuple[str, ...]
    labels: tuple[str, ...]
    predicted: NDArray[np.int64]
    confidences: NDArray[np.float32]
    refused: NDArray[np.bool_]
    writers: tuple[str, ...]

    @cached_property
    def truth(self) -> NDArray[np.int64]:
        """The index of each sample's class, int64 (N,); NONE_OF_THEM for an outlier."""
        indices = {name: index for index, name in enumerate(self.classes)}
        return np.array([indices.get(label, NONE_OF_THEM) for label in self.labels], np.int64)

    @cached_property
    def has_class(self) -> NDArray[np.bool_]:
        """Which samples are not outliers, bool (N,)."""
        known: NDArray[np.bool_] = self.truth != NONE_OF_THEM
        return known

    @cached_property
    def is_right(self) -> NDArray[np.bool_]:
        """Which samples were read correctly, bool (N,); False for an outlier."""
        right: NDArray[np.bool_] = self.predicted == self.truth
        return right

    @cached_property
    def confusion(self) -> NDArray[np.int64]:
        """Counts (classes, classes): a row for each true class, a column for each best class."""
        table = np.zeros((len(self.classes), len(self.classes)), np.int64)
        np.add.at(table, (self.truth[self.has_class], self.predicted[self.has_class]), 1)
        return table

    @property
    def count(self) -> int:
        """The number of samples that are not outliers."""
        return int(self.has_class.sum())

    @property
    def accuracy(self) -> float:
        """The share of these samples that was read correctly, 0 to 1."""
        return _share(self.is_right[self.has_class])

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % confidence interval of the accuracy, 0 to 1."""
        return interval(int(self.is_right.sum()), self.count)

    @property
    def per_class(self) -> dict[str, float | None]:
        """The accuracy on each class, 0 to 1; None for a class without samples."""
        return {
            name: _share(self.is_right[self.truth == index]) if index in self.truth else None
            for index, name in enumerate(self.classes)
        }

    @property
    def refused_share(self) -> float:
        """The share of the samples with a class that was refused, 0 to 1."""
        return _share(self.refused[self.has_class])

    @property
    def accuracy_answered(self) -> float:
        """The accuracy on the samples that were not refused, 0 to 1."""
        return _share(self.is_right[self.has_class & ~self.refused])

    @property
    def others(self) -> int:
        """The number of outliers."""
        return len(self.labels) - self.count

    @property
    def others_refused_share(self) -> float:
        """The share of the outliers that was refused, 0 to 1."""
        return _share(self.refused[~self.has_class])

    @property
    def ece(self) -> float:
        """The expected calibration error on the samples with a class, 0 to 1.

        The mean distance between probability and accuracy in 15 bins of equal width, each bin
        weighted by its samples: C. Guo et al., "On Calibration of Modern Neural Networks",
        ICML 2017.
        """
        confidences, right = self.confidences[self.has_class], self.is_right[self.has_class]
        bins = np.minimum((confidences * _CALIBRATION_BINS).astype(int), _CALIBRATION_BINS - 1)
        gaps = [
            abs(float(confidences[bins == b].mean()) - float(right[bins == b].mean()))
            * (bins == b).sum()
            for b in np.unique(bins)
        ]
        return float(sum(gaps) / max(len(confidences), 1))

    @property
    def worst_writers(self) -> list[tuple[str, int, int]]:
        """The ten writers with the lowest accuracy: name, samples read correctly, samples."""
        tally: dict[str, list[int]] = {}
        for writer, right, known in zip(self.writers, self.is_right, self.has_class, strict=True):
            if writer and known:
                hits = tally.setdefault(writer, [0, 0])
                hits[0] += int(right)
                hits[1] += 1
        ordered = sorted(tally.items(), key=lambda item: (item[1][0] / item[1][1], -item[1][1]))
        return [(name, hits, count) for name, (hits, count) in ordered[:_WORST_WRITERS]]

    def to_json(self) -> dict[str, object]:
        """Return the evaluation as JSON values; shares are 0 to 1."""
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
    """Evaluate a model on labelled samples.

    Args:
        model: the model, its network on the CPU.
        samples: float32 (N, 28, 28), 0 to 1, ink bright.
        labels: the name of each sample's class; any other text makes it an outlier.
        writers: who wrote each sample, if known.
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
    """Return the logits, float32 (N, classes), of samples, float32 (N, 28, 28), 0 to 1."""
    if not len(samples):
        return np.zeros((0, len(model.card.classes)), np.float32)
    with torch.inference_mode():
        parts = [
            model.network(torch.from_numpy(samples[start : start + _BATCH]).unsqueeze(1))
            for start in range(0, len(samples), _BATCH)
        ]
        logits: NDArray[np.float32] = torch.cat(parts).float().numpy()
        return logits
