"""Exporting models from the menu and from the dialog of the user's own models."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from hands import ANSWER_MS, LEFT, LOADING_MS
from lenet_desktop import paths
from lenet_desktop.ui.models.kept_models_dialog import KeptModelsDialog
from lenet_desktop.ui.pad.overlays.message_pill import MessageKind
from lenet_desktop.ui.window.main_window import MainWindow

Keep = Callable[..., Path]


class Choice:
    """The user's answer to the file dialog.

    Attributes:
        suggested: the name that the dialog suggested.
        filters: the filters that it offered.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, path: Path, filter_: str = "") -> None:
        self.suggested, self.filters = "", [""]
        self._path, self._filter = path, filter_
        monkeypatch.setattr(QFileDialog, "getSaveFileName", self._ask)

    def _ask(self, _parent: object, _title: str, start: str, filters: str) -> tuple[str, str]:
        self.suggested, self.filters = Path(start).name, filters.split(";;")
        chosen = next((each for each in self.filters if self._filter in each), "")
        return str(self._path), chosen


def dialog_of(window: MainWindow, row: int) -> KeptModelsDialog:
    """Show the dialog of the kept models with one row selected."""
    window.model_menu.manage()
    dialog = window.model_menu.dialog
    assert dialog is not None
    dialog.list.setCurrentItem(dialog.list.topLevelItem(row))
    return dialog


def test_the_model_in_use_is_exported_as_a_web_page(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, window: MainWindow, tmp_path: Path
) -> None:
    choice = Choice(monkeypatch, tmp_path / "for my class", "*.html")
    window.model_menu.export_action.trigger()
    assert choice.suggested == "LeNet-5.safetensors"
    assert [each.rpartition("(")[2] for each in choice.filters] == [
        "*.safetensors)",
        "*.html)",
        "*.onnx)",
    ]
    written = tmp_path / "for my class.html"
    qtbot.waitUntil(lambda: window.message == f"Exported to {written}", timeout=ANSWER_MS)
    assert window.pill.kind is MessageKind.SUCCESS
    assert written.read_bytes().startswith(b"<!DOCTYPE html>")


def test_a_kept_model_is_copied(
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    keep: Keep,
    window: MainWindow,
    tmp_path: Path,
) -> None:
    path = keep("A/B: no. 1")
    dialog = dialog_of(window, 1)
    choice = Choice(monkeypatch, tmp_path / "copy")
    qtbot.mouseClick(dialog.export_button, LEFT)
    assert choice.suggested == "A-B- no. 1.safetensors"
    copy = tmp_path / "copy.safetensors"
    qtbot.waitUntil(lambda: dialog.message == f"Exported to {copy}", timeout=ANSWER_MS)
    assert copy.read_bytes() == path.read_bytes()


def test_the_factory_model_is_exported_but_never_overwritten(
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    mine: Path,
    window: MainWindow,
    tmp_path: Path,
) -> None:
    dialog = dialog_of(window, 0)
    Choice(monkeypatch, tmp_path / "factory.htm")
    qtbot.mouseClick(dialog.export_button, LEFT)
    qtbot.waitUntil(lambda: "factory.htm" in dialog.message, timeout=ANSWER_MS)
    qtbot.waitUntil(lambda: dialog.message.startswith("Exported"), timeout=ANSWER_MS)
    before = paths.factory_model().read_bytes()
    Choice(monkeypatch, paths.factory_model())
    qtbot.mouseClick(dialog.export_button, LEFT)
    qtbot.waitUntil(lambda: "is the factory model" in dialog.message, timeout=ANSWER_MS)
    assert paths.factory_model().read_bytes() == before


def test_nothing_happens_if_the_user_cancels(
    monkeypatch: pytest.MonkeyPatch, window: MainWindow
) -> None:
    Choice(monkeypatch, Path())
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    window.model_menu.export_action.trigger()
    assert window.message == ""


def test_a_file_that_cannot_be_written_is_one_sentence(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, window: MainWindow, tmp_path: Path
) -> None:
    (tmp_path / "a file").touch()
    path = tmp_path / "a file" / "pad.html"
    Choice(monkeypatch, path)
    window.model_menu.export_action.trigger()
    qtbot.waitUntil(lambda: window.pill.kind is MessageKind.ERROR, timeout=ANSWER_MS)
    assert window.message.startswith(f"{path} cannot be written: ")


def test_what_to_install_for_onnx(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, window: MainWindow, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "onnxscript", None)  # as if it was not installed
    Choice(monkeypatch, tmp_path / "model.onnx")
    window.model_menu.export_action.trigger()
    qtbot.waitUntil(lambda: window.pill.kind is MessageKind.ERROR, timeout=ANSWER_MS)
    assert "onnx and onnxscript" in window.message
    assert not (tmp_path / "model.onnx").exists()


def test_onnx_is_written_in_a_process_of_its_own(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, window: MainWindow, tmp_path: Path
) -> None:
    for package in ("onnx", "onnxscript"):
        pytest.importorskip(package, reason="needs lenet-desktop[onnx]")
    path = tmp_path / "model.onnx"
    Choice(monkeypatch, path)
    window.model_menu.export_action.trigger()
    assert window.message == "Exporting model.onnx …"
    qtbot.waitUntil(lambda: window.message == f"Exported to {path}", timeout=LOADING_MS)
    assert b"max_energy" in path.read_bytes()


def test_closing_the_window_waits_for_the_file(
    monkeypatch: pytest.MonkeyPatch, window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "pad.html"
    Choice(monkeypatch, path)
    window.model_menu.export_action.trigger()
    window.close()
    assert path.read_bytes().rstrip().endswith(b"</html>")


def test_an_export_that_runs_too_long_is_one_sentence(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, window: MainWindow, tmp_path: Path
) -> None:
    for package in ("onnx", "onnxscript"):
        pytest.importorskip(package, reason="needs lenet-desktop[onnx]")
    monkeypatch.setattr("lenet_desktop.ui.models.exports._LIMIT_SECONDS", 0.01)
    Choice(monkeypatch, tmp_path / "model.onnx")
    window.model_menu.export_action.trigger()
    qtbot.waitUntil(lambda: window.pill.kind is MessageKind.ERROR, timeout=LOADING_MS)
    assert "model.onnx cannot be written" in window.message
