"""Twenty samples of the data to train on."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRect, QRectF, QSize
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from lenet_desktop.ui.answer.pixels import paint_sample
from lenet_desktop.ui.style.theme import colours
from lenet_desktop.ui.tooltip import plain_tooltip

_COLUMNS, _ROWS, _GAP, _MAX_SIDE = 10, 2, 3, 56


class SamplesPreview(QWidget):
    """Samples in two rows of ten; the tooltip of each is its class."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.samples: NDArray[np.uint8] = np.zeros((0, 28, 28), np.uint8)
        self.names: tuple[str, ...] = ()
        self.setAccessibleName(self.tr("Samples of the data"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_samples(self, samples: NDArray[np.uint8], names: tuple[str, ...]) -> None:
        """Show samples, uint8 (N, 28, 28), and the class of each."""
        self.samples, self.names = samples, names
        self.setAccessibleDescription(", ".join(names))
        self.update()

    def sizeHint(self) -> QSize:
        """Return a size that fits into the drawer."""
        return QSize(280, self._height(280))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the samples square: the height follows from the width."""
        super().resizeEvent(event)
        self.setFixedHeight(self._height(self.width()))

    def event(self, event: QEvent) -> bool:
        """Show the class of the sample under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            under = [n for n in range(len(self.names)) if self._place(n).contains(event.pos())]
            text = plain_tooltip(self.names[under[0]]) if under else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the samples, and an empty frame for each that is missing."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        theme = colours(self)
        for number in range(_ROWS * _COLUMNS):
            place = QRectF(self._place(number))
            sample = self.samples[number] if number < len(self.samples) else None
            paint_sample(painter, place, sample, theme)
            painter.setPen(QPen(QColor(theme.line), 1))
            painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5))

    def _height(self, width: int) -> int:
        return _ROWS * (self._side(width) + _GAP) - _GAP

    def _side(self, width: int) -> int:
        return min(max((width + _GAP) // _COLUMNS - _GAP, 1), _MAX_SIDE)

    def _place(self, number: int) -> QRect:
        step = self._side(self.width()) + _GAP
        return QRect(number % _COLUMNS * step, number // _COLUMNS * step, step - _GAP, step - _GAP)
