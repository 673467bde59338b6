"""The fields of the options keep what the user typed."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from lenet_desktop.data.sources import STARTER
from lenet_desktop.training.recipe import RECIPES
from lenet_desktop.ui.training.before.options import TrainingOptions

MNIST = Path("/somewhere/datasets")


@pytest.fixture
def options(qtbot: QtBot) -> TrainingOptions:
    options = TrainingOptions(("cpu",))
    qtbot.addWidget(options)
    options.set_data(None)
    options.show()
    return options


def choose(options: TrainingOptions, text: str) -> None:
    """Choose digits as a person does, with the arrow keys."""
    index = options.data.findText(text, Qt.MatchFlag.MatchStartsWith)
    key = Qt.Key.Key_Down if index > options.data.currentIndex() else Qt.Key.Key_Up
    for _ in range(abs(index - options.data.currentIndex())):
        QTest.keyClick(options.data, key)


def folder_dialog(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: answer)


def entries(options: TrainingOptions) -> list[str]:
    return [options.data.itemText(i) for i in range(options.data.count())]


def type_values(options: TrainingOptions) -> None:
    options.batch_size.setValue(77)
    options.learning_rate.setValue(0.00123)
    options.pen_digits.setChecked(False)


def assert_typed_values_are_there(options: TrainingOptions) -> None:
    assert options.batch_size.value() == 77
    assert options.learning_rate.value() == 0.00123
    assert not options.pen_digits.isChecked()


def test_other_data_change_only_what_was_not_typed(options: TrainingOptions) -> None:
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
    choose(options, "MNIST (")
    assert options.epochs.value() == 5


def test_another_recipe_changes_all(options: TrainingOptions) -> None:
    type_values(options)
    options.recipe.setCurrentText("thorough")
    assert options.batch_size.value() == RECIPES["thorough"].batch_size
    assert options.learning_rate.value() == RECIPES["thorough"].learning_rate
    assert options.pen_digits.isChecked()


def test_a_folder_dialog_that_is_cancelled_changes_nothing(
    options: TrainingOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    options.set_data(MNIST)
    choose(options, "starter")
    type_values(options)
    options.epochs.setValue(5)
    folder_dialog(monkeypatch, "")
    choose(options, "MNIST in a folder")
    assert options.data_path == STARTER
    assert "starter" in options.data.currentText()
    assert options.epochs.value() == 5
    assert_typed_values_are_there(options)


def test_a_folder_is_listed_once(
    options: TrainingOptions, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = entries(options)
    folder_dialog(monkeypatch, str(tmp_path))
    for _ in range(2):
        choose(options, "MNIST in a folder")
        assert options.data_path == tmp_path
        assert entries(options) == [f"MNIST in {tmp_path.name}", *before]
        choose(options, "starter")
    options.set_data(None)
    assert entries(options) == [f"MNIST in {tmp_path.name}", *before]
    options.set_data(tmp_path)
    assert f"MNIST in {tmp_path.name}" not in entries(options)


@pytest.mark.parametrize("chosen", ["folder", "starter"])
def test_a_download_keeps_the_chosen_folder(
    options: TrainingOptions, tmp_path: Path, chosen: str
) -> None:
    options.use_folder(tmp_path)
    if chosen == "starter":
        choose(options, "starter")
    options.set_data(MNIST)
    assert options.data_path == (tmp_path if chosen == "folder" else MNIST)
