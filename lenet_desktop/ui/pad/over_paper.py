"""A digit from the data, shown over the paper; the drawing below is not touched."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from lenet_desktop.drawing.strokes import Ink
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.theme import colours


class OverPaper(QWidget):
    """Covers the paper with an image and a few lines about it, until the user goes back.

    Signals:
        closed (): the user goes back to the drawing.
    """

    closed = Signal()

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._image: Ink | None = None
        self._lines = QLabel()
        self._lines.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._lines.setTextFormat(Qt.TextFormat.PlainText)
        self.back_button = QPushButton(self.tr("&Back to my drawing"))
        self.back_button.clicked.connect(self.back)
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        layout.addWidget(self._lines)
        layout.addWidget(self.back_button)
        canvas.paper_moved.connect(self._fit)
        self.hide()

    @property
    def image(self) -> Ink | None:
        """The image that is shown, uint8 (H, W), or None."""
        return self._image

    @property
    def text(self) -> str:
        """The lines about the image."""
        return self._lines.text()

    def show_image(self, image: Ink, lines: tuple[str, ...]) -> None:
        """Show an image, uint8 (H, W), ink bright, and lines about it."""
        self._image = image
        self._lines.setText("\n".join(lines))
        self._fit()
        self.show()
        self.raise_()
        self.back_button.setFocus()

    def back(self) -> None:
        """Show the drawing again."""
        self._image = None
        self.hide()
        self._canvas.setFocus()
        self.closed.emit()

    def _fit(self) -> None:
        self.setGeometry(self._canvas.paper().toAlignedRect())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint paper, and the image pixel by pixel."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours(self).paper))
        if self._image is not None:
            height, width = self._image.shape
            image = QImage(
                self._image.tobytes(), width, height, width, QImage.Format.Format_Grayscale8
            )
            side = self.width() * 0.7
            painter.drawImage(QRectF((self.width() - side) / 2, 24, side, side), image)
