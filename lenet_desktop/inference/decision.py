"""From logits to a decision: probabilities, the best class, and whether to trust it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lenet_desktop.models.model_card import DIGITS, ModelCard


class Verdict(StrEnum):
    """Whether to trust the best class.

    The names and values are those of a model that reads digits; ``words`` returns the text to show
    for any set of classes.
    """

    DIGIT = "digit"
    UNSURE = "not sure"
    NOT_A_DIGIT = "not a digit"


_WORDS_FOR_OTHER_CLASSES = {
    Verdict.DIGIT: "one of these",
    Verdict.UNSURE: "not sure",
    Verdict.NOT_A_DIGIT: "none of these",
}


def words(verdict: Verdict, classes: tuple[str, ...]) -> str:
    """Return the text to show for a verdict of a model with these classes."""
    return verdict.value if _are_digits(classes) else _WORDS_FOR_OTHER_CLASSES[verdict]


def invitation(classes: tuple[str, ...]) -> str:
    """Return the text to show on a blank pad for a model with these classes."""
    return "draw a digit" if _are_digits(classes) else "draw one of these"


def _are_digits(classes: tuple[str, ...]) -> bool:
    return set(classes) == set(DIGITS)


@dataclass(frozen=True, eq=False)
class Decision:
    """The decisions on N samples.

    Attributes:
        probabilities: float32 (N, classes), 0 to 1; each row adds up to 1.
        predicted: int64 (N,), the index of each sample's best class.
        verdicts: one for each sample.
    """

    probabilities: NDArray[np.float32]
    predicted: NDArray[np.int64]
    verdicts: tuple[Verdict, ...]

    @property
    def confidences(self) -> NDArray[np.float32]:
        """The probability of each sample's best class, float32 (N,), 0 to 1."""
        best: NDArray[np.float32] = self.probabilities.max(axis=1)
        return best

    @property
    def refused(self) -> NDArray[np.bool_]:
        """Which best classes are not to be trusted, bool (N,)."""
        return np.array([verdict is not Verdict.DIGIT for verdict in self.verdicts], bool)


def decide(logits: NDArray[np.float32], card: ModelCard) -> Decision:
    """Decide on logits (N, classes), with the temperature and the thresholds of the model's card.

    If a logit is NaN or infinite, all classes are equally probable and the verdict is
    NOT_A_DIGIT.
    """
    # Differences and quotients of large float32 numbers overflow; those of float64 do not.
    values = logits.astype(np.float64)
    is_finite = np.isfinite(values)
    if is_finite.all():
        energies = energy(values)
    else:
        broken = ~is_finite.all(axis=1)
        values[broken] = 0
        energies = energy(values)
        energies[broken] = np.inf
    probabilities = softmax(values, card.temperature)
    confidences = probabilities.max(axis=1)
    verdicts = tuple(
        Verdict.NOT_A_DIGIT if sample_energy > card.max_energy
        else Verdict.UNSURE if confidence < card.min_probability
        else Verdict.DIGIT
        for sample_energy, confidence in zip(energies.tolist(), confidences.tolist(), strict=True)
    )  # fmt: skip
    return Decision(probabilities, probabilities.argmax(axis=1), verdicts)


def energy(logits: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    """Return the energy, -log(sum(exp(logits))): high if no class fits.

    W. Liu et al., "Energy-based Out-of-distribution Detection", NeurIPS 2020.

    Args:
        logits: (..., classes).

    Returns:
        (...), without the last axis.
    """
    value: NDArray[np.floating[Any]] = -np.logaddexp.reduce(logits, axis=-1)
    return value


def softmax(logits: NDArray[np.floating[Any]], temperature: float = 1.0) -> NDArray[np.float32]:
    """Return the softmax of ``logits / temperature``, float32 (..., classes), 0 to 1.

    Args:
        logits: (..., classes), finite.
        temperature: above 0; a higher one makes the probabilities more equal.
    """
    powers = logits.astype(np.float64) / temperature
    powers -= powers.max(axis=-1, keepdims=True)
    np.exp(powers, out=powers)
    powers /= powers.sum(axis=-1, keepdims=True)
    return powers.astype(np.float32)
