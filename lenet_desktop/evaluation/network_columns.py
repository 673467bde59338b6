"""Where the maps and neurons of a network's layers are in a picture of it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from lenet_desktop.inference.inside.layers import Layer

_MOST_COLUMNS = 9  # side by side
_BETWEEN_ROWS = 50
_BETWEEN_MAPS, _BETWEEN_NEURONS = 6, 4
_LARGEST_VALUE, _LARGEST_NEURON = 14, 36
# The share of a row's width that maps may have; the rest is between the columns.
_FULL = 0.8


@dataclass(frozen=True)
class Column:
    """The place of a layer; all lengths are in pixels.

    Attributes:
        layer: its index.
        left: of its caption and its maps or neurons.
        caption_top: of its caption.
        top: of its maps or neurons.
        middle: the height that all columns of a row are centred at.
        width: of the caption or the maps, whichever is wider.
        space: between it and its neighbours.
        across: how many maps or neurons are side by side.
        side: of one of them; a multiple of the values in its row.
        gap: between two of them.
    """

    layer: int
    left: int
    caption_top: int
    top: int
    middle: int
    width: int
    space: float
    across: int
    side: int
    gap: int

    def place(self, number: int) -> tuple[int, int]:
        """Return the left and top of a map or neuron."""
        row, column = divmod(number, self.across)
        step = self.side + self.gap
        return self.left + column * step, self.top + row * step


def columns(
    layers: tuple[Layer, ...],
    caption_widths: Sequence[float],
    caption_height: int,
    room: tuple[int, int, int, int],
) -> tuple[tuple[Column, ...], ...]:
    """Return the columns of the layers between the sample and the logits, row by row.

    Args:
        layers: all of a network.
        caption_widths: of each layer's caption.
        caption_height: of all captions.
        room: left, top, right and bottom.
    """
    inner = range(1, len(layers) - 1)
    count = math.ceil(len(inner) / _MOST_COLUMNS)
    length = math.ceil(len(inner) / count)
    left, top, right, bottom = room
    height = (bottom - top - (count - 1) * _BETWEEN_ROWS) // count
    rows = []
    for row in range(count):
        above = top + row * (height + _BETWEEN_ROWS)
        numbers = inner[row * length : (row + 1) * length]
        rows.append(
            _row(
                {number: layers[number] for number in numbers},
                [math.ceil(caption_widths[number]) for number in numbers],
                caption_height,
                (left, above, right, above + height),
            )
        )
    return tuple(rows)


def _row(
    layers: dict[int, Layer],
    caption_widths: list[int],
    caption_height: int,
    room: tuple[int, int, int, int],
) -> tuple[Column, ...]:
    left, top, right, bottom = room
    height = bottom - top - caption_height
    middle = bottom - height // 2
    grids = [
        _grid(layer.shape, (right - left) * _FULL / len(layers), height)
        for layer in layers.values()
    ]
    widths = [max(grid[2], width) for grid, width in zip(grids, caption_widths, strict=True)]
    space = (right - left - sum(widths)) / (len(layers) + 1)
    row = []
    x = left + space
    for number, (across, side, _), width in zip(layers, grids, widths, strict=True):
        gap = _gap(layers[number].shape)
        down = math.ceil(layers[number].shape[0] / across)
        maps_top = middle - (down * (side + gap) - gap) // 2
        row.append(Column(number, round(x), top, maps_top, middle, width, space, across, side, gap))
        x += width + space
    return tuple(row)


def _grid(shape: tuple[int, ...], width: float, height: float) -> tuple[int, int, int]:
    """Return how many maps or neurons are side by side, the side of one, and the width of all.

    They are as large as there is room for, but full rows are worth a little of their size.
    """
    count, gap = shape[0], _gap(shape)
    values = shape[1] if len(shape) == 3 else 1
    largest = values * _LARGEST_VALUE if values > 1 else _LARGEST_NEURON
    grids = []
    for across in range(1, count + 1):
        down = math.ceil(count / across)
        side = min((width + gap) / across - gap, (height + gap) / down - gap, largest)
        grids.append((across, max(int(side / values), 1) * values))
    across, side = max(grids, key=lambda grid: grid[1] * (1 if count % grid[0] == 0 else 0.8))
    return across, side, across * (side + gap) - gap


def _gap(shape: tuple[int, ...]) -> int:
    return _BETWEEN_MAPS if len(shape) == 3 and shape[1] > 1 else _BETWEEN_NEURONS
