"""Sliders, scroll bars, progress bars and tabs."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QStyle,
    QStyleOption,
    QStyleOptionComplex,
    QStyleOptionProgressBar,
    QStyleOptionSlider,
)

from lenet_desktop.ui.style.shapes import bar, inside
from lenet_desktop.ui.style.theme import Colours

_State, _Part = QStyle.StateFlag, QStyle.SubControl
_GROOVE, _HANDLE = 4.0, 16.0
_LEAST_SCROLLER, _SCROLLER = 28, 6.0
_UNDERLINE = 2.5


def slider(
    painter: QPainter, option: QStyleOptionComplex, theme: Colours, groove: QRectF, handle: QRectF
) -> None:
    """Paint a horizontal slider: a line, filled up to a round handle."""
    enabled = bool(option.state & _State.State_Enabled)
    middle = handle.center()
    line = QRectF(groove.left(), middle.y() - _GROOVE / 2, groove.width(), _GROOVE)
    bar(painter, line, QColor(theme.edge if enabled else theme.line))
    line.setRight(middle.x())
    bar(painter, line, QColor(theme.accent if enabled else theme.disabled))
    is_strong = option.state & (_State.State_MouseOver | _State.State_HasFocus)
    pen = QPen(QColor(theme.accent if enabled else theme.disabled), 3 if is_strong else 2)
    painter.setPen(pen)
    painter.setBrush(QColor(theme.surface))
    area = QRectF(0, 0, _HANDLE, _HANDLE)
    area.moveCenter(middle)
    painter.drawEllipse(inside(area, pen))


def scroll_bar_part(option: QStyleOptionComplex, part: QStyle.SubControl) -> QRect:
    """Return where a part of a scroll bar is: the groove is the whole bar, and has no arrows."""
    rect = option.rect
    if part is _Part.SC_ScrollBarGroove:
        return rect
    if not isinstance(option, QStyleOptionSlider):
        return QRect()
    is_across = option.orientation is Qt.Orientation.Horizontal
    room = rect.width() if is_across else rect.height()
    steps = option.maximum - option.minimum
    length = room
    if steps > 0:
        length = max(room * option.pageStep // (steps + option.pageStep), _LEAST_SCROLLER)
        length = min(length, room)
    start = QStyle.sliderPositionFromValue(
        option.minimum, option.maximum, option.sliderPosition, room - length, option.upsideDown
    )
    first, last = {
        _Part.SC_ScrollBarSlider: (start, start + length),
        _Part.SC_ScrollBarSubPage: (0, start),
        _Part.SC_ScrollBarAddPage: (start + length, room),
    }.get(part, (0, 0))
    if is_across:
        return QRect(rect.left() + first, rect.top(), last - first, rect.height())
    return QRect(rect.left(), rect.top() + first, rect.width(), last - first)


def scroll_bar(
    painter: QPainter, option: QStyleOptionComplex, theme: Colours, scroller: QRectF
) -> None:
    """Paint the scroller."""
    painter.fillRect(option.rect, QColor(theme.window))
    is_used = option.state & (_State.State_MouseOver | _State.State_Sunken)
    thick = _SCROLLER + (2 if is_used else 0)
    across = (scroller.width() - thick) / 2
    down = (scroller.height() - thick) / 2
    is_across = bool(option.state & _State.State_Horizontal)
    place = (
        scroller.adjusted(2, down, -2, -down)
        if is_across
        else scroller.adjusted(across, 2, -across, -2)
    )
    bar(painter, place, QColor(theme.quiet if is_used else theme.edge))


def has_progress(option: QStyleOption) -> bool:
    """Return whether a progress bar knows how far it is."""
    return isinstance(option, QStyleOptionProgressBar) and option.maximum > option.minimum


def progress_groove(painter: QPainter, option: QStyleOption, theme: Colours) -> None:
    """Paint the empty progress bar."""
    bar(painter, QRectF(option.rect), QColor(theme.track))


def progress(painter: QPainter, option: QStyleOption, theme: Colours) -> None:
    """Paint how far it is."""
    assert isinstance(option, QStyleOptionProgressBar)
    area = QRectF(option.rect)
    share = (option.progress - option.minimum) / (option.maximum - option.minimum)
    width = area.width() * min(max(share, 0.0), 1.0)
    if width > 0:
        area.setWidth(max(width, area.height()))
        bar(painter, area, QColor(theme.accent))


def tab(painter: QPainter, option: QStyleOption, theme: Colours) -> None:
    """Paint a tab: a line below it, thick and in the accent's colour if it is chosen."""
    area = QRectF(option.rect)
    is_chosen = bool(option.state & _State.State_Selected)
    line = QRectF(area.left(), area.bottom() - _UNDERLINE, area.width(), _UNDERLINE)
    if is_chosen:
        bar(painter, line.adjusted(8, 0, -8, 0), QColor(theme.accent))
    else:
        line.setTop(line.bottom() - 1)
        painter.fillRect(line, QColor(theme.line))
