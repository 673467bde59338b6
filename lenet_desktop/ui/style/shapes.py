"""The shapes that controls are made of."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle

from lenet_desktop.ui.style.theme import Colours

RADIUS = 6.0
_State = QStyle.StateFlag


def edge_of(state: _State, theme: Colours) -> QPen:
    """Return the pen of a control's edge: thin, or thick in the accent's colour for the focus."""
    if not state & _State.State_Enabled:
        return QPen(QColor(theme.line), 1)
    if state & _State.State_HasFocus:
        return QPen(QColor(theme.accent), 2)
    return QPen(QColor(theme.text if state & _State.State_MouseOver else theme.edge), 1)


def ground_of(state: _State, theme: Colours) -> QColor:
    """Return the colour inside a control; it is darker while a button is pressed."""
    ground = QColor(theme.surface if state & _State.State_Enabled else theme.window)
    if state & (_State.State_Sunken | _State.State_On):
        return QColor(theme.track)
    return ground


def inside(rect: QRectF, pen: QPen) -> QRectF:
    """Return the rectangle whose outline stays within ``rect``."""
    half = pen.widthF() / 2
    return rect.adjusted(half, half, -half, -half)


def box(painter: QPainter, rect: QRectF, pen: QPen, ground: QColor, radius: float = RADIUS) -> None:
    """Paint a rounded box."""
    painter.setPen(pen)
    painter.setBrush(ground)
    painter.drawRoundedRect(inside(rect, pen), radius, radius)


def bar(painter: QPainter, rect: QRectF, colour: QColor) -> None:
    """Paint a bar with round ends."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    radius = min(rect.width(), rect.height()) / 2
    painter.drawRoundedRect(rect, radius, radius)


def chevron(painter: QPainter, rect: QRectF, colour: QColor, *, up: bool = False) -> None:
    """Paint a small arrow that points down or up in the middle of a rectangle."""
    middle, wide, high = rect.center(), 3.6, 1.9 if not up else -1.9
    painter.setPen(QPen(colour, 1.5, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(
        QPolygonF(
            [
                QPointF(middle.x() - wide, middle.y() - high),
                QPointF(middle.x(), middle.y() + high),
                QPointF(middle.x() + wide, middle.y() - high),
            ]
        )
    )
