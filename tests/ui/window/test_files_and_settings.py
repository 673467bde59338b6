"""Opening, saving, pasting and dropping; what is remembered; models that cannot be used."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QAction, QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from hands import ANSWER_MS, DEMO, LOADING_MS, activate, draw, drop, points, press_key
from lenet_desktop import paths
from lenet_desktop.drawing.picture import write_picture
from lenet_desktop.drawing.raster import blank, rasterize
from lenet_desktop.drawing.strokes import Ink, place
from lenet_desktop.models import model_file
from lenet_desktop.ui.app import make_app, open_settings
from lenet_desktop.ui.self_test import play_strokes
from lenet_desktop.ui.theme import is_dark
from lenet_desktop.ui.window.main_window import MainWindow

SEVEN: Ink = rasterize(place(DEMO["7"]))
Open = Callable[..., MainWindow]


def assert_one_sentence(sentence: str) -> None:
    assert sentence.endswith(".")
    assert "\n" not in sentence


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
    drawn: tuple[MainWindow, Ink], tmp_path: Path, name: str
) -> None:
    window, ink = drawn
    window.save_drawing(tmp_path / name)
    assert window.message == ""
    window.canvas.clear()
    window.open_file(tmp_path / name)
    assert window.message == ""
    assert np.array_equal(window.canvas.ink(), ink)
    window.canvas.undo_stack.undo()
    assert window.canvas.is_blank


def test_a_picture_that_is_opened_is_read(window: MainWindow, qtbot: QtBot, a_seven: Path) -> None:
    window.open_file(a_seven)
    assert np.array_equal(window.canvas.ink(), SEVEN)
    qtbot.waitUntil(window.is_answered, timeout=ANSWER_MS)
    assert window.panel.digit == "7"


def test_a_picture_can_be_drawn_upon_and_undone(
    drawn: tuple[MainWindow, Ink], a_seven: Path
) -> None:
    window, ink = drawn
    window.open_file(a_seven)
    play_strokes(window.canvas, [points((100, 700))])
    assert (window.canvas.ink() >= SEVEN).all()
    assert window.canvas.ink().sum() > SEVEN.sum()
    window.canvas.undo_stack.undo()
    assert np.array_equal(window.canvas.ink(), SEVEN)
    window.canvas.undo_stack.undo()
    assert np.array_equal(window.canvas.ink(), ink)


def test_strokes_of_others_are_drawn_with_the_brush_in_hand(
    drawn: tuple[MainWindow, Ink], tmp_path: Path
) -> None:
    window, _ = drawn
    (tmp_path / "a.jsonl").write_text('{"strokes": [[[1, 1], [1, 9]]]}\n')
    window.canvas.set_brush(30)
    window.open_file(tmp_path / "a.jsonl")
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
def test_a_bad_file_gets_one_sentence_and_the_drawing_stays(
    drawn: tuple[MainWindow, Ink], tmp_path: Path, name: str
) -> None:
    window, ink = drawn
    path = tmp_path / name
    if name in BAD:
        path.write_bytes(BAD[name])
    elif name == "blank.png":
        Image.new("L", (50, 50), 255).save(path)
    steps = window.canvas.undo_stack.count()
    window.open_file(path)
    assert_one_sentence(window.message)
    assert str(path) in window.message
    assert np.array_equal(window.canvas.ink(), ink)
    assert window.canvas.undo_stack.count() == steps
    assert QGuiApplication.overrideCursor() is None
    play_strokes(window.canvas, [points((50, 50))])
    assert window.message == "", "it goes when one draws on"


@pytest.mark.parametrize("name", ["a.png", "a.jsonl"])
def test_a_blank_pad_is_not_saved(open_window: Open, tmp_path: Path, name: str) -> None:
    window = open_window(start=False)
    window.save_drawing(tmp_path / name)
    assert "draw a digit first" in window.message
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize("name", ["a.png", "a.jsonl"])
def test_a_place_that_cannot_be_written_to_gets_one_sentence(
    drawn: tuple[MainWindow, Ink], tmp_path: Path, name: str
) -> None:
    (tmp_path / "file").write_text("in the way")
    drawn[0].save_drawing(tmp_path / "file" / name)
    assert_one_sentence(drawn[0].message)
    assert "cannot be written" in drawn[0].message


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
    assert np.array_equal(window.canvas.ink(), SEVEN)
    window.canvas.undo_stack.undo()
    assert np.array_equal(window.canvas.ink(), ink)


@pytest.mark.parametrize("kind", ["text", "nothing", "blank picture"])
def test_a_clipboard_without_a_digit_gets_one_sentence(
    drawn: tuple[MainWindow, Ink], kind: str
) -> None:
    window, ink = drawn
    clipboard = QGuiApplication.clipboard()
    clipboard.clear()
    if kind == "text":
        clipboard.setText("no picture")
    elif kind == "blank picture":
        clipboard.setImage(as_image(blank()))
    window.paste()
    assert_one_sentence(window.message)
    assert np.array_equal(window.canvas.ink(), ink)


@pytest.mark.parametrize("kind", ["file", "picture", "bad file"])
def test_files_and_pictures_are_dropped(
    drawn: tuple[MainWindow, Ink], a_seven: Path, tmp_path: Path, kind: str
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
    assert np.array_equal(window.canvas.ink(), ink if kind == "bad file" else SEVEN)
    assert bool(window.message) is (kind == "bad file")


# Models


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """A model that reads letters where the factory model reads digits."""
    model = model_file.load(paths.factory_model())
    card = replace(model.card, name="letters", classes=tuple("abcdefghij"))
    model_file.save(replace(model, card=card), tmp_path / "letters.safetensors")
    return tmp_path / "letters.safetensors"


def test_a_model_that_is_opened_or_dropped_reads_the_drawing_at_once(
    window: MainWindow, qtbot: QtBot, letters: Path
) -> None:
    draw(window, "3", qtbot)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(letters))])
    drop(window.canvas, data)
    qtbot.waitUntil(lambda: window.panel.digit == "d", timeout=ANSWER_MS)
    assert "letters" in window.status
    assert window.panel.bars.classes == tuple("abcdefghij")
    window.use_model(paths.factory_model())
    qtbot.waitUntil(lambda: window.panel.digit == "3", timeout=ANSWER_MS)
    assert "letters" not in window.status


def test_a_bad_model_gets_one_sentence_and_the_one_in_use_stays(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    draw(window, "3", qtbot)
    status = window.status
    (tmp_path / "bad.safetensors").write_bytes(b"bad" * 999)
    window.open_file(tmp_path / "bad.safetensors")
    qtbot.waitUntil(lambda: window.message != "", timeout=ANSWER_MS)
    assert_one_sentence(window.message)
    assert "bad.safetensors" in window.message
    assert window.panel.digit == "3"
    assert window.status == status
    draw(window, "8", qtbot)
    assert window.message == ""
    assert open_settings().value("model", "") == ""


@pytest.mark.parametrize("ink", ["blank", "drawn meanwhile"])
def test_a_remembered_model_that_is_gone_gives_way_with_a_sentence(
    open_window: Open, qtbot: QtBot, tmp_path: Path, ink: str
) -> None:
    settings = open_settings()
    settings.setValue("model", str(tmp_path / "gone.safetensors"))
    settings.sync()
    window = open_window(start=False)
    if ink != "blank":
        play_strokes(window.canvas, DEMO["6"])
    window.start()
    qtbot.waitUntil(lambda: not window.is_loading, timeout=LOADING_MS)
    qtbot.waitUntil(lambda: "loading" not in window.status, timeout=LOADING_MS)
    if ink != "blank":
        qtbot.waitUntil(lambda: window.panel.digit == "6", timeout=ANSWER_MS)
    assert_one_sentence(window.message)
    assert "gone.safetensors" in window.message
    if ink == "blank":
        assert window.panel.caption == "draw a digit"
        draw(window, "6", qtbot)
    assert window.panel.digit == "6"


def test_what_is_wrong_with_model_and_device_is_said_together(
    open_window: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window(model=tmp_path / "gone.safetensors", device="xla")
    qtbot.waitUntil(lambda: "loading" not in window.status, timeout=LOADING_MS)
    assert "gone.safetensors" in window.message
    assert "'xla'" in window.message


def test_a_choice_that_cannot_be_remembered_is_said(
    open_window: Open, qtbot: QtBot, letters: Path
) -> None:
    folder = paths.settings_file().parent
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file where a folder is wanted")
    window = open_window()
    assert window.message == ""
    window.use_model(letters)
    qtbot.waitUntil(lambda: "letters" in window.status, timeout=ANSWER_MS)
    assert_one_sentence(window.message)
    assert str(paths.settings_file()) in window.message


def test_a_remembered_model_that_is_away_once_is_not_forgotten(
    open_window: Open, qtbot: QtBot, letters: Path
) -> None:
    first = open_window()
    first.use_model(letters)
    qtbot.waitUntil(lambda: "letters" in first.status, timeout=ANSWER_MS)
    first.close()
    letters.rename(letters.with_suffix(".away"))
    second = open_window()
    qtbot.waitUntil(lambda: "LeNet" in second.status, timeout=LOADING_MS)
    with qtbot.waitSignal(second.recognition.model_changed, timeout=ANSWER_MS):
        second.use_device("cpu")
    second.close()
    letters.with_suffix(".away").rename(letters)
    third = open_window()
    assert "letters" in third.status
    assert third.message == ""


def test_without_a_factory_model_another_one_can_be_opened(
    open_window: Open, qtbot: QtBot, letters: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, worse = tmp_path / "bad.safetensors", tmp_path / "worse.safetensors"
    for path in (bad, worse):
        path.write_bytes(b"bad" * 999)
    monkeypatch.setattr(paths, "factory_model", lambda: bad)
    window = open_window()
    assert window.panel.caption == "no model"
    assert "bad.safetensors" in window.message
    menu = window.model_menu
    assert menu.isEnabled()
    asked = iter((str(worse), str(letters)))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (next(asked), ""))
    with qtbot.waitSignal(window.recognition.failed, timeout=ANSWER_MS):
        menu.open_action.trigger()
    qtbot.waitUntil(lambda: "worse.safetensors" in window.message, timeout=ANSWER_MS)
    menu.open_action.trigger()
    qtbot.waitUntil(lambda: "letters" in window.status, timeout=ANSWER_MS)
    draw(window, "3", qtbot)
    assert window.panel.digit == "d"
    window.close()
    qtbot.waitUntil(lambda: not menu.isEnabled())  # nobody is there who could read with it


def test_a_device_that_fails_gives_way_to_the_cpu_with_a_notice_that_stays(
    window: MainWindow, qtbot: QtBot
) -> None:
    draw(window, "9", qtbot)
    with qtbot.waitSignal(window.recognition.recognized, timeout=ANSWER_MS):
        window.use_device("xla")
    qtbot.waitUntil(window.is_answered, timeout=ANSWER_MS)
    assert "'xla'" in window.message
    assert "CPU" in window.status
    assert window.panel.digit == "9"


# Settings


def action_named(window: MainWindow, name: str) -> QAction:
    (action,) = (a for a in window.findChildren(QAction) if a.text().replace("&", "") == name)
    return action


def test_brush_theme_device_model_and_size_are_remembered(
    open_window: Open, qtbot: QtBot, letters: Path, home: Path
) -> None:
    first = open_window()
    first.resize(790, 610)
    first.canvas.set_brush(88)
    action_named(first, "Dark").trigger()
    first.use_device("cpu")
    first.use_model(letters)
    qtbot.waitUntil(lambda: "letters" in first.status, timeout=ANSWER_MS)
    first.close()
    assert [p for p in home.rglob("*") if p.is_file() and p.suffix == ".ini"] == [
        paths.settings_file()
    ]
    second = open_window()
    assert "letters" in second.status
    assert second.canvas.brush == 88
    assert second.size().toTuple() == (790, 610)
    assert open_settings().value("device") == "cpu"
    assert is_dark(make_app())
    assert action_named(second, "Dark").isChecked()
    action_named(second, "Light").trigger()
    assert not is_dark(make_app())
    action_named(second, "Factory model").trigger()
    qtbot.waitUntil(lambda: "letters" not in second.status, timeout=ANSWER_MS)
    assert open_settings().value("model", "") == ""


def test_a_model_for_one_session_is_not_remembered(
    open_window: Open, qtbot: QtBot, letters: Path
) -> None:
    first = open_window(model=letters, device="cpu")
    assert "letters" in first.status
    first.close()
    assert "letters" not in open_window().status


@pytest.mark.parametrize("session", [{"device": "cpu"}, {"model": paths.factory_model()}, {}])
def test_what_is_chosen_in_a_session_is_remembered_however_it_was_started(
    open_window: Open, qtbot: QtBot, letters: Path, session: dict[str, object]
) -> None:
    first = open_window(**session)
    assert open_settings().value("device") is None, "a device for one session is not remembered"
    first.use_model(letters)  # as the training does with a model that is kept
    qtbot.waitUntil(lambda: "letters" in first.status, timeout=ANSWER_MS)
    first.close()
    assert open_settings().value("device") is None
    assert "letters" in open_window().status


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("brush", "thick"),
        ("brush", "-7"),
        ("brush", "99999999999999999999"),
        ("brush", "²"),
        ("theme", "pink"),
        ("geometry", "nonsense"),
        ("device", "abacus"),
        ("model", "/"),
        ("model", ["a", " b"]),  # as Qt reads a comma that somebody wrote without quotes
    ],
)
def test_settings_that_make_no_sense_do_no_harm(
    open_window: Open, qtbot: QtBot, key: str, value: object
) -> None:
    settings = open_settings()
    settings.setValue(key, value)
    settings.sync()
    window = open_window()
    qtbot.waitUntil(lambda: "loading" not in window.status, timeout=LOADING_MS)
    draw(window, "2", qtbot)
    assert window.panel.digit == "2"
    assert 16 <= window.canvas.brush <= 120
