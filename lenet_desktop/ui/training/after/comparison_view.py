"""What came of a training: the verdict, the confusion matrix, and the mistakes."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from lenet_desktop.ui.training.after.confusion_matrix import ConfusionMatrix
from lenet_desktop.ui.training.after.mistakes import Mistakes
from lenet_desktop.ui.training.after.verdict import (
    breakable,
    differences_sentence,
    hand_sentences,
    lines_about,
    verdict_sentence,
)
from lenet_desktop.ui.training.card import Card

if TYPE_CHECKING:
    from lenet_desktop.evaluation.compare import Mistake
    from lenet_desktop.training.job import Outcome


class ComparisonView(QWidget):
    """Shows the outcome of one training.

    Signals:
        mistake_chosen (Ink, tuple[str, ...]): the image that the user wants to see, uint8 (28, 28),
            and a few lines about it.

    Attributes:
        matrix: the challenger's confusion matrix.
        mistakes: its mistakes.
    """

    mistake_chosen = Signal(object, tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._outcome: Outcome | None = None
        self._hand, self._hand_row = QLabel(), QLabel()
        self._verdict, self._differences = QLabel(), QLabel()
        for label in (self._hand, self._hand_row, self._verdict, self._differences):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        font = QFont(self._verdict.font())
        font.setPointSizeF(font.pointSizeF() * 1.1)
        font.setWeight(QFont.Weight.Medium)
        self._verdict.setFont(font)
        self._hand.setFont(font)
        self._differences.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._legend = QLabel(self.tr("Rows: the labels. Columns: what the challenger read."))
        self._legend.setWordWrap(True)
        self._legend.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.matrix = ConfusionMatrix()
        self.mistakes = Mistakes()
        self._card = Card()
        self._lay_out()
        self.matrix.cell_chosen.connect(self._show_cell)
        self.mistakes.all_wanted.connect(self._show_all)
        self.mistakes.chosen.connect(self._choose)

    @property
    def verdict(self) -> str:
        """The verdict with both accuracies; '' before an outcome is shown."""
        return "" if self._outcome is None else verdict_sentence(self._outcome)

    @property
    def hand(self) -> tuple[str, str]:
        """The advice after learning a person's hand, and how it is read; both '' otherwise."""
        from lenet_desktop.training.teaching.hand import HandOutcome

        return hand_sentences(self._outcome) if isinstance(self._outcome, HandOutcome) else ("", "")

    @property
    def differences(self) -> str:
        """How many images only one of the models read correctly; '' if they have other classes."""
        return "" if self._outcome is None else differences_sentence(self._outcome)

    def add_below_verdict(self, widget: QWidget) -> None:
        """Put a widget on the card of the verdict."""
        layout = self._card.layout()
        assert layout is not None
        layout.addWidget(widget)

    def show_outcome(self, outcome: "Outcome") -> None:
        """Show the challenger's results, and the champion's if the two can be compared."""
        self._outcome = outcome
        self._verdict.setText(breakable(self.verdict))
        for label, sentence in zip((self._hand, self._hand_row), self.hand, strict=True):
            label.setText(breakable(sentence))
            label.setVisible(bool(sentence))
        self._differences.setText(breakable(self.differences))
        self._differences.setVisible(bool(self.differences))
        tip = self.tr("<p>Exact McNemar test on these images: p = {p}</p>")
        self._differences.setToolTip(tip.format(p=f"{outcome.comparison.p_value:.2g}"))
        self.matrix.show_confusion(outcome.comparison.challenger)
        self._show_all()

    def _show_all(self) -> None:
        if self._outcome is not None:
            had_focus = self.mistakes.all_button.hasFocus()
            self.matrix.choose_none()
            self.mistakes.show_all(self._outcome.comparison.mistakes)
            if had_focus:
                self.matrix.setFocus()

    def _show_cell(self, row: int, column: int) -> None:
        if self._outcome is None:
            return
        comparison = self._outcome.comparison
        classes = comparison.challenger.classes
        meant, read = classes[row], classes[column]
        self.mistakes.show_cell(
            meant,
            read,
            int(comparison.challenger.confusion[row, column]),
            [m for m in comparison.mistakes if (m.meant, m.best_class) == (meant, read)],
        )

    def _choose(self, mistake: "Mistake") -> None:
        if self._outcome is not None:
            lines = lines_about(mistake, self._outcome.champion_name)
            self.mistake_chosen.emit(mistake.image, lines)

    def _lay_out(self) -> None:
        inside = QVBoxLayout(self._card)
        inside.setContentsMargins(12, 10, 12, 10)
        inside.setSpacing(8)
        inside.addWidget(self._hand)
        inside.addWidget(self._hand_row)
        inside.addWidget(self._verdict)
        inside.addWidget(self._differences)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._card)
        layout.addSpacing(6)
        layout.addWidget(self._legend)
        layout.addWidget(self.matrix)
        layout.addSpacing(6)
        layout.addWidget(self.mistakes, stretch=1)
