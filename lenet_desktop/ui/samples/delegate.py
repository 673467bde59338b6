"""Paints one sample in the list: its thumbnail on paper, its label, and whether it is held out."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from lenet_desktop.ui.samples.model import SamplesModel
from lenet_desktop.ui.samples.thumbnails import Thumbnails
from lenet_desktop.ui.style.theme import Colours, colours

SIDE = 64
CELL = QSize(78, 94)
_TOP = 6
_DOT = 9.0
_State = QStyle.StateFlag


class SampleDelegate(QStyledItemDelegate):
    """Paints samples; it costs the same for one of ten and one of ten thousand."""

    def __init__(self, model: SamplesModel, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._model, self._thumbnails = model, thumbnails

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the size of all of them."""
        return CELL

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint a sample."""
        theme, state = colours(option.palette), option.state
        sample = self._model.sample(index)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_selected = bool(state & _State.State_Selected)
        cell = QRectF(option.rect).adjusted(1.5, 1.5, -1.5, -1.5)
        if is_selected:
            ground = QColor(theme.accent)
            ground.setAlphaF(0.16)
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.setBrush(ground)
            painter.drawRoundedRect(cell, 6, 6)
        left = option.rect.left() + (option.rect.width() - SIDE) // 2
        picture = QRect(left, option.rect.top() + _TOP, SIDE, SIDE)
        self._paint_picture(painter, picture, theme, index)
        if sample.is_held_out:
            _paint_dot(painter, picture, theme)
        self._paint_label(painter, option, sample.label, picture.bottom(), is_selected)
        if state & _State.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.text), 1, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(cell.adjusted(2, 2, -2, -2), 4, 4)
        painter.restore()

    def _paint_picture(
        self,
        painter: QPainter,
        place: QRect,
        theme: Colours,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        side = round(SIDE * painter.device().devicePixelRatioF())
        image = self._thumbnails.image(self._model.sample(index), side, theme)
        if image is None:
            painter.fillRect(place, QColor(theme.paper))
        else:
            painter.drawImage(place, image)
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(place).adjusted(-0.5, -0.5, 0.5, 0.5))

    def _paint_label(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        label: str,
        top: int,
        is_selected: bool,
    ) -> None:
        place = QRect(option.rect.left() + 4, top + 2, option.rect.width() - 8, 18)
        font = painter.font()
        font.setBold(is_selected)
        painter.setFont(font)
        painter.setPen(option.palette.color(QPalette.ColorRole.Text))
        text = painter.fontMetrics().elidedText(
            " ".join(label.split()), Qt.TextElideMode.ElideRight, place.width()
        )
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def _paint_dot(painter: QPainter, picture: QRect, theme: Colours) -> None:
    """Paint the mark of a held-out sample in the corner of its picture."""
    dot = QRectF(picture.right() - _DOT - 2, picture.top() + 3, _DOT, _DOT)
    painter.setPen(QPen(QColor(theme.paper), 1.5))
    painter.setBrush(QColor(theme.challenger))
    painter.drawEllipse(dot)
