"""Messages: a pill with an icon inside the top edge of the paper."""

import re
from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleEvent,
    QColor,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QToolButton, QWidget

from lenet_desktop.ui.icons import icon
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.style.theme import colours

# From the paper's edge to the pill, and around the pill for its shadow.
_MARGIN, _SHADOW = 8, 4
_ICON = 20
_WIDEST = 640
# How much of the paper's height the text may take; what is longer is cut off.
_HIGHEST = 0.4
_SUCCESS_MS = 4000
# Where a word without spaces may be broken: after these, and after every 24 other characters.
_BREAKS = re.compile(r"([/\\_-]|[^\s/\\_-]{24})(?=\S)")


class MessageKind(StrEnum):
    """What a message is about; the values are names of icons and colours."""

    ERROR = "error"
    HINT = "hint"
    SUCCESS = "success"


class MessagePill(QWidget):
    """Shows one sentence until it is closed; a success disappears by itself.

    It never takes the keyboard focus by itself, and the mouse draws nothing below it.
    """

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._kind = MessageKind.HINT
        self._sentence = ""
        self._icon = QLabel()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._action = QPushButton()
        self._action.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._action.clicked.connect(self._act)
        self._slot: Callable[[], object] = self.hide
        self._close = close = QToolButton()
        close.setIcon(icon("close"))
        close.setAutoRaise(True)
        close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        close.setAccessibleName(self.tr("Close the message"))
        close.setToolTip(self.tr("Close the message"))
        close.clicked.connect(self.hide)
        self._layout = layout = QGridLayout(self)
        layout.setContentsMargins(12 + _SHADOW, 6 + _SHADOW, 6 + _SHADOW, 7 + _SHADOW)
        layout.setHorizontalSpacing(8)
        layout.setVerticalSpacing(4)
        layout.setColumnStretch(1, 1)
        self._icon.setFixedHeight(close.sizeHint().height())
        layout.addWidget(self._icon, 0, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._text, 0, 1)
        layout.addWidget(self._action, 0, 2)
        layout.addWidget(close, 0, 3, Qt.AlignmentFlag.AlignTop)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        canvas.paper_moved.connect(self._fit)
        self.hide()

    @property
    def sentence(self) -> str:
        """The sentence that is shown, or ''."""
        return "" if self.isHidden() else self._sentence

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
        self._sentence = sentence
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self._slot = slot or self.hide
        self.setAccessibleName(sentence)
        self.setAccessibleDescription(self._name_of_kind())
        self._draw_icon()
        self._fit()
        self.show()
        self.raise_()
        self.update()
        self._announce()
        if kind is MessageKind.SUCCESS:
            self._timer.start(_SUCCESS_MS)
        else:
            self._timer.stop()

    def setVisible(self, visible: bool) -> None:
        """Give the keyboard focus back to the pad if one of the buttons has it."""
        focus = self.window().focusWidget()
        if not visible and focus is not None and self.isAncestorOf(focus):
            self._canvas.setFocus()
        if not visible:
            self._timer.stop()
        super().setVisible(visible)

    def _act(self) -> None:
        self.hide()
        self._slot()

    def _name_of_kind(self) -> str:
        return {
            MessageKind.ERROR: self.tr("Error"),
            MessageKind.HINT: self.tr("Hint"),
            MessageKind.SUCCESS: self.tr("Done"),
        }[self._kind]

    def _draw_icon(self) -> None:
        symbol = icon(self._kind, self._kind)
        self._icon.setPixmap(symbol.pixmap(QSize(_ICON, _ICON), self.devicePixelRatioF()))

    def _announce(self) -> None:
        """Tell screen readers."""
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        event = QAccessibleAnnouncementEvent(self, self._sentence)
        if self._kind is MessageKind.ERROR:
            event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(event)

    def _fit(self) -> None:
        paper = self._canvas.paper()
        room = min(paper.width() - 2 * (_MARGIN - _SHADOW), _WIDEST)
        margins = self._layout.contentsMargins()
        spacing = self._layout.horizontalSpacing()
        others = margins.left() + margins.right() + _ICON + self._close.sizeHint().width()
        others += 2 * spacing
        needed = self._text.fontMetrics().horizontalAdvance(self._sentence) + 4
        has_action = not self._action.isHidden()
        action = self._action.sizeHint().width() + spacing if has_action else 0
        in_one_row = others + needed + action <= room
        self._layout.addWidget(
            self._action,
            0 if in_one_row else 1,
            2 if in_one_row else 1,
            Qt.AlignmentFlag.AlignRight,
        )
        width = min(others + needed + (action if in_one_row else 0), int(room))
        self._set_text(width - others, paper.height() * _HIGHEST)
        left = round(paper.center().x() - width / 2)
        top = round(paper.top()) + _MARGIN - _SHADOW
        self._layout.invalidate()
        self.setGeometry(left, top, width, self._layout.totalHeightForWidth(width))

    def _set_text(self, width: int, highest: float) -> None:
        """Show the sentence; cut it off where it would be too high."""
        text = self._sentence
        self._text.setToolTip("")
        while True:
            # A zero-width space lets a long file name go on in the next line.
            self._text.setText(_BREAKS.sub("\\1\u200b", text))
            if self._text.heightForWidth(width) <= highest or len(text) < 40:
                break
            text = text[: -len(text) // 12].rstrip(" …") + "…"
            self._text.setToolTip(self._sentence)

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of a new theme."""
        if event.type() is QEvent.Type.PaletteChange:
            self._draw_icon()
            self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pill and its shadow."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = colours(self)
        area = QRectF(self.rect()).adjusted(_SHADOW, _SHADOW, -_SHADOW, -_SHADOW)
        radius = min(area.height() / 2, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        for step in range(_SHADOW, 0, -1):
            painter.setBrush(QColor(0, 0, 0, 5 + 3 * (_SHADOW - step)))
            painter.drawRoundedRect(
                area.adjusted(-step, -step + 1, step, step), radius + step, radius + step
            )
        edge = QColor(getattr(theme, self._kind))
        painter.setPen(QPen(edge, 1.2))
        painter.setBrush(QColor(theme.surface))
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
