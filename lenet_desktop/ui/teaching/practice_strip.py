"""The strip above the paper while somebody practises: what to draw, and how far one has got."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from lenet_desktop.models.model_card import DIGITS
from lenet_desktop.ui.answer.fitted_label import FittedLabel
from lenet_desktop.ui.style.theme import colours

_HEIGHT, _SIDES = 52, 12
_LARGEST, _SMALLEST = 26, 13
_COUNTDOWN = 4.0


class PracticeStrip(QWidget):
    """'Draw a 3', the progress, three buttons, and a bar that runs out before a drawing is taken.

    Signals:
        skipped (), undone (), ended (): a button was clicked.
    """

    skipped = Signal()
    undone = Signal()
    ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(_HEIGHT)
        self.setAccessibleName(self.tr("Practice"))
        how = self.tr("A drawing is taken when the pen has been up for a moment, or at Enter")
        self.setAccessibleDescription(how)
        self.setToolTip(how)
        self._prompt = FittedLabel(_LARGEST, _SMALLEST)
        font = self._prompt.font()
        font.setBold(True)
        self._prompt.setFont(font)
        self._progress = QLabel()
        self._progress.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(110, 8)
        self._bar.setAccessibleName(self.tr("Drawings so far"))
        self.skip_button = QPushButton(self.tr("S&kip"))
        self.undo_button = QPushButton(self.tr("Undo the &last one"))
        self.end_button = QPushButton(self.tr("E&nd"))
        self.end_button.setToolTip(self.tr("End the practice (Esc); what was drawn is kept"))
        self.skip_button.clicked.connect(self.skipped)
        self.undo_button.clicked.connect(self.undone)
        self.end_button.clicked.connect(self.ended)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(_SIDES + 12, 2, _SIDES + 8, 2 + round(_COUNTDOWN))
        layout.setSpacing(8)
        layout.addWidget(self._prompt, stretch=1)
        layout.addWidget(self._progress)
        layout.addWidget(self._bar)
        for button in (self.skip_button, self.undo_button, self.end_button):
            # A click leaves the keys to the pad.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            layout.addWidget(button)
        self._left = 0.0
        self.hide()

    @property
    def text(self) -> str:
        """What is asked for, in words."""
        return self._prompt.text()

    @property
    def progress(self) -> str:
        """How far one has got: '7 of 20'."""
        return self._progress.text()

    @property
    def countdown(self) -> float:
        """How much of the time is left until the drawing is taken, 0 to 1; 0 if it is not."""
        return self._left

    def show_turn(self, label: str, number: int, count: int) -> None:
        """Ask for a class.

        Args:
            label: the class.
            number: of the drawing, from 1.
            count: how many drawings are asked for.
        """
        self._prompt.setText(self._asked(label))
        self._progress.setText(self.tr("{number} of {count}").format(number=number, count=count))
        self._bar.setRange(0, count)
        self._bar.setValue(number - 1)
        self.undo_button.setEnabled(number > 1)
        self.show()
        spoken = f"{self.text}, {self.progress}"
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, spoken))

    def show_countdown(self, left: float) -> None:
        """Show how much of the time is left until the drawing is taken, 0 to 1."""
        self._left = left
        self.update()

    def _asked(self, label: str) -> str:
        if label == "8":
            return self.tr("Draw an {digit}").format(digit=label)
        if label in DIGITS:
            return self.tr("Draw a {digit}").format(digit=label)
        return self.tr("Draw: {name}").format(name=" ".join(label.split()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the surface, and the countdown along its lower edge."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = colours(self)
        area = QRectF(self.rect()).adjusted(_SIDES + 0.5, 0.5, -_SIDES - 0.5, -0.5)
        painter.setPen(QPen(QColor(theme.accent), 1))
        painter.setBrush(QColor(theme.surface))
        painter.drawRoundedRect(area, 8, 8)
        if self._left > 0:
            inner = area.adjusted(8, 0, -8, -3)
            inner.setTop(inner.bottom() - _COUNTDOWN)
            inner.setWidth(inner.width() * self._left)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent))
            painter.drawRoundedRect(inner, _COUNTDOWN / 2, _COUNTDOWN / 2)
