"""The fields of the options keep what the user typed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from hands import press_key
from lenet_desktop import paths
from lenet_desktop.data.sources import STARTER
from lenet_desktop.models import model_file
from lenet_desktop.models.model_card import ModelCard
from lenet_desktop.training.recipe import RECIPES
from lenet_desktop.ui.training.before.options import TrainingOptions

MNIST = Path("/somewhere/datasets")


@pytest.fixture
def card() -> ModelCard:
    return model_file.read_card(paths.factory_model())


@pytest.fixture
def options(qtbot: QtBot, card: ModelCard) -> Iterator[TrainingOptions]:
    options = TrainingOptions(("cpu",), card)
    qtbot.addWidget(options)
    options.set_data(None)
    options.show()
    yield options
    options.data.shut_down()


def choose(options: TrainingOptions, text: str) -> None:
    """Choose digits as a person does, with the arrow keys."""
    box = options.data.list
    index = box.findText(text, Qt.MatchFlag.MatchContains)
    key = Qt.Key.Key_Down if index > box.currentIndex() else Qt.Key.Key_Up
    for _ in range(abs(index - box.currentIndex())):
        press_key(box, key)


def entries(options: TrainingOptions) -> list[str]:
    return [options.data.list.itemText(i) for i in range(options.data.list.count())]


def choose_folder(options: TrainingOptions, folder: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QFileDialog, "getExistingDirectory", lambda *_: folder)
        options.data.button.click()


def type_values(options: TrainingOptions) -> None:
    options.batch_size.setValue(77)
    options.learning_rate.setValue(0.00123)
    options.pen_digits.setChecked(False)


def assert_typed_values_are_there(options: TrainingOptions) -> None:
    assert options.batch_size.value() == 77
    assert options.learning_rate.value() == 0.00123
    assert not options.pen_digits.isChecked()


def test_other_data_change_only_what_was_not_typed(options: TrainingOptions) -> None:
    options.start.setCurrentIndex(0)
    more_epochs = options.epochs.value()
    type_values(options)
    options.set_data(MNIST)
    assert options.data_path == MNIST
    assert options.epochs.value() == RECIPES["quick"].epochs < more_epochs
    assert_typed_values_are_there(options)
    choose(options, "starter")
    assert options.epochs.value() == more_epochs
    assert_typed_values_are_there(options)
    options.epochs.setValue(5)
    choose(options, "MNIST, ")
    assert options.epochs.value() == 5


def test_another_recipe_changes_all(options: TrainingOptions) -> None:
    options.set_data(MNIST)
    type_values(options)
    options.batch_norm.setChecked(True)
    options.use_recipe("thorough")
    assert options.batch_size.value() == RECIPES["thorough"].batch_size
    assert options.learning_rate.value() == RECIPES["thorough"].learning_rate
    assert options.pen_digits.isChecked()
    assert not options.batch_norm.isChecked()
    assert options.recipe() == RECIPES["thorough"]
    options.use_recipe("tutorial")
    assert options.recipe() == RECIPES["tutorial"]
    assert not options.pen_digits.isEnabled()


def test_the_start_decides_the_learning_rate(options: TrainingOptions, card: ModelCard) -> None:
    options.set_data(MNIST)
    assert options.learning_rate.value() == 0.015
    options.start.setCurrentIndex(1)
    assert options.learning_rate.value() == 0.0015
    assert options.freeze.isEnabled() and not options.network.isEnabled()
    options.set_card(replace(card, architecture="residual", options={}))
    assert options.recipe().architecture == "residual"
    options.start.setCurrentIndex(0)
    assert options.learning_rate.value() == 0.015
    assert options.recipe().architecture == "lenet"


def test_the_recipe_of_the_fields(options: TrainingOptions) -> None:
    options.set_data(MNIST)
    options.dropout.setValue(0.5)
    recipe = options.recipe()
    assert recipe.architecture == "lenet-variant"
    assert recipe.options == {"dropout": 0.5, "batch_norm": False}
    assert recipe.name == "quick, changed"
    options.network.setCurrentIndex(1)
    assert options.recipe().architecture == "residual"
    assert not options.dropout.isEnabled()


def test_a_seed_is_new_unless_it_is_fixed(options: TrainingOptions) -> None:
    def seed() -> int:
        return options.job(paths.factory_model(), None).recipe.seed

    assert not options.seed.isVisible()
    assert len({seed() for _ in range(4)}) > 1
    options.advanced.button.click()
    options.fixed_seed.setChecked(True)
    assert options.seed.isVisible()
    options.seed.setValue(12)
    assert [seed(), seed()] == [12, 12]
    assert options.recipe().name == "quick", "another seed is no other recipe"


def test_the_arrow_keys_open_no_file_dialog(
    options: TrainingOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[int] = []
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: opened.append(1) or "")
    options.set_data(MNIST)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_Up, Qt.Key.Key_Home):
        for _ in range(4):
            press_key(options.data.list, key)
    assert not opened
    options.data.button.click()
    assert opened


def test_a_folder_dialog_that_is_cancelled_changes_nothing(options: TrainingOptions) -> None:
    options.set_data(MNIST)
    choose(options, "starter")
    type_values(options)
    options.epochs.setValue(5)
    changes = QSignalSpy(options.changed)
    choose_folder(options, "")
    assert options.data_path == STARTER
    assert changes.count() == 0
    assert options.epochs.value() == 5
    assert_typed_values_are_there(options)


def test_a_folder_is_listed_once(options: TrainingOptions, tmp_path: Path) -> None:
    before = entries(options)
    for _ in range(2):
        choose_folder(options, str(tmp_path))
        assert options.data_path == tmp_path
        assert entries(options) == [f"Folder {tmp_path.name}", *before]
        choose(options, "starter")
    options.set_data(None)
    assert entries(options) == [f"Folder {tmp_path.name}", *before]
    options.set_data(tmp_path)
    assert f"Folder {tmp_path.name}" not in entries(options)


@pytest.mark.parametrize("chosen", ["folder", "starter"])
def test_a_download_keeps_the_chosen_folder(
    options: TrainingOptions, tmp_path: Path, chosen: str
) -> None:
    options.use_folder(tmp_path)
    if chosen == "starter":
        choose(options, "starter")
    options.set_data(MNIST)
    assert options.data_path == (tmp_path if chosen == "folder" else MNIST)


def test_every_field_explains_itself(options: TrainingOptions) -> None:
    assert not options.epochs.isVisible()
    options.advanced.button.click()
    for field in options._fields.values():
        interface = QAccessible.queryAccessibleInterface(field)
        assert interface.text(QAccessible.Text.Name)
        assert len(field.toolTip()) > 20
        assert field.isVisible() or field is options.seed


def test_few_images_are_a_change_of_the_recipe_and_part_of_the_job(
    options: TrainingOptions,
) -> None:
    assert options.images.text() == "all"
    assert not options.is_changed
    options.images.setValue(100)
    assert options.is_changed
    assert options.job(paths.factory_model(), None).images == 100
    options.reset()
    assert options.images.value() == 0
    assert not options.is_changed
