"""The page before a training: what it says, what it offers, and what it remembers."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from drawers import click, open_drawer, train_to_the_end, wait_for_the_end
from hands import ANSWER_MS, press_key
from lenet_desktop import paths
from lenet_desktop.data.sources import MNIST_FILES, STARTER, mnist_cache
from lenet_desktop.ui.settings import Settings
from lenet_desktop.ui.training.drawer import TrainingDrawer
from lenet_desktop.ui.window.main_window import MainWindow

Open = Callable[..., MainWindow]


def put_mnist(folder: Path) -> Path:
    """Put files that look like MNIST into a folder."""
    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name in MNIST_FILES:
        (raw / name).touch()
    return folder


def choose_folder(drawer: TrainingDrawer, folder: Path | str, qtbot: QtBot) -> None:
    """Choose a folder in the dialog that the button opens."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
        click(drawer.before.options.data.button, qtbot)


def test_without_mnist_the_download_comes_first(drawer: TrainingDrawer) -> None:
    page = drawer.before
    assert page.mnist.isVisible() and page.mnist.button.isVisible()
    assert page.mnist.mapTo(page, page.mnist.rect().topLeft()).y() < 20
    assert "is not on this computer" in page.mnist.text
    assert page.options.data_path == STARTER
    assert page.options.data.text.startswith("Learns on from 'LeNet-5'")
    page.options.start.setCurrentIndex(0)
    assert page.options.data.text.startswith("Starts from scratch")


def test_the_start_is_from_scratch_if_the_model_in_use_has_other_classes(
    qtbot: QtBot, window: MainWindow, drawer: TrainingDrawer, letters: Path
) -> None:
    window.session.use(letters)
    qtbot.waitUntil(lambda: "letters" in window.status, timeout=ANSWER_MS)
    assert not drawer.before.options.starts_from_model
    window.session.use(paths.factory_model())
    qtbot.waitUntil(lambda: drawer.before.options.starts_from_model, timeout=ANSWER_MS)


def test_mnist_downloaded_meanwhile_is_found_and_choices_are_kept(
    window: MainWindow, drawer: TrainingDrawer
) -> None:
    page = drawer.before
    window.side.open_drawer(False)
    put_mnist(mnist_cache())
    window.open_training()
    assert page.options.data_path == mnist_cache()
    assert not page.mnist.isVisible()
    page.options.use_data(STARTER)
    window.side.open_drawer(False)
    window.open_training()
    assert page.options.data_path == STARTER


def test_the_chosen_folder_is_remembered(
    qtbot: QtBot, drawer: TrainingDrawer, tmp_path: Path, open_window: Open
) -> None:
    folder = put_mnist(tmp_path / "digits")
    choose_folder(drawer, folder / "MNIST" / "raw", qtbot)
    assert drawer.before.options.data_path == folder, "a folder below it was meant"
    assert Settings().training_folder == folder
    again = open_drawer(open_window(), qtbot).before
    assert again.options.data_path == folder
    assert again.options.data.list.currentText() == "Folder digits"
    assert not again.options.starts_from_model


def test_a_remembered_folder_that_has_gone_is_named(
    qtbot: QtBot, open_window: Open, tmp_path: Path
) -> None:
    folder = tmp_path / "digits"
    settings = Settings()
    settings.training_folder = folder
    settings.sync()
    window = open_window()
    page = open_drawer(window, qtbot).before
    assert page.options.data_path == STARTER
    assert page.options.data.text.startswith(f"MNIST is no longer in {folder}. Learns on")
    window.side.open_drawer(False)
    put_mnist(folder)  # its disk is connected again
    window.open_training()
    assert page.options.data_path == folder
    assert "no longer" not in page.options.data.text


