"""Where every layer, map and neuron of a network is painted."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from lenet_desktop.inference.inside.layers import Layer, LayerKind
from lenet_desktop.inference.inside.unit import Unit, Window

_BETWEEN_MAPS = 3.0
_NARROWEST = 44.0
"""A column is at least this wide; a network with many layers is scrolled sideways."""
_LARGEST_VALUE, _LARGEST_NEURON = 14.0, 15.0
_LARGEST_ROW = 30.0


@dataclass(frozen=True)
class Column:
    """A layer's place.

    Attributes:
        layer: its index.
        area: the pixels of all its maps or neurons.
        across: how many of them are side by side.
        side: the side of a map, or of a neuron's cell.
        down: the height of a cell; that of a logit's row differs from ``side``.
        shape: the layer's.
        between: the room between two maps.
    """

    layer: int
    area: QRectF
    across: int
    side: float
    down: float
    shape: tuple[int, ...]
    between: float

    def place(self, number: int) -> QRectF:
        """Return the place of a map or neuron."""
        row, column = divmod(number, self.across)
        left = self.area.left() + column * (self.side + self.between)
        top = self.area.top() + row * (self.down + self.between)
        return QRectF(left, top, self.side, self.down)

    def unit_at(self, point: QPointF) -> Unit | None:
        """Return the unit at a point, or None."""
        x, y = point.x() - self.area.left(), point.y() - self.area.top()
        if x < 0 or y < 0:
            return None
        column, row = int(x // (self.side + self.between)), int(y // (self.down + self.between))
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
        gap: between two columns.
    """

    columns: tuple[Column, ...]
    bars: QRectF
    gap: float

    def unit_at(self, point: QPointF) -> Unit | None:
        """Return the unit at a point, or None."""
        for column in self.columns:
            unit = column.unit_at(point)
            if unit is not None:
                return unit
        return None

    def layer_at(self, point: QPointF) -> int | None:
        """Return the layer in whose column a point is, captions included, or None."""
        for column in self.columns:
            if column.area.left() - self.gap / 2 <= point.x() <= column.area.right() + self.gap / 2:
                return column.layer
        return None


def least_width(layers: tuple[Layer, ...]) -> float:
    """Return the width in pixels below which the layers are too small to be told apart."""
    return (len(layers) - 1) * (_NARROWEST + _gap_between(0)) + _answer_width(0)


def arrange(layers: tuple[Layer, ...], room: QRectF) -> Arrangement:
    """Arrange layers, the last of which are the logits, in a room."""
    inner = layers[:-1]
    gap, answer = _gap_between(room.width()), _answer_width(room.width())
    width = max((room.width() - answer) / max(len(inner), 1) - gap, _NARROWEST)
    shapes = [_grid(layer, width, room.height()) for layer in inner]
    # What narrow columns leave is shared by the gaps between all.
    used = sum(
        across * (side + _between(layer)) - _between(layer)
        for layer, (across, side) in zip(inner, shapes, strict=True)
    )
    spare = max((room.width() - answer - used) / max(len(inner), 1), gap * 0.6)
    columns = []
    left = room.left()
    for number, (layer, (across, side)) in enumerate(zip(inner, shapes, strict=True)):
        between = _between(layer)
        rows = math.ceil(layer.shape[0] / across)
        size = across * (side + between) - between, rows * (side + between) - between
        top = room.top() + (room.height() - size[1]) / 2
        columns.append(
            Column(number, QRectF(left, top, *size), across, side, side, layer.shape, between)
        )
        left += size[0] + spare
    classes = layers[-1].shape[0]
    row = min(room.height() / classes, _LARGEST_ROW)
    top = room.top() + (room.height() - row * classes) / 2
    area = QRectF(left, top, 42.0, row * classes)
    columns.append(Column(len(inner), area, 1, area.width(), row, layers[-1].shape, 0.0))
    bars = QRectF(area.right() + 6, top, answer - 48.0, area.height())
    return Arrangement(tuple(columns), bars, spare)


def _gap_between(width: float) -> float:
    return min(max(width * 0.02, 11.0), 30.0)


def _answer_width(width: float) -> float:
    """Return the width of the logits and of the bars beside them."""
    return min(max(width * 0.22, 134.0), 250.0)


def _between(layer: Layer) -> float:
    return _BETWEEN_MAPS if layer.has_maps and layer.shape[1:] != (1, 1) else 0.0


def _grid(layer: Layer, width: float, height: float) -> tuple[int, float]:
    """Return how many maps or neurons are side by side, and the side of one."""
    count = layer.shape[0]
    if not layer.has_maps or layer.shape[1:] == (1, 1):
        side = _LARGEST_NEURON
        while math.ceil(count / max(int(width / side), 1)) * side > height and side > 1:
            side -= 0.25
        # As few side by side as the height allows: a column, where it can be one.
        across = math.ceil(count / max(int(height / side), 1))
        return across, side
    most = layer.shape[1] * _LARGEST_VALUE
    if layer.kind is LayerKind.SAMPLE:
        return 1, min(width * 1.3, height, most)
    best = (1, 0.0)
    for across in range(1, count + 1):
        rows = math.ceil(count / across)
        side = min(
            (height - (rows - 1) * _BETWEEN_MAPS) / rows,
            (width - (across - 1) * _BETWEEN_MAPS) / across,
            most,
        )
        if side > best[1] + 0.5:
            best = across, side
    return best
