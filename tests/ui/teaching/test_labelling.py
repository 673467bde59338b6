"""The person says what a drawing is: with the mouse, with keys, and takes it back."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from hands import ANSWER_MS, DEMO, LEFT, activate, draw, press_key
from lenet_desktop import paths
from lenet_desktop.data import own_samples
from lenet_desktop.data.own_samples import OwnSample, file_of
from lenet_desktop.drawing.strokes import Points
from lenet_desktop.models.model_card import DIGITS
from lenet_desktop.ui.pad.overlays.message_pill import MessageKind
from lenet_desktop.ui.self_test import play_strokes
from lenet_desktop.ui.window.main_window import MainWindow

ALT = Qt.KeyboardModifier.AltModifier


def samples() -> tuple[OwnSample, ...]:
    return own_samples.read(file_of(DIGITS)).samples


def wait_for(window: MainWindow, count: int, qtbot: QtBot) -> str:
    """Wait until there are so many samples and return their labels."""
    assert window.labelling.is_written()
    qtbot.waitUntil(lambda: len(samples()) == count, timeout=ANSWER_MS)
    return "".join(sample.label for sample in samples())


def beside(*labels: str) -> list[Points]:
    """Return the strokes of digits side by side."""
    strokes = []
    for place, label in enumerate(labels):
        points = np.concatenate(DEMO[label])
        scale = 300 / float(np.ptp(points[:, 1]))
        at = np.array([80 + 320 * place, 200], np.float32)
        strokes += [(s - points.min(axis=0)) * np.float32(scale) + at for s in DEMO[label]]
    return strokes


def test_nothing_can_be_labelled_on_a_blank_pad(window: MainWindow, qtbot: QtBot) -> None:
    row = window.panel.label_row
    assert not row.right.isVisible()
    assert not window.labelling.menu.right.isEnabled()
    draw(window, "3", qtbot)
    assert row.right.isVisible()
    window.canvas.clear()
    assert not row.right.isVisible()


def test_right_is_one_click_and_undo_takes_it_back(window: MainWindow, qtbot: QtBot) -> None:
    draw(window, "3", qtbot)
    row = window.panel.label_row
    qtbot.mouseClick(row.right, LEFT)
    assert wait_for(window, 1, qtbot) == "3"
    (sample,) = samples()
    for stroke, drawn in zip(sample.drawing.strokes, window.canvas.drawing.strokes, strict=True):
        assert np.abs(stroke.points - drawn.points).max() < 0.01
    qtbot.waitUntil(lambda: "Noted as 3" in window.message)
    assert window.pill.kind is MessageKind.SUCCESS
    assert row.text == "Noted as 3"
    assert not row.right.isVisible()
    qtbot.mouseClick(row.undo, LEFT)
    assert wait_for(window, 0, qtbot) == ""
    qtbot.waitUntil(lambda: window.message == "Taken back")
    assert row.right.isVisible(), "it can be labelled again"


def test_undo_removes_the_drawing_and_not_what_another_program_added(
    window: MainWindow, qtbot: QtBot
) -> None:
    draw(window, "3", qtbot)
    row = window.panel.label_row
    qtbot.mouseClick(row.right, LEFT)
    assert wait_for(window, 1, qtbot) == "3"
    drawing = samples()[0].drawing
    own_samples.add(file_of(DIGITS), drawing, window.canvas.ink(), "5")
    qtbot.mouseClick(row.undo, LEFT)
    assert wait_for(window, 1, qtbot) == "5"


def test_a_wrong_answer_is_corrected_in_the_menu(window: MainWindow, qtbot: QtBot) -> None:
    draw(window, "1", qtbot)
    qtbot.mouseClick(window.panel.label_row.wrong, LEFT)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    (seven,) = (action for action in menu.actions() if action.text() == "&7")
    QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(seven).center())
    assert wait_for(window, 1, qtbot) == "7"
    assert window.panel.digit == "1", "the answer is the network's"


def test_a_drawing_is_labelled_once_until_it_changes(window: MainWindow, qtbot: QtBot) -> None:
    draw(window, "3", qtbot)
    activate(window, qtbot)
    for key in (Qt.Key.Key_8, Qt.Key.Key_9):
        press_key(window.canvas, key, ALT)
    assert wait_for(window, 1, qtbot) == "8"
    window.canvas.clear()
    draw(window, "4", qtbot)
    press_key(window.canvas, Qt.Key.Key_Return, ALT)
    assert wait_for(window, 2, qtbot) == "84"


def test_a_refused_drawing_can_be_labelled(window: MainWindow, qtbot: QtBot) -> None:
    zigzag = np.array([(100 + 30 * i, 150 + 500 * (i % 2)) for i in range(20)], np.float32)
    play_strokes(window.canvas, [zigzag])
    qtbot.waitUntil(window.is_answered, timeout=ANSWER_MS)
    assert window.panel.digit == "?"
    activate(window, qtbot)
    assert not window.panel.label_row.right.isVisible(), "no answer could be right"
    assert window.panel.label_row.wrong.isVisible()
    press_key(window.canvas, Qt.Key.Key_Return, ALT)
    press_key(window.canvas, Qt.Key.Key_5, ALT)
    assert wait_for(window, 1, qtbot) == "5", "Alt+Enter has labelled nothing"


def test_one_digit_of_a_number_is_labelled(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1280, 760)
    play_strokes(window.canvas, beside("4", "2"))
    qtbot.waitUntil(lambda: window.panel.number.text == "42", timeout=ANSWER_MS)
    window.reading.choose_digit(0)
    activate(window, qtbot)
    press_key(window.canvas, Qt.Key.Key_9, ALT)
    assert wait_for(window, 1, qtbot) == "9"
    assert len(samples()[0].drawing.strokes) == len(DEMO["4"])
    window.reading.choose_digit(1)
    qtbot.waitUntil(lambda: window.panel.label_row.right.isVisible(), timeout=ANSWER_MS)
    qtbot.mouseClick(window.panel.label_row.right, LEFT)
    assert wait_for(window, 2, qtbot) == "92"


def test_a_picture_is_labelled_with_its_ink(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    draw(window, "3", qtbot)
    ink = window.canvas.ink()
    image = QImage(bytes(255 - ink), 800, 800, ink.shape[1], QImage.Format.Format_Grayscale8)
    path = tmp_path / "three.png"
    assert image.copy(0, 0, 800, 800).save(str(path))
    window.open_file(path)
    qtbot.waitUntil(lambda: window.canvas.drawing.picture is not None, timeout=ANSWER_MS)
    qtbot.waitUntil(window.is_answered, timeout=ANSWER_MS)
    qtbot.mouseClick(window.panel.label_row.right, LEFT)
    assert wait_for(window, 1, qtbot) == "3"
    assert np.array_equal(samples()[0].drawing.picture, window.canvas.ink())


def test_a_sample_that_cannot_be_written_is_told_and_can_be_tried_again(
    window: MainWindow, qtbot: QtBot
) -> None:
    paths.samples_folder().parent.mkdir(parents=True, exist_ok=True)
    paths.samples_folder().write_text("in the way")
    draw(window, "3", qtbot)
    qtbot.mouseClick(window.panel.label_row.right, LEFT)
    qtbot.waitUntil(lambda: "cannot be written" in window.message, timeout=ANSWER_MS)
    assert window.panel.label_row.right.isVisible()
    paths.samples_folder().unlink()
    qtbot.mouseClick(window.panel.label_row.right, LEFT)
    assert wait_for(window, 1, qtbot) == "3"


@pytest.mark.parametrize("classes", [("cat", "dog"), DIGITS])
def test_the_menu_offers_the_classes_of_the_model(
    window: MainWindow, classes: tuple[str, ...]
) -> None:
    menu = window.labelling.menu
    menu.set_classes(classes)
    texts = [action.text().removeprefix("&") for action in menu.actions() if action.text()]
    assert texts[1:] == list(classes)
    keys = [action.shortcut().toString() for action in menu.actions()[2:]]
    assert keys == [f"Alt+{name}" if name in DIGITS else "" for name in classes]
