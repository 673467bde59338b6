"""The number in large type; one of its digits is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from lenet_desktop.ui.answer.accessible_graphic import AccessibleGraphic
from lenet_desktop.ui.style.theme import colours

_LARGEST, _SMALLEST = 84, 15
# The width of a cell and the height of a line, relative to the font's size.
_CELL, _LINE = 0.66, 1.24
_LINE_OF_CHOSEN = 3.0


@dataclass(frozen=True)
class ShownDigit:
    """One digit as it is shown.

    Attributes:
        text: the class, or '?' if it is none of them or not sure.
        is_sure: whether to trust it.
    """

    text: str
    is_sure: bool


class NumberView(AccessibleGraphic):
    """One or several numbers, one line each; a click or the arrow keys choose a digit.

    Signals:
        digit_chosen (int): the user has chosen the digit with this index, counted over all lines.
    """

    digit_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[tuple[ShownDigit, ...], ...] = ()
        self._chosen = 0
        self.setAccessibleName(self.tr("Number"))
        self.setAccessibleDescription(self.tr("The arrow keys choose a digit"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def text(self) -> str:
        """The number; a line for each of several."""
        return "\n".join("".join(digit.text for digit in line) for line in self._lines)

    @property
    def chosen(self) -> int:
        """The index of the chosen digit."""
        return self._chosen

    def accessible_value(self) -> str:
        """Return the number, digit by digit: '4 2'."""
        return ", ".join(" ".join(digit.text for digit in line) for line in self._lines)

    def show_lines(self, lines: Sequence[Sequence[ShownDigit]], chosen: int) -> None:
        """Show numbers; ``chosen`` is the index of a digit, counted over all lines."""
        new = tuple(tuple(line) for line in lines)
        if (new, chosen) != (self._lines, self._chosen):
            self._lines, self._chosen = new, chosen
            self.update()

    def _cells(self) -> list[tuple[QRectF, ShownDigit]]:
        """Return the place of each digit."""
        if not self._lines:
            return []
        longest = max(len(line) for line in self._lines)
        size = min(
            self.width() / max(longest, 1) / _CELL,
            self.height() / len(self._lines) / _LINE,
            float(_LARGEST),
        )
        wide = min(size * _CELL, self.width() / longest)
        high = min(size * _LINE, self.height() / len(self._lines))
        top = (self.height() - high * len(self._lines)) / 2
        cells = []
        for row, line in enumerate(self._lines):
            left = (self.width() - wide * len(line)) / 2
            for column, digit in enumerate(line):
                cells.append((QRectF(left + column * wide, top + row * high, wide, high), digit))
        return cells

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the digits, and a line below the chosen one."""
        cells = self._cells()
        if not cells:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = colours(self)
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        height = cells[0][0].height()
        font.setPixelSize(max(int(height / _LINE), _SMALLEST))
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        for number, (cell, digit) in enumerate(cells):
            painter.setPen(QColor(theme.text if digit.is_sure else theme.quiet))
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, digit.text)
            if number == self._chosen:
                half = min(metrics.horizontalAdvance("0"), cell.width()) / 2 - 1
                y = cell.bottom() - _LINE_OF_CHOSEN
                painter.setPen(
                    QPen(QColor(theme.accent), _LINE_OF_CHOSEN, c=Qt.PenCapStyle.RoundCap)
                )
                middle = cell.center().x()
                painter.drawLine(QPointF(middle - half, y), QPointF(middle + half, y))
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 1, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the digit under the pointer."""
        for number, (cell, _) in enumerate(self._cells()):
            if cell.contains(event.position()):
                self.digit_chosen.emit(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the next or the previous digit."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        elif 0 <= self._chosen + step < len(self._cells()):
            self.digit_chosen.emit(self._chosen + step)
