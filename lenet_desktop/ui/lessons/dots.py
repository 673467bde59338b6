"""How far a lesson is: a dot for each step."""

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from lenet_desktop.ui.style.theme import colours

_APART, _RADIUS = 12, 3.5


class Dots(QWidget):
    """The steps so far are filled, the present one is larger."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count, self._step = 0, 0
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_step(self, step: int, count: int) -> None:
        """Show a step, counted from 0, of this many."""
        self._count, self._step = count, step
        text = self.tr("Step {number} of {count}").format(number=step + 1, count=count)
        self.setAccessibleName(text)
        self.setToolTip(text)
        self.update()

    def sizeHint(self) -> QSize:
        """Return a size; many dots move together."""
        return QSize(10 * _APART, 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dots."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = colours(self)
        apart = min(_APART, self.width() / max(self._count, 1))
        for number in range(self._count):
            is_past = number <= self._step
            painter.setPen(QPen(QColor(theme.accent if is_past else theme.edge), 1))
            painter.setBrush(QColor(theme.accent if is_past else theme.surface))
            radius = min(_RADIUS + (1 if number == self._step else 0), apart / 2 - 1)
            middle = QPointF(apart * (number + 0.5), self.height() / 2)
            painter.drawEllipse(middle, radius, radius)
