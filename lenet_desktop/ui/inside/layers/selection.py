"""How the keys move from unit to unit of a network."""

from enum import Enum

from lenet_desktop.inference.inside.layers import Layer
from lenet_desktop.inference.inside.unit import Unit


class Move(Enum):
    """A move to another unit."""

    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"
    NEXT_MAP = "next-map"
    PREVIOUS_MAP = "previous-map"
    NEXT_LAYER = "next-layer"
    PREVIOUS_LAYER = "previous-layer"


_STEPS = {Move.LEFT: (0, -1), Move.RIGHT: (0, 1), Move.UP: (-1, 0), Move.DOWN: (1, 0)}


def first_unit(layers: tuple[Layer, ...]) -> Unit:
    """Return the unit with which the keyboard begins: the middle of the first convolution's map."""
    return _middle(layers, min(1, len(layers) - 1), 0)


def moved(layers: tuple[Layer, ...], unit: Unit, move: Move, across: int) -> Unit:
    """Return the unit after a move; the same one at an edge.

    Args:
        layers: the network's.
        unit: where the move begins.
        move: the move.
        across: how many neurons of the unit's layer are side by side.
    """
    layer = layers[unit.layer]
    if move in (Move.NEXT_LAYER, Move.PREVIOUS_LAYER):
        number = unit.layer + (1 if move is Move.NEXT_LAYER else -1)
        if not 0 <= number < len(layers):
            return unit
        return _middle(layers, number, min(unit.number, layers[number].shape[0] - 1))
    if move in (Move.NEXT_MAP, Move.PREVIOUS_MAP):
        number = unit.number + (1 if move is Move.NEXT_MAP else -1)
        inside = 0 <= number < layer.shape[0]
        return Unit(unit.layer, (number, *unit.place[1:])) if inside else unit
    down, right = _STEPS[move]
    if not layer.has_maps:
        column = unit.number % across + right
        number = unit.number + right + down * across
        inside = 0 <= column < across and 0 <= number < layer.shape[0]
        return Unit(unit.layer, (number,)) if inside else unit
    number, row, column = unit.place
    row = min(max(row + down, 0), layer.shape[1] - 1)
    column = min(max(column + right, 0), layer.shape[2] - 1)
    return Unit(unit.layer, (number, row, column))


def _middle(layers: tuple[Layer, ...], layer: int, number: int) -> Unit:
    shape = layers[layer].shape
    return Unit(layer, (number, *(side // 2 for side in shape[1:])))
