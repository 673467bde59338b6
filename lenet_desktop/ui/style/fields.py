"""Text fields, combo boxes, spin boxes, and the heads of tables."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QStyle,
    QStyleOption,
    QStyleOptionComplex,
    QStyleOptionFrame,
)

from lenet_desktop.ui.style.shapes import box, chevron, edge_of, ground_of
from lenet_desktop.ui.style.theme import Colours

_State = QStyle.StateFlag
_PRESSED = _State.State_Sunken | _State.State_On


def line_edit(painter: QPainter, option: QStyleOption, theme: Colours) -> None:
    """Paint a text field; one inside another control has no edge."""
    state = option.state & ~_PRESSED
    if not has_edge(option):
        painter.fillRect(option.rect, ground_of(state, theme))
        return
    box(painter, QRectF(option.rect), edge_of(state, theme), ground_of(state, theme))


def has_edge(option: QStyleOption) -> bool:
    """Return whether a text field has an edge; one inside another control has none."""
    return isinstance(option, QStyleOptionFrame) and option.lineWidth > 0


def combo_box(
    painter: QPainter, option: QStyleOptionComplex, theme: Colours, arrow: QRectF
) -> None:
    """Paint the box and its arrow; the style paints the text."""
    state = option.state & ~_PRESSED
    box(painter, QRectF(option.rect), edge_of(state, theme), ground_of(state, theme))
    chevron(painter, arrow, _text(state, theme))


def spin_box(
    painter: QPainter, option: QStyleOptionComplex, theme: Colours, up: QRectF, down: QRectF
) -> None:
    """Paint the box and its two arrows; the number has a widget of its own."""
    state = option.state & ~_PRESSED
    box(painter, QRectF(option.rect), edge_of(state, theme), ground_of(state, theme))
    for place, is_up in ((up, True), (down, False)):
        chevron(painter, place, _text(state, theme), up=is_up)


def header(painter: QPainter, option: QStyleOption, theme: Colours) -> None:
    """Paint the ground of a column's head, and a line below it."""
    area = QRectF(option.rect)
    painter.fillRect(area, QColor(theme.surface))
    painter.setPen(QPen(QColor(theme.line), 1))
    painter.drawLine(
        QPointF(area.left(), area.bottom() - 0.5), QPointF(area.right(), area.bottom() - 0.5)
    )


def _text(state: _State, theme: Colours) -> QColor:
    return QColor(theme.text if state & _State.State_Enabled else theme.disabled)
