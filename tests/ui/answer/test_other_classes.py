"""A model of other classes in the window: any number of them, with long names."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PySide6.QtGui import QFontMetrics
from pytestqt.qtbot import QtBot

from hands import ANSWER_MS, DEMO
from lenet_desktop.models import model_file
from lenet_desktop.models.architectures import ARCHITECTURES
from lenet_desktop.models.model_card import ModelCard
from lenet_desktop.models.model_file import Model
from lenet_desktop.ui.answer.fitted_label import FittedLabel
from lenet_desktop.ui.self_test import play_strokes
from lenet_desktop.ui.tooltip import plain_tooltip
from lenet_desktop.ui.window.main_window import MainWindow

LONG = tuple(f"{letter} is a letter & more"[:20] for letter in "abcdefghijklmnopqrstuvwxyz")


@pytest.mark.parametrize("text", ["8", "abcdefghijklmnopqrst", "W" * 200, ""])
def test_a_text_is_made_to_fit(qtbot: QtBot, text: str) -> None:
    label = FittedLabel(largest=132, smallest=24)
    qtbot.addWidget(label)
    label.resize(290, 150)
    label.setText(text)
    shown, font = label.shown()
    assert label.text() == text
    assert QFontMetrics(font).horizontalAdvance(shown) <= 290
    assert QFontMetrics(font).height() <= 150
    assert (font.pixelSize() > 120) is (len(text) < 2)
    assert label.toolTip() == ("" if shown == text else plain_tooltip(text))
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
    window.reading.show_stages(True)
    window.open_file(tmp_path / "letters.safetensors")
    qtbot.waitUntil(
        lambda: window.session.model_path.name == "letters.safetensors", timeout=ANSWER_MS
    )
    assert window.panel.bars.classes == classes
    assert window.panel.caption == "Draw one of these"
    play_strokes(window.canvas, DEMO["3"])
    qtbot.waitUntil(lambda: window.panel.best_class in classes, timeout=ANSWER_MS)
    qtbot.waitUntil(lambda: all(window.strip.answers), timeout=ANSWER_MS)
    assert window.panel.bars.classes == classes
    assert "digit" not in window.panel.caption
    assert window.size() == window.minimumSize(), "long names make nothing wider"
    for tile in window.strip.tiles.values():
        assert "digit" not in tile.answer
        assert len(tile.shown_answer()[0]) < len(tile.answer)
