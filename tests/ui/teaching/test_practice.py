"""The program asks for drawings; each becomes a sample of the person's own."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from random import Random

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hands import ANSWER_MS, DEMO, LEFT, RIGHT, activate, draw, press_key
from lenet_desktop import paths
from lenet_desktop.data import own_samples
from lenet_desktop.data.own_samples import OwnSample, file_of
from lenet_desktop.inference.kind import Kind
from lenet_desktop.models import model_file
from lenet_desktop.models.model_card import DIGITS
from lenet_desktop.ui.pad.overlays.message_pill import MessageKind
from lenet_desktop.ui.self_test import play_strokes
from lenet_desktop.ui.teaching.turns import LEAST, balanced_turns
from lenet_desktop.ui.window.main_window import MainWindow

ENTER = Qt.Key.Key_Return


def samples(classes: tuple[str, ...] = DIGITS) -> tuple[OwnSample, ...]:
    return own_samples.read(file_of(classes)).samples


def begin(window: MainWindow, qtbot: QtBot) -> None:
    activate(window, qtbot)
    window.actions_.practice.trigger()
    assert window.practice.is_running


def asked(window: MainWindow) -> str:
    """Return the digit that is asked for."""
    return window.practice.strip.text[-1]


def give(window: MainWindow, qtbot: QtBot, label: str = "") -> str:
    """Draw a digit, the one that is asked for if none is given, and press Enter."""
    label = label or asked(window)
    play_strokes(window.canvas, DEMO[label])
    qtbot.waitUntil(window.is_answered, timeout=ANSWER_MS)
    press_key(window.canvas, ENTER)
    assert window.canvas.is_blank
    return label


def is_summed_up(window: MainWindow) -> bool:
    return "before any learning" in window.message


# The order


@pytest.mark.parametrize("count", [2, 3, 10, 19, 26, 50])
def test_classes_are_asked_for_equally_often_in_any_order(count: int) -> None:
    classes = [f"class {number}" for number in range(count)]
    orders = set()
    for seed in range(30):
        turns = balanced_turns(classes, Random(seed))
        assert LEAST <= len(turns) < LEAST + count
        assert {turns.count(name) for name in classes} == {len(turns) // count}
        assert all(one != other for one, other in pairwise(turns))
        orders.add(tuple(turns))
    assert len(orders) > 1


# Taking drawings


def test_twenty_digits_are_collected_and_summed_up(window: MainWindow, qtbot: QtBot) -> None:
    begin(window, qtbot)
    strip = window.practice.strip
    assert strip.isVisible()
    assert strip.progress == "1 of 20"
    given = [give(window, qtbot) for _ in range(20)]
    assert not strip.isVisible()
    assert sorted(given) == sorted(DIGITS * 2)
    qtbot.waitUntil(lambda: is_summed_up(window), timeout=ANSWER_MS)
    written = samples()
    assert [sample.label for sample in written] == given
    held_out = sum(sample.is_held_out for sample in written)
    assert window.message == (
        "20 of 20 were read correctly, before any learning. Held out, and never trained on: "
        f"{held_out}."
    )
    assert window.pill.kind is MessageKind.HINT


def test_a_drawing_is_taken_when_the_pen_was_up_for_a_moment(
    window: MainWindow, qtbot: QtBot
) -> None:
    begin(window, qtbot)
    strip, first = window.practice.strip, asked(window)
    play_strokes(window.canvas, DEMO[first])
    strokes = [stroke.points for stroke in window.canvas.drawing.strokes]
    qtbot.waitUntil(lambda: 0 < strip.countdown < 1)
    qtbot.waitUntil(lambda: strip.progress == "2 of 20", timeout=ANSWER_MS)
    assert window.canvas.is_blank
    assert strip.countdown == 0
    qtbot.waitUntil(lambda: len(samples()) == 1, timeout=ANSWER_MS)
    (sample,) = samples()
    assert sample.label == first
    for stroke, drawn in zip(sample.drawing.strokes, strokes, strict=True):
        assert np.abs(stroke.points - drawn).max() < 0.01


def test_a_drawing_is_taken_with_its_answer_even_if_that_is_not_there_yet(
    window: MainWindow, qtbot: QtBot
) -> None:
    begin(window, qtbot)
    for number in (2, 3, 4):
        play_strokes(window.canvas, DEMO[asked(window)])
        press_key(window.canvas, ENTER)
        qtbot.waitUntil(
            lambda number=number: window.practice.strip.progress == f"{number} of 20",
            timeout=ANSWER_MS,
        )
    window.practice.end()
    qtbot.waitUntil(lambda: is_summed_up(window), timeout=ANSWER_MS)
    assert window.message.startswith("3 of 3")


def test_enter_in_the_command_palette_takes_nothing(window: MainWindow, qtbot: QtBot) -> None:
    begin(window, qtbot)
    play_strokes(window.canvas, DEMO["2"])
    window.actions_.commands.trigger()
    field = QApplication.focusWidget()
    assert field is not window.canvas
    QTest.keyClicks(field, "Switch between light")
    press_key(field, ENTER)
    assert window.practice.strip.progress == "1 of 20"
    assert not window.canvas.is_blank


def test_nothing_is_taken_while_the_pen_is_down_or_the_paper_is_blank(
    window: MainWindow, qtbot: QtBot
) -> None:
    begin(window, qtbot)
    strip = window.practice.strip
    press_key(window.canvas, ENTER)
    middle = window.canvas.from_pad(400, 400).toPoint()
    qtbot.mousePress(window.canvas, LEFT, pos=middle)
    press_key(window.canvas, ENTER)
    assert strip.countdown == 0
    qtbot.mouseRelease(window.canvas, LEFT, pos=middle)
    assert strip.countdown > 0
    qtbot.mousePress(window.canvas, RIGHT, pos=middle)
    assert strip.countdown == 0
    qtbot.mouseRelease(window.canvas, RIGHT, pos=middle)
    assert window.canvas.is_blank
    assert strip.countdown == 0, "all ink is erased"
    assert strip.progress == "1 of 20"
    assert window.practice.is_written()
    assert samples() == ()


def test_wrong_and_refused_drawings_are_kept_and_not_counted_as_right(
    window: MainWindow, qtbot: QtBot
) -> None:
    begin(window, qtbot)
    label = asked(window)
    give(window, qtbot, "4" if label != "4" else "7")
    right = asked(window)
    give(window, qtbot)
    zigzag = np.array([(100 + 30 * i, 150 + 500 * (i % 2)) for i in range(20)], np.float32)
    play_strokes(window.canvas, [zigzag])
    qtbot.waitUntil(window.is_answered, timeout=ANSWER_MS)
    assert window.panel.digit == "?"
    refused = asked(window)
    press_key(window.canvas, ENTER)
    press_key(window.canvas, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: is_summed_up(window), timeout=ANSWER_MS)
    assert window.message.startswith("1 of 3 were read correctly")
    assert [sample.label for sample in samples()] == [label, right, refused]


def test_undo_never_brings_back_a_drawing_of_another_class(
    window: MainWindow, qtbot: QtBot
) -> None:
    begin(window, qtbot)
    give(window, qtbot)
    for key in (Qt.Key.Key_Z, Qt.Key.Key_Y):
        press_key(window.canvas, key, Qt.KeyboardModifier.ControlModifier)
        assert window.canvas.is_blank


# Skip, undo, end


def test_a_class_can_be_skipped_and_comes_again(window: MainWindow, qtbot: QtBot) -> None:
    begin(window, qtbot)
    strip, first = window.practice.strip, asked(window)
    play_strokes(window.canvas, DEMO[first])
    qtbot.mouseClick(strip.skip_button, LEFT)
    assert window.canvas.is_blank
    assert strip.countdown == 0
    assert strip.progress == "1 of 20"
    given = [give(window, qtbot) for _ in range(20)]
    assert given[-1] == first
    assert sorted(given) == sorted(DIGITS * 2)


def test_the_last_one_is_undone_and_asked_for_again(window: MainWindow, qtbot: QtBot) -> None:
    begin(window, qtbot)
    strip = window.practice.strip
    assert not strip.undo_button.isEnabled()
    give(window, qtbot)
    second = give(window, qtbot)
    qtbot.mouseClick(strip.undo_button, LEFT)
    assert asked(window) == second
    assert strip.progress == "2 of 20"
    assert window.practice.is_written()
    assert len(samples()) == 1
    give(window, qtbot)
    assert window.practice.is_written()
    assert [sample.label for sample in samples()][1] == second


def test_escape_ends_it_and_the_drawing_of_before_is_back(window: MainWindow, qtbot: QtBot) -> None:
    draw(window, "3", qtbot)
    strokes = window.canvas.drawing.strokes
    begin(window, qtbot)
    assert window.canvas.is_blank
    give(window, qtbot)
    play_strokes(window.canvas, DEMO["1"])
    press_key(window.canvas, Qt.Key.Key_Escape)
    assert not window.practice.is_running
    assert window.canvas.drawing.strokes == strokes
    qtbot.waitUntil(lambda: is_summed_up(window), timeout=ANSWER_MS)
    assert len(samples()) == 1, "what was not finished is not kept"
    qtbot.waitUntil(window.is_answered, timeout=ANSWER_MS)
    assert window.panel.label_row.right.isVisible(), "it can be labelled again"


def test_nothing_is_said_where_nothing_was_drawn(window: MainWindow, qtbot: QtBot) -> None:
    begin(window, qtbot)
    qtbot.mouseClick(window.practice.strip.end_button, LEFT)
    assert not window.practice.is_running
    assert window.message == ""


# The rest of the window


def test_a_digit_is_drawn_on_square_paper_and_not_labelled_otherwise(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.resize(1280, 760)
    before = window.canvas.drawing.width
    begin(window, qtbot)
    assert window.canvas.drawing.width == 800 < before
    play_strokes(window.canvas, DEMO["1"])
    qtbot.waitUntil(window.is_answered, timeout=ANSWER_MS)
    assert not window.panel.label_row.right.isVisible()
    assert not window.labelling.menu.right.isEnabled()
    window.kind_menu.choose(Kind.NUMBER)
    window.canvas.clear()
    assert window.canvas.drawing.width == 800
    window.practice.end()
    assert window.canvas.drawing.width > 800


def long_names(tmp_path: Path) -> Path:
    """Write a model whose classes have long names."""
    model = model_file.load(paths.factory_model())
    classes = tuple(f"WWWWWWWWWW WWWWWWW {number}" for number in range(10))
    path = tmp_path / "long.safetensors"
    model_file.save(replace(model, card=replace(model.card, classes=classes)), path)
    return path


def test_it_asks_for_the_classes_of_the_model_and_ends_with_it(
    open_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window(model=long_names(tmp_path))
    assert window.session.model is not None
    classes = window.session.model.card.classes
    begin(window, qtbot)
    strip = window.practice.strip
    assert strip.text.removeprefix("Draw: ") in classes
    assert strip.minimumSizeHint().width() < 700, "long names do not widen the window"
    play_strokes(window.canvas, DEMO["7"])
    qtbot.waitUntil(window.is_answered, timeout=ANSWER_MS)
    press_key(window.canvas, ENTER)
    assert window.practice.is_written()
    (sample,) = samples(classes)
    assert sample.label in classes
    window.session.use(paths.factory_model())
    qtbot.waitUntil(lambda: not window.practice.is_running, timeout=ANSWER_MS)
    assert is_summed_up(window)


def test_a_drawing_that_cannot_be_written_is_on_the_paper_again(
    window: MainWindow, qtbot: QtBot
) -> None:
    begin(window, qtbot)
    give(window, qtbot)
    assert window.practice.is_written()
    folder = paths.samples_folder()
    folder.rename(folder.with_name("elsewhere"))
    folder.write_text("in the way")
    play_strokes(window.canvas, DEMO["2"])
    strokes = window.canvas.drawing.strokes
    qtbot.waitUntil(window.is_answered, timeout=ANSWER_MS)
    press_key(window.canvas, ENTER)
    qtbot.waitUntil(lambda: "cannot be written" in window.message, timeout=ANSWER_MS)
    assert not window.practice.is_running
    assert window.canvas.drawing.strokes == strokes


def test_a_drawing_that_cannot_be_read_is_taken_and_not_counted_as_right(
    window: MainWindow, qtbot: QtBot
) -> None:
    begin(window, qtbot)
    window.session.recognition.stop()  # nothing is read any more
    play_strokes(window.canvas, DEMO["2"])
    press_key(window.canvas, ENTER)
    window.session.failed.emit("The drawing could not be read.")
    window.practice.end()
    qtbot.waitUntil(lambda: is_summed_up(window), timeout=ANSWER_MS)
    assert window.message.startswith("0 of 1")


def test_closing_the_window_waits_until_all_is_written(window: MainWindow, qtbot: QtBot) -> None:
    begin(window, qtbot)
    for _ in range(3):
        give(window, qtbot)
    window.close()
    assert len(samples()) == 3
