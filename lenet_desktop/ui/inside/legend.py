"""What the colours of the values mean."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from lenet_desktop.ui.answer.accessible_graphic import AccessibleGraphic
from lenet_desktop.ui.inside.colouring import shade, sized
from lenet_desktop.ui.style.theme import colours

_STEPS = 12


class Legend(AccessibleGraphic):
    """A strip from the strongest negative value over zero to the strongest positive one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Colours of the values"))
        self.setToolTip(
            self.tr("The strongest value of a layer is fully coloured; zero has the paper's colour")
        )

    def accessible_value(self) -> str:
        """Return the legend in words."""
        return self.tr("one colour for negative values, paper for zero, another for positive ones")

    def sizeHint(self) -> QSize:
        """Return the size of the strip and its labels."""
        return QSize(132, 30)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the strip and its three labels."""
        painter = QPainter(self)
        theme = colours(self)
        strip = QRectF(8, 3, self.width() - 16, 9)
        gradient = QLinearGradient(strip.topLeft(), strip.topRight())
        for step in range(2 * _STEPS + 1):
            share = step / (2 * _STEPS)
            gradient.setColorAt(share, shade(2 * share - 1, theme))
        painter.fillRect(strip, gradient)
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawRect(strip)
        painter.setFont(sized(self.font(), 10))
        painter.setPen(QColor(theme.quiet))
        labels = (
            (self.tr("negative"), Qt.AlignmentFlag.AlignLeft),
            ("0", Qt.AlignmentFlag.AlignHCenter),
            (self.tr("positive"), Qt.AlignmentFlag.AlignRight),
        )
        below = QRectF(QPointF(2, 14), QPointF(self.width() - 2, 29))
        for text, side in labels:
            painter.drawText(below, side | Qt.AlignmentFlag.AlignVCenter, text)
