"""Fixtures for all tests: a home of their own, no window system, no thread left running."""

import contextlib
import ctypes
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

# Tests use a screen only when QT_QPA_PLATFORM asks for one.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

_SHARED = Path(
    os.environ.get("LENET_DESKTOP_SHARED", Path(__file__).resolve().parents[2] / "shared")
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a new home for settings, models and downloads, apart from the user's own."""
    folder = tmp_path / "home"
    monkeypatch.setenv("LENET_DESKTOP_HOME", str(folder))
    return folder


@pytest.fixture(scope="session", autouse=True)
def torch_out_of_the_way() -> None:
    """Hide torch's hundreds of thousands of objects from the search for threads after each test."""
    import torch

    if "PYTEST_XDIST_WORKER" in os.environ:
        # Two processes with two torch threads each would wait for each other on two cores.
        torch.set_num_threads(1)
    gc.collect()
    gc.freeze()


@pytest.fixture
def closed() -> Callable[[Path], AbstractContextManager[None]]:
    """Return a context manager that removes all permissions of a folder."""
    if not hasattr(os, "geteuid"):
        pytest.skip("needs POSIX file permissions")
    if os.geteuid() == 0 and not sys.platform.startswith("linux"):
        pytest.skip("root ignores file permissions on this system: run the tests as a normal user")

    @contextmanager
    def closed(folder: Path) -> Iterator[None]:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0)
        try:
            with _bound_by_permissions() if os.geteuid() == 0 else contextlib.nullcontext():
                yield
        finally:
            folder.chmod(0o700)

    return closed


@contextmanager
def _bound_by_permissions() -> Iterator[None]:
    """Make file permissions apply to root, in this thread and those it starts meanwhile (Linux).

    Drops the capabilities CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH. Another user id would not do:
    that user may be unable to enter the folder of the checkout, from which modules are imported.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    # Version 3 of the interface: effective, permitted and inheritable sets, in two halves each.
    header, sets = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    if libc.capget(header, sets) != 0:
        raise OSError(ctypes.get_errno(), "capget failed")
    effective = sets[0]
    sets[0] = effective & ~(1 << 1 | 1 << 2)
    try:
        if libc.capset(header, sets) != 0:
            raise OSError(ctypes.get_errno(), "capset failed")
        yield
    finally:
        sets[0] = effective
        libc.capset(header, sets)


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Run torch on one thread: a second core may be busy with other tests."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """Fail a test that leaves a thread running."""
    before = set(threading.enumerate())
    yield
    # Python keeps a dummy object for each Qt thread that ran Python code; those are checked below.
    after = [
        t
        for t in threading.enumerate()
        if t not in before and t.is_alive() and not isinstance(t, threading._DummyThread)
    ]
    assert not after, f"threads left running: {after}"
    qt = sys.modules.get("PySide6.QtCore")
    running = []
    if qt is not None:
        # type() instead of isinstance(), which makes some of torch's objects issue warnings.
        running = [
            o for o in gc.get_objects() if issubclass(type(o), qt.QThread) and _is_running(o)
        ]
    # Neither the search after the next test nor the collector needs to look at what is left now:
    # both would take a tenth of a second for each test.
    gc.collect()
    gc.freeze()
    assert not running, f"threads left running: {running}"


def _is_running(thread: object) -> bool:
    try:
        return bool(thread.isRunning())  # type: ignore[attr-defined]
    except RuntimeError:  # its C++ object is gone
        return False


def _shared(name: str) -> Path:
    path = _SHARED / name
    if not path.exists():
        pytest.skip(f"{path} is missing: set LENET_DESKTOP_SHARED to the folder that holds {name}")
    return path


@pytest.fixture(scope="session")
def shared_mnist() -> Path:
    """Return the read-only folder that holds all of MNIST in torchvision's layout."""
    return _shared("mnist")


@pytest.fixture(scope="session")
def shared_pen() -> Path:
    """Return the read-only folder with real people's pen strokes."""
    return _shared("pen")


@pytest.fixture(scope="session")
def two_hundred() -> "TrainingData":
    """Return 200 training, 100 validation and 100 test digits, equally many of each class."""
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
