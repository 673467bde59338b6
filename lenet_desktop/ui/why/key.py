"""The key of the colours over the ink."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from lenet_desktop.ui.style.theme import colours

_SIDE = 12


class Key(QWidget):
    """Two squares of colour and what they mean: the accent, and the challenger's colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels = QLabel(), QLabel()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for label, colour in zip(self._labels, ("accent", "challenger"), strict=True):
            layout.addWidget(_Square(colour))
            layout.addWidget(label)
            layout.addSpacing(8)
        layout.addStretch(1)

    def set_texts(self, accent: str, challenger: str) -> None:
        """Say what the colours mean."""
        for label, text in zip(self._labels, (accent, challenger), strict=True):
            label.setText(text)
        self.setAccessibleName(f"{accent}, {challenger}")


class _Square(QWidget):
    def __init__(self, colour: str) -> None:
        super().__init__()
        self._colour = colour
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(_SIDE, _SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(QRectF(self.rect()), QColor(getattr(colours(self), self._colour)))
