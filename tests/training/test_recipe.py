"""Recipes: invalid values, learning rate schedules, and the adaptation to the data."""

import dataclasses
import math

import pytest

from lenet_desktop.models.model_card import DIGITS
from lenet_desktop.training.recipe import (
    RECIPES,
    Recipe,
    learning_rate_at,
    suited_to,
    suited_to_classes,
)

LEFT_OUT = (
    "The classes are not the ten digits: synthetic pen digits are left out, and letters and shapes "
    "among the outliers."
)


@pytest.mark.parametrize("schedule", ["constant", "cosine", "one-cycle"])
def test_schedules_reach_the_learning_rate_and_fall(schedule: str) -> None:
    recipe = Recipe("any", schedule=schedule, learning_rate=0.5)
    rates = [learning_rate_at(recipe, step, 100) for step in range(100)]
    assert max(rates) == pytest.approx(0.5)
    assert rates[0] == pytest.approx(0.02 if schedule == "one-cycle" else 0.5)
    assert (rates[-1] < 0.001) == (schedule != "constant")
    assert all(rate > 0 for rate in rates)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": ""}, "name of a recipe"),
        ({"name": 5}, "name of a recipe"),
        ({"redrawn": 1}, "redrawn"),
        ({"options": None}, "options"),
        ({"options": {"dropout": "0.1"}}, "options"),
        ({"architecture": "vgg"}, "no architecture 'vgg'"),
        ({"architecture": ["lenet"]}, "no architecture"),
        ({"architecture": "residual", "options": {"depth": 3}}, "wrong options"),
        ({"architecture": "residual", "options": {"dropout": 1.0}}, "dropout rate"),
        ({"optimizer": "lion"}, "no optimizer 'lion'"),
        ({"schedule": "step"}, "no schedule 'step'"),
        ({"initialization": "zeros"}, "no initialization 'zeros'"),
        ({"augmentation": "mixup"}, "no augmentation 'mixup'"),
        ({"batch_size": 0}, "batch size"),
        ({"batch_size": 64.0}, "batch size"),
        ({"epochs": 1001}, "epochs"),
        ({"seed": -1}, "seed"),
        ({"learning_rate": 0.0}, "learning rate"),
        ({"learning_rate": math.nan}, "learning rate"),
        ({"learning_rate": "fast"}, "learning rate"),
        ({"weight_decay": 2.0}, "weight decay"),
        ({"label_smoothing": 1.0}, "label smoothing"),
        ({"ema_decay": 1.0}, "EMA decay"),
    ],
)
def test_a_recipe_refuses_values_outside_their_range(
    change: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(RECIPES["quick"], **change)  # type: ignore[arg-type]


def test_tutorial_is_the_textbook_training() -> None:
    recipe = RECIPES["tutorial"]
    assert (recipe.optimizer, recipe.learning_rate, recipe.schedule) == ("adam", 0.001, "constant")
    assert (recipe.batch_size, recipe.epochs, recipe.weight_decay) == (64, 10, 0)
    assert (recipe.initialization, recipe.augmentation) == ("pytorch", "none")
    assert recipe.label_smoothing == recipe.ema_decay == 0


def test_pen_digits_join_the_ten_digits_only() -> None:
    quick = RECIPES["quick"]
    assert suited_to_classes(quick, DIGITS) == (quick, "")
    recipe, sentence = suited_to_classes(quick, ("a", "b"))
    assert recipe == dataclasses.replace(quick, pen_digits=0)
    assert sentence == LEFT_OUT
    assert suited_to_classes(RECIPES["tutorial"], ("a", "b")) == (RECIPES["tutorial"], "")


def test_few_digits_get_more_epochs_unless_the_network_has_learned_already() -> None:
    quick = RECIPES["quick"]
    assert suited_to(quick, 55_000) == quick
    few = suited_to(quick, 3_500)
    assert (few.epochs, few.pen_digits, few.outliers) == (12, 1_750, 625)
    assert few.learning_rate == quick.learning_rate
    on = suited_to(quick, 3_500, learns_on=True)
    assert on == dataclasses.replace(few, epochs=3, learning_rate=quick.learning_rate / 10)
    assert suited_to(RECIPES["tutorial"], 3_500) == RECIPES["tutorial"]
