"""The offer to download MNIST, and the thread that does it."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from lenet_desktop.ui.training.dialog import TrainingDialog
from pytestqt.qtbot import QtBot

import mirrors
from hands import LEFT, LOADING_MS
from lenet_desktop.data.sources import MNIST_FILES, STARTER, mnist_cache
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.settings import Settings
from lenet_desktop.ui.training.before.mnist_offer import MnistOffer
from lenet_desktop.ui.workers.download import DownloadWorker


@pytest.fixture
def dialog(qtbot: QtBot, address: str) -> Iterator[TrainingDialog]:
    session = Session(Settings())
    session.start()
    qtbot.waitUntil(lambda: session.model is not None, timeout=LOADING_MS)
    dialog = TrainingDialog(session, mirrors=(address,))
    dialog.show()
    yield dialog
    dialog.shut_down()
    dialog.close()
    dialog.deleteLater()
    session.stop()
    session.deleteLater()


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


def test_mnist_is_downloaded_and_chosen(qtbot: QtBot, dialog: TrainingDialog) -> None:
    qtbot.mouseClick(dialog.mnist.button, LEFT)
    assert dialog.mnist.is_downloading
    assert not dialog.train_button.isEnabled()
    qtbot.waitUntil(lambda: not dialog.mnist.is_downloading, timeout=LOADING_MS)
    assert dialog.notice == "MNIST is downloaded."
    assert dialog.options.data_path == mnist_cache()
    assert "55,000" in dialog.mnist.text
    assert dialog.mnist.button.isHidden()
    assert dialog.train_button.isEnabled()


@pytest.mark.parametrize("answer", [mirrors.silent])
@pytest.mark.parametrize("closing", [False, True])
def test_a_silent_server_delays_neither_cancelling_nor_closing(
    qtbot: QtBot, dialog: TrainingDialog, closing: bool
) -> None:
    ticks: list[int] = []
    dialog.mnist.progressed.connect(lambda received, _: ticks.append(received))
    qtbot.mouseClick(dialog.mnist.button, LEFT)
    qtbot.waitUntil(lambda: len(ticks) > 3, timeout=LOADING_MS)
    if closing:
        dialog.close()
        assert not dialog.mnist.is_downloading
    else:
        qtbot.mouseClick(dialog.cancel_button, LEFT)
        qtbot.waitUntil(lambda: not dialog.mnist.is_downloading, timeout=LOADING_MS)
        assert dialog.notice == "Download cancelled."
    # The server is silent for 20 s; only the thread that waits for it is left behind.
    assert any(thread.name == "download" for thread in threading.enumerate())
    assert set(ticks) == {0}


@pytest.mark.parametrize(
    ("damage", "trained_on"), [("an archive", "MNIST"), ("an unpacked file", "starter digits")]
)
def test_a_damaged_mnist_is_downloaded_again(
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


def test_a_damaged_folder_of_the_user_is_reported(
    qtbot: QtBot, dialog: TrainingDialog, tmp_path: Path
) -> None:
    raw = tmp_path / "mine" / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name in MNIST_FILES:
        (raw / name).write_bytes(b"damaged")
    dialog.options.use_folder(tmp_path / "mine")
    qtbot.mouseClick(dialog.train_button, LEFT)
    qtbot.waitUntil(lambda: not dialog.is_training, timeout=LOADING_MS)
    assert "is damaged" in dialog.notice
    assert "is damaged" in dialog.mnist.text
    assert dialog.mnist.button.isVisible()


@pytest.mark.parametrize("answer", [mirrors.failing])
def test_a_failed_download_is_reported_and_can_be_tried_again(
    qtbot: QtBot, dialog: TrainingDialog
) -> None:
    for _ in range(2):
        qtbot.mouseClick(dialog.mnist.button, LEFT)
        qtbot.waitUntil(lambda: not dialog.mnist.is_downloading, timeout=LOADING_MS)
        assert "the server answered 503" in dialog.notice
        assert dialog.mnist.button.isEnabled()
        assert "There is no MNIST on this computer" in dialog.mnist.text


def test_the_thread_reports_every_error(qtbot: QtBot, home: Path) -> None:
    home.mkdir(parents=True)
    (home / "cache").write_text("a file where the cache should be")
    worker = DownloadWorker(("http://127.0.0.1:9/",))
    with qtbot.waitSignal(worker.failed, timeout=LOADING_MS) as failed:
        worker.start()
    assert worker.wait(LOADING_MS)
    assert "MNIST could not be" in failed.args[0]
    # An error that was not foreseen, too.
    worker = DownloadWorker(mirrors=(None,))  # type: ignore[arg-type]
    with qtbot.waitSignal(worker.failed, timeout=LOADING_MS) as failed:
        worker.start()
    assert worker.wait(LOADING_MS)
    assert failed.args[0].startswith("The download failed: ")


def test_the_offer_describes_the_chosen_data(
    qtbot: QtBot, shared_mnist: Path, tmp_path: Path
) -> None:
    offer = MnistOffer()
    qtbot.addWidget(offer)
    offer.show()
    for chosen, words, is_offered in (
        (STARTER, "There is no MNIST on this computer", True),
        (tmp_path, "There is no MNIST in this folder", True),
        (shared_mnist, "Trains on MNIST: 55,000 training", False),
    ):
        offer.show_choice(chosen)
        assert words in offer.text
        assert offer.button.isVisible() == is_offered
    offer.mark_damaged(shared_mnist)
    offer.show_choice(shared_mnist)
    assert "damaged" in offer.text
    assert offer.button.isVisible()
    copy_mnist(shared_mnist)
    offer.show_choice(STARTER)
    assert "5,000 starter digits, a part of MNIST" in offer.text
    assert not offer.button.isVisible()
