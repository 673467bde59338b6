"""The card of a lesson: the step's text, a question, and the buttons that go on and back."""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from lenet_desktop.lessons.lesson import Step
from lenet_desktop.ui.icons import icon
from lenet_desktop.ui.lessons.dots import Dots
from lenet_desktop.ui.lessons.question_view import QuestionView
from lenet_desktop.ui.style.theme import colours
from lenet_desktop.ui.training.primary_button import PrimaryButton

# Not wider than the answer's column, so that it can lie there without covering the paper.
_WIDTH = 284
_MARGIN, _SHADOW, _RADIUS = 14, 8, 10.0
_ENTER = Qt.Key.Key_Return, Qt.Key.Key_Enter


class LessonCard(QWidget):
    """A panel inside the window; it can be moved by dragging it.

    Signals:
        closed, back, forward (): a button was clicked.
        open_wanted (): the part that is hidden is to be shown.
        options_wanted (): the options of the step are to be set.
        answered (): the step's question was answered.
        dragged (): the person has moved the card.

    Attributes:
        question: the view of the question.
        back_button, next_button, close_button: the buttons.
        open_button: shows the part that is hidden.
        set_button: sets the options of the step.
    """

    closed = Signal()
    back = Signal()
    forward = Signal()
    open_wanted = Signal()
    options_wanted = Signal()
    answered = Signal()
    dragged = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._grabbed: QPoint | None = None
        self.setFixedWidth(_WIDTH + 2 * _SHADOW)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setCursor(Qt.CursorShape.SizeAllCursor)
        self._title, self._text, self._state, self._hidden = (QLabel() for _ in range(4))
        for label in (self._title, self._text, self._state, self._hidden):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        font = self._title.font()
        font.setWeight(font.Weight.DemiBold)
        self._title.setFont(font)
        self._hidden.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._state.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._dots = Dots()
        self.question = QuestionView()
        self.close_button = QToolButton()
        self.close_button.setIcon(icon("close"))
        self.close_button.setAutoRaise(True)
        self.close_button.setAccessibleName(self.tr("Close the lesson"))
        self.close_button.setToolTip(self.tr("Close the lesson (Esc); it goes on here next time"))
        self.open_button = QPushButton()
        self.set_button = QPushButton(self.tr("Set this for me"))
        self.back_button = QPushButton(self.tr("Back"))
        self.next_button = PrimaryButton(self.tr("Next"))
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
        self._lay_out()
        self.close_button.clicked.connect(self.closed)
        self.back_button.clicked.connect(self.back)
        self.next_button.clicked.connect(self.forward)
        self.set_button.clicked.connect(self.options_wanted)
        self.open_button.clicked.connect(self.open_wanted)
        self.question.answered.connect(self.answered)
        self.question.grown.connect(self._fit)
        for widget in (self._hidden, self.open_button, self.set_button, self.question):
            widget.hide()
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Have Enter press the button that has the focus, as in a dialog."""
        focus = self.focusWidget()
        if event.key() in _ENTER and isinstance(focus, QPushButton):
            focus.click()
        else:
            super().keyPressEvent(event)

    @property
    def title(self) -> str:
        """The lesson's title."""
        return self._title.text()

    @property
    def text(self) -> str:
        """The step's text."""
        return self._text.text()

    @property
    def state(self) -> str:
        """What the step waits for, or that it is done."""
        return self._state.text() if not self._state.isHidden() else ""

    @property
    def hidden(self) -> str:
        """Why what the step points at cannot be seen, or ''."""
        return self._hidden.text() if not self._hidden.isHidden() else ""

    def show_step(self, title: str, step: Step, number: int, count: int) -> None:
        """Show a step, counted from 0, of a lesson that has ``count`` of them."""
        self._title.setText(title)
        self.setAccessibleName(self.tr("Lesson: {title}").format(title=title))
        self._text.setText(step.text)
        self._dots.show_step(number, count)
        self.question.show_question(step.question, _WIDTH - 2 * _MARGIN)
        self.set_button.setVisible(bool(step.settings))
        self.back_button.setEnabled(number > 0)
        self.show_way("", "")
        self._fit()
        QAccessible.updateAccessibility(
            QAccessibleAnnouncementEvent(self, f"{self._dots.accessibleName()}. {step.text}")
        )

    def show_state(self, *, waits: bool, is_done: bool, is_last: bool) -> None:
        """Show whether the step waits for something, whether that is done, and the next button."""
        self._state.setVisible(waits)
        self._state.setText(self.tr("✓ Done") if is_done else self.tr("Waiting for you to do it …"))
        can_go_on = is_done or not waits
        name = self.tr("Finish") if is_last else self.tr("Next")
        self.next_button.setText(name if can_go_on else self.tr("Skip"))
        self.next_button.set_filled(can_go_on)
        self._fit()

    def show_way(self, text: str, button: str) -> None:
        """Show why the part is hidden, and a button that shows it; nothing for ''."""
        if (text, button) != (self.hidden, self.open_button.text()):
            self._hidden.setText(text)
            self._hidden.setVisible(bool(text))
            self.open_button.setText(button)
            self.open_button.setVisible(bool(button))
            self._fit()

    def sizeHint(self) -> QSize:
        """Return the size for all that is shown."""
        layout = self.layout()
        assert layout is not None
        width = self.minimumWidth()
        return QSize(width, layout.totalHeightForWidth(width))

    def _fit(self) -> None:
        for layout in (self.question.layout(), self.layout()):
            assert layout is not None
            layout.invalidate()
            layout.activate()
        self.resize(self.sizeHint())

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title, stretch=1)
        head.addWidget(self.close_button, alignment=Qt.AlignmentFlag.AlignTop)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.back_button)
        buttons.addWidget(self.next_button)
        layout = QVBoxLayout(self)
        edge = _MARGIN + _SHADOW
        layout.setContentsMargins(edge, 8 + _SHADOW, edge, 12 + _SHADOW)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self._dots)
        layout.addWidget(self._text)
        layout.addWidget(self.question)
        layout.addWidget(self._hidden)
        for button in (self.open_button, self.set_button):
            layout.addWidget(button, alignment=Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._state)
        layout.addLayout(buttons)
        for child in self.findChildren(QWidget):
            if not isinstance(child, QLabel | Dots | QuestionView):
                child.setCursor(Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the card."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._grabbed = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the card within the window."""
        window = self.parentWidget()
        if self._grabbed is None or window is None:
            return
        place = self.mapTo(window, event.position().toPoint()) - self._grabbed
        room = window.size() - self.size()
        left = min(max(place.x(), -_SHADOW), room.width() + _SHADOW)
        top = min(max(place.y(), -_SHADOW), room.height() + _SHADOW)
        self.move(left, top)
        self.dragged.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of the card."""
        self._grabbed = None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card and its shadow."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = colours(self)
        area = QRectF(self.rect()).adjusted(_SHADOW, _SHADOW, -_SHADOW, -_SHADOW)
        painter.setPen(Qt.PenStyle.NoPen)
        for step in range(_SHADOW, 0, -1):
            painter.setBrush(QColor(0, 0, 0, 4 + 2 * (_SHADOW - step)))
            round_ = _RADIUS + step
            painter.drawRoundedRect(area.adjusted(-step, -step + 1, step, step), round_, round_)
        painter.setPen(QPen(QColor(theme.challenger), 1.5))
        painter.setBrush(QColor(theme.surface))
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
