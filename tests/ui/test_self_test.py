"""The self-test, as it is run in a packaged program."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

import lenet_desktop
from lenet_desktop import paths
from lenet_desktop.models import library, model_file
from lenet_desktop.ui.app import make_window
from lenet_desktop.ui.self_test import _try_drawing, close_and_delete, self_test, wait_until
from lenet_desktop.ui.settings import Settings
from lenet_desktop.ui.window.main_window import MainWindow

ROOT = Path(lenet_desktop.__file__).parents[1]


def run_self_test(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lenet_desktop", "self-test", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )


def test_it_passes_takes_its_picture_and_leaves_the_users_files_alone(
    tmp_path: Path, home: Path
) -> None:
    library.keep(model_file.load(paths.factory_model()), "mine")
    settings = Settings()
    settings.brush = 88
    settings.theme = "dark"
    settings.sync()
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    picture = tmp_path / "window.png"
    done = run_self_test("--screenshot", str(picture))
    assert "your kept models: mine\n" in done.stdout
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before
    assert (done.returncode, done.stderr) == (0, "")
    for digit in "0123456789":
        assert f"{digit} read as {digit}, " in done.stdout
    assert "median" in done.stdout
    assert done.stdout.endswith("self-test passed\n")
    assert "CPU" in done.stdout or "CUDA" in done.stdout or "MPS" in done.stdout
    image = QImage(str(picture))
    assert image.width() >= 900
    assert image.height() >= 600
    assert image.pixelColor(3, image.height() - 3).lightness() < 128, "dark as remembered"


def test_a_picture_that_cannot_be_written_is_reported(
    window: MainWindow, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "missing" / "window.png"
    failures = list(_try_drawing(window, path))
    # The digits are still read.
    assert failures == [f"the picture cannot be written to {path}"]
    assert "9 read as 9" in capsys.readouterr().out


def test_it_fails_where_the_model_cannot_be_loaded(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys
) -> None:
    # A broken installation: the folder of the weights is empty.
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    shutil.copytree(ROOT / "resources", tmp_path / "resources")
    assert self_test() == 1
    said = capsys.readouterr().out
    assert "FAILED: the model did not load" in said
    assert "self-test FAILED, failed checks: 1" in said


def test_waiting_ends_in_time(qtbot: QtBot) -> None:
    assert wait_until(lambda: True, 0)
    assert not wait_until(lambda: False, 0.02)


def test_a_window_is_destroyed_at_once_and_not_by_the_garbage_collector(qtbot: QtBot) -> None:
    """The collector may run in another thread, where destroying a window deadlocks."""
    window = make_window()
    window.show()
    window.start()
    close_and_delete(window)
    assert not isValid(window)
    assert not isValid(window.session)
