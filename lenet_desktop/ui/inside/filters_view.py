"""The filters of a convolution as pictures: one row for each map that it reads."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from lenet_desktop.inference.inside.layers import Layer
from lenet_desktop.ui.answer.accessible_graphic import AccessibleGraphic
from lenet_desktop.ui.inside.colouring import images, sized
from lenet_desktop.ui.style.theme import colours

_SIDE, _TITLE, _LABEL, _GAP = 10.0, 20.0, 30.0, 3.0
_LARGEST = 84.0
_MIDDLE = Qt.AlignmentFlag.AlignCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class FiltersView(AccessibleGraphic):
    """All kernels of a layer, in the colours of the values; the largest weight is fully coloured.

    Columns are the layer's maps, rows the maps that it reads.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layer: Layer | None = None
        self._map: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Filters"))

    @property
    def layer(self) -> Layer | None:
        """The convolution whose filters are shown, or None."""
        return self._layer

    def show_layer(self, layer: Layer | None, number: int | None = None) -> None:
        """Show the filters of a convolution, and mark those of one of its maps."""
        if layer is not self._layer or number != self._map:
            self._layer, self._map = layer, number
            self.update()

    def accessible_value(self) -> str:
        """Return which filters are shown."""
        if self._layer is None or self._layer.weight is None:
            return ""
        maps, sources, side, _ = self._layer.weight.shape
        text = self.tr("{name}: {count} filters of {side}×{side}")
        return text.format(name=self._layer.name, count=maps * sources, side=side)

    def sizeHint(self) -> QSize:
        """Return a size for six rows."""
        return QSize(640, 150)

    def place(self, number: int, source: int) -> QRectF:
        """Return the place of the kernel with which a map reads another one."""
        assert self._layer is not None and self._layer.weight is not None
        maps, sources = self._layer.weight.shape[:2]
        room = QRectF(self.rect()).adjusted(_SIDE + _LABEL, _TITLE + 14, -_SIDE, -4)
        side = min(
            (room.width() + _GAP) / maps - _GAP, (room.height() + _GAP) / sources - _GAP, _LARGEST
        )
        left = room.left() + number * (side + _GAP)
        return QRectF(left, room.top() + source * (side + _GAP), side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the kernels."""
        painter = QPainter(self)
        theme = colours(self)
        layer = self._layer
        if layer is None or layer.weight is None:
            return
        maps, sources = layer.weight.shape[:2]
        painter.setFont(sized(self.font(), 12, strong=True))
        painter.setPen(QColor(theme.text))
        title = self.accessible_value()
        line = QRectF(_SIDE, 2, self.width() - 2 * _SIDE, _TITLE)
        painter.drawText(line, _LEFT, title)
        width = QFontMetricsF(painter.font()).horizontalAdvance(title)
        painter.setFont(sized(self.font(), 11))
        painter.setPen(QColor(theme.quiet))
        if sources > 1:
            text = self.tr("A column is a map of {name}, a row a map that it reads.")
            painter.drawText(
                line.adjusted(width + 12, 0, 0, 0), _LEFT, text.format(name=layer.name)
            )
        largest = float(np.abs(layer.weight).max())
        first = self.place(0, 0)
        painter.setFont(sized(self.font(), min(max(first.height() * 0.6, 8), 11)))
        for number in range(maps):
            pictures = images(layer.weight[number], largest, theme)
            above = self.place(number, 0)
            painter.setPen(QColor(theme.text if number == self._map else theme.quiet))
            label = QRectF(above.left() - 4, above.top() - 14, above.width() + 8, 13)
            painter.drawText(label, _MIDDLE, str(number + 1))
            for source, picture in enumerate(pictures):
                place = self.place(number, source)
                painter.drawImage(place, picture)
                if number == self._map:
                    painter.drawRect(place.adjusted(-1, -1, 0, 0))
        painter.setPen(QColor(theme.quiet))
        for source in range(sources if sources > 1 else 0):
            place = self.place(0, source)
            label = QRectF(
                QPointF(_SIDE, place.top()), place.topLeft() + QPointF(-6, place.height())
            )
            painter.drawText(
                label, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(source + 1)
            )
