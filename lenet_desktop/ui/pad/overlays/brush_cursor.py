"""The cursor over the paper: a ring of the brush's size, or an eraser of that size."""

import math

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QCursor, QGuiApplication, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from lenet_desktop.ui.icons import icon
from lenet_desktop.ui.style.theme import colours, the_app

# One of the two colours is visible on any paper and any ink.
_OUTSIDE, _INSIDE = QColor(255, 255, 255, 200), QColor("#4a5268")
_ERASED = QColor(255, 255, 255, 60)
_SMALLEST = 4.0
_SYMBOL = 14
# In pixels of the screen. X servers may refuse or cut off larger cursors; other systems take them.
_LARGEST_ON_X11, _LARGEST = 128, 256


class BrushCursor:
    """The cursor of a widget, and in its place a painted ring if that is too large for a cursor."""

    def __init__(self, widget: QWidget) -> None:
        self._widget = widget
        self._diameter, self._erases = _SMALLEST, False
        self._is_painted = False
        self._position: QPointF | None = None
        self._area = QRect()

    def show(self, diameter: float, erases: bool, busy: bool) -> None:
        """Show a brush or an eraser of a diameter in the widget's pixels, or the busy cursor."""
        self._diameter, self._erases = diameter, erases
        cursor = None if busy else brush_cursor(diameter, erases, self._widget.devicePixelRatioF())
        self._is_painted = cursor is None and not busy
        # Only then the ring has to follow a mouse whose button is not pressed.
        self._widget.setMouseTracking(self._is_painted)
        other = Qt.CursorShape.BusyCursor if busy else Qt.CursorShape.CrossCursor
        self._widget.setCursor(cursor or other)
        self.move(self._position)

    def move(self, position: QPointF | None) -> None:
        """Follow the pointer, in the widget's coordinates; None: it has left the widget."""
        self._widget.update(self._area)
        self._position, self._area = position, QRect()
        if position is not None and self._is_painted:
            self._area = ring_area(position, self._diameter, self._erases).toAlignedRect()
            self._widget.update(self._area)

    def paint(self, painter: QPainter) -> None:
        """Paint the ring if it is no cursor."""
        if self._position is not None and self._is_painted:
            paint_ring(painter, self._position, self._diameter, self._erases)


def ring_area(centre: QPointF, diameter: float, erases: bool) -> QRectF:
    """Return the square that ``paint_ring`` paints in."""
    radius = max(diameter, _SMALLEST) / 2
    half = radius + 3
    if erases:
        half = max(half, _symbol_offset(radius) + _SYMBOL + 4)
    half = math.ceil(half)
    return QRectF(centre.x() - half, centre.y() - half, 2 * half, 2 * half)


def paint_ring(painter: QPainter, centre: QPointF, diameter: float, erases: bool) -> None:
    """Paint the outline of the brush; for the eraser dashed, with a small eraser beside it."""
    radius = max(diameter, _SMALLEST) / 2
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(_ERASED if erases else Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_OUTSIDE, 3))
    painter.drawEllipse(centre, radius, radius)
    pen = QPen(_INSIDE, 1.4)
    if erases:
        pen.setDashPattern([3, 2.5])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(centre, radius, radius)
    if erases:
        corner = (centre + QPointF(1, 1) * _symbol_offset(radius)).toPoint()
        symbol = QRect(corner.x(), corner.y(), _SYMBOL, _SYMBOL)
        theme = colours(the_app().palette())
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.setBrush(QColor(theme.surface))
        painter.drawEllipse(symbol.adjusted(-3, -3, 2, 2))
        icon("eraser").paint(painter, symbol)
    painter.restore()


def brush_cursor(diameter: float, erases: bool, ratio: float) -> QCursor | None:
    """Return a cursor of the brush's size, or None if it would be too large for a cursor.

    Args:
        diameter: the diameter in the widget's pixels.
        erases: whether it is an eraser.
        ratio: the device pixel ratio, screen pixels per pixel of the widget.
    """
    side = ring_area(QPointF(), diameter, erases).width()
    pixels = math.ceil(side * ratio)
    if pixels > (_LARGEST_ON_X11 if QGuiApplication.platformName() == "xcb" else _LARGEST):
        return None
    ring = QPixmap(pixels, pixels)
    ring.setDevicePixelRatio(ratio)
    ring.fill(Qt.GlobalColor.transparent)
    painter = QPainter(ring)
    paint_ring(painter, QPointF(side / 2, side / 2), diameter, erases)
    painter.end()
    return QCursor(ring, round(side / 2), round(side / 2))


def _symbol_offset(radius: float) -> float:
    """Return how far right of and below the centre the symbol begins: just outside the ring."""
    return radius / math.sqrt(2) + 4
