"""The offer to download MNIST, in the dialog that makes it."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

import mirrors
from hands import LEFT, LOADING_MS
from lenet_desktop import paths
from lenet_desktop.data.catalog import mnist_cache
from lenet_desktop.models import model_file
from lenet_desktop.ui.training.dialog import TrainingDialog
from lenet_desktop.ui.workers.recognition import ModelInUse


@pytest.fixture
def dialog(qtbot: QtBot, address: str) -> Iterator[TrainingDialog]:
    factory = paths.factory_model()
    champion = ModelInUse(model_file.load(factory).card, factory, "cpu", ("cpu",))
    dialog = TrainingDialog(champion, mirrors=(address,))
    dialog.show()
    yield dialog
    dialog.shut_down()
    dialog.close()
    dialog.deleteLater()


@pytest.fixture
def answer() -> mirrors.Answer:
    return mirrors.whole


@pytest.fixture
def address(shared_mnist: Path, answer: mirrors.Answer) -> Iterator[str]:
    with mirrors.server(shared_mnist, answer) as address:
        yield address


def copy_mnist(shared_mnist: Path) -> Path:
    shutil.copytree(shared_mnist, mnist_cache(), copy_function=shutil.copyfile)
    for folder in (mnist_cache(), *mnist_cache().rglob("*")):
        folder.chmod(0o755)
    return mnist_cache() / "MNIST" / "raw"


def test_mnist_is_fetched_and_chosen(qtbot: QtBot, dialog: TrainingDialog) -> None:
    qtbot.mouseClick(dialog.mnist.button, LEFT)
    assert dialog.mnist.is_downloading
    assert not dialog.train_button.isEnabled()
    qtbot.waitUntil(lambda: not dialog.mnist.is_downloading, timeout=LOADING_MS)
    assert dialog.notice == "MNIST is here."
    assert dialog.options.data_path == mnist_cache()
    assert "55,000" in dialog.mnist.text
    assert dialog.mnist.button.isHidden()
    assert dialog.train_button.isEnabled()


@pytest.mark.parametrize("answer", [mirrors.silent])
def test_a_silent_server_holds_up_neither_cancel_nor_closing(
    qtbot: QtBot, dialog: TrainingDialog
) -> None:
    qtbot.mouseClick(dialog.mnist.button, LEFT)
    qtbot.wait(200)
    qtbot.mouseClick(dialog.cancel_button, LEFT)
    qtbot.waitUntil(lambda: not dialog.mnist.is_downloading, timeout=1000)
    assert dialog.notice == "Download cancelled."
    qtbot.mouseClick(dialog.mnist.button, LEFT)
    qtbot.wait(200)
    start = time.monotonic()
    dialog.close()
    assert time.monotonic() - start < 1
    assert not dialog.mnist.is_downloading


@pytest.mark.parametrize("damage", ["an archive", "an unpacked file"])
@pytest.mark.parametrize("trained_on", ["MNIST", "starter digits"])
def test_a_damaged_mnist_is_fetched_again(
    qtbot: QtBot, shared_mnist: Path, address: str, damage: str, trained_on: str, request
) -> None:
    raw = copy_mnist(shared_mnist)
    name = "t10k-images-idx3-ubyte"
    damaged = raw / (f"{name}.gz" if damage == "an archive" else name)
    damaged.write_bytes(b"damaged")
    dialog: TrainingDialog = request.getfixturevalue("dialog")
    assert dialog.mnist.button.isHidden()
    if trained_on == "starter digits":
        dialog.options.data.setCurrentIndex(1)
    dialog.options.epochs.setValue(1)
    qtbot.mouseClick(dialog.train_button, LEFT)
    qtbot.waitUntil(lambda: not dialog.is_training, timeout=LOADING_MS)
    assert "is damaged" in dialog.notice
    assert dialog.outcome is None
    assert "starter digits" in dialog.options.data.currentText()
    assert dialog.mnist.button.isVisible()
    qtbot.mouseClick(dialog.mnist.button, LEFT)
    qtbot.waitUntil(lambda: not dialog.mnist.is_downloading, timeout=LOADING_MS)
    assert "MNIST (60,000 digits)" in dialog.options.data.currentText()
    assert dialog.mnist.button.isHidden()
    dialog.options.data.setCurrentIndex(1)
    dialog.options.epochs.setValue(1)
    qtbot.mouseClick(dialog.train_button, LEFT)
    qtbot.waitUntil(lambda: not dialog.is_training, timeout=LOADING_MS)
    assert dialog.outcome is not None
    assert "10,000 test digits of MNIST" in dialog.comparison.verdict


def test_a_damaged_folder_of_the_users_is_told(
    qtbot: QtBot, dialog: TrainingDialog, tmp_path: Path
) -> None:
    raw = tmp_path / "mine" / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"):
        (raw / f"{name}-ubyte").write_bytes(b"damaged")
    dialog.options.use_folder(tmp_path / "mine")
    qtbot.mouseClick(dialog.train_button, LEFT)
    qtbot.waitUntil(lambda: not dialog.is_training, timeout=LOADING_MS)
    assert "is damaged" in dialog.notice
    assert "is damaged" in dialog.mnist.text
    assert dialog.mnist.button.isVisible()
