"""What the network sees, pixel by pixel."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from lenet_desktop.drawing.strokes import Ink

_MAX_SIDE = 168
_BACKGROUND = QColor(12, 13, 16)


class SampleView(QWidget):
    """The 28x28 sample, each of its pixels a square."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sample: Ink | None = None
        self.setAccessibleName("What the network sees: the drawing as 28 by 28 pixels")
        self.setMinimumSize(84, 84)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    @property
    def sample(self) -> Ink | None:
        """The sample that is shown, uint8 (28, 28), or None."""
        return self._sample

    def sizeHint(self) -> QSize:
        """Return a size at which each pixel of the sample is five pixels wide."""
        return QSize(140, 140)

    def show_sample(self, sample: Ink | None) -> None:
        """Show a sample, uint8 (28, 28), ink bright, or nothing."""
        self._sample = sample
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pixels unsmoothed."""
        painter = QPainter(self)
        side = min(self.width(), self.height(), _MAX_SIDE)
        square = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        painter.fillRect(square, _BACKGROUND)
        if self._sample is not None:
            height, width = self._sample.shape
            image = QImage(
                self._sample.tobytes(), width, height, width, QImage.Format.Format_Grayscale8
            )
            painter.drawImage(square, image)
