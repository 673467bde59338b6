"""One picture in the network strip, with a title above it and an answer below it."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from lenet_desktop.ui.answer.accessible_graphic import AccessibleGraphic
from lenet_desktop.ui.style.theme import Colours, colours

LINE = 17
"""The height of the title and of the answer, in the widget's pixels."""
PICTURE = 100
"""The height of the picture; at every usual pixel ratio a sample in it is 75 to 100 high."""
_WIDTH = 112
_OFF = 0.3  # the opacity of what is switched off


class Tile(AccessibleGraphic):
    """Title, picture and answer, all of them painted.

    Subclasses paint the picture.

    Args:
        title: what the picture shows, in a word or two.
        explanation: the same in a sentence, for the tooltip.

    Attributes:
        title: the same as the argument.
        is_off: whether what it shows is switched off; then it is faded.
        is_last: whether what follows is switched off; then its title stands out.
    """

    def __init__(self, title: str, explanation: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self._name, self._rest, self._is_sure = "", "", True
        self.is_off = self.is_last = False
        self.setToolTip(explanation)
        self.setAccessibleName(title)
        self.setAccessibleDescription(explanation)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def answer(self) -> str:
        """The line below the picture, such as '3 · 99.7 %'."""
        return self._name + self._rest

    @property
    def is_sure(self) -> bool:
        """Whether the answer is to be trusted; if not, it is shown in a quiet colour."""
        return self._is_sure

    def show_answer(self, name: str, rest: str, *, is_sure: bool, spoken: str) -> None:
        """Show an answer below the picture.

        Args:
            name: the class.
            rest: what follows it.
            is_sure: whether to trust it.
            spoken: both for screen readers; '' if there is no answer.
        """
        self._name, self._rest, self._is_sure = name, rest, is_sure
        if spoken:
            self.setAccessibleName(
                self.tr("{title}: read as {answer}").format(title=self.title, answer=spoken)
            )
        else:
            self.setAccessibleName(self.title)
        self.update()

    def accessible_value(self) -> str:
        """Return the answer."""
        return self.answer

    def sizeHint(self) -> QSize:
        """Return a size that depends on the title, but never on the answer."""
        title = math.ceil(self._metrics().horizontalAdvance(self.title))
        return QSize(max(_WIDTH, title + 4), tile_height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint title, picture and answer."""
        painter = QPainter(self)
        theme = colours(self)
        painter.setOpacity(_OFF if self.is_off else 1.0)
        painter.setFont(self._strong_font() if self.is_last else self._font())
        painter.setPen(QColor(theme.accent if self.is_last else theme.quiet))
        across = self.width()
        painter.drawText(QRectF(0, 0, across, LINE), Qt.AlignmentFlag.AlignCenter, self.title)
        self._paint_answer(painter, theme)
        self.paint_picture(painter, QRectF(0, LINE, across, PICTURE), theme)

    def paint_picture(self, painter: QPainter, area: QRectF, theme: Colours) -> None:
        """Paint the picture in the middle of ``area``."""

    def shown_answer(self) -> tuple[str, str]:
        """Return the class, elided to fit, and what follows it."""
        room = self.width() - self._metrics().horizontalAdvance(self._rest)
        elided = self._strong_metrics().elidedText(self._name, Qt.TextElideMode.ElideRight, room)
        return elided, self._rest

    def _paint_answer(self, painter: QPainter, theme: Colours) -> None:
        name, rest = self.shown_answer()
        wide = self._strong_metrics().horizontalAdvance(name)
        left = (self.width() - wide - self._metrics().horizontalAdvance(rest)) / 2
        top = LINE + PICTURE
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip
        painter.setPen(QColor(theme.text if self._is_sure else theme.quiet))
        painter.setFont(self._strong_font())
        painter.drawText(QRectF(left, top, wide, LINE), flags, name)
        painter.setFont(self._font())
        painter.drawText(QRectF(left + wide, top, self.width(), LINE), flags, rest)

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(12)
        return font

    def _strong_font(self) -> QFont:
        font = self._font()
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self._font())

    def _strong_metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self._strong_font())


class Arrow(QWidget):
    """An arrow from one tile to the next, at the height of the pictures' middle."""

    WIDTH = 24

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(self.WIDTH, tile_height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a line with a head."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(colours(self).quiet), 1.5)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        middle, end = LINE + PICTURE / 2, self.WIDTH - 7.0
        painter.drawLine(QPointF(7, middle), QPointF(end, middle))
        head = [QPointF(end - 4, middle + side) for side in (-4, 4)]
        painter.drawPolyline(QPolygonF([head[0], QPointF(end, middle), head[1]]))


def tile_height() -> int:
    """Return the height of a tile."""
    return PICTURE + 2 * LINE
