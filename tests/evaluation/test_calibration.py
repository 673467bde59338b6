"""The temperature and the threshold of the energy are fitted as defined."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from lenet_desktop.data.labelled import LabelledImages
from lenet_desktop.evaluation.calibration import calibrated, fit_temperature, fit_threshold
from lenet_desktop.inference.decision import energy
from lenet_desktop.models.lenet import LeNet
from lenet_desktop.models.model_card import DIGITS, ModelCard
from lenet_desktop.models.model_file import Model
from small_models import LETTERS, THREE, a_model, images


def test_the_energy_is_minus_the_logarithm_of_the_sum_of_exponentials() -> None:
    logits = np.array([[0.0, 0.0], [100.0, -100.0], [1.0, 2.0]], np.float32)
    expected = [math.log(2), 100, math.log(math.exp(1) + math.exp(2))]
    assert -energy(logits) == pytest.approx(expected)


@pytest.mark.parametrize("temperature", [0.3, 1.0, 4.0])
@pytest.mark.parametrize("classes", [3, 10, 26])
def test_the_temperature_that_the_labels_were_drawn_with_is_found(
    temperature: float, classes: int
) -> None:
    random = np.random.default_rng(0)
    logits = random.normal(0, 2 * temperature, (5000, classes)).astype(np.float32)
    powers = np.exp(logits / temperature)
    below = (powers / powers.sum(axis=1, keepdims=True)).cumsum(axis=1)
    labels = (random.random((5000, 1)) > below).sum(axis=1).clip(0, classes - 1)
    assert fit_temperature(logits, labels) == pytest.approx(temperature, rel=0.08)


def test_the_temperature_stays_within_its_limits() -> None:
    logits = 5 * np.eye(10, dtype=np.float32)
    assert 0.2 <= fit_temperature(logits, np.arange(10)) < 0.3
    assert fit_temperature(logits, np.arange(10)[::-1]) == pytest.approx(20, rel=0.01)


def test_the_threshold_separates_scores_that_do_not_overlap() -> None:
    assert fit_threshold(np.arange(10.0, 20.0), np.arange(0.0, 10.0)) == 10


def test_no_more_samples_are_refused_than_allowed() -> None:
    scores = np.arange(1000.0)
    assert fit_threshold(scores, np.full(50, 500.5), max_refused_share=0.02) == 0
    assert fit_threshold(scores, np.full(50, 12.5), max_refused_share=0.02) == 13
    assert fit_threshold(scores, np.full(50, 12.5), max_refused_share=0.01) == 0


def test_one_score_of_each_kind_is_enough_for_a_threshold() -> None:
    assert fit_threshold(np.array([3.0]), np.array([5.0])) == 3
    assert fit_threshold(np.array([3.0]), np.array([1.0])) == 3


# Whole models


def a_network(classes: tuple[str, ...]) -> Model:
    torch.manual_seed(0)
    return Model(LeNet(len(classes)).eval(), ModelCard("a", classes=classes))


def validation(classes: tuple[str, ...]) -> LabelledImages:
    generator = torch.Generator().manual_seed(0)
    count = 2 * len(classes)
    some = torch.randint(0, 256, (count, 28, 28), generator=generator, dtype=torch.uint8)
    return LabelledImages(some, torch.arange(count) % len(classes), classes)


@pytest.mark.parametrize("classes", [THREE, LETTERS, DIGITS], ids=["3", "26", "digits"])
def test_a_model_of_any_classes_is_calibrated(classes: tuple[str, ...]) -> None:
    model, images_of_classes = a_network(classes), validation(classes)
    card = calibrated(model, images_of_classes, pen_digits=True, outliers=True, count=20).card
    assert card.classes == classes
    assert 0.2 <= card.temperature <= 20
    assert card.min_probability == 0.65
    assert abs(card.max_energy) < 100
    without = calibrated(model, images_of_classes, pen_digits=True, outliers=False, count=20)
    assert without.card == replace(card, max_energy=ModelCard("a").max_energy)


@pytest.mark.parametrize("classes", [DIGITS, ("1", "2", "3"), DIGITS[::-1]])
def test_pen_digits_join_only_where_the_classes_are_the_ten_digits(
    classes: tuple[str, ...],
) -> None:
    # Two of three validation images are read correctly, but of pen digits only the zeros.
    data = LabelledImages(torch.from_numpy(images(1, 2, 0)), torch.tensor([1, 2, 1]), classes)
    with_pen, without = (
        calibrated(a_model(classes), data, pen_digits=pen, outliers=False, count=20).card
        for pen in (True, False)
    )
    assert (with_pen.temperature > without.temperature) is (classes == DIGITS)
    assert (with_pen == without) is (classes != DIGITS)


def test_at_most_one_percent_of_the_validation_images_is_above_the_energy_threshold() -> None:
    shown = images(*range(26), *[25] * 174)
    data = LabelledImages(
        torch.from_numpy(shown), torch.from_numpy(shown[:, 0, 0].astype(np.int64)), LETTERS
    )
    card = calibrated(a_model(LETTERS), data, pen_digits=True, outliers=True, count=20).card
    # All logits are one-hot vectors of 4, with an energy of -log(e^4 + 25).
    assert card.max_energy == pytest.approx(-math.log(math.exp(4) + 25), abs=1e-4)
