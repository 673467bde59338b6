"""What the network sees, pixel by pixel."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from lenet_desktop.drawing.strokes import Ink
from lenet_desktop.ui.answer.pixels import paint_sample, sharp_square
from lenet_desktop.ui.style.theme import colours

_FRAME = 3  # room around the picture for the frame that shows the focus


class SampleView(QAbstractButton):
    """The 28x28 sample, each of its pixels a square; a button that opens the network strip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sample: Ink | None = None
        self.setAccessibleName(self.tr("What the network sees"))
        self.setAccessibleDescription(
            self.tr("The drawing as 28 by 28 pixels. Press to see how it was made from the drawing")
        )
        self.setToolTip(self.tr("What the network sees. Click to see each step (W)"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    @property
    def sample(self) -> Ink | None:
        """The sample that is shown, uint8 (28, 28), or None."""
        return self._sample

    def sizeHint(self) -> QSize:
        """Return a size at which each pixel of the sample is four pixels wide."""
        return QSize(112 + 2 * _FRAME, 112 + 2 * _FRAME)

    def show_sample(self, sample: Ink | None) -> None:
        """Show a sample, uint8 (28, 28), ink bright, or nothing."""
        self._sample = sample
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pixels unsmoothed, and a frame around them."""
        painter = QPainter(self)
        theme = colours(self)
        area = QRectF(self.rect()).adjusted(_FRAME, _FRAME, -_FRAME, -_FRAME)
        square = sharp_square(area, self.devicePixelRatioF())
        paint_sample(painter, square, self._sample, theme)
        if self.hasFocus():
            pen = QPen(QColor(theme.accent), 2)
        else:
            pen = QPen(QColor(theme.quiet if self.underMouse() else theme.line), 1)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        outside = pen.widthF() / 2
        painter.drawRect(square.adjusted(-outside, -outside, outside, outside))
