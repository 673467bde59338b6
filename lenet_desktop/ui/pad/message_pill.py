"""Messages: a pill with an icon inside the top edge of the paper."""

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from lenet_desktop.ui.icons import icon
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.theme import colours

_MARGIN = 10
_ICON = 20
_SUCCESS_MS = 4000


class MessageKind(StrEnum):
    """What a message is about; the values are names of icons and colours."""

    ERROR = "error"
    HINT = "hint"
    SUCCESS = "success"


class MessagePill(QWidget):
    """Shows one sentence until it is closed; a success disappears by itself."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._kind = MessageKind.HINT
        self._icon = QLabel()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setAccessibleDescription(self.tr("Message"))
        self._action = QPushButton()
        self._action.clicked.connect(self._act)
        self._slot: Callable[[], object] = self.hide
        close = QToolButton()
        close.setIcon(icon("close"))
        close.setAutoRaise(True)
        close.setAccessibleName(self.tr("Close the message"))
        close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 6, 8, 6)
        layout.addWidget(self._icon)
        layout.addWidget(self._text, stretch=1)
        layout.addWidget(self._action)
        layout.addWidget(close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        canvas.paper_moved.connect(self._fit)
        self.hide()

    @property
    def sentence(self) -> str:
        """The sentence that is shown, or ''."""
        return "" if self.isHidden() else self._text.text()

    @property
    def kind(self) -> MessageKind:
        """The kind of the message that is shown."""
        return self._kind

    def show_sentence(
        self,
        sentence: str,
        kind: MessageKind = MessageKind.ERROR,
        action: str = "",
        slot: Callable[[], object] | None = None,
    ) -> None:
        """Show a sentence.

        Args:
            sentence: the sentence.
            kind: what it is about.
            action: the text of a button beside the sentence, or '' for none.
            slot: called when that button is clicked; the message is hidden first.
        """
        self._kind = kind
        self._icon.setPixmap(icon(kind, kind).pixmap(_ICON, _ICON))
        self._text.setText(sentence)
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self._slot = slot or self.hide
        self._fit()
        self.show()
        self.raise_()
        if kind is MessageKind.SUCCESS:
            self._timer.start(_SUCCESS_MS)
        else:
            self._timer.stop()

    def _act(self) -> None:
        self.hide()
        self._slot()

    def _fit(self) -> None:
        paper = self._canvas.paper()
        width = round(min(paper.width() - 2 * _MARGIN, self.sizeHint().width() + 24))
        left = round(paper.center().x() - width / 2)
        self.setGeometry(left, round(paper.top()) + _MARGIN, width, self.heightForWidth(width))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pill."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = colours(self)
        painter.setPen(QPen(QColor(getattr(theme, self._kind)), 1))
        painter.setBrush(QColor(theme.surface))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 16, 16)
