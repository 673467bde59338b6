"""The view of the stages between the drawing and what the network sees."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from hands import ANSWER_MS, DEMO
from lenet_desktop.drawing.strokes import place
from lenet_desktop.ui.self_test import play_strokes


@pytest.fixture
def draw(qtbot, window) -> Callable[[list[np.ndarray]], None]:
    """Draw strokes and wait until the last answer and its stages are shown."""
    numbers = [0]
    window.session.recognition.stages_read.connect(lambda number, _: numbers.append(number))

    def draw(strokes: list[np.ndarray]) -> None:
        play_strokes(window.canvas, strokes)
        qtbot.waitUntil(lambda: numbers[-1] == window._last_number, timeout=ANSWER_MS)
        assert window.is_answered()

    return draw


def test_the_stages_say_what_is_refused_as_the_panel_does(qtbot, window, draw):
    qtbot.keyClick(window, Qt.Key.Key_W)
    rng = np.random.default_rng(0)
    draw([rng.uniform(100, 700, (25, 2)).astype(np.float32)])
    answer = window.stages.answers[-1]
    assert "not a digit" in answer.text()
    assert not answer.isEnabled()
    assert f"({window.panel.digit}?)" in answer.text()
    assert window.panel.caption == f"not a digit, perhaps {window.panel.digit}"


def test_the_stages_are_named_in_full_at_every_size(window):
    window.resize(window.minimumSize())
    window._actions.stages.trigger()
    QApplication.processEvents()
    widths = [sample.width() for sample in window.stages._samples]
    assert max(widths) - min(widths) <= 1
    for label in window.stages._names:
        assert label.text()
        assert label.fontMetrics().horizontalAdvance(label.text()) <= label.width()


def test_a_key_shows_the_stages_and_they_are_updated_live(qtbot, window, draw):
    qtbot.keyClick(window, Qt.Key.Key_W)
    assert window.stages.isVisible()
    small = place(DEMO["4"], height=0.25, centre=(0.2, 0.2))
    draw([s.points for s in small.strokes])
    assert "4" in window.stages.answers[-1].text()
    assert all(label.text() for label in window.stages.answers)
    # The last stage is the answer itself.
    assert window.panel.digit in window.stages.answers[-1].text()
    assert window.panel.caption.split("· ")[-1] in window.stages.answers[-1].text()
    window.canvas.clear()
    qtbot.waitUntil(lambda: not any(label.text() for label in window.stages.answers))
    qtbot.keyClick(window, Qt.Key.Key_W)
    assert not window.stages.isVisible()
