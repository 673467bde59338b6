"""Other data sets in the drawer: MNIST's family by name, and folders of pictures."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

import mirrors
from drawers import click, train_to_the_end
from family_files import EACH_TEST, EACH_TRAIN, publish, write_set
from hands import LOADING_MS, press_key
from lenet_desktop import paths
from lenet_desktop.data.family.sets import FAMILY
from lenet_desktop.data.sources import STARTER, PicturesAre, mnist_cache
from lenet_desktop.ui.training.before.data_choice import DataChoice
from lenet_desktop.ui.training.before.page import BeforePage
from lenet_desktop.ui.training.drawer import TrainingDrawer
from lenet_desktop.ui.window.main_window import MainWindow

KMNIST = FAMILY[Path("kmnist")]


@pytest.fixture
def shapes(tmp_path: Path) -> Path:
    """A folder with twelve pictures of each of two classes."""
    for name in ("circle", "line"):
        folder = tmp_path / "shapes" / name
        folder.mkdir(parents=True)
        for number in range(12):
            image = Image.new("L", (60, 60), 255)
            place = (10 + number, 10, 45, 45 + number)
            pen = ImageDraw.Draw(image)
            if name == "circle":
                pen.ellipse(place, outline=0, width=4)
            else:
                pen.line(place, fill=0, width=4)
            image.save(folder / f"{number}.png")
    return tmp_path / "shapes"


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A served folder with a small KMNIST, and the facts about it."""
    facts = tmp_path / "facts"
    facts.mkdir()
    publish({"KMNIST": write_set(KMNIST, tmp_path / "served")}, facts)
    real = paths.resource

    def resource(name: str) -> Path:
        return facts / name if name == "datasets.json" else real(name)

    monkeypatch.setattr(paths, "resource", resource)
    return tmp_path / "served"


def choose(data: DataChoice, text: str) -> None:
    """Choose an entry of the list with the keyboard."""
    index = next(i for i in range(data.list.count()) if text in data.list.itemText(i))
    key = Qt.Key.Key_Down if index > data.list.currentIndex() else Qt.Key.Key_Up
    for _ in range(abs(index - data.list.currentIndex())):
        press_key(data.list, key)
    assert text in data.list.currentText()


