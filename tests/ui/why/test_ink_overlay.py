"""What lies over the ink lies on the right place, and is gone when one draws on."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from hands import DEMO
from lenet_desktop.drawing.preprocess import bounding_box
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.strokes import Drawing, Stroke, place
from lenet_desktop.inference.recognizer import Recognizer
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.style.theme import colours
from lenet_desktop.ui.why.ink_overlay import InkOverlay, change_text


@pytest.fixture
def overlay(canvas: Canvas) -> InkOverlay:
    return InkOverlay(canvas)


def distance(one: QColor, other: str) -> int:
    channels = zip(one.getRgb()[:3], QColor(other).getRgb()[:3], strict=True)
    return sum(abs(a - b) for a, b in channels)


def colour_at(canvas: Canvas, x: float, y: float) -> QColor:
    """Return the colour of a point in pad units, as it is on the screen."""
    return canvas.grab().toImage().pixelColor(canvas.from_pad(x, y).toPoint())


def test_the_sample_lies_on_the_ink(
    canvas: Canvas, overlay: InkOverlay, recognizer: Recognizer
) -> None:
    drawing = place(DEMO["7"], height=0.5, centre=(0.3, 0.6))
    canvas.set_drawing(drawing, "test")
    prediction = recognizer.recognize(drawing)
    assert prediction is not None
    sample = prediction.sample
    # The bar at the top speaks for it, the rest against it.
    rows = np.flatnonzero(sample.any(axis=1))
    values = np.where(np.arange(28)[:, np.newaxis] < rows[0] + 4, sample, -sample)
    ink_box = bounding_box(rasterize(drawing))
    assert ink_box is not None
    overlay.show_attribution(values.astype(np.float32), sample, ink_box)
    inked = bounding_box((sample > 0).astype(np.uint8))
    assert inked is not None
    across, down = overlay.place.width() / 28, overlay.place.height() / 28
    corner = overlay.place.topLeft() + QPointF(inked[0] * across, inked[1] * down)
    assert (corner - canvas.from_pad(*ink_box[:2])).manhattanLength() < 1
    theme = colours(canvas)
    strokes = np.concatenate([stroke.points for stroke in drawing.strokes])
    top, bottom = strokes[strokes[:, 1].argmin()], strokes[strokes[:, 1].argmax()]
    high, low = colour_at(canvas, *top.tolist()), colour_at(canvas, *bottom.tolist())
    assert distance(high, theme.accent) < distance(high, theme.challenger)
    assert distance(low, theme.challenger) < distance(low, theme.accent)
    corner_of_paper = colour_at(canvas, 780, 20)
    assert distance(corner_of_paper, theme.paper) < 6


def test_added_and_removed_ink_have_their_colours(canvas: Canvas, overlay: InkOverlay) -> None:
    before = np.zeros((28, 28), np.float32)
    before[4:24, 4:24] = 1
    after = before.copy()
    after[4:14] = 0
    after[4:24, 24:28] = 1
    overlay.show_change(before, after, (100, 100, 700, 700))
    theme = colours(canvas)
    removed, added = colour_at(canvas, 300, 200), colour_at(canvas, 760, 500)
    assert distance(removed, theme.challenger) < distance(removed, theme.accent)
    assert distance(added, theme.accent) < distance(added, theme.challenger)


def test_strokes_are_labelled_with_their_changes(canvas: Canvas, overlay: InkOverlay) -> None:
    strokes = [Stroke(np.array([[x, 200], [x, 600]], np.float32)) for x in (200, 600)]
    canvas.set_drawing(Drawing(tuple(strokes)), "test")
    overlay.show_strokes(canvas.drawing.strokes, (-0.62, 0.3))
    assert overlay.labels == ("−62 %", "+30 %")
    theme = colours(canvas)
    carries, hinders = colour_at(canvas, 200, 550), colour_at(canvas, 600, 550)
    assert distance(carries, theme.accent) < distance(carries, theme.challenger)
    assert distance(hinders, theme.challenger) < distance(hinders, theme.accent)
    assert change_text(-0.001) == "±0 %"


def test_one_draws_through_it_and_it_goes(canvas: Canvas, overlay: InkOverlay) -> None:
    sample = np.zeros((28, 28), np.float32)
    sample[10:20, 10:20] = 1
    overlay.show_attribution(sample, sample, (100, 100, 700, 700))
    assert overlay.isVisible()
    at = canvas.from_pad(400, 400).toPoint()
    under = canvas.childAt(at)
    assert under is None, "the mouse reaches the canvas"
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=at)
    assert not canvas.is_blank
    assert overlay.isHidden()
    assert overlay.values is None
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=at)


def test_it_follows_the_paper(canvas: Canvas, overlay: InkOverlay) -> None:
    sample = np.zeros((28, 28), np.float32)
    sample[0:28, 0:28] = 1
    overlay.show_attribution(sample, sample, (100, 100, 700, 700))
    canvas.resize(810, 810)
    assert overlay.size() == canvas.size()
    assert (overlay.place.topLeft() - canvas.from_pad(100, 100)).manhattanLength() < 0.1


def test_without_ink_there_is_nothing_to_lie_on(canvas: Canvas, overlay: InkOverlay) -> None:
    blank = np.zeros((28, 28), np.float32)
    overlay.show_attribution(blank, blank, None)
    assert overlay.isHidden()
