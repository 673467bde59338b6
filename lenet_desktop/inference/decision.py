"""From logits to an answer: probabilities, the nearest guess, and whether to trust it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lenet_desktop.models.model_file import ModelCard

DIGIT, NOT_SURE, NOT_A_DIGIT = "digit", "not sure", "not a digit"


@dataclass(frozen=True, eq=False)
class Judgement:
    """What to make of N samples.

    Attributes:
        probabilities: float32 (N, classes), 0 to 1, each row adding up to 1.
        guesses: int64 (N,), the likeliest class of each.
        verdicts: DIGIT, NOT_SURE or NOT_A_DIGIT for each.
    """

    probabilities: NDArray[np.float32]
    guesses: NDArray[np.int64]
    verdicts: tuple[str, ...]

    @property
    def confidences(self) -> NDArray[np.float32]:
        """The probability of each guess, float32 (N,), 0 to 1."""
        best: NDArray[np.float32] = self.probabilities.max(axis=1)
        return best

    @property
    def refused(self) -> NDArray[np.bool_]:
        """Which guesses are not to be trusted, bool (N,)."""
        return np.array([verdict != DIGIT for verdict in self.verdicts], bool)


def judge(logits: NDArray[np.float32], card: ModelCard) -> Judgement:
    """Judge logits (N, classes) by what the model's card says of temperature and limits."""
    probabilities = softmax(logits, card.temperature)
    confidences = probabilities.max(axis=1)
    evidences = evidence(logits)
    verdicts = tuple(
        NOT_A_DIGIT if strength < card.least_evidence
        else NOT_SURE if confidence < card.least_probability
        else DIGIT
        for strength, confidence in zip(evidences.tolist(), confidences.tolist(), strict=True)
    )  # fmt: skip
    return Judgement(probabilities, probabilities.argmax(axis=1), verdicts)


def evidence(logits: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    """Give how much speaks for any digit at all: log of the sum of exp(logits), (...,).

    W. Liu et al., "Energy-based Out-of-distribution Detection", NeurIPS 2020, where its negative
    is called the energy.

    Args:
        logits: (..., classes).
    """
    strength: NDArray[np.floating[Any]] = np.logaddexp.reduce(logits, axis=-1)
    return strength


def softmax(logits: NDArray[np.float32], temperature: float = 1.0) -> NDArray[np.float32]:
    """Give the probabilities of logits (..., classes), divided by the temperature first."""
    scaled = logits / np.float32(temperature)
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    probabilities: NDArray[np.float32] = powers / powers.sum(axis=-1, keepdims=True)
    return probabilities
