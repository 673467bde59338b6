"""From ink to the answers on screen: the champion's, the challenger's, and both swapped."""

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from hands import ANSWER_MS, DEMO, activate, draw
from lenet_desktop import paths
from lenet_desktop.models import model_file
from lenet_desktop.models.model_card import DIGITS
from lenet_desktop.models.model_file import Model
from lenet_desktop.ui.self_test import play_strokes
from lenet_desktop.ui.window.main_window import MainWindow
from lenet_desktop.ui.workers.training import ChallengerReading

X = Qt.Key.Key_X


@pytest.fixture
def shifted() -> Model:
    """A challenger that reads each digit as the one before it."""
    model = model_file.load(paths.factory_model())
    last = [module for module in model.network.modules() if isinstance(module, torch.nn.Linear)][-1]
    with torch.no_grad():
        for parameter in (last.weight, last.bias):
            parameter.copy_(parameter.roll(-1, 0))
    return replace(model, card=replace(model.card, name="shifted"))


@pytest.fixture
def tried(window: MainWindow, shifted: Model, qtbot: QtBot) -> MainWindow:
    """A window in which a challenger reads beside the champion."""
    try_beside(window, shifted, qtbot)
    activate(window, qtbot)
    return window


def try_beside(window: MainWindow, challenger: Path | Model | None, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.session.challenger_changed, timeout=ANSWER_MS):
        window.session.try_beside(challenger)


def reading_of(seven: float, classes: tuple[str, ...] = DIGITS) -> ChallengerReading:
    values = np.full(len(classes), (1 - seven) / (len(classes) - 1), np.float32)
    values[7] = seven
    return ChallengerReading(classes, values)


def draw_and_compare(window: MainWindow, label: str, qtbot: QtBot) -> None:
    """Draw a digit, and wait for the answers of both models."""
    numbers = [0]
    window.session.recognition.challenger_recognized.connect(lambda n, _: numbers.append(n))
    draw(window, label, qtbot)
    qtbot.waitUntil(lambda: numbers[-1] == window.reading._last_number, timeout=ANSWER_MS)


def test_both_models_answers_are_shown(tried: MainWindow, qtbot: QtBot) -> None:
    assert tried.panel.other == "shifted"
    draw_and_compare(tried, "5", qtbot)
    assert tried.panel.digit == "5"
    assert tried.panel.other.startswith("shifted: 4 · ")
    assert tried.panel.badge == ""
    others = tried.panel.bars.others
    assert others is not None
    assert max(others) == others[4]


def test_the_answers_are_swapped_while_the_key_is_held(tried: MainWindow, qtbot: QtBot) -> None:
    draw_and_compare(tried, "5", qtbot)
    QTest.keyPress(tried, X)
    assert tried.panel.digit == "4"
    assert tried.panel.badge == "shifted"
    assert tried.panel.other.startswith("LeNet-5: 5 · ")
    assert tried.panel.bars.is_challenger
    QTest.keyRelease(tried, X)
    assert tried.panel.digit == "5"
    assert tried.panel.badge == ""
    assert tried.panel.other.startswith("shifted: 4 · ")


def test_the_key_on_a_blank_pad_shows_nothing_until_something_is_drawn(
    tried: MainWindow, qtbot: QtBot
) -> None:
    QTest.keyPress(tried, X)
    assert (tried.panel.digit, tried.panel.badge) == ("", "")
    play_strokes(tried.canvas, DEMO["5"])
    qtbot.waitUntil(lambda: tried.panel.badge != "" and tried.is_answered(), timeout=ANSWER_MS)
    qtbot.waitUntil(lambda: tried.panel.digit == "4", timeout=ANSWER_MS)
    QTest.keyRelease(tried, X)
    assert tried.panel.digit == "5"


def test_the_key_without_a_challenger_does_nothing(window: MainWindow, qtbot: QtBot) -> None:
    activate(window, qtbot)
    draw(window, "5", qtbot)
    QTest.keyPress(window, X)
    assert (window.panel.digit, window.panel.badge, window.panel.other) == ("5", "", "")
    QTest.keyRelease(window, X)


def test_a_challenger_removed_while_the_key_is_held_leaves_the_champions_answer(
    tried: MainWindow, qtbot: QtBot
) -> None:
    draw_and_compare(tried, "5", qtbot)
    QTest.keyPress(tried, X)
    try_beside(tried, None, qtbot)
    for _ in range(2):
        assert (tried.panel.digit, tried.panel.badge, tried.panel.other) == ("5", "", "")
        assert tried.panel.bars.others is None
        assert not tried.panel.bars.is_challenger
        qtbot.waitUntil(tried.is_answered, timeout=ANSWER_MS)
    QTest.keyRelease(tried, X)
    assert tried.panel.digit == "5"


def test_both_answers_go_with_the_ink_even_while_the_key_is_held(
    tried: MainWindow, qtbot: QtBot
) -> None:
    draw_and_compare(tried, "5", qtbot)
    QTest.keyPress(tried, X)
    given = threading.Event()
    tried.session.recognition.challenger_recognized.connect(
        lambda *_: given.set(), Qt.ConnectionType.DirectConnection
    )
    tried.reading.submit()
    assert given.wait(ANSWER_MS / 1000), "both answers are on their way to the window"
    tried.canvas.clear()
    QApplication.processEvents()
    assert (tried.panel.digit, tried.panel.badge) == ("", "")
    assert tried.panel.other == "shifted"
    assert tried.panel.bars.others is None
    assert tried.reading._challenger is None, "it is not shown beside the next drawing"


