"""A number is drawn with the mouse: boxes, the number at the side, and one digit of it chosen."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from hands import ANSWER_MS, DEMO, LEFT, MOVE, PRESS, RELEASE, activate, draw, press_key
from lenet_desktop import paths
from lenet_desktop.data import own_samples
from lenet_desktop.drawing.picture import write_picture
from lenet_desktop.drawing.strokes import PAD_SIZE, WIDEST, Points
from lenet_desktop.inference.kind import Kind
from lenet_desktop.models import model_file
from lenet_desktop.models.model_card import DIGITS
from lenet_desktop.ui.number.kind_switch import KindSwitch
from lenet_desktop.ui.self_test import play_strokes, send_mouse
from lenet_desktop.ui.window.main_window import MainWindow
from written_numbers import on_paper


def number(text: str, height: float = 300, gap: float = 40) -> list[Points]:
    """Return the strokes of demo digits side by side, in pad units."""
    strokes, left = [], 60.0
    for label in text:
        points = np.concatenate(DEMO[label])
        low, high = points.min(axis=0), points.max(axis=0)
        scale = height / (high[1] - low[1])
        corner = np.array([left, 250.0])
        strokes += [((s - low) * scale + corner).astype(np.float32) for s in DEMO[label]]
        left += (high[0] - low[0]) * scale + gap
    return strokes


def write(window: MainWindow, text: str, qtbot: QtBot) -> None:
    """Write a number with the mouse and wait for its reading and its boxes."""
    window.resize(1280, 760)
    qtbot.waitUntil(lambda: window.width() == 1280)
    play_strokes(window.canvas, number(text))
    qtbot.waitUntil(window.is_answered, timeout=ANSWER_MS)


def middle_of(window: MainWindow, index: int) -> QPointF:
    return window.boxes.boxes[index].area(window.canvas.place.paper).center()


def tap(window: MainWindow, at: QPointF) -> None:
    for kind in (PRESS, RELEASE):
        send_mouse(window.canvas, kind, at.toPoint())


@pytest.mark.parametrize("text", ["42", "110", "2026", "80173", "123456"])
def test_a_number_is_read_with_a_box_around_each_digit(
    window: MainWindow, qtbot: QtBot, text: str
) -> None:
    write(window, text, qtbot)
    assert window.panel.number.text == text
    assert window.panel.caption.endswith(" %")
    assert [box.text for box in window.boxes.boxes] == list(text)
    lefts = [box.left for box in window.boxes.boxes]
    assert lefts == sorted(lefts)
    assert f"{len(text)} of {len(text)}" in window.panel.digit_line, "the last one is chosen"
    assert window.panel.best_class == text[-1]


def test_a_single_digit_is_shown_as_before(window: MainWindow, qtbot: QtBot) -> None:
    write(window, "42", qtbot)
    window.canvas.clear()
    draw(window, "5", qtbot)
    assert window.panel.digit == "5"
    assert not window.panel.number.isVisible()
    assert window.panel.digit_line == ""
    assert window.boxes.boxes == ()


def test_a_tap_on_a_box_shows_that_digit_and_leaves_no_dot(
    window: MainWindow, qtbot: QtBot
) -> None:
    write(window, "407", qtbot)
    ink = window.canvas.ink()
    tap(window, middle_of(window, 0))
    assert window.panel.best_class == "4"
    assert "1 of 3" in window.panel.digit_line
    assert np.array_equal(window.canvas.ink(), ink)
    qtbot.waitUntil(window.is_answered, timeout=ANSWER_MS)
    assert window.panel.best_class == "4", "it stays chosen when the strip has been read"
    if window.strip.isVisible():
        qtbot.waitUntil(lambda: window.strip.answers[-1].startswith("4"), timeout=ANSWER_MS)


def test_the_pen_draws_through_a_box(window: MainWindow, qtbot: QtBot) -> None:
    write(window, "42", qtbot)
    ink = window.canvas.ink()
    start = middle_of(window, 0).toPoint()
    send_mouse(window.canvas, PRESS, start)
    for step in range(1, 30):
        start.setX(start.x() + step % 3)
        send_mouse(window.canvas, MOVE, start)
    send_mouse(window.canvas, RELEASE, start)
    assert len(window.canvas.drawing.strokes) == len(number("42")) + 1
    assert (window.canvas.ink() > ink).any()


def test_the_boxes_wait_until_the_pen_is_up(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1280, 760)
    strokes = number("42")
    play_strokes(window.canvas, strokes[:-1])
    qtbot.waitUntil(window.is_answered, timeout=ANSWER_MS)
    last = [window.canvas.from_pad(x, y).toPoint() for x, y in strokes[-1].tolist()]
    send_mouse(window.canvas, PRESS, last[0])
    for place in last[1:]:
        send_mouse(window.canvas, MOVE, place)
    qtbot.waitUntil(window.is_answered, timeout=ANSWER_MS)
    assert window.panel.number.text == "42"
    assert window.boxes.boxes == ()
    send_mouse(window.canvas, RELEASE, last[-1])
    qtbot.waitUntil(lambda: len(window.boxes.boxes) == 2, timeout=ANSWER_MS)


def test_undo_and_clear_take_the_boxes_away(window: MainWindow, qtbot: QtBot) -> None:
    write(window, "42", qtbot)
    window.canvas.undo()
    qtbot.waitUntil(window.is_answered, timeout=ANSWER_MS)
    assert window.boxes.boxes == ()
    window.canvas.redo()
    qtbot.waitUntil(lambda: len(window.boxes.boxes) == 2, timeout=ANSWER_MS)
    window.canvas.clear()
    assert window.boxes.boxes == ()
    assert window.panel.digit == ""


def test_the_keyboard_chooses_a_digit(window: MainWindow, qtbot: QtBot) -> None:
    write(window, "407", qtbot)
    activate(window, qtbot)
    view = window.panel.number
    view.setFocus()
    for expected in ("0", "4", "4"):
        press_key(view, Qt.Key.Key_Left)
        assert window.panel.best_class == expected
    press_key(view, Qt.Key.Key_Right)
    assert window.panel.best_class == "0"
    spoken = QAccessible.queryAccessibleInterface(view)
    assert spoken.text(QAccessible.Text.Name) == "Number"
    assert spoken.text(QAccessible.Text.Value) == "4 0 7"


def test_copy_puts_the_number_on_the_clipboard(window: MainWindow, qtbot: QtBot) -> None:
    copy = window.actions_.copy
    assert not copy.isEnabled()
    write(window, "42", qtbot)
    activate(window, qtbot)
    press_key(window, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "42"
    assert window.message == "Copied 42"
    window.canvas.clear()
    assert not copy.isEnabled()


def test_a_scribble_in_a_number_is_marked_at_its_place(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1280, 760)
    digits = number("42")
    right = np.array([560, 0], np.float32)
    zigzag = [(320 + 22 * i, 260 + 270 * (i % 2)) for i in range(11)]
    scribble = np.array(zigzag, np.float32)
    play_strokes(window.canvas, [*digits[:-1], scribble, digits[-1] + right / 2])
    qtbot.waitUntil(window.is_answered, timeout=ANSWER_MS)
    assert "?" in window.panel.digit
    assert window.panel.digit.startswith("4")
    assert window.panel.digit.endswith("2")
    assert "Not sure" in window.panel.caption
    assert any(not box.is_sure for box in window.boxes.boxes)


def test_the_choice_of_kind_is_remembered_and_changes_paper_and_reading(
    open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = open_window()
    write(window, "42", qtbot)
    window.kind_menu.choose(Kind.DIGIT)
    qtbot.waitUntil(window.is_answered, timeout=ANSWER_MS)
    assert window.boxes.boxes == ()
    assert window.canvas.drawing.width == PAD_SIZE
    window.canvas.clear()
    assert window.canvas.drawing.width == PAD_SIZE
    assert window.panel.caption == "Draw a digit"
    window.close()
    again = open_window()
    assert again.kind_menu.kind is Kind.DIGIT
    assert again.canvas.drawing.width == PAD_SIZE
    again.resize(1280, 760)
    again.kind_menu.choose(Kind.NUMBER)
    assert PAD_SIZE < again.canvas.drawing.width <= WIDEST


def test_the_switch_is_chosen_by_the_mouse_and_the_arrow_keys(
    window: MainWindow, qtbot: QtBot
) -> None:
    activate(window, qtbot)
    (switch,) = window.findChildren(KindSwitch)
    auto, digit, several = switch.findChildren(QToolButton)
    qtbot.mouseClick(digit, LEFT)
    assert window.kind_menu.kind is Kind.DIGIT
    digit.setFocus()
    press_key(digit, Qt.Key.Key_Right)
    assert window.kind_menu.kind is Kind.NUMBER
    assert QApplication.focusWidget() is several
    press_key(several, Qt.Key.Key_Right)
    press_key(several, Qt.Key.Key_Left)
    assert window.kind_menu.kind is Kind.DIGIT
    for button, name in ((auto, "Auto"), (digit, "Digit"), (several, "Number")):
        spoken = QAccessible.queryAccessibleInterface(button)
        assert spoken.text(QAccessible.Text.Name) == name
        assert bool(spoken.state().checked) is (button is digit)


def test_a_challenger_reads_the_number_too(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.session.challenger_changed, timeout=ANSWER_MS):
        window.session.try_beside(model_file.load(paths.factory_model()))
    write(window, "42", qtbot)
    qtbot.waitUntil(lambda: "42" in window.panel.other, timeout=ANSWER_MS)
    qtbot.waitUntil(lambda: window.panel.bars.others is not None, timeout=ANSWER_MS)
    window.reading.swap(True)
    assert window.panel.number.text == "42"
    assert window.panel.bars.is_challenger
    window.reading.swap(False)


def test_lines_of_numbers_in_a_picture_have_boxes(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    write_picture(on_paper("314", "15"), tmp_path / "page.png")
    window.resize(1280, 760)
    window.open_file(tmp_path / "page.png")
    qtbot.waitUntil(lambda: window.panel.number.text == "314\n15", timeout=ANSWER_MS)
    boxes = window.boxes.boxes
    assert "".join(box.text for box in boxes) == "31415"
    assert max(box.bottom for box in boxes[:3]) < min(box.top for box in boxes[3:])
    tap(window, middle_of(window, 1))
    assert window.panel.best_class == "1"
    assert "2 of 5" in window.panel.digit_line
    press_key(window.canvas, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "314\n15"
    qtbot.mouseClick(window.panel.label_row.right, LEFT)
    assert window.labelling.is_written()
    (sample,) = own_samples.read(own_samples.file_of(DIGITS)).samples
    assert sample.label == "1"
    assert sample.drawing.picture is None, "the strokes that were traced"