def choose_folder(
    page: BeforePage, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = "lenet_desktop.ui.training.before.data_choice.QFileDialog.getExistingDirectory"
    monkeypatch.setattr(asked, lambda *_: str(folder))
    click(page.options.data.button, qtbot)
    qtbot.waitUntil(lambda: not page.options.data.is_looking, timeout=LOADING_MS)


def test_the_family_is_offered_by_name_with_size_and_licence(drawer: TrainingDrawer) -> None:
    page = drawer.before
    data = page.options.data
    texts = [data.list.itemText(index) for index in range(data.list.count())]
    assert "Fashion-MNIST, 70,000 images" in texts and "USPS, 9,298 images" in texts
    tips = [data.list.itemData(i, Qt.ItemDataRole.ToolTipRole) for i in range(data.list.count())]
    assert any("licence: MIT; 30.9 MB" in str(tip) for tip in tips)
    choose(data, "Fashion-MNIST")
    assert data.path == Path("fashion-mnist")
    assert data.text == (
        "Clothes in 10 classes: 55,000 to train, 5,000 to validate, 10,000 to test. "
        "By Zalando SE. Licence: MIT."
    )
    assert page.mnist.isVisible()
    assert page.mnist.button.text().replace("&", "") == "Download Fashion-MNIST (30.9 MB)"
    assert not page.options.starts_from_model
    assert not data.pictures.isVisible() and not data.samples.isVisible()
    choose(data, "USPS")
    assert page.options.starts_from_model, "they are few, and digits"


def test_a_set_is_downloaded_looked_at_and_trained_on(
    qtbot: QtBot, drawer: TrainingDrawer, published: Path
) -> None:
    page = drawer.before
    choose(page.options.data, "KMNIST")
    with mirrors.server(published, mirrors.whole, "KMNIST/raw") as address:
        page.mnist._mirrors = (address,)
        click(page.mnist.button, qtbot)
        qtbot.waitUntil(lambda: not page.mnist.is_downloading, timeout=LOADING_MS)
    assert KMNIST.is_in(mnist_cache())
    assert page.options.data_path == KMNIST.source, "the choice stays"
    assert not page.mnist.isVisible()
    data = page.options.data
    click(data.samples.button, qtbot)
    qtbot.waitUntil(lambda: data.looked_at is not None, timeout=LOADING_MS)
    assert data.looked_at is not None
    assert data.looked_at.count == 10 * (EACH_TRAIN + EACH_TEST)
    assert len(data._preview.samples) == 20 and data._preview.samples.any()
    assert set(data._preview.names) == {"o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"}
    assert "tsu" in data._preview.accessibleDescription()
    train_to_the_end(drawer, qtbot)
    assert drawer.outcome is not None
    assert drawer.outcome.challenger.card.classes[:2] == ("o", "ki")
    assert "CC BY-SA 4.0" in drawer.outcome.challenger.card.data
    assert drawer.outcome.comparison.data == "the 20 test images of KMNIST"


def test_a_missing_set_cannot_be_trained_on(qtbot: QtBot, drawer: TrainingDrawer) -> None:
    choose(drawer.before.options.data, "EMNIST letters")
    click(drawer.before.train_button, qtbot)
    qtbot.waitUntil(lambda: not drawer.is_training, timeout=LOADING_MS)
    assert "EMNIST letters is not on this computer: download it" in drawer.notice


def test_a_folder_of_pictures_is_looked_at_before_the_training(
    qtbot: QtBot, drawer: TrainingDrawer, shapes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = drawer.before
    data = page.options.data
    choose_folder(page, shapes, qtbot, monkeypatch)
    assert data.text == "24 pictures of 2 classes: 16 to train, the others to validate and to test."
    assert data.pictures.isVisible() and data._preview.isVisible()
    assert data._preview.names == ("circle", "line") * 10
    assert not drawer.before.mnist.isVisible(), "MNIST is not needed"
    assert page.options.pen_digits.text().endswith("no pen digits for these classes")
    last = data._preview._place(19)
    assert data._preview.rect().contains(last) and last.width() == last.height()
    drawn = data._preview.samples
    press_key(data.pictures, Qt.Key.Key_Down)
    assert data.pictures_are is PicturesAre.SCALED
    qtbot.waitUntil(lambda: not data.is_looking, timeout=LOADING_MS)
    assert not np.array_equal(data._preview.samples, drawn)
    assert page.options.epochs.value() == 1000, "as many as few pictures need"
    train_to_the_end(drawer, qtbot, epochs=2)
    assert drawer.outcome is not None
    assert drawer.outcome.challenger.card.classes == ("circle", "line")


def test_a_folder_that_cannot_be_used_is_explained_and_left_again(
    qtbot: QtBot, drawer: TrainingDrawer, shapes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = drawer.before.options.data
    (shapes / "empty").mkdir()
    choose_folder(drawer.before, shapes, qtbot, monkeypatch)
    assert data.text.startswith("The class 'empty' in ") and not data._preview.samples.any()
    choose(data, "starter")
    assert data.path == STARTER
    assert "empty" not in data.text and not data.pictures.isVisible()
    (shapes / "empty").rmdir()
    choose_folder(drawer.before, shapes, qtbot, monkeypatch)
    qtbot.waitUntil(lambda: data.text.startswith("24 pictures of 2 classes"), timeout=LOADING_MS)


def test_closing_does_not_wait_for_a_large_folder(
    qtbot: QtBot,
    open_window: Callable[..., MainWindow],
    shapes: Path,
) -> None:
    from drawers import open_drawer

    for number in range(60):
        (shapes / f"class {number}").symlink_to(shapes)
    window = open_window()
    data = open_drawer(window, qtbot).before.options.data
    data.add_folder(shapes)
    data.choose(shapes)
    assert data.is_looking
    window.close()
    assert data._worker.isFinished()


def test_reading_many_pictures_is_shown_and_can_be_cancelled(
    qtbot: QtBot, drawer: TrainingDrawer, shapes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(900):
        (shapes / "line" / f"more {number}.png").hardlink_to(shapes / "line" / "0.png")
    choose_folder(drawer.before, shapes, qtbot, monkeypatch)
    assert drawer.before.options.data.text.startswith("924 pictures of 2 classes: ")
    click(drawer.before.train_button, qtbot)
    qtbot.waitUntil(lambda: drawer.notice.startswith("Reading pictures: "), timeout=LOADING_MS)
    assert drawer.notice.endswith(" of 924")
    drawer.run.cancel()
    qtbot.waitUntil(lambda: not drawer.is_training, timeout=LOADING_MS)
    assert drawer.outcome is None and "cancelled" in drawer.notice.lower()
