"""A bar with a message above the pad."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

_MARGIN = 10


class MessageBar(QFrame):
    """Shows one sentence over the top of its parent until it is closed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        parent.installEventFilter(self)
        self.setAutoFillBackground(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setAccessibleDescription("Message")
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
        """Show a sentence."""
        self._text.setText(sentence)
        self._fit()
        self.show()
        self.raise_()

    def _fit(self) -> None:
        width = self._parent.width() - 2 * _MARGIN
        self.setGeometry(_MARGIN, _MARGIN, width, self.heightForWidth(width))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the width of the parent."""
        if event.type() is QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)
