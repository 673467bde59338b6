"""What every test gets: a home of its own, no window system, and no thread left running."""

import gc
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from lenet_desktop.data.labelled import TrainingData

# A screen is used only where the tester asks for one.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

_SHARED = Path(
    os.environ.get("LENET_DESKTOP_SHARED", Path(__file__).resolve().parents[2] / "shared")
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings, models and downloads of a test never mix with the tester's own."""
    folder = tmp_path / "home"
    monkeypatch.setenv("LENET_DESKTOP_HOME", str(folder))
    return folder


@pytest.fixture(scope="session", autouse=True)
def torch_out_of_the_way() -> None:
    """Torch makes some hundred thousand objects; looking at each after each test takes long."""
    import torch  # noqa: F401

    gc.collect()
    gc.freeze()


@pytest.fixture
def closed() -> Callable[[Path], AbstractContextManager[None]]:
    """Close a folder to this process for a while: nothing in it can even be looked at."""
    if not hasattr(os, "geteuid"):
        pytest.skip("needs rights as POSIX has them")

    @contextmanager
    def closed(folder: Path) -> Iterator[None]:
        is_root = os.geteuid() == 0
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0)
        if is_root:  # to whom no folder is closed
            os.seteuid(65534)
        try:
            yield
        finally:
            if is_root:
                os.seteuid(0)
            folder.chmod(0o700)

    return closed


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Keep torch from waiting for a second core that other tests may be using."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    # A dummy is what Python makes of a thread of Qt's, and keeps; Qt's own are looked at below.
    after = [
        t
        for t in threading.enumerate()
        if t not in before and t.is_alive() and not isinstance(t, threading._DummyThread)
    ]
    assert not after, f"threads left running: {after}"
    qt = sys.modules.get("PySide6.QtCore")
    if qt is not None:
        # type(), since isinstance() asks some of torch's objects for what they warn of.
        running = [
            o for o in gc.get_objects() if issubclass(type(o), qt.QThread) and _is_running(o)
        ]
        assert not running, f"threads left running: {running}"


def _is_running(thread: object) -> bool:
    try:
        return bool(thread.isRunning())  # type: ignore[attr-defined]
    except RuntimeError:  # its C++ object is gone
        return False


def _shared(name: str) -> Path:
    path = _SHARED / name
    if not path.exists():
        pytest.skip(f"needs {path}, which is not here (set LENET_DESKTOP_SHARED to its folder)")
    return path


@pytest.fixture(scope="session")
def shared_mnist() -> Path:
    """The folder that holds all of MNIST in torchvision's layout; read-only."""
    return _shared("mnist")


@pytest.fixture(scope="session")
def shared_pen() -> Path:
    """The folder with real people's pen strokes."""
    return _shared("pen")


@pytest.fixture(scope="session")
def two_hundred() -> "TrainingData":
    """200 training, 100 validation and 100 test digits, as many of each class."""
    from lenet_desktop.data.labelled import split_by_class
    from lenet_desktop.data.starter import starter_digits

    data = starter_digits()
    return replace(
        data,
        name="200 starter digits",
        train=split_by_class(data.train, 20)[0],
        validation=split_by_class(data.validation, 10)[0],
        test=split_by_class(data.test, 10)[0],
    )
