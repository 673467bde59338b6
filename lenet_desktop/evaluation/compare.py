"""Champion and challenger on the same images, and whether one is better."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lenet_desktop.evaluation.metrics import Evaluation, evaluate
from lenet_desktop.models.model_file import Model

_SIGNIFICANCE = 0.05


class Better(Enum):
    """Which of two models is better."""

    CHALLENGER = "challenger"
    CHAMPION = "champion"
    NEITHER = "neither"
    """The difference is not significant."""
    UNKNOWN = "unknown"
    """The champion has other classes, so the two cannot be compared."""


@dataclass(frozen=True, eq=False)
class Mistake:
    """An image that the challenger misread.

    Attributes:
        image: uint8 (28, 28), 0 paper to 255 full ink.
        meant: the class of its label.
        best_class: the class that the challenger read.
        probability: the probability of ``best_class``, 0 to 1.
        champion_class: the class that the champion read; None if its classes are others.
        champion_probability: the probability of ``champion_class``, 0 to 1, or None.
    """

    image: NDArray[np.uint8]
    meant: str
    best_class: str
    probability: float
    champion_class: str | None = None
    champion_probability: float | None = None


@dataclass(frozen=True, eq=False)
class Comparison:
    """Champion and challenger on the same images.

    Attributes:
        data: the name of these images, to be shown.
        champion: the champion's results; None if its classes are not the challenger's.
        challenger: the challenger's results.
        only_champion: the number of images that only the champion read correctly.
        only_challenger: the number of images that only the challenger read correctly.
        mistakes: the images that the challenger misread, the highest probability first.
    """

    data: str
    champion: Evaluation | None
    challenger: Evaluation
    only_champion: int
    only_challenger: int
    mistakes: tuple[Mistake, ...]

    @cached_property
    def p_value(self) -> float:
        """The p-value of the exact, two-sided McNemar test, 0 to 1.

        Only the discordant images count, those that exactly one model read correctly. If both
        models are equally good, each of these is the champion's or the challenger's with
        probability 1/2. The p-value is the probability of a split at least as uneven: 2 P(X <= the
        smaller count), where X follows the binomial distribution.

        Q. McNemar, "Note on the Sampling Error of the Difference between Correlated Proportions
        or Percentages", Psychometrika 12, 1947.
        """
        count = self.only_champion + self.only_challenger
        # Python's integers are exact and have no upper limit.
        term: int = 1
        tail: int = 1
        for k in range(min(self.only_champion, self.only_challenger)):
            term = term * (count - k) // (k + 1)  # the binomial coefficient (count, k + 1)
            tail += term
        p_value: float = 2 * tail / 2**count
        return min(p_value, 1.0)

    @property
    def verdict(self) -> Better:
        """Which of the two is better, if the difference is significant at 5 %."""
        if self.champion is None:
            return Better.UNKNOWN
        if self.p_value > _SIGNIFICANCE:
            return Better.NEITHER
        return Better.CHALLENGER if self.only_challenger > self.only_champion else Better.CHAMPION


def compare(
    champion: Model, challenger: Model, images: NDArray[np.uint8], labels: Sequence[str], name: str
) -> Comparison:
    """Evaluate two models on the same images.

    A champion whose classes are not the challenger's is not evaluated.

    Args:
        champion: the model in use, its network on the CPU.
        challenger: the model just trained, its network on the CPU.
        images: uint8 (N, 28, 28), 0 paper to 255 full ink.
        labels: the name of each image's class; an image whose label is none of the challenger's
            classes counts only as an outlier in ``challenger``.
        name: the name of these images, to be shown.
    """
    samples = images.astype(np.float32) / np.float32(255)
    second = evaluate(challenger, samples, labels)
    first, only_first, only_second = None, 0, 0
    if set(champion.card.classes) == set(challenger.card.classes):
        first = evaluate(champion, samples, labels)
        only_first = int((first.is_right & ~second.is_right).sum())
        only_second = int((second.is_right & ~first.is_right).sum())
    mistakes = [
        Mistake(
            images[i].copy(),
            labels[i],
            second.classes[second.predicted[i]],
            float(second.confidences[i]),
            None if first is None else first.classes[first.predicted[i]],
            None if first is None else float(first.confidences[i]),
        )
        for i in np.flatnonzero(second.has_class & ~second.is_right).tolist()
    ]
    return Comparison(
        data=name,
        champion=first,
        challenger=second,
        only_champion=only_first,
        only_challenger=only_second,
        mistakes=tuple(sorted(mistakes, key=lambda mistake: -mistake.probability)),
    )
