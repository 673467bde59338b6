"""The options of a training; every field has a sensible default."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from lenet_desktop.data.sources import STARTER
from lenet_desktop.ui.training.before.option_texts import LEFT_COLUMN, RIGHT_COLUMN

if TYPE_CHECKING:
    from lenet_desktop.models.model_card import ModelCard
    from lenet_desktop.training.job import Job
    from lenet_desktop.training.recipe import Recipe

_FOLDER = "folder"
_STARTER_DIGITS = 3500


class TrainingOptions(QWidget):
    """A form of fields that accept only valid values.

    Signals:
        data_chosen (): the user chose other data to train on.
    """

    data_chosen = Signal()

    def __init__(self, devices: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # These import torch, which is loaded by now; the window opened without it.
        from lenet_desktop.training.recipe import RECIPES, SCHEDULES, suited_to
        from lenet_desktop.training.step.augmentation import AUGMENTATIONS
        from lenet_desktop.training.step.optimizer import OPTIMIZERS

        self._recipes = RECIPES
        self._suited_to = suited_to
        self._folder: Path | None = None
        self._before: Path = STARTER
        self._shown: dict[QWidget, object] = {}
        self.data = QComboBox()
        self.recipe = _choice(list(RECIPES))
        self.epochs = _number(1, 1000)
        self.batch_size = _number(1, 4096)
        self.learning_rate = QDoubleSpinBox()
        self.learning_rate.setRange(0.00001, 10)
        self.learning_rate.setDecimals(5)
        self.learning_rate.setSingleStep(0.001)
        self.optimizer = _choice(list(OPTIMIZERS))
        self.schedule = _choice(list(SCHEDULES))
        self.augmentation = _choice(list(AUGMENTATIONS))
        self.network = QComboBox()
        for text, name in (("LeNet (classic)", "lenet"), ("residual (deeper)", "residual")):
            self.network.addItem(text, name)
        self.dropout = QDoubleSpinBox()
        self.dropout.setRange(0, 0.9)
        self.dropout.setSingleStep(0.1)
        self.batch_norm = QCheckBox("after each convolution")
        self.weight_decay = QDoubleSpinBox()
        self.weight_decay.setRange(0, 1)
        self.weight_decay.setDecimals(4)
        self.weight_decay.setSingleStep(0.01)
        self.pen_digits = QCheckBox("pen digits and outliers")
        self.start = QComboBox()
        self.start.addItems(["from scratch", "from the model in use"])
        self.freeze = QCheckBox("freeze the convolutions")
        self.device = _choice(list(devices))
        self.seed = _number(0, 2**31 - 1)
        self._lay_out()
        self.recipe.currentTextChanged.connect(self._show_recipe)
        self.start.currentIndexChanged.connect(self._enable)
        self.network.currentIndexChanged.connect(self._enable)
        self.data.currentIndexChanged.connect(self._remember)
        self.data.activated.connect(self._choose_data)
        self._show_recipe()
        self._enable()

    def set_data(self, mnist: Path | None) -> None:
        """Offer MNIST if it is on this computer, and choose the best data available."""
        folder = self._folder if self.data_path == self._folder else None
        self.data.clear()
        if mnist is not None:
            self.data.addItem("MNIST (60,000 digits)", mnist)
        self.data.addItem("starter digits (5,000 of MNIST)", STARTER)
        self.data.addItem("MNIST in a folder…", _FOLDER)
        self._offer_folder()
        self._choose(folder or mnist or STARTER)
        self._suit_recipe()

    def use_data(self, data: Path) -> None:
        """Choose STARTER, or a folder that is offered already."""
        self._choose(data)
        self._suit_recipe()

    def use_folder(self, folder: Path) -> None:
        """Choose the MNIST in this folder; if it is missing, the training reports that."""
        self._folder = folder
        self._offer_folder()
        self._choose(folder)
        self._suit_recipe()

    @property
    def data_path(self) -> Path:
        """A folder that holds MNIST, or STARTER."""
        chosen = self.data.currentData()
        return chosen if isinstance(chosen, Path) else STARTER

    def use_recipe(self, name: str) -> None:
        """Show a recipe's values in the fields, adapted to the data."""
        self.recipe.setCurrentText(name)
        self._show_recipe()

    def job(self, champion: Path, card: "ModelCard", held_out: Path | None) -> "Job":
        """Return the job that the fields describe.

        Args:
            champion: the model file that the challenger is compared with.
            card: the card of that model.
            held_out: the data whose test images the models are compared on; the training data if
                None.
        """
        from lenet_desktop.training.job import Job

        goes_on = self.start.currentIndex() == 1
        return Job(
            recipe=self._chosen_recipe(card if goes_on else None),
            data=self.data_path,
            held_out=held_out,
            device=self.device.currentText(),
            champion=champion,
            starts_from_champion=goes_on,
            freeze_convolutions=goes_on and self.freeze.isChecked(),
        )

    def _chosen_recipe(self, card: "ModelCard | None") -> "Recipe":
        base = self._base()
        architecture, options = self._architecture()
        if card is not None:
            architecture, options = card.architecture, card.options
        chosen = replace(
            base,
            architecture=architecture,
            options=options,
            epochs=self.epochs.value(),
            batch_size=self.batch_size.value(),
            learning_rate=self.learning_rate.value(),
            optimizer=self.optimizer.currentText(),
            schedule=self.schedule.currentText(),
            augmentation=self.augmentation.currentText(),
            weight_decay=self.weight_decay.value(),
            pen_digits=base.pen_digits if self.pen_digits.isChecked() else 0,
            outliers=base.outliers if self.pen_digits.isChecked() else 0,
            seed=self.seed.value(),
        )
        is_changed = replace(chosen, seed=base.seed) != base
        return replace(chosen, name=f"{base.name}, changed") if is_changed else chosen

    def _architecture(self) -> tuple[str, dict[str, Any]]:
        if self.network.currentData() == "residual":
            return "residual", {}
        if self.dropout.value() or self.batch_norm.isChecked():
            options = {"dropout": self.dropout.value(), "batch_norm": self.batch_norm.isChecked()}
            return "lenet-variant", options
        return "lenet", {}

    def _base(self) -> "Recipe":
        base = self._recipes[self.recipe.currentText()]
        return self._suited_to(base, _STARTER_DIGITS) if self.data_path == STARTER else base

    def _show_recipe(self, _name: str = "") -> None:
        """Show all values of the chosen recipe."""
        self._shown.clear()
        self._suit_recipe()

    def _suit_recipe(self) -> None:
        """Show the recipe's values for the chosen data; keep what the user has changed."""
        recipe = self._base()
        values: dict[QWidget, object] = {
            self.epochs: recipe.epochs,
            self.batch_size: recipe.batch_size,
            self.learning_rate: recipe.learning_rate,
            self.optimizer: recipe.optimizer,
            self.schedule: recipe.schedule,
            self.augmentation: recipe.augmentation,
            self.weight_decay: recipe.weight_decay,
            self.pen_digits: recipe.pen_digits > 0,
        }
        for field, value in values.items():
            if field not in self._shown or _value(field) == self._shown[field]:
                _set_value(field, value)
                # Read back, since the field may round it.
                self._shown[field] = _value(field)
        self.pen_digits.setEnabled(recipe.pen_digits > 0)
        self.pen_digits.setText(
            f"{recipe.pen_digits:,} pen digits, {recipe.outliers:,} outliers"
            if recipe.pen_digits
            else "pen digits and outliers"
        )

    def _enable(self) -> None:
        goes_on = self.start.currentIndex() == 1
        self.freeze.setEnabled(goes_on)
        self.network.setEnabled(not goes_on)
        for field in (self.dropout, self.batch_norm):
            field.setEnabled(not goes_on and self.network.currentData() == "lenet")

    def _choose_data(self) -> None:
        if self.data.currentData() == _FOLDER:
            name = QFileDialog.getExistingDirectory(self, "The folder that holds MNIST")
            if not name:
                self._choose(self._before)
                return
            self.use_folder(Path(name))
        self._suit_recipe()
        self.data_chosen.emit()

    def _remember(self) -> None:
        if isinstance(self.data.currentData(), Path):
            self._before = self.data.currentData()

    def _choose(self, data: Path) -> None:
        self.data.setCurrentIndex(self._index_of(data))

    def _index_of(self, data: Path) -> int:
        # findData() does not compare with Python's ==.
        entries = (self.data.itemData(i) for i in range(self.data.count()))
        return next((i for i, entry in enumerate(entries) if entry == data), -1)

    def _offer_folder(self) -> None:
        if self._folder is not None and self._index_of(self._folder) < 0:
            self.data.insertItem(0, f"MNIST in {self._folder.name}", self._folder)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        columns = QHBoxLayout()
        columns.setSpacing(24)
        layout.addLayout(columns)
        layout.addStretch(1)
        for texts in (LEFT_COLUMN, RIGHT_COLUMN):
            form = QFormLayout()
            form.setVerticalSpacing(8)
            form.setHorizontalSpacing(12)
            form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
            for name, text in texts.items():
                field: QWidget = getattr(self, name)
                field.setToolTip(f"<p>{text.tip}</p>")
                field.setAccessibleName(text.name)
                field.setAccessibleDescription(text.tip)
                form.addRow(text.label, field)
            columns.addLayout(form)


def _value(field: QWidget) -> object:
    if isinstance(field, QComboBox):
        return field.currentText()
    if isinstance(field, QCheckBox):
        return field.isChecked()
    assert isinstance(field, QSpinBox | QDoubleSpinBox)
    return field.value()


def _set_value(field: QWidget, value: Any) -> None:
    if isinstance(field, QComboBox):
        field.setCurrentText(value)
    elif isinstance(field, QCheckBox):
        field.setChecked(value)
    else:
        assert isinstance(field, QSpinBox | QDoubleSpinBox)
        field.setValue(value)


def _choice(names: list[str]) -> QComboBox:
    box = QComboBox()
    box.addItems(names)
    return box


def _number(lowest: int, highest: int) -> QSpinBox:
    box = QSpinBox()
    box.setRange(lowest, highest)
    return box
