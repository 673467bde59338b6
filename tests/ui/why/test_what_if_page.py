"""The page 'What if?' changes ink and dreams, and stops when it is told to."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from explained_pad import Desk
from hands import ANSWER_MS, LOADING_MS
from lenet_desktop import paths
from lenet_desktop.inference.inside.unit import Unit
from lenet_desktop.inference.recognizer import Recognizer


def click(button: object) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def open_page(desk: Desk, label: str) -> None:
    desk.pages.setCurrentIndex(1)
    desk.draw(label)


def test_the_change_that_would_be_a_nine(desk: Desk, qtbot: QtBot) -> None:
    open_page(desk, "4")
    desk.what_if.set_target(9)
    click(desk.what_if.change_button)
    assert desk.what_if.is_busy
    assert not desk.what_if.change_button.isEnabled()
    assert desk.what_if.stop_button.isEnabled()
    qtbot.waitUntil(lambda: not desk.what_if.is_busy, timeout=LOADING_MS)
    assert "the network takes it for 9" in desk.what_if.text
    change = desk.overlay.values
    assert change is not None
    drawn = desk.recognizer.recognize(desk.canvas.drawing)
    assert drawn is not None
    changed = drawn.sample + change
    assert desk.recognizer.predict(changed.astype(np.float32)).best_class == "9"
    assert desk.what_if.change_button.isEnabled()
    desk.draw("7")
    assert desk.overlay.isHidden()
    assert desk.what_if.text == ""


def test_a_class_dreams_on_the_paper(desk: Desk, qtbot: QtBot) -> None:
    open_page(desk, "4")
    opened: list[int] = []
    desk.over_paper.opened.connect(lambda: opened.append(1))
    desk.what_if.set_target(3)
    click(desk.what_if.dream_button)
    qtbot.waitUntil(lambda: desk.over_paper.image is not None, timeout=LOADING_MS)
    first = desk.over_paper.image
    qtbot.waitUntil(lambda: not desk.what_if.is_busy, timeout=ANSWER_MS)
    image = desk.over_paper.image
    assert image is not None
    assert (image != first).any()
    assert desk.recognizer.predict(image.astype(np.float32) / 255).best_class == "3"
    assert "A dream of 3" in desk.over_paper.text
    assert "Nobody wrote it" in desk.over_paper.text
    assert opened == [1], "a film is announced once"
    click(desk.over_paper.back_button)
    assert desk.over_paper.isHidden()


def test_a_map_dreams(desk: Desk, qtbot: QtBot) -> None:
    open_page(desk, "4")
    desk.what_if.set_unit(Unit(3, (2, 4, 4)))
    assert desk.what_if.dream_box.currentText() == "map 3 of conv2"
    click(desk.what_if.dream_button)
    qtbot.waitUntil(lambda: desk.over_paper.image is not None, timeout=LOADING_MS)
    qtbot.waitUntil(lambda: not desk.what_if.is_busy, timeout=ANSWER_MS)
    assert desk.what_if.text == "This is what map 3 of conv2 likes best. Nobody wrote it."
    desk.what_if.set_unit(Unit(5, (11,)))
    assert desk.what_if.dream_box.currentText() == "neuron 12 of fc1"
    desk.what_if.set_unit(Unit(0, (0, 3, 3)))
    assert desk.what_if.dream_box.count() == 10
    desk.what_if.set_unit(None)


def test_it_stops(desk: Desk, qtbot: QtBot) -> None:
    open_page(desk, "7")
    click(desk.what_if.dream_button)
    qtbot.waitUntil(lambda: desk.over_paper.image is not None, timeout=LOADING_MS)
    click(desk.what_if.stop_button)
    assert not desk.what_if.is_busy
    assert desk.what_if.text.startswith("Stopped. Step")
    stopped = desk.over_paper.image
    assert desk.what_if.dream_button.isEnabled()
    # Going back to the drawing stops a dream, too.
    click(desk.what_if.dream_button)
    qtbot.waitUntil(lambda: desk.over_paper.image is not stopped, timeout=ANSWER_MS)
    click(desk.over_paper.back_button)
    assert not desk.what_if.is_busy


def test_another_drawing_ends_a_change(desk: Desk, qtbot: QtBot) -> None:
    open_page(desk, "7")
    click(desk.what_if.change_button)
    qtbot.waitUntil(lambda: desk.overlay.values is not None, timeout=LOADING_MS)
    desk.read()  # the same drawing again
    desk.draw("4")
    assert not desk.what_if.is_busy
    assert desk.overlay.isHidden()


def test_leaving_the_page_shows_the_drawing_as_it_is(desk: Desk, qtbot: QtBot) -> None:
    open_page(desk, "7")
    click(desk.what_if.dream_button)
    qtbot.waitUntil(lambda: desk.over_paper.image is not None, timeout=LOADING_MS)
    desk.pages.setCurrentIndex(0)
    assert desk.over_paper.isHidden()
    assert not desk.what_if.is_busy
    # The other page's question is not cancelled by that.
    qtbot.waitUntil(lambda: desk.overlay.values is not None, timeout=ANSWER_MS)


def test_a_model_file_that_is_gone_is_told(desk: Desk, qtbot: QtBot, tmp_path) -> None:
    open_page(desk, "7")
    desk.worker.use(tmp_path / "gone.safetensors")
    click(desk.what_if.change_button)
    qtbot.waitUntil(lambda: not desk.what_if.is_busy, timeout=LOADING_MS)
    assert "gone.safetensors" in desk.what_if.text


def test_without_ink_only_dreams_are_possible(desk: Desk) -> None:
    desk.pages.setCurrentIndex(1)
    assert not desk.what_if.change_button.isEnabled()
    assert not desk.what_if.dream_button.isEnabled()
    bare = desk.recognizer.read_inside(np.zeros((28, 28), np.float32))
    desk.what_if.show_reading(bare)
    assert not desk.what_if.change_button.isEnabled()
    assert desk.what_if.dream_button.isEnabled()
    desk.draw("7")
    assert desk.what_if.change_box.currentText() != "7", "what it nearly is"
    desk.canvas.clear()
    desk.read()
    assert not desk.what_if.change_button.isEnabled()
    assert desk.what_if.dream_button.isEnabled()


def test_another_network_ends_what_the_one_before_said(desk: Desk, qtbot: QtBot) -> None:
    open_page(desk, "4")
    desk.what_if.set_target(9)
    click(desk.what_if.change_button)
    qtbot.waitUntil(lambda: not desk.what_if.is_busy, timeout=LOADING_MS)
    assert desk.what_if.text
    other = Recognizer.from_file(paths.factory_model(), "cpu")
    drawing = desk.canvas.drawing
    desk.what_if.show_reading(other.read_inside(other.recognize(drawing).sample), drawing)
    assert desk.what_if.text == ""
    assert desk.overlay.isHidden()


def test_the_class_that_dreams_stays_when_the_mouse_passes_a_map(desk: Desk) -> None:
    open_page(desk, "4")
    desk.what_if.dream_box.setCurrentIndex(3)
    for unit in (Unit(1, (2, 5, 5)), Unit(3, (1, 5, 5)), Unit(0, (0, 5, 5)), None):
        desk.what_if.set_unit(unit)
    assert desk.what_if.dream_box.currentText() == "3"
    assert desk.what_if.dream_box.count() == 10


def test_a_dream_does_not_cover_what_is_shown_after_it(desk: Desk, qtbot: QtBot) -> None:
    open_page(desk, "4")
    click(desk.what_if.dream_button)
    qtbot.waitUntil(lambda: desk.over_paper.image is not None, timeout=LOADING_MS)
    assert desk.what_if.is_busy
    desk.over_paper.show_image(np.zeros((28, 28), np.uint8), ("A mistake",))
    qtbot.waitUntil(lambda: not desk.what_if.is_busy, timeout=ANSWER_MS)
    assert desk.over_paper.text == "A mistake"
    desk.pages.setCurrentIndex(0)
    assert desk.over_paper.text == "A mistake"
    assert desk.over_paper.image is not None