def test_a_challenger_that_cannot_read_a_drawing_leaves_no_answer_to_the_last_one(
    tried: MainWindow, qtbot: QtBot
) -> None:
    draw_and_compare(tried, "5", qtbot)
    challenger = tried.session.recognition._challenger
    assert challenger is not None
    for parameter in challenger.recognizer._network.parameters():
        parameter.data.fill_(float("nan"))
    tried.reading.submit()
    qtbot.waitUntil(lambda: "no finite answer" in tried.message, timeout=ANSWER_MS)
    assert tried.panel.other == "shifted"
    assert tried.panel.bars.others is None


def test_a_challenger_of_other_classes_answers_in_its_line(
    window: MainWindow, letters: Path, qtbot: QtBot
) -> None:
    try_beside(window, letters, qtbot)
    draw_and_compare(window, "5", qtbot)
    assert window.panel.digit == "5"
    assert window.panel.other.startswith("letters: f · ")
    assert window.panel.bars.others is None
    window.reading.swap(True)
    assert window.panel.digit == "f"
    assert window.panel.bars.classes == tuple("abcdefghij")
    assert window.panel.other.startswith("LeNet-5: 5 · ")


def test_a_network_in_training_reads_along(window: MainWindow, qtbot: QtBot) -> None:
    draw(window, "5", qtbot)
    show = window.reading.show_challenger_in_training
    for seven in (0.2, 0.7):
        show(reading_of(seven))
    assert window.panel.other == "Challenger: 7 · 70.0 %"
    window.reading.submit()
    qtbot.waitUntil(window.is_answered, timeout=ANSWER_MS)
    assert window.panel.other == "Challenger: 7 · 70.0 %", "a new answer leaves it there"
    window.canvas.clear()
    assert window.panel.other == "Challenger"
    show(reading_of(0.7))  # a reading that comes after the ink has gone
    assert window.panel.other == "Challenger"
    assert window.panel.bars.others is None
    show(None)
    assert window.panel.other == ""


def test_a_model_that_is_tried_is_shown_instead_of_the_one_in_training(
    tried: MainWindow, qtbot: QtBot
) -> None:
    draw_and_compare(tried, "5", qtbot)
    before = tried.panel.other
    tried.reading.show_challenger_in_training(reading_of(0.7))
    assert tried.panel.other == before
    tried.reading.show_challenger_in_training(None)
    assert tried.panel.other == before


def test_the_answer_of_another_model_is_announced(
    window: MainWindow, letters: Path, qtbot: QtBot
) -> None:
    said: list[str] = []
    window.panel.announcer.announced.connect(said.append)
    draw(window, "3", qtbot)
    qtbot.waitUntil(lambda: said == ["3"], timeout=ANSWER_MS)
    window.open_file(letters)
    qtbot.waitUntil(lambda: said == ["3", "d"], timeout=ANSWER_MS)


def test_the_answers_name_their_models_after_a_switch_during_a_trial(
    window: MainWindow, qtbot: QtBot, letters: Path, tmp_path: Path
) -> None:
    draw(window, "3", qtbot)
    window.session.try_beside(letters)
    qtbot.waitUntil(lambda: window.session.challenger == "letters", timeout=ANSWER_MS)
    other = tmp_path / "other.safetensors"
    model = model_file.load(paths.factory_model())
    model_file.save(replace(model, card=replace(model.card, name="<b>other</b>")), other)
    window.session.use(other)
    qtbot.waitUntil(lambda: "other" in window.status, timeout=ANSWER_MS)
    window.reading.swap(True)
    qtbot.waitUntil(lambda: window.panel.badge != "", timeout=ANSWER_MS)
    tips = [each.toolTip() for each in window.panel.findChildren(QWidget)]
    assert any("&lt;b&gt;other&lt;/b&gt;" in tip for tip in tips)
    assert not any("<b>other" in tip for tip in tips), "no name is HTML"


def test_a_model_is_never_tried_beside_itself(
    window: MainWindow, qtbot: QtBot, letters: Path
) -> None:
    window.session.try_beside(letters)
    qtbot.waitUntil(lambda: window.session.challenger == "letters", timeout=ANSWER_MS)
    window.open_file(letters)
    qtbot.waitUntil(lambda: window.session.challenger == "", timeout=ANSWER_MS)
    qtbot.waitUntil(lambda: "letters" in window.status, timeout=ANSWER_MS)


def test_a_file_that_cannot_be_tried_does_not_end_the_trial(
    window: MainWindow, qtbot: QtBot, letters: Path, tmp_path: Path
) -> None:
    window.session.try_beside(letters)
    qtbot.waitUntil(lambda: window.session.challenger == "letters", timeout=ANSWER_MS)
    bad = tmp_path / "bad.safetensors"
    bad.write_bytes(b"bad")
    window.session.try_beside(bad)
    qtbot.waitUntil(lambda: "bad.safetensors" in window.message, timeout=ANSWER_MS)
    assert window.session.challenger == "letters"
    assert window.session.challenger_path == letters


def test_a_menu_ends_the_swap(window: MainWindow, qtbot: QtBot, letters: Path) -> None:
    draw(window, "3", qtbot)
    window.session.try_beside(letters)
    qtbot.waitUntil(lambda: window.session.challenger == "letters", timeout=ANSWER_MS)
    window.reading.swap(True)
    qtbot.waitUntil(lambda: window.panel.badge != "", timeout=ANSWER_MS)
    # A real menu grabs the keyboard, which the platform of the tests cannot.
    window.model_menu.aboutToShow.emit()
    assert window.panel.badge == ""
