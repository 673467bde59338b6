"""Opening, saving, pasting and dropping."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from hands import (
    ANSWER_MS,
    DEMO,
    activate,
    drop,
    open_file,
    points,
    press_key,
    wait_for_file,
)
from lenet_desktop.drawing.drawing_file import read_drawings
from lenet_desktop.drawing.picture import write_picture
from lenet_desktop.drawing.raster import blank, rasterize
from lenet_desktop.drawing.strokes import Ink, place
from lenet_desktop.ui.self_test import play_strokes
from lenet_desktop.ui.window.main_window import MainWindow

SEVEN: Ink = rasterize(place(DEMO["7"]))
Open = Callable[..., MainWindow]


def assert_one_sentence(sentence: str) -> None:
    assert sentence.endswith(".")
    assert "\n" not in sentence


def saved(window: MainWindow, path: Path, qtbot: QtBot) -> str:
    """Save the drawing; return the message about it."""
    window.files.save(path)
    qtbot.waitUntil(lambda: bool(window.message), timeout=ANSWER_MS)
    return window.message


@pytest.fixture
def drawn(open_window: Open) -> tuple[MainWindow, Ink]:
    """A window with a drawing, without a model: files need none."""
    window = open_window(start=False)
    play_strokes(window.canvas, DEMO["4"])
    play_strokes(window.canvas, [points((390, 390), (430, 410))], Qt.MouseButton.RightButton)
    return window, window.canvas.ink()


@pytest.fixture
def a_seven(tmp_path: Path) -> Path:
    path = tmp_path / "seven.png"
    write_picture(SEVEN, path)
    return path


# Files


@pytest.mark.parametrize("name", ["a.png", "a.jsonl", "a.JSON"])
def test_a_drawing_that_is_saved_opens_again_as_it_was(
    drawn: tuple[MainWindow, Ink], tmp_path: Path, name: str, qtbot: QtBot
) -> None:
    window, ink = drawn
    assert saved(window, tmp_path / name, qtbot) == f"Saved {name}"
    window.canvas.clear()
    open_file(window, tmp_path / name, qtbot)
    assert window.message == ""
    assert np.array_equal(window.canvas.ink(), ink)
    window.canvas.undo_stack.undo()
    assert window.canvas.is_blank


def test_a_picture_that_is_opened_is_read(window: MainWindow, qtbot: QtBot, a_seven: Path) -> None:
    open_file(window, a_seven, qtbot)
    assert np.array_equal(window.canvas.ink(), SEVEN)
    qtbot.waitUntil(window.is_answered, timeout=ANSWER_MS)
    assert window.panel.digit == "7"


def test_a_picture_can_be_drawn_upon_and_undone(
    drawn: tuple[MainWindow, Ink], a_seven: Path, qtbot: QtBot
) -> None:
    window, ink = drawn
    open_file(window, a_seven, qtbot)
    play_strokes(window.canvas, [points((100, 700))])
    assert (window.canvas.ink() >= SEVEN).all()
    assert window.canvas.ink().sum() > SEVEN.sum()
    window.canvas.undo_stack.undo()
    assert np.array_equal(window.canvas.ink(), SEVEN)
    window.canvas.undo_stack.undo()
    assert np.array_equal(window.canvas.ink(), ink)


def test_strokes_without_a_brush_are_drawn_with_the_current_one(
    drawn: tuple[MainWindow, Ink], tmp_path: Path, qtbot: QtBot
) -> None:
    window, _ = drawn
    (tmp_path / "a.jsonl").write_text('{"strokes": [[[1, 1], [1, 9]]]}\n')
    window.canvas.set_brush(30)
    open_file(window, tmp_path / "a.jsonl", qtbot)
    ink = window.canvas.ink()
    assert (ink[400] > 127).sum() == 30
    assert (ink[:, 400] > 127).sum() == pytest.approx(0.7 * 800 + 30, abs=2)


BAD = {
    "text.png": b"text",
    "empty.png": b"",
    "bad.jsonl": b"{",
    "empty.jsonl": b"",
    "binary.jsonl": bytes(range(256)),
    "none": b"\x00",
}


@pytest.mark.parametrize("name", [*BAD, "blank.png", "missing.png", "missing.jsonl", "."])
def test_a_bad_file_is_reported_in_one_sentence_and_the_drawing_stays(
    drawn: tuple[MainWindow, Ink], tmp_path: Path, name: str, qtbot: QtBot
) -> None:
    window, ink = drawn
    path = tmp_path / name
    if name in BAD:
        path.write_bytes(BAD[name])
    elif name == "blank.png":
        Image.new("L", (50, 50), 255).save(path)
    steps = window.canvas.undo_stack.count()
    open_file(window, path, qtbot)
    assert_one_sentence(window.message)
    assert str(path) in window.message
    assert np.array_equal(window.canvas.ink(), ink)
    assert window.canvas.undo_stack.count() == steps
    assert window.canvas.cursor().shape() is Qt.CursorShape.BitmapCursor
    play_strokes(window.canvas, [points((50, 50))])
    assert window.message == "", "drawing hides it"


@pytest.mark.parametrize("name", ["a.png", "a.jsonl"])
def test_a_blank_pad_is_not_saved(
    open_window: Open, tmp_path: Path, name: str, qtbot: QtBot
) -> None:
    window = open_window(start=False)
    assert "draw a digit first" in saved(window, tmp_path / name, qtbot)
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize("name", ["a.png", "a.jsonl"])
def test_an_unwritable_path_is_reported_in_one_sentence(
    drawn: tuple[MainWindow, Ink], tmp_path: Path, name: str, qtbot: QtBot
) -> None:
    (tmp_path / "file").write_text("in the way")
    sentence = saved(drawn[0], tmp_path / "file" / name, qtbot)
    assert_one_sentence(sentence)
    assert "cannot be written" in sentence


def test_what_is_saved_is_the_drawing_as_it_was_then(
    drawn: tuple[MainWindow, Ink], tmp_path: Path, qtbot: QtBot
) -> None:
    window, ink = drawn
    window.files.save(tmp_path / "a.png")
    window.files.save(tmp_path / "a.jsonl")
    window.canvas.clear()
    window.close()
    for name in ("a.png", "a.jsonl"):
        (drawing,) = read_drawings(tmp_path / name)
        assert np.array_equal(rasterize(drawing), ink), "closing the window waits for it"


@pytest.mark.parametrize(
    ("class_", "name"),
    [("3", "digit 3.png"), ("", "drawing.png"), ("?", "drawing.png"), ("../a", "drawing.png")],
)
def test_the_suggested_name_of_a_drawing(
    drawn: tuple[MainWindow, Ink],
    monkeypatch: pytest.MonkeyPatch,
    class_: str,
    name: str,
) -> None:
    suggested = []

    def ask(_parent: object, _title: str, start: str, _filters: str) -> tuple[str, str]:
        suggested.append(Path(start).name)
        return "", ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    drawn[0].files.ask_save(class_)
    assert suggested == [name]


# Paste and drop


def as_image(ink: Ink) -> QImage:
    side = ink.shape[0]
    return QImage((255 - ink).tobytes(), side, side, side, QImage.Format.Format_Grayscale8).copy()


@pytest.mark.parametrize("kind", ["picture", "file"])
def test_a_picture_is_pasted(
    drawn: tuple[MainWindow, Ink], a_seven: Path, kind: str, qtbot: QtBot
) -> None:
    window, ink = drawn
    if kind == "picture":
        QGuiApplication.clipboard().setImage(as_image(SEVEN))
    else:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(a_seven))])
        QGuiApplication.clipboard().setMimeData(data)
    activate(window, qtbot)
    press_key(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    wait_for_file(window, qtbot)
    assert np.array_equal(window.canvas.ink(), SEVEN)
    window.canvas.undo_stack.undo()
    assert np.array_equal(window.canvas.ink(), ink)


@pytest.mark.parametrize("kind", ["text", "nothing", "blank picture"])
def test_a_clipboard_without_a_digit_is_reported_in_one_sentence(
    drawn: tuple[MainWindow, Ink], kind: str, qtbot: QtBot
) -> None:
    window, ink = drawn
    clipboard = QGuiApplication.clipboard()
    clipboard.clear()
    if kind == "text":
        clipboard.setText("no picture")
    elif kind == "blank picture":
        clipboard.setImage(as_image(blank()))
    window.files.paste()
    wait_for_file(window, qtbot)
    assert_one_sentence(window.message)
    assert np.array_equal(window.canvas.ink(), ink)


@pytest.mark.parametrize("kind", ["file", "picture", "bad file"])
def test_files_and_pictures_are_dropped(
    drawn: tuple[MainWindow, Ink], a_seven: Path, tmp_path: Path, kind: str, qtbot: QtBot
) -> None:
    window, ink = drawn
    data = QMimeData()
    if kind == "picture":
        data.setImageData(as_image(SEVEN))
    else:
        (tmp_path / "bad.png").write_text("bad")
        path = a_seven if kind == "file" else tmp_path / "bad.png"
        data.setUrls([QUrl.fromLocalFile(str(path))])
    drop(window.canvas, data)
    wait_for_file(window, qtbot)
    assert np.array_equal(window.canvas.ink(), ink if kind == "bad file" else SEVEN)
    assert bool(window.message) is (kind == "bad file")


def test_the_window_stays_if_a_drawing_could_not_be_saved(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    play_strokes(window.canvas, DEMO["3"])
    (tmp_path / "a file").write_text("")
    window.files.save(tmp_path / "a file" / "3.png")
    assert not window.close()
    assert window.isVisible()
    qtbot.waitUntil(lambda: "3.png" in window.message, timeout=ANSWER_MS)
    assert not window.canvas.is_blank
    assert window.close(), "it has been told"


def test_a_drawing_that_is_being_saved_is_written_before_the_window_closes(
    window: MainWindow, tmp_path: Path
) -> None:
    play_strokes(window.canvas, DEMO["3"])
    window.files.save(tmp_path / "3.png")
    assert window.close()
    assert (tmp_path / "3.png").stat().st_size > 100
