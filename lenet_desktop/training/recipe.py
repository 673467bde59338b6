"""Recipes: everything that decides a training apart from the data."""

import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch

from lenet_desktop.errors import Text
from lenet_desktop.models.architectures import ARCHITECTURES
from lenet_desktop.models.initialization import INITIALIZATIONS
from lenet_desktop.models.model_card import DIGITS, MAX_NAME
from lenet_desktop.training.step.augmentation import AUGMENTATIONS
from lenet_desktop.training.step.optimizer import OPTIMIZERS

SCHEDULES = ("constant", "cosine", "one-cycle")
_ENOUGH = 14_000
_MOST_EPOCHS = 1000


@dataclass(frozen=True)
class Recipe:
    """Everything that decides a training apart from the data.

    Attributes:
        name: its name, to be shown, 1 to 60 characters.
        architecture: a key of ``ARCHITECTURES``.
        options: the architecture's own options by name, numbers and truth values.
        initialization: 'pytorch' for the default of PyTorch's layers, 'he' for the larger weights
            of K. He et al., "Delving Deep into Rectifiers", ICCV 2015, which learn faster here.
        optimizer: one of ``OPTIMIZERS``; 'sgd' has a Nesterov momentum of 0.9.
        learning_rate: the highest that the schedule reaches, above 0 to 10.
        schedule: one of ``SCHEDULES``.
        batch_size: images per step, 1 to 4096.
        epochs: passes through the training images, 1 to 1000.
        weight_decay: as the optimizer defines it (AdamW's is decoupled), 0 to 1.
        label_smoothing: the share of the target spread over all classes, 0 to 0.99.
        augmentation: a key of ``AUGMENTATIONS``.
        ema_decay: the decay of the exponential moving average (EMA) of the weights, which is
            validated and returned; 0 (no average) to 0.99999.
        pen_digits: how many synthetic pen digits join the real images, 0 to 200,000; they need
            data whose classes are the ten digits.
        outliers: how many synthetic outliers join them, 0 to 200,000.
        redrawn: draw the synthetic images anew for every epoch, which takes time and keeps a long
            training from overfitting them.
        outlier_weight: the weight of the outliers' loss relative to the cross-entropy, 0 to 10.
        seed: the random seed, 0 to 2**32 - 1.

    Raises:
        ValueError: a value is of the wrong type or outside its range.
    """

    name: str
    architecture: str = "lenet"
    options: dict[str, Any] = field(default_factory=dict)
    initialization: str = "he"
    optimizer: str = "adamw"
    learning_rate: float = 0.005
    schedule: str = "one-cycle"
    batch_size: int = 256
    epochs: int = 4
    weight_decay: float = 0.01
    label_smoothing: float = 0.0
    augmentation: str = "none"
    ema_decay: float = 0.0
    pen_digits: int = 0
    outliers: int = 0
    redrawn: bool = False
    outlier_weight: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not 0 < len(self.name) <= MAX_NAME:
            raise ValueError(f"the name of a recipe must have 1 to {MAX_NAME} characters")
        if type(self.redrawn) is not bool:
            raise ValueError("redrawn must be true or false")
        if not isinstance(self.options, dict) or not all(
            isinstance(name, str) and type(value) in (bool, int, float)
            for name, value in self.options.items()
        ):
            raise ValueError("the options must be numbers and truth values by name")
        for what, value, known in (
            ("architecture", self.architecture, ARCHITECTURES),
            ("initialization", self.initialization, INITIALIZATIONS),
            ("optimizer", self.optimizer, OPTIMIZERS),
            ("schedule", self.schedule, SCHEDULES),
            ("augmentation", self.augmentation, AUGMENTATIONS),
        ):
            if not isinstance(value, str) or value not in known:
                raise ValueError(f"there is no {what} '{value}', only {', '.join(known)}")
        for what, number, lowest, highest in (
            ("batch size", self.batch_size, 1, 4096),
            ("epochs", self.epochs, 1, _MOST_EPOCHS),
            ("pen digits", self.pen_digits, 0, 200_000),
            ("outliers", self.outliers, 0, 200_000),
            ("seed", self.seed, 0, 2**32 - 1),
        ):
            if type(number) is not int or not lowest <= number <= highest:
                raise ValueError(f"{what} must be a whole number from {lowest} to {highest}")
        for what, rate, highest_rate in (
            ("label smoothing", self.label_smoothing, 0.99),
            ("EMA decay", self.ema_decay, 0.99999),
            ("weight decay", self.weight_decay, 1.0),
            ("learning rate", self.learning_rate, 10.0),
            ("outlier weight", self.outlier_weight, 10.0),
        ):
            if type(rate) not in (int, float) or not 0 <= rate <= highest_rate:
                raise ValueError(f"{what} must be from 0 to {highest_rate:g}, not {rate}")
        if self.learning_rate == 0:
            raise ValueError("learning rate must be above 0")
        try:
            with torch.random.fork_rng(devices=[]):
                ARCHITECTURES[self.architecture](10, **self.options)
        except (TypeError, ValueError) as error:
            raise ValueError(f"wrong options for '{self.architecture}': {error}") from error


RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        # Chosen on MNIST's validation digits and UNIPEN. Three seeds ended at 99.0 to 99.1 %; two
        # epochs sometimes miss 99 %, and batches of 128 take half as long again. The synthetic
        # images add no more than half of the time.
        Recipe(
            "quick",
            learning_rate=0.015,
            batch_size=256,
            epochs=3,
            label_smoothing=0.05,
            ema_decay=0.98,
            pen_digits=7_000,
            outliers=2_500,
        ),
        Recipe(
            "tutorial",
            initialization="pytorch",
            optimizer="adam",
            learning_rate=0.001,
            schedule="constant",
            batch_size=64,
            epochs=10,
            weight_decay=0.0,
        ),
        Recipe(
            "thorough",
            learning_rate=0.006,
            batch_size=256,
            epochs=40,
            label_smoothing=0.05,
            augmentation="strong",
            ema_decay=0.999,
            pen_digits=7_000,
            outliers=4_500,
            redrawn=True,
            outlier_weight=0.4,
        ),
    )
}


def suited_to(recipe: Recipe, digits: int, *, learns_on: bool = False) -> Recipe:
    """Return the recipe with more epochs if there are few digits to train on.

    'quick' on the 3,500 starter digits would end before the network has learned much: it gets as
    many steps as 14,000 digits would give it, and synthetic images in proportion. 'tutorial' is
    never changed, since it is the training of the textbooks.

    Args:
        recipe: one of ``RECIPES``.
        digits: the number of real images in an epoch.
        learns_on: whether the training begins with a trained network: it needs no more epochs, and
            a tenth of the learning rate keeps it near what it knows already. On the starter digits
            the factory model, which reads 99.0 % of their validation digits and 99.31 % of UNIPEN,
            came to 99.2 to 99.4 % (four seeds of 'quick'); larger rates and more epochs were no
            better there, and 'thorough' did best after its first epoch.
    """
    times = 1 if recipe.name == "tutorial" else max(1, round(_ENOUGH / digits))
    return replace(
        recipe,
        epochs=min(recipe.epochs * (1 if learns_on else times), _MOST_EPOCHS),
        learning_rate=recipe.learning_rate / (10 if learns_on else 1),
        pen_digits=recipe.pen_digits // times,
        outliers=recipe.outliers // times,
    )


def suited_to_classes(recipe: Recipe, classes: tuple[str, ...]) -> tuple[Recipe, Text]:
    """Return the recipe without pen digits if the classes are not the ten digits.

    Letters and shapes among the outliers are then left out as well, see ``kinds_beside``. The
    second value is a sentence for the user that says so, or ''.
    """
    if classes == DIGITS or not recipe.pen_digits:
        return recipe, Text("")
    sentence = Text(
        "The classes are not the ten digits: synthetic pen digits are left out, and letters and "
        "shapes among the outliers."
    )
    return replace(recipe, pen_digits=0), sentence


def learning_rate_at(recipe: Recipe, step: int, steps: int) -> float:
    """Return the learning rate of a step, counted from 0, in a training of ``steps`` steps.

    'one-cycle' rises during the first quarter and then falls to 0, both along a cosine:
    L. N. Smith, N. Topin, "Super-Convergence: Very Fast Training of Neural Networks Using Large
    Learning Rates", 2018.
    """
    if recipe.schedule == "constant":
        return recipe.learning_rate
    rise = max(1, steps // 4) if recipe.schedule == "one-cycle" else 0
    if step < rise:
        return recipe.learning_rate * (0.04 + 0.96 * 0.5 * (1 - math.cos(math.pi * step / rise)))
    through = (step - rise) / max(1, steps - rise)
    return recipe.learning_rate * 0.5 * (1 + math.cos(math.pi * through))


def generator_at(recipe: Recipe, *place: int) -> torch.Generator:
    """Return the generator of the random numbers at a place in a training."""
    seed = np.random.SeedSequence((recipe.seed, *place)).generate_state(1, np.uint64)
    return torch.Generator().manual_seed(int(seed[0]))
