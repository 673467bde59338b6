"""The ring around the part that a step points at."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QWidget

from lenet_desktop.ui.style.theme import colours

_WIDTH, _OUTSIDE = 3, 5
_RADIUS = 9.0


class Ring(QWidget):
    """A frame that takes no mouse events; only its edge is a part of it, not what is inside."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(self.tr("What the lesson is about"))
        self.hide()

    def show_around(self, area: QRect | None) -> None:
        """Show it around an area of the window, or hide it for None."""
        if area is None:
            self.hide()
            return
        window = self.parentWidget()
        assert window is not None
        place = area.adjusted(-_OUTSIDE, -_OUTSIDE, _OUTSIDE, _OUTSIDE)
        # At the window's edge the ring lies inside the part.
        place = place.intersected(window.rect())
        if place != self.geometry():
            self.setGeometry(place)
            edge = _WIDTH + 6  # the corners are round
            inside = self.rect().adjusted(edge, edge, -edge, -edge)
            # So that a change of the part below does not paint the ring, too.
            self.setMask(QRegion(self.rect()).subtracted(QRegion(inside)))
        if self.isHidden():
            self.show()
            self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the edge, with a thin line beside it that parts it from any colour."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = colours(self)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        area = QRectF(self.rect())
        for colour, width in ((theme.window, _WIDTH + 2.0), (theme.challenger, float(_WIDTH))):
            painter.setPen(QPen(QColor(colour), width))
            inset = _WIDTH / 2 + 1
            painter.drawRoundedRect(area.adjusted(inset, inset, -inset, -inset), _RADIUS, _RADIUS)
