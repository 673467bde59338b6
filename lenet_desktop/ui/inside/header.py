"""The line above the network: the answer, what switching off did to it, the legend."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from lenet_desktop.inference.inside.reading import InsideReading
from lenet_desktop.percent import percent
from lenet_desktop.ui.answer.answer_texts import caption, spoken
from lenet_desktop.ui.answer.fitted_label import FittedLabel
from lenet_desktop.ui.icons import icon
from lenet_desktop.ui.inside.legend import Legend

# The width of the answer, in pixels: of a digit or two, and of a longer number or a word.
_SHORT, _LONG = 54, 120
_SHORT_TEXT = 3


class Header(QWidget):
    """The answer in large type, a line about it, and the buttons of the view.

    Signals:
        closed (): the user closes the view.

    Attributes:
        switching: a click on a map or neuron switches it off while this is checked.
        all_on: switches everything on again.
    """

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answer = FittedLabel(30, 11, largest_word=20)
        # Qt gives no room to a label that ignores its text's width, not even a fixed one.
        self._answer.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._answer.setFixedWidth(_SHORT)
        self._answer.setAccessibleName(self.tr("Answer"))
        self._line = FittedLabel(13, 9)
        self._effect = FittedLabel(13, 9)
        for label in (self._line, self._effect):
            label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addWidget(self._line)
        lines.addWidget(self._effect)
        self.switching = QPushButton(self.tr("S&witch off"))
        self.switching.setCheckable(True)
        self.switching.setToolTip(
            self.tr("Click maps or neurons to switch them off; a right click always does")
        )
        self.all_on = QPushButton(self.tr("All &on"))
        self.all_on.hide()
        self._effect.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 2, 2, 2)
        row.setSpacing(8)
        row.addWidget(self._answer)
        row.addLayout(lines, stretch=1)
        row.addWidget(Legend())
        row.addWidget(self.all_on)
        row.addWidget(self.switching)
        row.addWidget(self._close_button())

    @property
    def line(self) -> str:
        """The line about the answer."""
        return self._line.text()

    @property
    def effect(self) -> str:
        """The line about what is switched off, or ''."""
        return self._effect.text()

    @property
    def answer(self) -> str:
        """The answer in large type."""
        return self._answer.text()

    def show_nothing(self, reason: str) -> None:
        """Show why there is no answer."""
        self._answer.setText("")
        self._line.setText(reason)
        self._show_effect("")

    def show_reading(self, reading: InsideReading, shown: str, what: str) -> None:
        """Show the answer of a reading.

        Args:
            reading: what the network reads.
            shown: the answer in large type; '?' in it if it is not to be trusted.
            what: which digit of a number, or which moment of a training, this is; '' for the
                only digit and the model in use.
        """
        prediction = reading.prediction
        off = len(reading.off)
        self._answer.setFixedWidth(_SHORT if len(shown) <= _SHORT_TEXT else _LONG)
        self._answer.setText(shown)
        is_sure = prediction.is_sure and "?" not in shown
        role = QPalette.ColorRole.Accent if is_sure else QPalette.ColorRole.PlaceholderText
        self._answer.setForegroundRole(role)
        self._answer.setAccessibleDescription(spoken(prediction))
        about = caption(prediction)
        self._line.setText(f"{what}: {about}" if what else about)
        self.all_on.setVisible(bool(off))
        self._show_effect(self._effect_of(reading) if off else "")

    def _show_effect(self, effect: str) -> None:
        self._effect.setText(effect)
        self._effect.setVisible(bool(effect))

    def _effect_of(self, reading: InsideReading) -> str:
        """Return what switching off did to the answer: '2 off: 7 from 99.8 % to 31.2 %'."""
        before, after = reading.intact, reading.prediction
        index = before.classes.index(before.best_class)
        text = self.tr("{count} off: {name} from {before} to {after}")
        return text.format(
            count=len(reading.off),
            name=before.best_class,
            before=percent(before.probability),
            after=percent(float(after.probabilities[index])),
        )

    def _close_button(self) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon("close", "quiet"))
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(self.tr("Close the network"))
        button.setToolTip(self.tr("Close (I)"))
        button.clicked.connect(lambda: self.closed.emit())
        return button