def test_a_corrected_choice_clears_its_complaint(
    qtbot: QtBot, drawer: TrainingDrawer, tmp_path: Path
) -> None:
    choose_folder(drawer, tmp_path, qtbot)
    data = drawer.before.options.data
    qtbot.waitUntil(lambda: data.text.startswith(f"There is no MNIST in {tmp_path}, and no "))
    assert Settings().training_folder is None
    qtbot.waitUntil(lambda: not data.is_looking)
    click(drawer.before.train_button, qtbot)
    wait_for_the_end(drawer, qtbot)
    assert f"There is no MNIST in {tmp_path}" in drawer.notice
    press_key(drawer.before.options.data.list, Qt.Key.Key_Down)
    assert drawer.before.options.data_path == STARTER
    assert drawer.notice == ""
    assert "no MNIST in" not in drawer.before.options.data.text


def test_a_changed_recipe_says_so_and_is_reset(qtbot: QtBot, drawer: TrainingDrawer) -> None:
    options = drawer.before.options
    card = options.recipes.cards["quick"]
    click(card.reset_button, qtbot)
    assert card.title == "Quick" and not card.reset_button.isVisible()
    epochs = options.epochs.value()
    options.epochs.setValue(epochs + 400)
    assert card.title == "Quick, changed"
    assert " to " in card.time, "the time is that of the changed fields"
    click(card.reset_button, qtbot)
    assert options.epochs.value() == epochs
    assert card.time == "5 s to 15 s"


def test_nothing_needs_a_wider_drawer(
    qtbot: QtBot, window: MainWindow, drawer: TrainingDrawer
) -> None:
    page = drawer.before
    click(page.options.advanced.button, qtbot)
    for size in ((900, 600), (1280, 760)):
        window.resize(*size)
        qtbot.wait(20)
        assert page._scroll.horizontalScrollBar().maximum() == 0
        room = page._scroll.viewport().width()
        content = page._scroll.widget()
        for widget in content.findChildren(QWidget):
            if widget.isVisible():
                assert widget.mapTo(content, widget.rect().topRight()).x() <= room, widget
        assert page.train_button.visibleRegion().boundingRect() == page.train_button.rect()
    for label in content.findChildren(QLabel):
        if label.isVisible() and not label.wordWrap():
            assert label.sizeHint().width() <= label.width(), label.text()


def test_mnemonics_are_unique_and_not_those_of_the_menus(
    window: MainWindow, drawer: TrainingDrawer
) -> None:
    texts = [action.text() for action in window.menuBar().actions()]
    texts += [b.text() for b in drawer.before.findChildren(QAbstractButton)]
    texts += [label.text() for label in drawer.before.findChildren(QLabel) if label.buddy()]
    keys = [QKeySequence.mnemonic(text).toString() for text in texts]
    keys = [key for key in keys if key]
    assert len(keys) > 15
    assert len(keys) == len(set(keys)), sorted(keys)


def test_the_wheel_scrolls_the_page_and_changes_no_field(
    qtbot: QtBot, drawer: TrainingDrawer
) -> None:
    page = drawer.before
    click(page.options.advanced.button, qtbot)
    page.train_button.setFocus()
    field = page.options.batch_size
    before = field.value()
    middle = QPointF(field.rect().center())
    wheel = QWheelEvent(
        middle, field.mapToGlobal(middle), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QCoreApplication.sendEvent(field, wheel)
    assert field.value() == before
    assert not wheel.isAccepted()


def test_a_training_begins_with_what_is_chosen(qtbot: QtBot, drawer: TrainingDrawer) -> None:
    options = drawer.before.options
    options.use_recipe("tutorial")
    options.start.setCurrentIndex(0)
    options.batch_norm.setChecked(True)
    train_to_the_end(drawer, qtbot)
    assert drawer.outcome is not None
    recipe = drawer.outcome.challenger.card.recipe
    assert recipe["name"] == "tutorial, changed"
    assert recipe["architecture"] == "lenet-variant"
    assert (recipe["optimizer"], recipe["learning_rate"]) == ("adam", 0.001)


def test_mnist_in_a_folder_of_the_users_is_on_this_computer(
    qtbot: QtBot, drawer: TrainingDrawer, tmp_path: Path
) -> None:
    page, folder = drawer.before, put_mnist(tmp_path / "digits")
    assert page.mnist.isVisible()
    choose_folder(drawer, folder, qtbot)
    assert not page.mnist.isVisible()
    page.options.use_data(STARTER)
    assert not page.mnist.isVisible(), page.mnist.text
