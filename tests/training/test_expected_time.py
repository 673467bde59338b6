"""The expected time of a training."""

from dataclasses import replace

import pytest

from lenet_desktop.training.expected_time import expected_seconds, speed_of
from lenet_desktop.training.recipe import RECIPES

QUICK, THOROUGH = RECIPES["quick"], RECIPES["thorough"]


def test_more_work_takes_longer() -> None:
    quick = expected_seconds(QUICK, 55_000)
    assert quick > expected_seconds(QUICK, 3_500)
    assert expected_seconds(replace(QUICK, epochs=6), 55_000) > 1.5 * quick
    assert expected_seconds(replace(QUICK, architecture="residual"), 55_000) > 4 * quick
    assert expected_seconds(THOROUGH, 55_000) > 8 * quick
    again = replace(THOROUGH, redrawn=False)
    assert expected_seconds(again, 55_000) < expected_seconds(THOROUGH, 55_000)
    plain = replace(THOROUGH, augmentation="none")
    assert expected_seconds(plain, 55_000) < expected_seconds(THOROUGH, 55_000)


@pytest.mark.parametrize("share", [0.25, 1.0])
def test_the_speed_of_a_training_corrects_the_expectation(share: float) -> None:
    slow = 4 * (expected_seconds(QUICK, 55_000) - 1)
    speed = speed_of(QUICK, 55_000, share, slow * share)
    assert speed == pytest.approx(1 / 4)
    assert expected_seconds(QUICK, 55_000, speed) == pytest.approx(1 + slow)
    assert expected_seconds(replace(QUICK, epochs=6), 55_000, speed) > 1 + 1.8 * slow
