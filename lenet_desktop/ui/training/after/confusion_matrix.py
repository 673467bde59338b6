"""The confusion matrix of one evaluation."""

import html
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import QToolTip, QWidget

if TYPE_CHECKING:
    from lenet_desktop.evaluation.metrics import Evaluation

_MAX_LABEL_SHARE = 0.25
_MISTAKE = QColor("#e0563b")
_GAP = 4.0


class ConfusionMatrix(QWidget):
    """Counts in a grid: true classes down, best classes across; the mistakes are highlighted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classes: tuple[str, ...] = ()
        self._counts: NDArray[np.int64] = np.zeros((0, 0), np.int64)
        self.setAccessibleName("Confusion matrix")
        self.setMinimumSize(260, 220)

    def show_confusion(self, evaluation: "Evaluation") -> None:
        """Show the confusion matrix of an evaluation."""
        self._classes, self._counts = evaluation.classes, evaluation.confusion
        mistakes = [
            self._sentence(i, j) for i, j in np.argwhere(self._counts > 0).tolist() if i != j
        ]
        self.setAccessibleDescription(", ".join(mistakes))
        self.update()

    def text_font(self) -> QFont:
        """Return the font of all texts: it fits the rows."""
        font = QFont(self.font())
        height = self.height() / (len(self._classes) + 1)
        font.setPixelSize(int(min(max(height * 0.5, 8), 13)))
        return font

    def grid(self) -> QRectF:
        """Return the rectangle of the counts, without the labels."""
        count = len(self._classes)
        even_width, even_height = self.width() / (count + 1), self.height() / (count + 1)
        widest = self._widest() + _GAP
        left = min(max(widest, even_width), max(self.width() * _MAX_LABEL_SHARE, even_width))
        top = even_height
        if self._has_upright_labels(self.width() - left):
            top = min(max(widest, even_height), max(self.height() * _MAX_LABEL_SHARE, even_height))
        return QRectF(left, top, self.width() - left, self.height() - top)

    def cell(self, row: int, column: int) -> QRectF:
        """Return the rectangle of a count, or of a label if one index is -1."""
        return self._cell(self.grid(), row, column)

    def _cell(self, grid: QRectF, row: int, column: int) -> QRectF:
        count = len(self._classes)
        width, height = grid.width() / count, grid.height() / count
        left = grid.left() + column * width if column >= 0 else 0.0
        top = grid.top() + row * height if row >= 0 else 0.0
        return QRectF(
            left, top, width if column >= 0 else grid.left(), height if row >= 0 else grid.top()
        )

    def label(self, index: int, room: float) -> str:
        """Return the name of a class, elided to fit."""
        return QFontMetricsF(self.text_font()).elidedText(
            self._classes[index], Qt.TextElideMode.ElideRight, room
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint labels and counts."""
        count = len(self._classes)
        if not count:
            return
        painter = QPainter(self)
        painter.setFont(self.text_font())
        metrics = QFontMetricsF(self.text_font())
        text = self.palette().color(QPalette.ColorRole.WindowText)
        quiet = self.palette().color(QPalette.ColorRole.PlaceholderText)
        painter.setPen(text)
        grid = self.grid()
        upright = self._has_upright_labels(grid.width())
        for index in range(count):
            place = self._cell(grid, index, -1)
            painter.drawText(
                place, Qt.AlignmentFlag.AlignCenter, self.label(index, place.width() - _GAP)
            )
            _paint_head(painter, self._cell(grid, -1, index), upright, self, index)
        off_diagonal = self._counts * (1 - np.eye(count, dtype=np.int64))
        most = max(int(off_diagonal.max()), 1)
        for row in range(count):
            for column in range(count):
                number, cell = int(self._counts[row, column]), self._cell(grid, row, column)
                if row != column and number:
                    heat = QColor(_MISTAKE)
                    heat.setAlphaF(0.15 + 0.6 * number / most)
                    painter.fillRect(cell.adjusted(1, 1, -1, -1), heat)
                painter.setPen(quiet if row == column or not number else text)
                shown = f"{number}" if number else "·"
                # If there is no room for a count, only the tooltip shows it.
                if metrics.horizontalAdvance(shown) <= cell.width():
                    painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, shown)

    def event(self, event: QEvent) -> bool:
        """Show the count and the full names of the classes as a tooltip."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            place = self._at(QPointF(event.pos()))
            if place is None:
                QToolTip.hideText()
            else:
                sentence = html.escape(self._sentence(*place))
                QToolTip.showText(event.globalPos(), f"<p>{sentence}</p>", self)
            return True
        return super().event(event)

    def _at(self, position: QPointF) -> tuple[int, int] | None:
        grid, count = self.grid(), len(self._classes)
        if not count or not grid.contains(position):
            return None
        row = int((position.y() - grid.top()) / grid.height() * count)
        column = int((position.x() - grid.left()) / grid.width() * count)
        return min(row, count - 1), min(column, count - 1)

    def _sentence(self, row: int, column: int) -> str:
        return f"{self._classes[row]} read as {self._classes[column]}: {self._counts[row, column]}"

    def _widest(self) -> float:
        metrics = QFontMetricsF(self.text_font())
        return max(metrics.horizontalAdvance(name) for name in self._classes)

    def _has_upright_labels(self, width: float) -> bool:
        # Names elided by at most a third are easier to read horizontally.
        return self._widest() > 1.5 * width / len(self._classes)


def _paint_head(
    painter: QPainter, place: QRectF, upright: bool, matrix: ConfusionMatrix, index: int
) -> None:
    """Paint the label of a column, turned by a right angle if it is upright."""
    if not upright:
        painter.drawText(
            place, Qt.AlignmentFlag.AlignCenter, matrix.label(index, place.width() - _GAP)
        )
        return
    painter.save()
    painter.translate(place.bottomLeft())
    painter.rotate(-90)
    room = place.height() - _GAP
    painter.drawText(
        QRectF(_GAP / 2, 0, room, place.width()),
        Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
        matrix.label(index, room),
    )
    painter.restore()
