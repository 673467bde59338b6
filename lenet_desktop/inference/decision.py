"""From logits to an answer: probabilities, the best class, and whether to trust it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lenet_desktop.models.model_card import ModelCard


class Verdict(StrEnum):
    """What to make of the best class: trust it, doubt it, or refuse it.

    The names are those of digits; a model of other classes shows other words.
    """

    DIGIT = "digit"
    UNSURE = "not sure"
    NOT_A_DIGIT = "not a digit"


@dataclass(frozen=True, eq=False)
class Decision:
    """What to make of N samples.

    Attributes:
        probabilities: float32 (N, classes), 0 to 1, each row adding up to 1.
        predicted: int64 (N,), the index of the best class of each.
        verdicts: one for each sample.
    """

    probabilities: NDArray[np.float32]
    predicted: NDArray[np.int64]
    verdicts: tuple[Verdict, ...]

    @property
    def confidences(self) -> NDArray[np.float32]:
        """The probability of each best class, float32 (N,), 0 to 1."""
        best: NDArray[np.float32] = self.probabilities.max(axis=1)
        return best

    @property
    def refused(self) -> NDArray[np.bool_]:
        """Which best classes are not to be trusted, bool (N,)."""
        return np.array([verdict is not Verdict.DIGIT for verdict in self.verdicts], bool)


def decide(logits: NDArray[np.float32], card: ModelCard) -> Decision:
    """Decide on logits (N, classes) with the temperature and the thresholds of the model's card."""
    probabilities = softmax(logits, card.temperature)
    confidences = probabilities.max(axis=1)
    verdicts = tuple(
        Verdict.NOT_A_DIGIT if high > card.max_energy
        else Verdict.UNSURE if confidence < card.min_probability
        else Verdict.DIGIT
        for high, confidence in zip(energy(logits).tolist(), confidences.tolist(), strict=True)
    )  # fmt: skip
    return Decision(probabilities, probabilities.argmax(axis=1), verdicts)


def energy(logits: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    """Return the energy, -log of the sum of exp(logits): high where no class fits at all.

    W. Liu et al., "Energy-based Out-of-distribution Detection", NeurIPS 2020.

    Args:
        logits: (..., classes).

    Returns:
        (...), without the last axis.
    """
    value: NDArray[np.floating[Any]] = -np.logaddexp.reduce(logits, axis=-1)
    return value


def softmax(logits: NDArray[np.float32], temperature: float = 1.0) -> NDArray[np.float32]:
    """Return the probabilities of logits (..., classes), divided by the temperature first."""
    scaled = logits / np.float32(temperature)
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    probabilities: NDArray[np.float32] = powers / powers.sum(axis=-1, keepdims=True)
    return probabilities
