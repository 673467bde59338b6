"""The training's options by the names that lessons give them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from lenet_desktop.data.sources import STARTER
from lenet_desktop.ui.training.before.fields import set_value, value_of
from lenet_desktop.ui.training.before.options import TrainingOptions


@dataclass(frozen=True)
class Chosen:
    """What was chosen before a lesson.

    Attributes:
        recipe: its name.
        data: the training data.
        has_seed: whether the seed was fixed.
    """

    recipe: str
    data: Path
    has_seed: bool

    @classmethod
    def of(cls, options: TrainingOptions) -> "Chosen":
        """Return what is chosen now."""
        return cls(options.recipes.name, options.data_path, options.fixed_seed.isChecked())

    def restore(self, options: TrainingOptions) -> None:
        """Choose it again; all other options get the recipe's values."""
        options.use_data(self.data)
        options.use_recipe(self.recipe)
        options.fixed_seed.setChecked(self.has_seed)


def set_options(options: TrainingOptions, settings: Mapping[str, Any]) -> None:
    """Set options; those of the recipe first, since they set others."""
    if "recipe" in settings:
        options.use_recipe(settings["recipe"])
    if "digits" in settings:
        options.use_data(STARTER)  # the only ones that are always there
    if "seed" in settings:
        options.fixed_seed.setChecked(True)
    for name, value in sorted(settings.items(), key=lambda pair: pair[0] != "start"):
        if name not in ("recipe", "digits"):
            set_value(_field(options, name), value)


def option(options: TrainingOptions, name: str) -> object:
    """Return the value of an option."""
    return value_of(_field(options, name))


def _field(options: TrainingOptions, name: str) -> QWidget:
    return {
        "epochs": options.epochs,
        "batch-size": options.batch_size,
        "learning-rate": options.learning_rate,
        "images": options.images,
        "start": options.start,
        "synthetic": options.pen_digits,
        "seed": options.seed,
    }[name]
