"""How the cells and the class names of a confusion matrix are painted."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from lenet_desktop.ui.style.theme import colours

_FONT_SIZE = 12
_GAP = 12
_INSET_DOWN, _INSET_ACROSS = 7, 2
_MOST_OF_WIDTH = 0.3
_MOST_HEIGHT = 80


def matrix_font(view: QTableView | QHeaderView) -> QFont:
    """Return the font of all counts and names."""
    font = QFont(view.font())
    font.setPixelSize(_FONT_SIZE)
    return font


class CellPainter(QStyledItemDelegate):
    """Paints a count; the more mistakes, the stronger the colour behind it."""

    def __init__(self, view: QTableView) -> None:
        super().__init__(view)
        self._view = view

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one cell; the chosen one has a frame, the one with the keyboard a dotted one."""
        theme = colours(self._view)
        text, share = str(index.data()), index.data(Qt.ItemDataRole.UserRole)
        state = option.state
        rect: QRect = option.rect
        inner = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.save()
        painter.fillRect(rect, QColor(theme.window))  # over the colour of the selection
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill = QColor(theme.track if share is None else theme.error)
        if share is not None:
            fill.setAlphaF(0.12 + 0.4 * share if share else 0.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(inner, 3, 3)
        is_chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if is_chosen:
            painter.setPen(QPen(QColor(theme.text), 2))
            painter.drawRoundedRect(inner.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        elif self._view.hasFocus() and index == self._view.currentIndex():
            painter.setPen(QPen(QColor(theme.accent), 2, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(inner.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        font = matrix_font(self._view)
        if is_chosen:
            font.setWeight(QFont.Weight.Bold)
        painter.setFont(font)
        painter.setPen(QColor(theme.text if share else theme.quiet))
        # If there is no room for a count, only the tooltip and the title of the list tell it.
        if QFontMetrics(font).horizontalAdvance(text) <= rect.width():
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()


class ClassNames(QHeaderView):
    """The names of the classes beside or above the cells, upright where they would not fit."""

    def __init__(self, orientation: Qt.Orientation, view: QTableView) -> None:
        super().__init__(orientation, view)
        self._view = view
        self._upright = False
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(1)
        self.setSectionsClickable(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)

    def widest(self) -> int:
        """Return the width of the longest name."""
        font = matrix_font(self)
        font.setWeight(QFont.Weight.Bold)
        metrics = QFontMetrics(font)
        return max(metrics.horizontalAdvance(name) for name in self._names())

    def room_for_names(self, room: int) -> int:
        """Return the width of names at the side, or the height of names above.

        Args:
            room: the width of the whole matrix, or that of one cell.
        """
        metrics = QFontMetrics(matrix_font(self))
        widest = self.widest() + _GAP
        if self.orientation() is Qt.Orientation.Vertical:
            return min(max(widest, 24), int(room * _MOST_OF_WIDTH))
        # Names elided by at most a third are easier to read horizontally.
        self._upright = widest - _GAP > 1.5 * room
        return min(widest, _MOST_HEIGHT) if self._upright else metrics.height() + 8

    def label(self, section: int, font: QFont) -> str:
        """Return the name of a class, elided to fit."""
        is_across = self.orientation() is Qt.Orientation.Horizontal
        if self._upright:
            room = self.height()
        else:
            room = self.sectionSize(section) if is_across else self.width()
        inset = _INSET_ACROSS if is_across and not self._upright else _INSET_DOWN
        name = self.model().headerData(section, self.orientation(), Qt.ItemDataRole.DisplayRole)
        return QFontMetrics(font).elidedText(str(name), Qt.TextElideMode.ElideRight, room - inset)

    def _names(self) -> list[str]:
        model, role = self.model(), Qt.ItemDataRole.DisplayRole
        count = model.columnCount()
        return [str(model.headerData(at, self.orientation(), role)) for at in range(count)]

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        """Paint one name, bold for the row and the column of the chosen cell."""
        chosen = self._view.selectionModel().selectedIndexes()
        is_across = self.orientation() is Qt.Orientation.Horizontal
        places = [index.column() if is_across else index.row() for index in chosen]
        font = matrix_font(self)
        if logicalIndex in places:
            font.setWeight(QFont.Weight.Bold)
        painter.save()
        painter.setFont(font)
        painter.setPen(QColor(colours(self._view).text))
        text = self.label(logicalIndex, font)
        if self._upright:
            painter.translate(rect.bottomLeft())
            painter.rotate(-90)
            left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRect(3, 0, rect.height() - 3, rect.width()), left, text)
        elif is_across:
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
        else:
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(rect.adjusted(0, 0, -6, 0), right, text)
        painter.restore()
