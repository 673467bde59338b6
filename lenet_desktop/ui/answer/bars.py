"""The probabilities as bars."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from lenet_desktop.models.model_card import DIGITS
from lenet_desktop.percent import percent

_MIN_ROW = 11.0  # lower rows are illegible
_MAX_COLUMNS = 2  # narrower bars are illegible
_COLUMN_GAP = 14.0
_MIN_LABEL, _MAX_LABEL_SHARE = 22.0, 0.42
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Row:
    """The place of one class.

    Attributes:
        index: which class it is.
        name: its name, elided to fit.
        label, bar, value: the places of the name, of the whole bar and of the percentage.
    """

    index: int
    name: str
    label: QRectF
    bar: QRectF
    value: QRectF


class ProbabilityBars(QWidget):
    """A bar for each class, the most probable one in the accent colour unless disabled.

    If there is no room for all classes, the least probable ones are left out.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.classes: tuple[str, ...] = DIGITS
        self.probabilities: list[float] | None = None
        self.setAccessibleName("Probability of each class")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(150)

    def sizeHint(self) -> QSize:
        """Return a size at which ten bars are easy to read."""
        return QSize(290, 230)

    def show_probabilities(self, classes: tuple[str, ...], values: list[float] | None) -> None:
        """Show the probabilities, 0 to 1, of these classes, or no bars for None."""
        self.classes, self.probabilities = classes, values
        pairs = zip(classes, values or [], strict=False)
        self.setAccessibleDescription(", ".join(f"{c}: {percent(p)}" for c, p in pairs))
        self.update()

    def rows(self) -> tuple[list[Row], QFont]:
        """Return where each class is shown, and the font of all."""
        room = max(int(self.height() / _MIN_ROW), 1)
        indices = self._most_probable(room * _MAX_COLUMNS)
        count = len(indices)
        columns = math.ceil(count / room)
        per_column = math.ceil(count / columns)
        height = self.height() / per_column
        width = (self.width() - (columns - 1) * _COLUMN_GAP) / columns
        font = QFont(self.font())
        font.setPixelSize(int(min(max(height * 0.62, 9), 15)))
        metrics = QFontMetricsF(font)
        widest = max(metrics.horizontalAdvance(name) for name in self.classes) + 8
        label = min(max(widest, _MIN_LABEL), max(width * _MAX_LABEL_SHARE, _MIN_LABEL))
        value = 62.0 if columns == 1 else metrics.horizontalAdvance("99.9 %") + 6
        bar = min(height * 0.5, 12.0)
        rows = []
        for place, index in enumerate(indices):
            column, row = divmod(place, per_column)
            left, top = column * (width + _COLUMN_GAP), row * height
            rows.append(
                Row(
                    index,
                    metrics.elidedText(self.classes[index], Qt.TextElideMode.ElideRight, label - 4),
                    QRectF(left, top, label, height),
                    QRectF(left + label, top + (height - bar) / 2, width - label - value, bar),
                    QRectF(left + width - value, top, value, height),
                )
            )
        return rows, font

    def _most_probable(self, count: int) -> list[int]:
        """Return the indices of this many most probable classes, in the order of the classes."""
        values = self.probabilities or [0.0] * len(self.classes)
        by_value = sorted(range(len(self.classes)), key=lambda index: -values[index])
        return sorted(by_value[:count])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rows, font = self.rows()
        painter.setFont(font)
        text = self.palette().color(QPalette.ColorRole.WindowText)
        quiet = self.palette().color(QPalette.ColorRole.PlaceholderText)
        track, other = QColor(text), QColor(text)
        track.setAlpha(22)
        other.setAlpha(110)
        accent = self.palette().color(QPalette.ColorRole.Accent) if self.isEnabled() else other
        best = self.probabilities.index(max(self.probabilities)) if self.probabilities else -1
        for row in rows:
            painter.setPen(text)
            painter.drawText(row.label, _LEFT, row.name)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(track)
            radius = row.bar.height() / 2
            painter.drawRoundedRect(row.bar, radius, radius)
            if self.probabilities is None:
                continue
            probability = self.probabilities[row.index]
            painter.setBrush(accent if row.index == best else other)
            filled = QRectF(row.bar)
            filled.setWidth(row.bar.width() * probability)
            painter.setClipRect(filled)
            painter.drawRoundedRect(row.bar, radius, radius)
            painter.setClipping(False)
            painter.setPen(text if row.index == best else quiet)
            painter.drawText(row.value, _RIGHT, percent(probability))
