"""The page 'Why?' explains what is on the pad, with the real network and the mouse."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from explained_pad import Desk
from hands import ANSWER_MS, LOADING_MS
from lenet_desktop.drawing.raster import blank, draw_line
from lenet_desktop.drawing.strokes import Drawing
from lenet_desktop.inference.inside.methods import Method


def test_a_drawn_digit_is_explained(desk: Desk, qtbot: QtBot) -> None:
    desk.draw("7")
    qtbot.waitUntil(lambda: desk.overlay.values is not None, timeout=LOADING_MS)
    assert desk.why.target_box.currentText() == "Why 7?"
    assert desk.why.text.startswith("The network gives 7 a probability of 99.")
    values = desk.overlay.values
    assert values is not None
    assert values.sum() > 0
    desk.why.set_target(4)
    assert desk.why.target_box.currentText() == "Why not 4?"
    qtbot.waitUntil(lambda: desk.overlay.values is not values, timeout=ANSWER_MS)
    assert desk.overlay.values is not None
    assert desk.overlay.values.sum() < 0
    assert "gives 4 a probability of" in desk.why.text


def test_each_method_is_explained_in_a_sentence_of_its_own(desk: Desk, qtbot: QtBot) -> None:
    desk.draw("4")
    explanations = set()
    for index in range(len(Method)):
        desk.overlay.clear()
        desk.why.method_box.setCurrentIndex(index)
        desk.read()
        qtbot.waitUntil(lambda: desk.overlay.values is not None, timeout=LOADING_MS)
        explanations.add(desk.why.explanation)
    assert len(explanations) == len(Method)


def test_the_strokes_of_a_four_are_weighed(desk: Desk, qtbot: QtBot) -> None:
    desk.draw("4")
    QTest.keyClick(desk.why.method_box, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: len(desk.overlay.labels) == 2, timeout=LOADING_MS)
    assert "Stroke 1: −" in desk.why.text
    desk.draw("7")
    qtbot.waitUntil(lambda: len(desk.overlay.labels) == 1, timeout=ANSWER_MS)
    assert "It is one stroke" in desk.why.text


def test_it_follows_the_answer_until_a_class_is_chosen(desk: Desk, qtbot: QtBot) -> None:
    desk.draw("7")
    assert desk.why.target == 7
    desk.draw("4")
    assert desk.why.target == 4
    desk.why.set_target(9)
    desk.draw("7")
    assert desk.why.target == 9
    desk.why.set_target(None)
    assert desk.why.target == 7


def test_drawing_on_removes_it_and_the_next_reading_brings_it_back(
    desk: Desk, qtbot: QtBot
) -> None:
    desk.draw("7")
    qtbot.waitUntil(lambda: desk.overlay.values is not None, timeout=LOADING_MS)
    at = desk.canvas.from_pad(300, 420).toPoint()
    QTest.mousePress(desk.canvas, Qt.MouseButton.LeftButton, pos=at)
    assert desk.overlay.isHidden()
    QTest.mouseRelease(desk.canvas, Qt.MouseButton.LeftButton, pos=at)
    desk.read()
    qtbot.waitUntil(lambda: desk.overlay.values is not None, timeout=ANSWER_MS)
    desk.why.show_reading(desk.recognizer.read_inside(np.zeros((28, 28), np.float32)))
    assert desk.why.text.startswith("Draw something")
    desk.read()
    qtbot.waitUntil(lambda: desk.overlay.values is not None, timeout=ANSWER_MS)
    desk.canvas.clear()
    desk.read()
    assert desk.overlay.isHidden()
    assert desk.why.text.startswith("Draw something")


def test_a_hidden_page_asks_nothing(desk: Desk, qtbot: QtBot) -> None:
    desk.pages.setCurrentIndex(1)
    desk.draw("7")
    assert not desk.worker.isRunning()
    desk.pages.setCurrentIndex(0)
    qtbot.waitUntil(lambda: desk.overlay.values is not None, timeout=LOADING_MS)
    desk.pages.setCurrentIndex(1)
    assert desk.overlay.isHidden()


def test_a_picture_has_no_strokes(desk: Desk, qtbot: QtBot) -> None:
    ink = blank()
    draw_line(ink, (400, 200), (400, 600), 56)
    desk.canvas.set_drawing(Drawing(picture=ink), "test")
    desk.read()
    qtbot.waitUntil(lambda: desk.overlay.values is not None, timeout=LOADING_MS)
    assert np.isfinite(desk.overlay.values).all()
    desk.why.method_box.setCurrentIndex(3)
    assert desk.why.text == "This is a picture: it has no strokes."
    assert desk.overlay.isHidden()


def test_it_fits_into_the_least_room(desk: Desk) -> None:
    for page in (desk.why, desk.what_if):
        least = page.minimumSizeHint()
        assert least.width() <= 600
        assert least.height() <= 150
