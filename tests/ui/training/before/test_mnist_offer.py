"""The offer to download MNIST, and the thread that does it."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

import mirrors
from drawers import click, train_to_the_end, wait_for_the_end
from hands import LOADING_MS
from lenet_desktop.data.sources import MNIST_FILES, STARTER, mnist_cache
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.settings import Settings
from lenet_desktop.ui.training.before.mnist_offer import MnistOffer
from lenet_desktop.ui.training.before.page import BeforePage
from lenet_desktop.ui.training.drawer import TrainingDrawer
from lenet_desktop.ui.workers.download import DownloadWorker


@pytest.fixture
def page(qtbot: QtBot, address: str) -> Iterator[BeforePage]:
    session = Session(Settings())
    session.start()
    qtbot.waitUntil(lambda: session.model is not None, timeout=LOADING_MS)
    drawer = TrainingDrawer(session, mirrors=(address,))
    drawer.show()
    yield drawer.before
    drawer.shut_down()
    drawer.close()
    drawer.deleteLater()
    session.stop()
    session.deleteLater()


def drawer_of(page: BeforePage) -> TrainingDrawer:
    drawer = page.window()
    assert isinstance(drawer, TrainingDrawer)
    return drawer


def download(page: BeforePage, qtbot: QtBot) -> None:
    click(page.mnist.button, qtbot)
    qtbot.waitUntil(lambda: not page.mnist.is_downloading, timeout=LOADING_MS)


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


def test_mnist_is_downloaded_and_chosen(qtbot: QtBot, page: BeforePage) -> None:
    assert page.options.starts_from_model
    click(page.mnist.button, qtbot)
    assert page.mnist.is_downloading
    assert page.mnist.bar.isVisible() and page.mnist.cancel_button.isVisible()
    assert not page.train_button.isEnabled()
    qtbot.waitUntil(lambda: not page.mnist.is_downloading, timeout=LOADING_MS)
    assert drawer_of(page).notice == "MNIST is downloaded."
    assert page.options.data_path == mnist_cache()
    assert not page.options.starts_from_model
    assert "55,000 digits to train" in page.options.data.text
    assert not page.mnist.isVisible()
    assert page.train_button.isEnabled()


@pytest.mark.parametrize("answer", [mirrors.silent])
@pytest.mark.parametrize("closing", [False, True])
def test_a_silent_server_delays_neither_cancelling_nor_closing(
    qtbot: QtBot, page: BeforePage, closing: bool
) -> None:
    click(page.mnist.button, qtbot)
    qtbot.waitUntil(lambda: page.mnist.text.startswith("Downloading MNIST: 0.0 of 11.6"))
    if closing:
        drawer_of(page).shut_down()
        assert not page.mnist.is_downloading
    else:
        click(page.mnist.cancel_button, qtbot)
        assert page.mnist.text == "Cancelling the download …"
        assert not page.mnist.cancel_button.isEnabled()
        qtbot.waitUntil(lambda: not page.mnist.is_downloading, timeout=LOADING_MS)
        assert drawer_of(page).notice == "Download cancelled."
        assert page.mnist.button.isVisible()
    # The server is silent for 20 s; only the thread that waits for it is left behind.
    assert any(thread.name == "download" for thread in threading.enumerate())


@pytest.mark.parametrize(
    ("damage", "trained_on"), [("an archive", "MNIST"), ("an unpacked file", "starter digits")]
)
def test_a_damaged_mnist_is_downloaded_again(
    qtbot: QtBot,
    shared_mnist: Path,
    address: str,
    damage: str,
    trained_on: str,
    request: pytest.FixtureRequest,
) -> None:
    raw = copy_mnist(shared_mnist)
    name = "t10k-images-idx3-ubyte"
    damaged = raw / (f"{name}.gz" if damage == "an archive" else name)
    damaged.write_bytes(b"damaged")
    page: BeforePage = request.getfixturevalue("page")
    drawer = drawer_of(page)
    assert not page.mnist.isVisible()
    if trained_on == "starter digits":
        page.options.use_data(STARTER)
    page.options.pen_digits.setChecked(False)
    train_to_the_end(drawer, qtbot)
    assert "is damaged" in drawer.notice
    assert drawer.outcome is None
    assert page.options.data_path == STARTER
    assert page.mnist.text == "The MNIST on this computer is damaged: download it again."
    download(page, qtbot)
    assert page.options.data_path == mnist_cache()
    assert not page.mnist.isVisible()
    page.options.use_data(STARTER)
    train_to_the_end(drawer, qtbot)
    assert drawer.outcome is not None
    assert drawer.outcome.comparison.data == "the 10,000 test digits of MNIST"


def test_a_damaged_folder_of_the_user_is_reported(
    qtbot: QtBot, page: BeforePage, tmp_path: Path
) -> None:
    raw = tmp_path / "mine" / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name in MNIST_FILES:
        (raw / name).write_bytes(b"damaged")
    page.options.use_folder(tmp_path / "mine")
    click(page.train_button, qtbot)
    wait_for_the_end(drawer_of(page), qtbot)
    assert "is damaged" in drawer_of(page).notice
    assert "is damaged" in page.options.data.text
    assert page.mnist.isVisible()


@pytest.mark.parametrize("answer", [mirrors.failing])
def test_a_failed_download_is_reported_and_can_be_tried_again(
    qtbot: QtBot, page: BeforePage
) -> None:
    for _ in range(2):
        download(page, qtbot)
        assert "the server answered 503" in drawer_of(page).notice
        assert page.mnist.button.isEnabled()
        assert "is not on this computer" in page.mnist.text


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


def test_the_offer_is_shown_where_mnist_is_missing(
    qtbot: QtBot, shared_mnist: Path, tmp_path: Path
) -> None:
    offer = MnistOffer()
    qtbot.addWidget(offer)
    for chosen, is_offered in ((STARTER, True), (tmp_path, True), (shared_mnist, False)):
        offer.look_again(chosen)
        assert offer.isVisible() == is_offered
    offer.mark_damaged(shared_mnist)
    offer.look_again(shared_mnist)
    assert offer.isVisible()
    copy_mnist(shared_mnist)
    offer.look_again(STARTER)
    assert not offer.isVisible()
