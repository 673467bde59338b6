"""The options of a training; every field has a sensible default."""

import secrets
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QSpinBox, QVBoxLayout, QWidget

from lenet_desktop.data.sources import PicturesAre, training_digits
from lenet_desktop.ui.training.before.data_choice import DataChoice
from lenet_desktop.ui.training.before.fields import (
    choice,
    decimal,
    lay_out,
    set_value,
    value_of,
    whole_number,
)
from lenet_desktop.ui.training.before.option_texts import option_names
from lenet_desktop.ui.training.before.recipe_cards import RecipeCards
from lenet_desktop.ui.training.fold import Fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lenet_desktop.models.model_card import ModelCard
    from lenet_desktop.training.job import Job
    from lenet_desktop.training.recipe import Recipe

_MAX_SEED = 2**31 - 1
# New seeds are short enough to be typed again.
_NEW_SEEDS = 1_000_000
_MOST_IMAGES = 60_000
_FROM_SCRATCH, _FROM_MODEL = 0, 1


class TrainingOptions(QWidget):
    """The data, the recipe, and a form of fields that accept only valid values.

    Args:
        devices: the devices that can be trained on.
        card: the card of the model in use.

    Signals:
        changed (): the user has changed something, the data or the recipe perhaps.

    Attributes:
        data: the choice of the data.
        recipes: the choice of the recipe.
        advanced: all other fields, hidden at first.
    """

    changed = Signal()

    def __init__(
        self, devices: tuple[str, ...], card: "ModelCard", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        # These import torch, which is loaded by now; the window opened without it.
        from lenet_desktop.training.recipe import RECIPES, SCHEDULES
        from lenet_desktop.training.step.augmentation import AUGMENTATIONS
        from lenet_desktop.training.step.optimizer import OPTIMIZERS

        self._all_recipes = RECIPES
        self._card = card
        self._shown: dict[QWidget, object] = {}
        self._is_filling = False
        self.data = DataChoice()
        self.recipes = RecipeCards(tuple(RECIPES))
        self.epochs = whole_number(1, 1000)
        self.batch_size = whole_number(1, 4096)
        self.learning_rate = decimal(10, 5, 0.001, lowest=0.00001)
        names = option_names()
        self.optimizer = choice({value: names.get(value, value) for value in OPTIMIZERS})
        self.schedule = choice({value: names.get(value, value) for value in SCHEDULES})
        self.weight_decay = decimal(1, 4, 0.01)
        self.device = choice(dict(zip(devices, devices, strict=True)))
        self.fixed_seed = QCheckBox(self.tr("fixed"))
        self.seed = whole_number(0, _MAX_SEED)
        self.images = whole_number(0, _MOST_IMAGES)
        self.images.setSpecialValueText(self.tr("all"))
        self.images.setSingleStep(100)
        self.augmentation = choice({value: names.get(value, value) for value in AUGMENTATIONS})
        self.pen_digits = QCheckBox()
        self.start = choice(
            {"scratch": self.tr("from scratch"), "model": self.tr("from the model in use")}
        )
        self.freeze = QCheckBox(self.tr("freeze the convolutions"))
        self.network = choice(
            {"lenet": self.tr("LeNet (classic)"), "residual": self.tr("residual (deeper)")}
        )
        self.dropout = decimal(0.9, 2, 0.1)
        self.batch_norm = QCheckBox(self.tr("after each convolution"))
        self._fields: dict[str, QWidget] = {
            "epochs": self.epochs,
            "batch_size": self.batch_size,
            "learning_rate": self.learning_rate,
            "optimizer": self.optimizer,
            "schedule": self.schedule,
            "weight_decay": self.weight_decay,
            "device": self.device,
            "fixed_seed": self.fixed_seed,
            "seed": self.seed,
            "images": self.images,
            "augmentation": self.augmentation,
            "pen_digits": self.pen_digits,
            "start": self.start,
            "freeze": self.freeze,
            "network": self.network,
            "dropout": self.dropout,
            "batch_norm": self.batch_norm,
        }
        self.advanced = Fold(self.tr("&Advanced"), lay_out(self._fields))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.data)
        layout.addWidget(self.recipes)
        layout.addWidget(self.advanced)
        self.recipes.choose(next(iter(RECIPES)))
        self.data.offer(None)
        self.reset()
        self.data.chosen.connect(self._take_data)
        # Not a change of the user's: what was said last may still be true.
        self.data.seen.connect(self._suit_recipe)
        self.recipes.chosen.connect(lambda _: self.reset())
        self.recipes.reset.connect(self.reset)
        for field in self._fields.values():
            _when_changed(field, self._take_change)

    # The data

    @property
    def data_path(self) -> Path:
        """A folder, a key of FAMILY, or STARTER."""
        return self.data.path

    def set_data(self, mnist: Path | None) -> None:
        """Offer MNIST if it is on this computer, and choose the best data available."""
        self.data.offer(mnist)
        self._suit_recipe()

    def use_data(self, data: Path) -> None:
        """Choose STARTER, or a folder that is offered already."""
        self.data.choose(data)
        self._suit_recipe()

    def use_folder(self, folder: Path) -> None:
        """Choose the MNIST in this folder; if it is missing, the training reports that."""
        self.data.add_folder(folder)
        self.use_data(folder)

    # The recipe

    @property
    def starts_from_model(self) -> bool:
        """Whether the training begins with the weights of the model in use."""
        return self.start.currentIndex() == _FROM_MODEL

    @property
    def is_changed(self) -> bool:
        """Whether a field has another value than the recipe gives it."""
        if not self.starts_from_model and self._architecture()[0] != "lenet":
            return True
        if self.images.value():
            return True
        return any(value_of(field) != value for field, value in self._shown.items())

    def set_card(self, card: "ModelCard") -> None:
        """Take the card of the model that is in use now."""
        self._card = card
        self._suit_recipe()

    def use_recipe(self, name: str) -> None:
        """Show a recipe's values in the fields, adapted to the data."""
        self.recipes.choose(name)
        self.reset()

    def reset(self) -> None:
        """Show all values of the chosen recipe; the seed and the device stay."""
        self._shown.clear()
        with self._filling():
            self.images.setValue(0)
            self.network.setCurrentIndex(0)
            self.dropout.setValue(0)
            self.batch_norm.setChecked(False)
            self.freeze.setChecked(False)
        self._suit_recipe()
        self.changed.emit()

    def recipe(self) -> "Recipe":
        """Return the recipe that the fields describe; its seed is 0 if none is fixed.

        Raises:
            ValueError: it is not a valid recipe.
        """
        base = self._suited(self.recipes.name)
        architecture, options = self._architecture()
        chosen = replace(
            base,
            architecture=architecture,
            options=options,
            epochs=self.epochs.value(),
            batch_size=self.batch_size.value(),
            learning_rate=self.learning_rate.value(),
            optimizer=self.optimizer.currentData(),
            schedule=self.schedule.currentData(),
            augmentation=self.augmentation.currentData(),
            weight_decay=self.weight_decay.value(),
            pen_digits=base.pen_digits if self.pen_digits.isChecked() else 0,
            outliers=base.outliers if self.pen_digits.isChecked() else 0,
            seed=self.seed.value() if self.fixed_seed.isChecked() else 0,
        )
        if not self.is_changed:
            return chosen
        # A name in the model card, which is the same in every language.
        return replace(chosen, name=", ".join((base.name, "changed")))

    def job(self, champion: Path, held_out: Path | None) -> "Job":
        """Return the job that the fields describe, with a new seed unless one is fixed.

        Args:
            champion: the file of the model in use, which the challenger is compared with.
            held_out: the data whose test images the models are compared on; the training data if
                None.

        Raises:
            ValueError: the fields do not describe a valid recipe.
        """
        from lenet_desktop.training.job import Job

        recipe = self.recipe()
        if not self.fixed_seed.isChecked():
            recipe = replace(recipe, seed=secrets.randbelow(_NEW_SEEDS))
        return Job(
            recipe=recipe,
            data=self.data_path,
            held_out=held_out,
            device=self.device.currentText(),
            champion=champion,
            starts_from_champion=self.starts_from_model,
            freeze_convolutions=self.starts_from_model and self.freeze.isChecked(),
            images=self.images.value(),
            pictures=self.data.pictures_are if self.data.is_of_pictures else PicturesAre.DRAWINGS,
        )

    def show_times(self, speed: float | None) -> None:
        """Show on the cards how long the training with each recipe will take.

        Args:
            speed: see ``expected_time.expected_seconds``; None if no training was measured yet.
        """
        from lenet_desktop.training.expected_time import expected_seconds

        recipes = {name: self._suited(name) for name in self._all_recipes}
        recipes[self.recipes.name] = self.recipe()
        digits = self._images_to_train()
        if self.images.value():
            digits = min(digits, self.images.value())
        self.recipes.show_times(
            {
                name: expected_seconds(recipe, digits, speed or 1.0)
                for name, recipe in recipes.items()
            },
            is_measured=speed is not None,
        )

    def _suited(self, name: str) -> "Recipe":
        from lenet_desktop.training.recipe import suited_to

        digits = self._images_to_train()
        return suited_to(self._all_recipes[name], digits, learns_on=self.starts_from_model)

    def _images_to_train(self) -> int:
        seen = self.data.looked_at
        return seen.train if seen and seen.train else training_digits(self.data_path)

    def _architecture(self) -> tuple[str, dict[str, Any]]:
        if self.starts_from_model:
            return self._card.architecture, self._card.options
        if self.network.currentData() == "residual":
            return "residual", {}
        if self.dropout.value() or self.batch_norm.isChecked():
            options = {"dropout": self.dropout.value(), "batch_norm": self.batch_norm.isChecked()}
            return "lenet-variant", options
        return "lenet", {}

    def _suit_recipe(self) -> None:
        """Show the recipe's values for the chosen data; keep what the user has changed."""
        with self._filling():
            # What the recipe's values are depends on the start.
            self._fill({self.start: self._best_start()})
            recipe = self._suited(self.recipes.name)
            self._fill(
                {
                    self.epochs: recipe.epochs,
                    self.batch_size: recipe.batch_size,
                    self.learning_rate: recipe.learning_rate,
                    self.optimizer: recipe.optimizer,
                    self.schedule: recipe.schedule,
                    self.augmentation: recipe.augmentation,
                    self.weight_decay: recipe.weight_decay,
                    self.pen_digits: recipe.pen_digits > 0,
                }
            )
            self.pen_digits.setEnabled(recipe.pen_digits > 0)
            if not recipe.pen_digits:
                text = self.tr("none in this recipe")
            elif self.data.are_digits:
                text = self.tr("{digits} pen digits, {outliers} outliers")
            else:
                text = self.tr("{outliers} outliers; no pen digits for these classes")
            self.pen_digits.setText(
                text.format(digits=f"{recipe.pen_digits:,}", outliers=f"{recipe.outliers:,}")
            )
        self._show_state()

    def _best_start(self) -> int:
        """Return where a training should start unless the user decides.

        From scratch, the few starter digits can only make a model that is worse than the factory
        model.
        """
        from lenet_desktop.models.model_card import DIGITS

        has_many = training_digits(self.data_path) >= training_digits(Path())
        return _FROM_SCRATCH if has_many or self._card.classes != DIGITS else _FROM_MODEL

    def _fill(self, values: dict[QWidget, Any]) -> None:
        for field, value in values.items():
            if field not in self._shown or value_of(field) == self._shown[field]:
                set_value(field, value)
                # Read back, since the field may round it.
                self._shown[field] = value_of(field)

    @contextmanager
    def _filling(self) -> "Iterator[None]":
        before, self._is_filling = self._is_filling, True
        try:
            yield
        finally:
            self._is_filling = before

    def _show_state(self) -> None:
        goes_on = self.starts_from_model
        self.freeze.setEnabled(goes_on)
        self.network.setEnabled(not goes_on)
        for field in (self.dropout, self.batch_norm):
            field.setEnabled(not goes_on and self.network.currentData() == "lenet")
        self.seed.setVisible(self.fixed_seed.isChecked())
        self.recipes.show_changed(self.is_changed)

    def _take_data(self) -> None:
        self._suit_recipe()
        self.changed.emit()

    def _take_change(self) -> None:
        if not self._is_filling:
            self._suit_recipe()
            self.changed.emit()


def _when_changed(field: QWidget, then: "Callable[[], None]") -> None:
    if isinstance(field, QComboBox):
        field.currentIndexChanged.connect(lambda _: then())
    elif isinstance(field, QCheckBox):
        field.toggled.connect(lambda _: then())
    else:
        assert isinstance(field, QSpinBox | QDoubleSpinBox)
        field.valueChanged.connect(lambda _: then())
