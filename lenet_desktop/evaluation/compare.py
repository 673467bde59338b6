"""Champion and challenger on the same samples."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lenet_desktop.evaluation.metrics import Evaluation, evaluate
from lenet_desktop.models.model_file import Model


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
    best_class: str
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
    """Let two models read the same digits, images uint8 (N, 28, 28), 0 to 255."""
    samples = images.astype(np.float32) / np.float32(255)
    first, second = (evaluate(model, samples, labels) for model in (champion, challenger))
    mistakes = [
        Mistake(
            images[i].copy(),
            labels[i],
            second.classes[second.predicted[i]],
            float(second.confidences[i]),
        )
        for i in np.flatnonzero(~second.is_right).tolist()
    ]
    return Comparison(
        digits=name,
        champion=first,
        challenger=second,
        only_champion=int((first.is_right & ~second.is_right).sum()),
        only_challenger=int((second.is_right & ~first.is_right).sum()),
        mistakes=tuple(sorted(mistakes, key=lambda mistake: -mistake.probability)),
    )
