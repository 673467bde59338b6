"""A model of other classes in the window: any number of them, with long names."""

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetrics, QFontMetricsF
from pytestqt.qtbot import QtBot

from hands import ANSWER_MS, DEMO
from lenet_desktop.models import model_file
from lenet_desktop.models.architectures import ARCHITECTURES
from lenet_desktop.models.model_card import ModelCard
from lenet_desktop.models.model_file import Model
from lenet_desktop.ui.answer.bars import ProbabilityBars
from lenet_desktop.ui.answer.fitted_label import FittedLabel
from lenet_desktop.ui.self_test import play_strokes
from lenet_desktop.ui.window.main_window import MainWindow

LONG = tuple(f"{letter} is a letter & more"[:20] for letter in "abcdefghijklmnopqrstuvwxyz")
CLASSES = {"3 short": ("○", "△", "□"), "3 long": LONG[:3], "26 long": LONG, "47": LONG + LONG[:21]}


def assert_readable(bars: ProbabilityBars) -> None:
    """Check that no row overlaps another, and that each text fits its place."""
    rows, font = bars.rows()
    metrics = QFontMetricsF(font)
    places: list[QRectF] = []
    for row in rows:
        name = bars.classes[row.index]
        assert metrics.horizontalAdvance(row.name) <= row.label.width()
        assert row.name == name or row.name.endswith("…")
        assert row.name[0] == name[0], "enough is left to tell the classes apart"
        assert row.bar.width() >= 30
        assert row.label.height() >= 9
        assert bars.rect().toRectF().adjusted(-1, -1, 1, 1).contains(row.label.united(row.value))
        places += [row.label, row.bar, row.value]
    for one, other in itertools.combinations(places, 2):
        overlap = one.intersected(other)
        assert overlap.width() * overlap.height() < 0.01


@pytest.mark.parametrize("classes", CLASSES.values(), ids=CLASSES)
@pytest.mark.parametrize("height", [150, 230, 500])
def test_bars_are_legible_for_any_number_of_classes(
    qtbot: QtBot, classes: tuple[str, ...], height: int
) -> None:
    bars = ProbabilityBars()
    qtbot.addWidget(bars)
    bars.resize(290, height)
    bars.show_probabilities(classes, [1 / len(classes)] * len(classes))
    assert_readable(bars)


def test_if_there_is_no_room_the_least_probable_classes_are_left_out(qtbot: QtBot) -> None:
    bars = ProbabilityBars()
    qtbot.addWidget(bars)
    bars.resize(290, 150)
    values = [0.001] * 47
    values[40] = 0.9
    bars.show_probabilities(CLASSES["47"], values)
    shown = [row.index for row in bars.rows()[0]]
    assert shown == sorted(shown)
    assert 40 in shown
    assert len(shown) == 26
    bars.resize(290, 500)
    assert [row.index for row in bars.rows()[0]] == list(range(47))


@pytest.mark.parametrize("text", ["8", "abcdefghijklmnopqrst", "W" * 200, ""])
def test_a_text_is_made_to_fit(qtbot: QtBot, text: str) -> None:
    label = FittedLabel(largest=132, smallest=24)
    qtbot.addWidget(label)
    label.resize(290, 150)
    label.setText(text)
    shown, font = label.shown()
    assert label.text() == text
    assert QFontMetrics(font).horizontalAdvance(shown) <= 290
    assert (font.pixelSize() == 132) is (len(text) < 2)
    assert shown == text or shown.endswith("…")
    assert not label.grab().isNull()


@pytest.mark.parametrize("count", [3, 26])
def test_a_model_of_other_classes_is_shown_in_the_window(
    open_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path, count: int
) -> None:
    classes = LONG[:count]
    torch.manual_seed(0)
    model = Model(ARCHITECTURES["lenet"](count), ModelCard("letters", classes=classes))
    model_file.save(model, tmp_path / "letters.safetensors")
    window = open_window()
    window.resize(window.minimumSize())
    window._actions.stages.trigger()
    window.open_file(tmp_path / "letters.safetensors")
    qtbot.waitUntil(
        lambda: window.session.model_path.name == "letters.safetensors", timeout=ANSWER_MS
    )
    assert window.panel.bars.classes == classes
    assert window.panel.caption == window.canvas.hint == "draw one of these"
    play_strokes(window.canvas, DEMO["3"])
    qtbot.waitUntil(lambda: window.panel.digit in classes, timeout=ANSWER_MS)
    qtbot.waitUntil(lambda: all(a.text() for a in window.stages.answers), timeout=ANSWER_MS)
    assert window.panel.bars.classes == classes
    assert "digit" not in window.panel.caption
    assert window.size() == window.minimumSize(), "long names make nothing wider"
    assert_readable(window.panel.bars)
    for label in window.stages.answers:
        assert "digit" not in label.text()
        assert label.sizeHint().width() <= label.width() + 2
