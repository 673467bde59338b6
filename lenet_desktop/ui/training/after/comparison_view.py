"""Champion and challenger side by side: figures, confusion matrix and the mistakes."""

import html
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QIcon, QImage, QPixmap
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from lenet_desktop.drawing.strokes import Ink
from lenet_desktop.ui.training.after.confusion_matrix import ConfusionMatrix

if TYPE_CHECKING:
    from lenet_desktop.evaluation.metrics import Evaluation
    from lenet_desktop.training.job import Outcome

_THUMBNAIL = 56
_MAX_MISTAKES = 200


class ComparisonView(QWidget):
    """Shows the outcome of one training.

    Signals:
        mistake_chosen (Ink): the image that the user clicked; uint8 (28, 28).
    """

    mistake_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._verdict = QLabel()
        self._verdict.setWordWrap(True)
        self._verdict.setTextFormat(Qt.TextFormat.RichText)
        self._confusion = ConfusionMatrix()
        self.mistakes = QListWidget()
        self.mistakes.setAccessibleName("The challenger's mistakes")
        self.mistakes.setViewMode(QListView.ViewMode.IconMode)
        self.mistakes.setIconSize(QSize(_THUMBNAIL, _THUMBNAIL))
        self.mistakes.setResizeMode(QListView.ResizeMode.Adjust)
        self.mistakes.setMovement(QListView.Movement.Static)
        self.mistakes.setUniformItemSizes(True)
        self.mistakes.itemActivated.connect(self._choose)
        self.mistakes.itemClicked.connect(self._choose)
        self._mistakes_title = QLabel()
        confusion_title = QLabel("Challenger: true class (rows), best class (columns)")
        left, right, below = QVBoxLayout(), QVBoxLayout(), QHBoxLayout()
        left.addWidget(confusion_title)
        left.addWidget(self._confusion, stretch=1)
        right.addWidget(self._mistakes_title)
        right.addWidget(self.mistakes, stretch=1)
        below.addLayout(left, stretch=1)
        below.addSpacing(12)
        below.addLayout(right, stretch=1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._verdict)
        layout.addLayout(below, stretch=1)

    @property
    def verdict(self) -> str:
        """The verdict and the figures, as rich text."""
        return self._verdict.text()

    def show_outcome(self, outcome: "Outcome") -> None:
        """Show the challenger's results, and the champion's if the two can be compared."""
        comparison = outcome.comparison
        figures = f"On {html.escape(comparison.data)}: "
        figures += f"challenger <b>{_share(comparison.challenger)}</b>"
        if comparison.champion is not None:
            figures += (
                f", champion ({html.escape(outcome.champion_name)}) "
                f"<b>{_share(comparison.champion)}</b>. "
                f"Only the challenger was right on {comparison.only_challenger:,}, "
                f"only the champion on {comparison.only_champion:,}"
            )
        self._verdict.setText(
            f"<p style='font-size:large'><b>{html.escape(_verdict(outcome))}</b></p>"
            f"<p>{figures}.</p>"
        )
        self._confusion.show_confusion(comparison.challenger)
        self.mistakes.clear()
        count = len(comparison.mistakes)
        shown = comparison.mistakes[:_MAX_MISTAKES]
        first = "" if count <= _MAX_MISTAKES else f", the {_MAX_MISTAKES} most probable"
        self._mistakes_title.setText(
            f"Its {count:,} mistakes{first}: click one to see it on the pad"
        )
        metrics = self.mistakes.fontMetrics()
        for mistake in shown:
            names = (_short(name, metrics) for name in (mistake.meant, mistake.best_class))
            item = QListWidgetItem(_thumbnail(mistake.image), " → ".join(names))
            read = html.escape(f"{mistake.meant}, read as {mistake.best_class}")
            item.setToolTip(f"<p>{read} with {mistake.probability:.0%}</p>")
            item.setData(Qt.ItemDataRole.UserRole, mistake.image)
            self.mistakes.addItem(item)

    def _choose(self, item: QListWidgetItem) -> None:
        self.mistake_chosen.emit(item.data(Qt.ItemDataRole.UserRole))


def _verdict(outcome: "Outcome") -> str:
    from lenet_desktop.evaluation.compare import Better

    return {
        Better.CHALLENGER: "The challenger is better.",
        Better.CHAMPION: "The challenger is worse.",
        Better.NEITHER: "No significant difference: the two are about equally good.",
        Better.UNKNOWN: f"The champion ({outcome.champion_name}) has other classes, so the two "
        "cannot be compared.",
    }[outcome.comparison.verdict]


def _share(evaluation: "Evaluation") -> str:
    low, high = evaluation.interval
    return f"{evaluation.accuracy:.2%} ({low:.1%} to {high:.1%})"


def _thumbnail(image: Ink) -> QIcon:
    height, width = image.shape
    picture = QImage(image.tobytes(), width, height, width, QImage.Format.Format_Grayscale8)
    return QIcon(QPixmap.fromImage(picture.scaled(2 * _THUMBNAIL, 2 * _THUMBNAIL)))


def _short(name: str, metrics: QFontMetrics) -> str:
    """Return the name of a class, elided to the width of a thumbnail."""
    return metrics.elidedText(name, Qt.TextElideMode.ElideRight, _THUMBNAIL)
