"""The loss, compared with the same formula written out sample by sample."""

import math

import pytest
import torch

from lenet_desktop.data.labelled import NONE_OF_THEM
from lenet_desktop.training.recipe import Recipe
from lenet_desktop.training.step.loss import summed_loss

LABELS = torch.tensor([3, NONE_OF_THEM, 0, 9, NONE_OF_THEM])


def logits(seed: int) -> torch.Tensor:
    return 3 * torch.randn(5, 10, generator=torch.Generator().manual_seed(seed))


def probabilities(row: list[float]) -> list[float]:
    powers = [math.exp(value) for value in row]
    return [power / sum(powers) for power in powers]


def energy(row: list[float]) -> float:
    return -math.log(sum(math.exp(value) for value in row))


def test_without_a_teacher() -> None:
    recipe = Recipe("r", label_smoothing=0.1, outliers=1, outlier_weight=0.5)
    expected = 0.0
    for row, label in zip(logits(0).tolist(), LABELS.tolist(), strict=True):
        if label == NONE_OF_THEM:
            expected += 0.5 * math.log(1 + math.exp(-energy(row)))
            continue
        for digit, probability in enumerate(probabilities(row)):
            expected -= (0.1 / 10 + 0.9 * (digit == label)) * math.log(probability)
        expected += 0.5 * math.log(1 + math.exp(energy(row)))
    assert summed_loss(logits(0), LABELS, recipe).item() == pytest.approx(expected, rel=1e-5)


def test_with_a_teacher() -> None:
    recipe = Recipe("r", label_smoothing=0.1, outliers=1, outlier_weight=0.5)
    expected = 0.0
    rows = zip(logits(0).tolist(), logits(1).tolist(), LABELS.tolist(), strict=True)
    for row, teacher_logits, label in rows:
        if label != NONE_OF_THEM:
            expected -= 0.3 * math.log(probabilities(row)[label])
            soft = probabilities([value / 3 for value in row])
            wanted = probabilities([value / 3 for value in teacher_logits])
            for student, target in zip(soft, wanted, strict=True):
                expected += 0.7 * 9 * target * (math.log(target) - math.log(student))
        belongs = 1 / (1 + math.exp(energy(teacher_logits)))
        expected += 0.5 * belongs * math.log(1 + math.exp(energy(row)))
        expected += 0.5 * (1 - belongs) * math.log(1 + math.exp(-energy(row)))
    loss = summed_loss(logits(0), LABELS, recipe, logits(1))
    assert loss.item() == pytest.approx(expected, rel=1e-5)


def test_without_outliers_the_energy_does_not_count() -> None:
    digits, recipe = torch.tensor([3, 1, 0, 9, 2]), Recipe("r")
    expected = torch.nn.functional.cross_entropy(logits(0), digits, reduction="sum")
    assert summed_loss(logits(0), digits, recipe).item() == pytest.approx(expected.item())
    shifted = summed_loss(logits(0) + 5, digits, recipe, logits(1) - 5)
    assert shifted.item() == pytest.approx(
        summed_loss(logits(0), digits, recipe, logits(1)).item(), rel=1e-5
    )
