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
# Smaller kernels cannot be told apart.
_LEAST = 5.0
_MIDDLE = Qt.AlignmentFlag.AlignCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class FiltersView(AccessibleGraphic):
    """All kernels of a layer, in the colours of the values; the largest weight is fully coloured.

    Columns are the layer's maps, rows the maps that it reads. Where there is no room for all, only
    the kernels of one map are shown.
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

    @property
    def only_map(self) -> int | None:
        """The map whose kernels are shown; None if there is room for those of all."""
        assert self._layer is not None and self._layer.weight is not None
        maps, sources = self._layer.weight.shape[:2]
        has_room = self._side_of(maps, sources) >= _LEAST
        return None if has_room or sources == 1 else self._map or 0

    def place(self, number: int, source: int) -> QRectF:
        """Return the place of the kernel with which a map reads another one."""
        assert self._layer is not None and self._layer.weight is not None
        maps, sources = self._layer.weight.shape[:2]
        across, down, column, row = maps, sources, number, source
        if self.only_map is not None:
            down = max(
                range(1, sources + 1), key=lambda rows: self._side_of(-(-sources // rows), rows)
            )
            across = -(-sources // down)
            row, column = divmod(source, across)
        side, room = self._side_of(across, down), self._room
        left = room.left() + column * (side + _GAP)
        return QRectF(left, room.top() + row * (side + _GAP), side, side)

    @property
    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_SIDE + _LABEL, _TITLE + 14, -_SIDE, -4)

    def _side_of(self, across: int, down: int) -> float:
        """Return the side of a kernel if there are so many side by side and below each other."""
        room = self._room
        sides = (room.width() + _GAP) / across - _GAP, (room.height() + _GAP) / down - _GAP
        return min(*sides, _LARGEST)

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
        only = self.only_map
        if sources > 1:
            text = self.tr("A column is a map of {name}, a row a map that it reads.")
            if only is not None:
                text = self.tr("These are of map {number}: one for each map that it reads.")
            about = text.format(name=layer.name, number=0 if only is None else only + 1)
            painter.drawText(line.adjusted(width + 12, 0, 0, 0), _LEFT, about)
        largest = float(np.abs(layer.weight).max())
        first = self.place(0, 0)
        painter.setFont(sized(self.font(), min(max(first.height() * 0.6, 8), 11)))
        for number in range(maps) if only is None else (only,):
            pictures = images(layer.weight[number], largest, theme)
            painter.setPen(QColor(theme.text if number == self._map else theme.quiet))
            if only is None:
                above = self.place(number, 0)
                label = QRectF(above.left() - 4, above.top() - 14, above.width() + 8, 13)
                painter.drawText(label, _MIDDLE, str(number + 1))
            for source, picture in enumerate(pictures):
                place = self.place(number, source)
                painter.drawImage(place, picture)
                if number == self._map and only is None:
                    painter.drawRect(place.adjusted(-1, -1, 0, 0))
        if only is not None:
            return
        painter.setPen(QColor(theme.quiet))
        for source in range(sources if sources > 1 else 0):
            place = self.place(0, source)
            label = QRectF(
                QPointF(_SIDE, place.top()), place.topLeft() + QPointF(-6, place.height())
            )
            painter.drawText(
                label, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(source + 1)
            )
