"""The program's test of itself, as it is run in a shipped program."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

import lenet_desktop
from lenet_desktop.ui.self_test import self_test, wait_until

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


def test_it_passes_and_takes_its_picture(tmp_path: Path) -> None:
    picture = tmp_path / "window.png"
    done = run_self_test("--screenshot", str(picture), "--theme", "dark")
    assert (done.returncode, done.stderr) == (0, "")
    for digit in "0123456789":
        assert f"{digit} read as {digit}, " in done.stdout
    assert "WRONG" not in done.stdout
    assert "median" in done.stdout
    assert "CPU" in done.stdout or "CUDA" in done.stdout or "MPS" in done.stdout
    image = QImage(str(picture))
    assert image.width() >= 900
    assert image.height() >= 600
    assert image.pixelColor(3, image.height() - 3).lightness() < 128, "dark as was wanted"


def test_it_fails_where_the_picture_cannot_be_written(tmp_path: Path) -> None:
    done = run_self_test("--screenshot", str(tmp_path / "missing" / "window.png"))
    assert done.returncode == 1
    assert "FAILED: the picture cannot be written" in done.stdout
    # The digits are not to blame, and all the rest is tried nevertheless.
    assert done.stdout.count("FAILED: ") == 2
    assert "self-test FAILED: 1 of its checks" in done.stdout
    assert "the kept model was found again" in done.stdout


def test_it_fails_where_the_model_cannot_be_loaded(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys
) -> None:
    # A broken installation: the folder of the weights is empty.
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    shutil.copytree(ROOT / "resources", tmp_path / "resources")
    assert self_test() == 1
    assert "FAILED: the model did not load" in capsys.readouterr().out


def test_waiting_ends_in_time(qtbot: QtBot) -> None:
    assert wait_until(lambda: True, 0)
    assert not wait_until(lambda: False, 0.02)
