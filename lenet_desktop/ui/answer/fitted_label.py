"""A label whose text always fits."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from lenet_desktop.ui.tooltip import plain_tooltip


class FittedLabel(QLabel):
    """One line of plain text: text that is too wide or too high is made smaller, then elided.

    The tooltip shows what was elided.

    Args:
        largest, smallest: the limits of the font's size in pixels.
        largest_word: the upper limit for texts of more than two characters, if it is another one.
    """

    def __init__(
        self,
        largest: int,
        smallest: int,
        parent: QWidget | None = None,
        *,
        largest_word: int | None = None,
    ) -> None:
        super().__init__(parent)
        self._largest, self._smallest = largest, smallest
        self._largest_word = largest if largest_word is None else largest_word
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
        metrics = QFontMetrics(self._font(self._largest))
        wide, high = metrics.horizontalAdvance(self.text()), metrics.height()
        share = min(1.0, self.height() / high, self.width() / wide if wide else 1.0)
        most = self._largest if len(self.text()) <= 2 else self._largest_word
        font = self._font(max(min(int(self._largest * share), most), self._smallest))
        text = QFontMetrics(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        return text, font

    def setText(self, text: str) -> None:
        """Show another text."""
        super().setText(text)
        self._show_elided()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the text to the new size."""
        super().resizeEvent(event)
        self._show_elided()

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

    def _show_elided(self) -> None:
        self.setToolTip("" if self.shown()[0] == self.text() else plain_tooltip(self.text()))

    def _font(self, pixels: int) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(pixels)
        return font
