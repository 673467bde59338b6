"""Champion and challenger side by side: figures, confusion matrix and the mistakes."""

import html
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPaintEvent, QPalette, QPixmap
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

if TYPE_CHECKING:
    from lenet_desktop.evaluation.metrics import Evaluation
    from lenet_desktop.training.job import Outcome

_THUMBNAIL = 56
_MAX_MISTAKES = 200


class ComparisonView(QWidget):
    """Shows the outcome of one training.

    Signals:
        mistake_chosen (Ink): the user clicked this image to see it on the pad; uint8 (28, 28).
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
        """Show how the challenger did, beside the champion if the two can be compared."""
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
        for mistake in shown:
            item = QListWidgetItem(
                _thumbnail(mistake.image), f"{mistake.meant} → {mistake.best_class}"
            )
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


class ConfusionMatrix(QWidget):
    """The confusion matrix of one evaluation, with the mistakes highlighted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classes: tuple[str, ...] = ()
        self._counts: NDArray[np.int64] = np.zeros((0, 0), np.int64)
        self.setAccessibleName("Confusion matrix")
        self.setMinimumSize(260, 220)

    def show_confusion(self, evaluation: "Evaluation") -> None:
        """Show the confusion matrix of an evaluation."""
        self._classes, self._counts = evaluation.classes, evaluation.confusion
        worst = [
            f"{self._counts[i, j]} times {self._classes[i]} read as {self._classes[j]}"
            for i, j in np.argwhere(self._counts > 0).tolist()
            if i != j
        ]
        self.setAccessibleDescription(", ".join(worst))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the grid."""
        count = len(self._classes)
        if not count:
            return
        painter = QPainter(self)
        palette = self.palette()
        text = palette.color(QPalette.ColorRole.WindowText)
        quiet = palette.color(QPalette.ColorRole.PlaceholderText)
        cell_width, cell_height = self.width() / (count + 1), self.height() / (count + 1)
        font = self.font()
        font.setPixelSize(int(min(max(cell_height * 0.5, 8), 13)))
        painter.setFont(font)
        off_diagonal = self._counts * (1 - np.eye(count, dtype=np.int64))
        most = max(int(off_diagonal.max()), 1)
        for row in range(-1, count):
            for column in range(-1, count):
                cell = QRectF(
                    (column + 1) * cell_width, (row + 1) * cell_height, cell_width, cell_height
                )
                if row < 0 or column < 0:
                    painter.setPen(text)
                    label = "" if row == column else self._classes[max(row, column)]
                else:
                    number = int(self._counts[row, column])
                    label = f"{number}" if number else "·"
                    painter.setPen(quiet if row == column or not number else text)
                    if row != column and number:
                        heat = QColor("#e0563b")
                        heat.setAlphaF(0.15 + 0.6 * number / most)
                        painter.fillRect(cell.adjusted(1, 1, -1, -1), heat)
                painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, label)
