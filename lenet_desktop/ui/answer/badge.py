"""A badge with a word or two."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from lenet_desktop.ui.style.theme import colours

_HEIGHT, _PADDING = 20, 10


class Badge(QLabel):
    """Says over the answer that it is the challenger's; hidden without a text."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        font = QFont(self.font())
        font.setPixelSize(12)
        font.setWeight(QFont.Weight.DemiBold)
        self.setFont(font)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.hide()

    def setText(self, text: str) -> None:
        """Show another text, or nothing for ''."""
        if text != self.text():
            super().setText(text)
            self.setVisible(bool(text))
            parent = self.parentWidget()
            self.place(0 if parent is None else parent.width())

    def place(self, width: int) -> None:
        """Place it at the top of a parent of this width, in the middle."""
        wide = self.fontMetrics().horizontalAdvance(self.text()) + 2 * _PADDING
        wide = min(wide, width)
        self.setGeometry((width - wide) // 2, 0, wide, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a rounded shape in the challenger's colour, and the text."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = colours(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.challenger))
        painter.drawRoundedRect(QRectF(self.rect()), _HEIGHT / 2, _HEIGHT / 2)
        painter.setPen(QColor(theme.on_accent))
        room = self.width() - 2 * _PADDING + 1
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, text)
