"""Check boxes and radio buttons."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyleOption

from lenet_desktop.ui.style.shapes import box, edge_of, inside
from lenet_desktop.ui.style.theme import Colours

_State = QStyle.StateFlag
_RADIUS = 4.0


def check_box(painter: QPainter, option: QStyleOption, theme: Colours) -> None:
    """Paint the box: empty, with a tick, or with a dash if only a part is chosen."""
    area = _square(option)
    pen, ground = _colours(option.state, theme)
    box(painter, area, pen, ground, _RADIUS)
    mark = QPen(QColor(theme.on_accent), 2, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin)
    painter.setPen(mark)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    left, top, side = area.left(), area.top(), area.width()
    if option.state & _State.State_On:
        tick = ((0.26, 0.52), (0.44, 0.70), (0.75, 0.32))
        painter.drawPolyline(QPolygonF([QPointF(left + x * side, top + y * side) for x, y in tick]))
    elif option.state & _State.State_NoChange:
        y = area.center().y()
        painter.drawLine(QPointF(left + 0.28 * side, y), QPointF(left + 0.72 * side, y))


def radio_button(painter: QPainter, option: QStyleOption, theme: Colours) -> None:
    """Paint the circle, with a dot if it is chosen."""
    area = _square(option)
    pen, ground = _colours(option.state, theme)
    painter.setPen(pen)
    painter.setBrush(ground)
    painter.drawEllipse(inside(area, pen))
    if option.state & _State.State_On:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.on_accent))
        painter.drawEllipse(area.center(), area.width() * 0.19, area.width() * 0.19)


def _square(option: QStyleOption) -> QRectF:
    area = QRectF(option.rect)
    side = min(area.width(), area.height())
    return QRectF(area.left(), area.center().y() - side / 2, side, side)


def _colours(state: _State, theme: Colours) -> tuple[QPen, QColor]:
    """Return the pen of the edge and the colour inside."""
    pen = edge_of(state & ~_State.State_HasFocus, theme)
    if not state & (_State.State_On | _State.State_NoChange):
        return pen, QColor(theme.surface if state & _State.State_Enabled else theme.window)
    colour = QColor(theme.accent if state & _State.State_Enabled else theme.disabled)
    return QPen(colour, 1), colour
