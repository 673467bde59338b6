"""A small upright bar for each class."""

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip

from lenet_desktop.percent import percent
from lenet_desktop.ui.answer.accessible_graphic import AccessibleGraphic
from lenet_desktop.ui.style.theme import colours

_HEIGHT, _WIDEST = 66, 22.0
_FILLED = 0.75  # the share of the width that is bars
_FONT = 11


class ClassColumns(AccessibleGraphic):
    """A share from 0 to 1 for each class.

    Args:
        name: what the shares are, for screen readers.
        marks_best: whether the class with the largest share stands out.

    Attributes:
        classes: the names of the classes.
        shares: of each class, 0 to 1, NaN where it is unknown; or None.
    """

    def __init__(self, name: str, *, marks_best: bool) -> None:
        super().__init__()
        self._marks_best = marks_best
        self.classes: tuple[str, ...] = ()
        self.shares: list[float] | None = None
        self.setAccessibleName(name)
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_shares(self, classes: tuple[str, ...], shares: list[float] | None) -> None:
        """Show the shares of these classes, or empty bars for None."""
        self.classes, self.shares = classes, shares
        self.update()

    @property
    def best(self) -> int | None:
        """The index of the class with the largest share."""
        if not self.shares:
            return None
        return max(range(len(self.shares)), key=lambda i: _known(self.shares[i]))  # type: ignore[index]

    def accessible_value(self) -> str:
        """Return each class with its share."""
        if self.shares is None:
            return ""
        known = zip(self.classes, self.shares, strict=True)
        return ", ".join(f"{c}: {percent(s)}" for c, s in known if not math.isnan(s))

    def places(self) -> list[QRectF]:
        """Return the whole column of each class, with its name below the bar."""
        width = self.width() / max(len(self.classes), 1)
        return [QRectF(i * width, 0, width, self.height()) for i in range(len(self.classes))]

    def tip_at(self, position: QPointF) -> str:
        """Return the class at a position with its share, or ''."""
        for index, place in enumerate(self.places()):
            if place.contains(position):
                share = math.nan if self.shares is None else self.shares[index]
                name = self.classes[index]
                return name if math.isnan(share) else f"{name}: {percent(share)}"
        return ""

    def event(self, event: QEvent) -> bool:
        """Show the class and its share as a tooltip."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the columns."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = colours(self)
        font = QFont(self.font())
        font.setPixelSize(_FONT)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        line = metrics.height() + 2
        best = self.best if self._marks_best else None
        # If not all names fit, the tooltips tell them.
        widest = max(map(metrics.horizontalAdvance, self.classes), default=0.0)
        for index, place in enumerate(self.places()):
            is_strong = not self._marks_best or index == best
            bar = QRectF(0, 0, min(place.width() * _FILLED, _WIDEST), self.height() - line)
            bar.moveCenter(QPointF(place.center().x(), bar.height() / 2))
            painter.fillRect(bar, QColor(theme.track))
            if self.shares is not None:
                share = _known(self.shares[index])
                filled = bar.adjusted(0, bar.height() * (1 - share), 0, 0)
                painter.fillRect(filled, QColor(theme.challenger if is_strong else theme.disabled))
            if widest <= place.width():
                painter.setPen(QColor(theme.text if index == best else theme.quiet))
                below = QRectF(place.left(), bar.bottom(), place.width(), line)
                painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self.classes[index])


def _known(share: float) -> float:
    return 0.0 if math.isnan(share) else share
