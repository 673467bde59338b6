"""Names of files to save: a known suffix stays, any other name gets one."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from hands import Answers
from lenet_desktop.ui.window.save_dialog import ask_save_name

SUFFIXES = {"Picture (*.png)": (".png",), "Strokes (*.jsonl)": (".jsonl", ".json")}


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    parent = QWidget()
    qtbot.addWidget(parent)
    return parent


@pytest.mark.parametrize(
    ("typed", "filter_", "saved"),
    [
        ("three.png", "Picture (*.png)", "three.png"),
        ("three.PNG", "Picture (*.png)", "three.PNG"),
        ("three", "Picture (*.png)", "three.png"),
        ("three", "Strokes (*.jsonl)", "three.jsonl"),
        ("three", "", "three.png"),
        ("v1.5", "Strokes (*.jsonl)", "v1.5.jsonl"),
        ("three.json", "Picture (*.png)", "three.json"),
        ("three.jpg", "Picture (*.png)", "three.jpg.png"),
        (".png", "Picture (*.png)", ".png"),
    ],
)
def test_the_suffix_of_a_name(
    parent: QWidget,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    typed: str,
    filter_: str,
    saved: str,
) -> None:
    answer = str(tmp_path / typed), filter_
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: answer)
    assert ask_save_name(parent, "Save", "", SUFFIXES) == tmp_path / saved


@pytest.mark.parametrize("answer", ["Yes", "No"])
def test_a_file_that_qt_did_not_ask_about_is_asked_about_here(
    parent: QWidget, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answer: str
) -> None:
    (tmp_path / "v1.5.png").write_text("mine")
    typed = str(tmp_path / "v1.5"), "Picture (*.png)"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: typed)
    answers = Answers(answer)
    path = ask_save_name(parent, "Save", "", SUFFIXES)
    assert answers.asked == ["v1.5.png exists already. Replace it?"]
    assert answers.defaults == ["No"]
    assert path == (tmp_path / "v1.5.png" if answer == "Yes" else None)


def test_cancelling_gives_nothing(parent: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    assert ask_save_name(parent, "Save", "", SUFFIXES) is None
