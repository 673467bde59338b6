"""The legend above a plot: what each curve is, and its newest value."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from lenet_desktop.ui.style.theme import colours

_KEY = QSize(18, 12)


class LegendEntry(QWidget):
    """A piece of a curve, the curve's name and its newest value.

    Args:
        name: the name of the curve.
        colour: the name of one of the theme's ``Colours``.
        has_points: whether the curve has a point for each value.
    """

    def __init__(self, name: str, colour: str, *, has_points: bool) -> None:
        super().__init__()
        self._name = name
        self._label = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(_Key(colour, has_points))
        row.addWidget(self._label)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_value("")

    @property
    def text(self) -> str:
        """The name and the value."""
        return self._label.text()

    def show_value(self, value: str) -> None:
        """Show the newest value, or none for ''."""
        self._label.setText(f"{self._name} {value}".rstrip())


class _Key(QWidget):
    """A short piece of the curve."""

    def __init__(self, colour: str, has_points: bool) -> None:
        super().__init__()
        self._colour, self._has_points = colour, has_points
        self.setFixedSize(_KEY)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line, and a point on it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = QColor(getattr(colours(self), self._colour))
        middle = self.rect().toRectF().center()
        painter.setPen(QPen(colour, 2))
        painter.drawLine(0, round(middle.y()), self.width(), round(middle.y()))
        if self._has_points:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(middle, 3.5, 3.5)
