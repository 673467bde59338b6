"""A label whose text always fits."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class FittedLabel(QLabel):
    """One line of plain text: text that is too wide is made smaller, then elided.

    Args:
        largest, smallest: the limits of the font's size in pixels.
    """

    def __init__(self, largest: int, smallest: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._largest, self._smallest = largest, smallest
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the height of the largest font; the layout decides the width."""
        return QSize(0, QFontMetrics(self._font(self._largest)).height())

    def minimumSizeHint(self) -> QSize:
        """Return the same."""
        return self.sizeHint()

    def shown(self) -> tuple[str, QFont]:
        """Return the text as it is shown, and its font."""
        size = self._largest
        wide = QFontMetrics(self._font(size)).horizontalAdvance(self.text())
        if wide > self.width():
            size = max(size * self.width() // wide, self._smallest)
        font = self._font(size)
        text = QFontMetrics(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        return text, font

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text."""
        text, font = self.shown()
        painter = QPainter(self)
        painter.setFont(font)
        self.style().drawItemText(
            painter,
            self.rect(),
            self.alignment().value | Qt.TextFlag.TextSingleLine.value,
            self.palette(),
            self.isEnabled(),
            text,
            self.foregroundRole(),
        )

    def _font(self, pixels: int) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(pixels)
        return font
