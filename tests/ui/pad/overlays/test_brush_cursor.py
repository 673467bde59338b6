"""The cursor: as large as the brush, visible on any paper, and an eraser where it erases."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QCursor, QImage, QPainter, QPointingDevice, QRegion
from pytestqt.qtbot import QtBot

from hands import MOVE, PRESS, RELEASE, RIGHT, a_pen, touch_with_pen
from lenet_desktop.drawing.strokes import MAX_BRUSH, MIN_BRUSH, PAD_SIZE
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.pad.overlays.brush_cursor import brush_cursor
from lenet_desktop.ui.self_test import send_mouse
from lenet_desktop.ui.style.theme import DARK, LIGHT, Colours


class PaintWatch(QObject):
    """Records what is repainted."""

    def __init__(self) -> None:
        super().__init__()
        self.region = QRegion()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 -- Qt's
        if event.type() is QEvent.Type.Paint:
            self.region = self.region.united(event.region())
        return False


def picture(cursor: QCursor) -> np.ndarray:
    """Return the opacity of a cursor's pixels."""
    image = cursor.pixmap().toImage().convertToFormat(QImage.Format.Format_Alpha8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width()].copy()


@pytest.mark.parametrize("diameter", [4, 17, 60])
@pytest.mark.parametrize("ratio", [1, 1.5, 2])
def test_the_ring_is_as_large_as_the_brush(diameter: int, ratio: float) -> None:
    cursor = brush_cursor(diameter, False, ratio)
    assert cursor is not None
    columns = np.flatnonzero(picture(cursor).max(axis=0) > 60)
    width = (columns.max() - columns.min() + 1) / ratio
    assert diameter <= width <= diameter + 5
    assert cursor.hotSpot() == QPoint(1, 1) * round(cursor.pixmap().width() / ratio / 2)


@pytest.mark.parametrize("erases", [False, True])
@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_it_can_be_seen_on_paper_and_ink(qapp: object, theme: Colours, erases: bool) -> None:
    cursor = brush_cursor(40, erases, 1)
    assert cursor is not None
    for ground in (theme.paper, theme.ink):
        image = QImage(cursor.pixmap().size(), QImage.Format.Format_RGB32)
        image.fill(QColor(ground))
        painter = QPainter(image)
        painter.drawPixmap(0, 0, cursor.pixmap())
        painter.end()
        greys = [
            image.pixelColor(x, y).lightness()
            for x in range(image.width())
            for y in range(image.height())
        ]
        assert max(abs(grey - QColor(ground).lightness()) for grey in greys) > 60


def test_one_too_large_for_a_cursor_is_none() -> None:
    assert brush_cursor(300, False, 1) is None


def shape(canvas: Canvas) -> bytes:
    return picture(canvas.cursor()).tobytes()


def test_the_eraser_has_a_cursor_of_its_own(canvas: Canvas) -> None:
    pen = shape(canvas)
    canvas.set_erasing(True)
    eraser = shape(canvas)
    assert eraser != pen
    canvas.set_erasing(False)
    assert shape(canvas) == pen
    send_mouse(canvas, PRESS, QPoint(105, 105), RIGHT)
    assert shape(canvas) == eraser
    send_mouse(canvas, RELEASE, QPoint(105, 105), RIGHT)
    assert shape(canvas) == pen


def test_the_other_end_of_a_pen_is_an_eraser(canvas: Canvas) -> None:
    canvas.set_erasing(True)
    eraser = shape(canvas)
    canvas.set_erasing(False)
    seen: list[bytes] = []
    canvas.drawing_changed.connect(lambda _: seen.append(shape(canvas)))
    touch_with_pen(canvas, QPointF(105, 105), a_pen(QPointingDevice.PointerType.Eraser, 3))
    assert seen == [eraser]


@pytest.mark.parametrize("brush", [MIN_BRUSH, MAX_BRUSH])
def test_the_smallest_and_the_largest_brush_have_a_cursor(canvas: Canvas, brush: int) -> None:
    canvas.set_brush(brush)
    columns = np.flatnonzero(picture(canvas.cursor()).max(axis=0) > 60)
    assert abs((columns.max() - columns.min() + 1) - brush / 2) <= 6


def test_a_ring_too_large_for_a_cursor_is_painted_where_the_pointer_is(
    canvas: Canvas, qtbot: QtBot
) -> None:
    canvas.resize(1910, 1910)
    canvas.set_brush(MAX_BRUSH)
    assert canvas.cursor().shape() is Qt.CursorShape.CrossCursor
    empty = canvas.grab().toImage()
    send_mouse(canvas, MOVE, QPoint(600, 600), Qt.MouseButton.NoButton)
    ring = canvas.grab().toImage()
    radius = round(MAX_BRUSH / PAD_SIZE * canvas.paper().width() / 2)
    assert radius > 128
    assert ring.pixelColor(600 + radius, 600) != empty.pixelColor(600 + radius, 600)
    assert ring.pixelColor(600, 600) == empty.pixelColor(600, 600)
    send_mouse(canvas, MOVE, QPoint(1200, 600), Qt.MouseButton.NoButton)
    moved = canvas.grab().toImage()
    assert moved.pixelColor(600 - radius, 600) == empty.pixelColor(600 - radius, 600)
    watch = PaintWatch()
    canvas.installEventFilter(watch)
    canvas.set_brush(MIN_BRUSH)
    qtbot.waitUntil(lambda: watch.region.contains(QPoint(1200 - radius, 600)))
    assert canvas.grab().toImage() == empty
    assert not canvas.hasMouseTracking()
