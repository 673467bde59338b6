"""File dialogs: the suffix of a name, and the folder in which each of them starts."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from hands import Answers
from lenet_desktop.ui.settings import Settings
from lenet_desktop.ui.window.file_dialogs import (
    Purpose,
    as_file_name,
    ask_folder,
    ask_open_name,
    ask_save_name,
)

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


class Asked:
    """Answers file dialogs, and notes in which folder each begins."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.starts: list[str] = []
        self.answer = ""
        for name in ("getSaveFileName", "getOpenFileName"):
            monkeypatch.setattr(QFileDialog, name, self._answer)
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *a: self._answer(*a)[0])

    def _answer(self, _parent: QWidget, _title: str, start: str, _filters: str = "") -> tuple:
        self.starts.append(start)
        return self.answer, ""


def test_each_purpose_starts_in_its_own_last_folder(
    parent: QWidget, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = Asked(monkeypatch)
    pictures, models, data = (tmp_path / name for name in ("pictures", "models", "data"))
    for folder in (pictures, models, data):
        folder.mkdir()
    asked.answer = str(pictures / "3.png")
    assert ask_open_name(parent, "Open", "*", Purpose.DRAWING) == pictures / "3.png"
    asked.answer = str(models / "mine.json")
    assert ask_save_name(parent, "Save", "", SUFFIXES, Purpose.MODEL) == models / "mine.json"
    asked.answer = str(data)
    assert ask_folder(parent, "Choose", Purpose.DATA) == data
    asked.answer = ""
    asked.starts.clear()
    assert ask_save_name(parent, "Save", "digit 4.png", SUFFIXES, Purpose.DRAWING) is None
    assert ask_open_name(parent, "Open", "*", Purpose.MODEL) is None
    assert ask_folder(parent, "Choose", Purpose.DATA) is None
    assert asked.starts == [str(pictures / "digit 4.png"), str(models), str(data)]
    assert Settings().folder(Purpose.MODEL) == models, "cancelling changes nothing"


@pytest.mark.parametrize("purpose", Purpose)
def test_the_first_folder_is_the_users_and_not_the_current_one(
    parent: QWidget, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, purpose: Purpose
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = Asked(monkeypatch)
    gone = tmp_path / "gone"
    Settings().set_folder(purpose, gone)
    ask_open_name(parent, "Open", "*", purpose)
    start = Path(asked.starts[0])
    assert start.is_dir()
    assert start.is_absolute()
    assert start not in (tmp_path, gone)
    assert start.is_relative_to(Path.home())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("My MNIST", "My MNIST"),
        ("a/b\\c: <d>?", "a-b-c- -d-"),
        ("../../etc", "-..-etc"),
        (" . ", ""),
        ("Ünïcode №7", "Ünïcode №7"),
        ("x" * 100, "x" * 60),
    ],
)
def test_a_name_becomes_one_of_a_file(text: str, name: str) -> None:
    assert as_file_name(text) == name
