"""The probabilities as bars."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from lenet_desktop.models.model_card import DIGITS
from lenet_desktop.percent import percent
from lenet_desktop.ui.answer.accessible_graphic import AccessibleGraphic
from lenet_desktop.ui.style.theme import colours

_MIN_ROW = 11.0  # lower rows are illegible
_LEGIBLE_ROW, _MAX_ROW = 16, 28
_MANY = 13  # more classes than this need two columns in a low window
_MAX_COLUMNS = 2  # narrower bars are illegible
_COLUMN_GAP = 14.0
_MIN_LABEL, _MAX_LABEL_SHARE = 24.0, 0.42
_VALUE, _MIN_BAR = 64.0, 32.0
# Smaller probabilities are not written: a column of '0.0 %' says nothing.
_LEAST_WRITTEN = 0.005
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Row:
    """The place of one class.

    Attributes:
        index: which class it is.
        name: its name, elided to fit.
        label, bar, other, value: the places of the name, of the whole bar, of the other model's
            thin bar and of the percentage.
    """

    index: int
    name: str
    label: QRectF
    bar: QRectF
    other: QRectF
    value: QRectF


class ProbabilityBars(AccessibleGraphic):
    """A bar for each class; below each, a thin one for the other model.

    All bars begin and end at the same places, however many classes there are. If there is no room
    for all classes, the least probable ones are left out.

    Attributes:
        classes: the names of the classes.
        probabilities: theirs, 0 to 1, or None.
        others: the other model's, or None.
        is_sure: whether the most probable class is to be trusted: only then it has a colour.
        is_challenger: whether the bars are the challenger's and the thin ones the champion's.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.classes: tuple[str, ...] = DIGITS
        self.probabilities: list[float] | None = None
        self.others: list[float] | None = None
        self.is_sure = True
        self.is_challenger = False
        self.setAccessibleName(self.tr("Probability of each class"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Return a size at which the bars are easy to read."""
        return QSize(280, self.best_height())

    def best_height(self) -> int:
        """Return the greatest height that looks well."""
        return len(self.classes) * _MAX_ROW

    def legible_height(self) -> int:
        """Return the least height at which the bars are easy to read."""
        return min(len(self.classes), _MANY) * _LEGIBLE_ROW

    def show_probabilities(
        self,
        classes: tuple[str, ...],
        values: list[float] | None,
        *,
        is_sure: bool = True,
        is_challenger: bool = False,
    ) -> None:
        """Show the probabilities, 0 to 1, of these classes, or no bars for None."""
        self.classes, self.probabilities = classes, values
        self.is_sure, self.is_challenger = is_sure, is_challenger
        pairs = zip(classes, values or [], strict=False)
        self.setAccessibleDescription(", ".join(f"{c}: {percent(p)}" for c, p in pairs))
        self.update()

    def show_others(self, values: list[float] | None) -> None:
        """Show the other model's probabilities of the same classes, 0 to 1, or none."""
        self.others = values
        self.update()

    def accessible_value(self) -> str:
        """Return the most probable class and its probability; '' if there are no bars."""
        best = _best(self.probabilities)
        if best is None or self.probabilities is None:
            return ""
        return f"{self.classes[best]}: {percent(self.probabilities[best])}"

    def rows(self) -> tuple[list[Row], QFont]:
        """Return where each class is shown, and the font of all."""
        room = max(int(self.height() / _MIN_ROW), 1)
        indices = self._most_probable(room * _MAX_COLUMNS)
        count = len(indices)
        columns = math.ceil(count / room)
        per_column = math.ceil(count / columns)
        height = min(self.height() / per_column, _MAX_ROW)
        width = (self.width() - (columns - 1) * _COLUMN_GAP) / columns
        font = QFont(self.font())
        font.setPixelSize(int(min(max(height * 0.7, 9), 13)))
        metrics = QFontMetricsF(font)
        value = _VALUE if columns == 1 else metrics.horizontalAdvance("99.9 %") + 8
        widest = max(metrics.horizontalAdvance(name) for name in self.classes) + 8
        most = min(width * _MAX_LABEL_SHARE, width - value - _MIN_BAR)
        label = max(min(widest, most), _MIN_LABEL)
        bar = min(max(height * 0.42, 4.0), 10.0)
        other = min(max(height * 0.15, 2.0), 4.0)
        rows = []
        for place, index in enumerate(indices):
            column, row = divmod(place, per_column)
            left, top = column * (width + _COLUMN_GAP), row * height
            whole = QRectF(left + label, top + (height - bar) / 2, width - label - value, bar)
            rows.append(
                Row(
                    index,
                    metrics.elidedText(self.classes[index], Qt.TextElideMode.ElideRight, label - 4),
                    QRectF(left, top, label, height),
                    whole,
                    QRectF(whole.left(), whole.bottom() + 1, whole.width(), other),
                    QRectF(left + width - value, top, value, height),
                )
            )
        return rows, font

    def _most_probable(self, count: int) -> list[int]:
        """Return the indices of this many most probable classes, in the order of the classes."""
        values = self.probabilities or [0.0] * len(self.classes)
        by_value = sorted(range(len(self.classes)), key=lambda index: -values[index])
        return sorted(by_value[:count])

    def written(self, index: int) -> str:
        """Return the percentage that is written beside a class, '' for none."""
        if self.probabilities is None:
            return ""
        probability = self.probabilities[index]
        is_worth_it = probability >= _LEAST_WRITTEN or index == _best(self.probabilities)
        return percent(probability) if is_worth_it else ""

    def event(self, event: QEvent) -> bool:
        """Show the whole name of a class, and its percentage, as a tooltip."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def tip_at(self, position: QPointF) -> str:
        """Return the tooltip at a position: the class there and its percentage, or ''."""
        for row in self.rows()[0]:
            if row.label.united(row.value).contains(position):
                name = self.classes[row.index]
                if self.probabilities is None:
                    return name
                return f"{name}: {percent(self.probabilities[row.index])}"
        return ""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rows, font = self.rows()
        strong = QFont(font)
        strong.setWeight(QFont.Weight.DemiBold)
        theme = colours(self)
        text, quiet, loser = QColor(theme.text), QColor(theme.quiet), QColor(theme.disabled)
        models = [QColor(theme.accent), QColor(theme.challenger)]
        mine, others = reversed(models) if self.is_challenger else models
        winner = mine if self.is_sure else text
        best = _best(self.probabilities)
        for row in rows:
            is_best = row.index == best
            painter.setFont(strong if is_best else font)
            painter.setPen(text if is_best else quiet)
            painter.drawText(row.label, _LEFT, row.name)
            painter.drawText(row.value, _RIGHT, self.written(row.index))
            painter.setPen(Qt.PenStyle.NoPen)
            _paint_bar(painter, row.bar, 1, QColor(theme.track))
            if self.probabilities is not None:
                colour = winner if is_best else loser
                _paint_bar(painter, row.bar, self.probabilities[row.index], colour)
            if self.others is not None:
                _paint_bar(painter, row.other, self.others[row.index], others)


def _paint_bar(painter: QPainter, whole: QRectF, share: float, colour: QColor) -> None:
    """Paint the left part of a bar with round ends."""
    filled = QRectF(whole)
    filled.setWidth(whole.width() * min(share, 1))
    radius = whole.height() / 2
    painter.setBrush(colour)
    painter.setClipRect(filled)
    painter.drawRoundedRect(whole, radius, radius)
    painter.setClipping(False)


def _best(values: list[float] | None) -> int | None:
    return values.index(max(values)) if values else None
