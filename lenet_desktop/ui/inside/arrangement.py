"""Where every layer, map and neuron of a network is painted."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from lenet_desktop.inference.inside.layers import Layer, LayerKind
from lenet_desktop.inference.inside.unit import Unit, Window

GAP = 26.0
"""Between two columns, in pixels: there is room for the lines of a selected unit."""
_BETWEEN_MAPS = 3.0
_NARROWEST = 44.0
"""A column is at least this wide; a network with many layers is scrolled sideways."""
_LARGEST_VALUE, _LARGEST_NEURON = 14.0, 15.0
_ANSWER = 132.0
"""The width of the logits and the bars beside them."""


@dataclass(frozen=True)
class Column:
    """A layer's place.

    Attributes:
        layer: its index.
        area: the pixels of all its maps or neurons.
        across: how many of them are side by side.
        side: the side of a map, or of a neuron's cell.
        down: the height of a cell; that of a logit's row differs from ``side``.
    """

    layer: int
    area: QRectF
    across: int
    side: float
    down: float
    shape: tuple[int, ...]

    @property
    def _gap(self) -> float:
        return _BETWEEN_MAPS if len(self.shape) == 3 else 0.0

    def place(self, number: int) -> QRectF:
        """Return the place of a map or neuron."""
        row, column = divmod(number, self.across)
        left = self.area.left() + column * (self.side + self._gap)
        top = self.area.top() + row * (self.down + self._gap)
        return QRectF(left, top, self.side, self.down)

    def unit_at(self, point: QPointF) -> Unit | None:
        """Return the unit at a point, or None."""
        x, y = point.x() - self.area.left(), point.y() - self.area.top()
        if x < 0 or y < 0:
            return None
        column, row = int(x // (self.side + self._gap)), int(y // (self.down + self._gap))
        number = row * self.across + column
        if column >= self.across or number >= self.shape[0]:
            return None
        if len(self.shape) == 1:
            return Unit(self.layer, (number,))
        place = self.place(number)
        if not place.contains(point):
            return None
        height, width = self.shape[1:]
        at_row = int((point.y() - place.top()) * height / self.down)
        at_column = int((point.x() - place.left()) * width / self.side)
        return Unit(
            self.layer, (number, min(max(at_row, 0), height - 1), min(max(at_column, 0), width - 1))
        )

    def place_of(self, unit: Unit) -> QRectF:
        """Return the place of one unit."""
        if len(self.shape) == 1:
            return self.place(unit.number)
        _, row, column = unit.place
        return self._part(unit.number, (column, row, column + 1, row + 1))

    def places_of(self, window: Window) -> list[QRectF]:
        """Return the place of a window in each map that it reads."""
        if window.box is None:
            return [self.area]
        maps = range(self.shape[0]) if window.map is None else (window.map,)
        return [self._part(number, window.box) for number in maps]

    def _part(self, number: int, box: tuple[int, int, int, int]) -> QRectF:
        place = self.place(number)
        height, width = self.shape[1:]
        left, top, right, bottom = box
        across, down = self.side / width, self.down / height
        return QRectF(
            place.left() + left * across,
            place.top() + top * down,
            (right - left) * across,
            (bottom - top) * down,
        )


@dataclass(frozen=True)
class Arrangement:
    """The places of a network's layers from left to right, and of its answer.

    Attributes:
        columns: one for each layer.
        bars: beside the logits: a row for each class.
        width: of all of it, in pixels.
    """

    columns: tuple[Column, ...]
    bars: QRectF
    width: float

    def unit_at(self, point: QPointF) -> Unit | None:
        """Return the unit at a point, or None."""
        for column in self.columns:
            unit = column.unit_at(point)
            if unit is not None:
                return unit
        return None

    def layer_at(self, point: QPointF) -> int | None:
        """Return the layer in whose column a point is, or None."""
        for column in self.columns:
            if column.area.left() - GAP / 2 <= point.x() <= column.area.right() + GAP / 2:
                return column.layer
        return None


def arrange(layers: tuple[Layer, ...], room: QRectF) -> Arrangement:
    """Arrange layers, the last of which are the logits, in a room.

    The height is that of the room; if it is too narrow, the arrangement is wider.
    """
    inner = layers[:-1]
    wide = room.width() - _ANSWER - GAP * len(inner)
    width = max(wide / max(len(inner), 1), _NARROWEST)
    shapes = [_grid(layer, width, room.height()) for layer in inner]
    # What narrow columns leave is shared by those between them.
    used = sum(across * (side + _gap(layer)) for layer, (across, side, _) in zip(inner, shapes))
    spare = max((room.width() - _ANSWER - used) / max(len(inner), 1), GAP * 0.6)
    columns = []
    left = room.left()
    for number, (layer, (across, side, down)) in enumerate(zip(inner, shapes, strict=True)):
        gap = _gap(layer)
        rows = math.ceil(layer.shape[0] / across)
        area = QRectF(0, 0, across * (side + gap) - gap, rows * (down + gap) - gap)
        area.moveTo(left, room.top() + (room.height() - area.height()) / 2)
        columns.append(Column(number, area, across, side, down, layer.shape))
        left += area.width() + spare
    classes = layers[-1].shape[0]
    row = min(room.height() / classes, 30.0)
    area = QRectF(left, 0, 48.0, row * classes)
    area.moveTop(room.top() + (room.height() - area.height()) / 2)
    columns.append(Column(len(inner), area, 1, area.width(), row, layers[-1].shape))
    bars = QRectF(area.right() + 8, area.top(), _ANSWER - 56.0, area.height())
    return Arrangement(tuple(columns), bars, bars.right() - room.left())


def _gap(layer: Layer) -> float:
    return _BETWEEN_MAPS if layer.has_maps else 0.0


def _grid(layer: Layer, width: float, height: float) -> tuple[int, float, float]:
    """Return how many maps or neurons are side by side, and the width and height of one."""
    count = layer.shape[0]
    if not layer.has_maps or layer.shape[1:] == (1, 1):
        across = next(n for n in range(1, count + 1) if _cell(n, count, width, height)[1])
        side = _cell(across, count, width, height)[0]
        return across, side, side
    most = layer.shape[1] * _LARGEST_VALUE
    if layer.kind is LayerKind.SAMPLE:
        side = min(width * 1.3, height, most)
        return 1, side, side
    best = (1, 0.0)
    for across in range(1, count + 1):
        rows = math.ceil(count / across)
        side = min(
            (height - (rows - 1) * _BETWEEN_MAPS) / rows,
            (width * 1.1 - (across - 1) * _BETWEEN_MAPS) / across,
            most,
        )
        if side > best[1] + 0.5:
            best = across, side
    return best[0], best[1], best[1]


def _cell(across: int, count: int, width: float, height: float) -> tuple[float, bool]:
    """Return the side of a neuron's cell, and whether the cells fit with it into the width."""
    side = min(height / math.ceil(count / across), _LARGEST_NEURON)
    fits = across * side <= width or across == count
    is_enough = side >= min(_LARGEST_NEURON, width / (across + 1)) or across == count
    return side, fits and is_enough
