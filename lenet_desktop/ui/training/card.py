"""The rounded surface on which things of the drawer stand."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QWidget

from lenet_desktop.ui.style.theme import colours

RADIUS = 8.0


def paint_card(painter: QPainter, widget: QWidget, edge: str, width: float = 1.0) -> None:
    """Paint the surface of a widget.

    Args:
        painter: of the widget.
        widget: the card.
        edge: the colour of its edge, '#rrggbb'.
        width: the width of its edge.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(edge), width))
    painter.setBrush(QColor(colours(widget).surface))
    inset = width / 2
    painter.drawRoundedRect(
        QRectF(widget.rect()).adjusted(inset, inset, -inset, -inset), RADIUS, RADIUS
    )


class Card(QFrame):
    """A rounded surface with a thin edge."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, False)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the surface."""
        painter = QPainter(self)
        paint_card(painter, self, colours(self).line)
