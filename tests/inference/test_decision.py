"""Logits become probabilities and a verdict; extreme logits are handled safely."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lenet_desktop.inference.decision import Verdict, decide, energy, softmax, words
from lenet_desktop.models.model_card import DIGITS, ModelCard

LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
CARD = ModelCard("a", classes=("a", "b", "c"))


def test_softmax_takes_any_shape_and_any_size_of_numbers() -> None:
    logits = np.array([[0, 0], [1e4, -1e4], [-1e30, 1e30]], np.float32)
    assert softmax(logits).tolist() == [[0.5, 0.5], [1, 0], [0, 1]]
    assert softmax(logits[0], 0.01).tolist() == [0.5, 0.5]
    assert softmax(logits).dtype == np.float32


@given(
    arrays(
        np.float32,
        (3, 3),
        elements=st.floats(width=32, allow_nan=True, allow_infinity=True),
    ),
    st.floats(0.01, 100),
)
def test_any_logits_give_finite_probabilities(logits: np.ndarray, temperature: float) -> None:
    card = ModelCard("a", classes=CARD.classes, temperature=temperature)
    decision = decide(logits, card)
    assert np.isfinite(decision.probabilities).all()
    assert decision.probabilities.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert decision.probabilities.dtype == np.float32
    for row, verdict in zip(logits, decision.verdicts, strict=True):
        if not np.isfinite(row).all():
            assert verdict is Verdict.NOT_A_DIGIT


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_logits_that_are_not_finite_are_refused_even_without_thresholds(value: float) -> None:
    logits = np.array([[value, 0, 0], [5, 0, 0]], np.float32)
    decision = decide(logits, CARD)
    assert decision.verdicts == (Verdict.NOT_A_DIGIT, Verdict.DIGIT)
    assert decision.refused.tolist() == [True, False]
    assert decision.confidences[0] == pytest.approx(1 / 3)
    assert decision.predicted[1] == 0


def test_the_energy_is_high_where_no_class_fits() -> None:
    high, low = energy(np.array([[-5.0, -5.0], [-5.0, 9.0]]))
    assert high == pytest.approx(5 - np.log(2))
    assert low < -8.9


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        (DIGITS, ("digit", "not sure", "not a digit")),
        (DIGITS[::-1], ("digit", "not sure", "not a digit")),
        (LETTERS, ("one of these", "not sure", "none of these")),
        (("3", "5"), ("one of these", "not sure", "none of these")),
    ],
)
def test_the_words_of_a_verdict_suit_the_classes(
    classes: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    verdicts = (Verdict.DIGIT, Verdict.UNSURE, Verdict.NOT_A_DIGIT)
    assert tuple(words(verdict, classes) for verdict in verdicts) == expected
