"""A stage of the preprocessing in the network strip."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from lenet_desktop.drawing.strokes import Ink
from lenet_desktop.ui.answer.pixels import paint_sample, sharp_square
from lenet_desktop.ui.network.tile import Tile
from lenet_desktop.ui.style.theme import Colours

_SIZE, _BOX = 28, 20


class StageTile(Tile):
    """The sample at one stage.

    Signals:
        clicked (): the user clicks it, or presses Space or Enter.

    Args:
        title, explanation: see ``Tile``.
        stage: 'paper', 'box', 'scaled' or 'centred'.
    """

    clicked = Signal()

    def __init__(
        self, title: str, explanation: str, stage: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, explanation, parent)
        click = self.tr("Click to have the drawing read as it is here")
        self.setToolTip(f"{explanation}\n{click}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._stage = stage
        self._sample: Ink | None = None

    @property
    def sample(self) -> Ink | None:
        """The sample that is shown, uint8 (28, 28), or None."""
        return self._sample

    @property
    def box(self) -> tuple[int, int, int, int] | None:
        """The box that is drawn over the sample: left, top, right, bottom in its pixels, or None.

        On the whole paper it is what will be cut out, later it is the 20x20 box.
        """
        if self._sample is None:
            return None
        if self._stage == "scaled":
            edge = (_SIZE - _BOX) // 2
            return edge, edge, edge + _BOX, edge + _BOX
        if self._stage != "paper":
            return None
        rows, columns = (np.flatnonzero(self._sample.any(axis=axis)) for axis in (1, 0))
        if not len(rows):
            return None
        return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1

    def show_sample(self, sample: Ink | None) -> None:
        """Show a sample, uint8 (28, 28), ink bright, or bare paper."""
        self._sample = sample
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Signal a click."""
        inside = QRectF(self.rect()).contains(event.position())
        if event.button() is Qt.MouseButton.LeftButton and inside:
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Signal a click for Space and Enter."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)

    def paint_picture(self, painter: QPainter, area: QRectF, theme: Colours) -> None:
        """Paint the sample, its frame, and what the stage is about."""
        square = sharp_square(area, self.devicePixelRatioF())
        paint_sample(painter, square, self._sample, theme)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        strong = self.is_last or self.hasFocus()
        painter.setPen(QPen(QColor(theme.accent if strong else theme.line), 2 if strong else 1))
        painter.drawRect(square.adjusted(-0.5, -0.5, 0.5, 0.5))
        box = self.box
        if box is not None:
            pen = QPen(QColor(theme.accent), 1.5 if self._stage == "paper" else 1)
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            painter.setPen(pen)
            scale = square.width() / _SIZE
            corners = [square.topLeft() + QPointF(*at) * scale for at in (box[:2], box[2:])]
            painter.drawRect(QRectF(*corners))
        if self._stage == "centred" and self._sample is not None:
            self._paint_middle(painter, square, theme)

    def _paint_middle(self, painter: QPainter, square: QRectF, theme: Colours) -> None:
        """Mark the middle at the four sides: there is the ink's centre of mass."""
        painter.setPen(QPen(QColor(theme.accent), 1.5))
        middle, tick = square.center(), square.width() * 0.06
        for end, inwards in (
            (QPointF(middle.x(), square.top()), QPointF(0, tick)),
            (QPointF(middle.x(), square.bottom()), QPointF(0, -tick)),
            (QPointF(square.left(), middle.y()), QPointF(tick, 0)),
            (QPointF(square.right(), middle.y()), QPointF(-tick, 0)),
        ):
            painter.drawLine(end, end + inwards)
