"""The boxes around the digits of a number on the paper."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.pad.paper import Paper
from lenet_desktop.ui.style.theme import colours

# In the widget's pixels: the room around the ink, and the corners.
_AROUND, _RADIUS = 5.0, 5.0
_FONT, _LABEL_HEIGHT, _LABEL_PADDING = 13, 18.0, 6.0


@dataclass(frozen=True)
class DigitBox:
    """A box with its reading.

    Attributes:
        left, top, right, bottom: around the digit's ink, in pad units.
        text: the reading, '?' if there is none.
        is_sure: whether the reading is to be trusted.
    """

    left: float
    top: float
    right: float
    bottom: float
    text: str
    is_sure: bool

    def area(self, paper: Paper) -> QRectF:
        """Return the box in the widget's coordinates."""
        area = QRectF(paper.from_pad(self.left, self.top), paper.from_pad(self.right, self.bottom))
        return area.adjusted(-_AROUND, -_AROUND, _AROUND, _AROUND).intersected(paper.area)

    def label(self, paper: Paper, metrics: QFontMetricsF) -> QRectF:
        """Return the place of its reading: above the box, or in it where there is no room."""
        area = self.area(paper)
        width = metrics.horizontalAdvance(self.text) + 2 * _LABEL_PADDING
        top = area.top() - _LABEL_HEIGHT
        return QRectF(area.left(), max(top, paper.top), width, _LABEL_HEIGHT)


class Boxes(QWidget):
    """Lies over the paper and shows the boxes; a tap on one chooses its digit.

    The pen draws through it: only a tap that does not move chooses, and leaves no dot.

    Signals:
        digit_chosen (int): the user has chosen the digit with this index.
    """

    digit_chosen = Signal(int)

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._boxes: tuple[DigitBox, ...] = ()
        self._chosen: int | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        canvas.takes_tap = lambda position: self._at(position) is not None
        canvas.tapped.connect(self._take_tap)
        canvas.paper_moved.connect(self._fit)
        self._fit()

    @property
    def boxes(self) -> tuple[DigitBox, ...]:
        """The boxes that are shown."""
        return self._boxes

    def show_boxes(self, boxes: Sequence[DigitBox], chosen: int | None) -> None:
        """Show boxes instead of those before; one of them is the chosen one."""
        new = tuple(boxes)
        if (new, chosen) != (self._boxes, self._chosen):
            self._update()
            self._boxes, self._chosen = new, chosen
            self._update()

    def _take_tap(self, position: QPointF) -> None:
        number = self._at(position)
        if number is not None:
            self.digit_chosen.emit(number)

    def _at(self, position: QPointF) -> int | None:
        """Return the index of the box at a place in the canvas, the narrowest of several."""
        paper = self._canvas.place.paper
        hit = [
            (box.right - box.left, number)
            for number, box in enumerate(self._boxes)
            if box.area(paper).contains(position)
        ]
        return min(hit)[1] if hit else None

    def _fit(self) -> None:
        self.setGeometry(self._canvas.rect())
        self.update()

    def _update(self) -> None:
        """Repaint where the boxes are: the paper below is repainted with them."""
        metrics = QFontMetricsF(_label_font(self.font()))
        for box in self._boxes:
            paper = self._canvas.place.paper
            area = box.area(paper).united(box.label(paper, metrics))
            self.update(area.toAlignedRect().adjusted(-2, -2, 2, 2))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the boxes: the chosen one in the accent's colour, those that are unsure dashed."""
        if not self._boxes:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paper, theme = self._canvas.place.paper, colours(self)
        font = _label_font(self.font())
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        for number, box in enumerate(self._boxes):
            is_chosen = number == self._chosen
            colour = QColor(theme.accent if is_chosen else theme.quiet)
            pen = QPen(colour, 2.0 if is_chosen else 1.0)
            if not box.is_sure:
                pen.setStyle(Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.area(paper), _RADIUS, _RADIUS)
            label = box.label(paper, metrics)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawRoundedRect(label, _RADIUS, _RADIUS)
            painter.setPen(QColor(theme.on_accent if is_chosen else theme.paper))
            painter.drawText(label, Qt.AlignmentFlag.AlignCenter, box.text)


def _label_font(font: QFont) -> QFont:
    """Return the font of the readings."""
    small = QFont(font)
    small.setPixelSize(_FONT)
    small.setWeight(QFont.Weight.DemiBold)
    return small
