"""One sentence above the pad."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget


class MessageBar(QFrame):
    """Shows one sentence until it is closed, and takes no room while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setAccessibleName("Message")
        close = QToolButton()
        close.setText("✕")
        close.setAutoRaise(True)
        close.setAccessibleName("Close the message")
        close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 6, 6)
        layout.addWidget(self._text, stretch=1)
        layout.addWidget(close)
        self.hide()

    @property
    def sentence(self) -> str:
        """The sentence that is shown, or ''."""
        return "" if self.isHidden() else self._text.text()

    def show_sentence(self, sentence: str) -> None:
        """Show it."""
        self._text.setText(sentence)
        self.show()
