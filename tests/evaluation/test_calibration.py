"""Temperature and limits are fitted as they should be."""

import math

import numpy as np
import pytest

from lenet_desktop.evaluation.calibration import fit_temperature, fit_threshold
from lenet_desktop.inference.decision import energy


def test_the_score_is_the_logarithm_of_the_sum_of_exponentials() -> None:
    logits = np.array([[0.0, 0.0], [100.0, -100.0], [1.0, 2.0]], np.float32)
    expected = [math.log(2), 100, math.log(math.exp(1) + math.exp(2))]
    assert -energy(logits) == pytest.approx(expected)


@pytest.mark.parametrize("temperature", [0.3, 1.0, 4.0])
def test_the_temperature_that_labels_were_drawn_with_is_found(temperature: float) -> None:
    random = np.random.default_rng(0)
    logits = random.normal(0, 2 * temperature, (5000, 10)).astype(np.float32)
    powers = np.exp(logits / temperature)
    below = (powers / powers.sum(axis=1, keepdims=True)).cumsum(axis=1)
    labels = (random.random((5000, 1)) > below).sum(axis=1).clip(0, 9)
    assert fit_temperature(logits, labels) == pytest.approx(temperature, rel=0.08)


def test_the_temperature_stays_finite_when_every_digit_is_read_rightly() -> None:
    logits = 5 * np.eye(10, dtype=np.float32)
    assert 0.2 <= fit_temperature(logits, np.arange(10)) < 0.3
    assert fit_temperature(logits, np.arange(10)[::-1]) == pytest.approx(20, rel=0.01)


def test_scores_apart_are_parted() -> None:
    digits, others = np.arange(10.0, 20.0), np.arange(0.0, 10.0)
    assert fit_threshold(digits, others) == 10


def test_no_more_digits_are_refused_than_allowed() -> None:
    digits = np.arange(1000.0)
    others = np.full(50, 500.5)
    assert fit_threshold(digits, others, most_refused=0.02) == 0
    assert fit_threshold(digits, np.full(50, 12.5), most_refused=0.02) == 13
    assert fit_threshold(digits, np.full(50, 12.5), most_refused=0.01) == 0


def test_few_scores_do_for_a_threshold() -> None:
    assert fit_threshold(np.array([3.0]), np.array([5.0])) == 3
    assert fit_threshold(np.array([3.0]), np.array([1.0])) == 3
