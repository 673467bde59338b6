"""Where a network's layers are painted, and how the keys move through them."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPointF, QRectF

from lenet_desktop.inference.inside.layer_reader import LayerReader
from lenet_desktop.inference.inside.layers import Layer
from lenet_desktop.inference.inside.unit import Unit, windows
from lenet_desktop.models.architectures import ARCHITECTURES
from lenet_desktop.ui.inside.layers.arrangement import arrange
from lenet_desktop.ui.inside.layers.selection import Move, first_unit, moved
from lenet_desktop.ui.inside.sweep import Sweep

ROOMS = [(580, 220), (860, 380), (1340, 560)]


def layers_of(name: str, classes: int = 10) -> tuple[Layer, ...]:
    return LayerReader(ARCHITECTURES[name](classes).eval()).layers


@pytest.mark.parametrize("size", ROOMS)
@pytest.mark.parametrize("classes", [2, 10, 50])
def test_all_layers_are_side_by_side_in_the_room(size: tuple[int, int], classes: int) -> None:
    room = QRectF(10, 40, *size)
    arrangement = arrange(layers_of("lenet", classes), room)
    areas = [*(column.area for column in arrangement.columns), arrangement.bars]
    for area in areas:
        assert room.top() - 0.01 <= area.top() <= area.bottom() <= room.bottom() + 0.01
    for before, after in pairwise(areas):
        assert before.right() < after.left()
    assert areas[0].left() >= room.left()
    assert areas[-1].right() <= room.right() + 0.5


@pytest.mark.parametrize("name", list(ARCHITECTURES))
def test_a_point_in_a_place_finds_its_unit(name: str) -> None:
    layers = layers_of(name)
    arrangement = arrange(layers, QRectF(0, 0, 1200, 500))
    for number, layer in enumerate(layers):
        for unit in (
            Unit(number, tuple(0 for _ in layer.shape)),
            Unit(number, tuple(side - 1 for side in layer.shape)),
            Unit(number, tuple(side // 2 for side in layer.shape)),
        ):
            place = arrangement.columns[number].place_of(unit)
            assert arrangement.unit_at(place.center()) == unit
            assert arrangement.layer_at(place.center()) == number
    assert arrangement.unit_at(QPointF(-5, -5)) is None


def test_a_window_lies_in_the_maps_that_it_reads() -> None:
    layers = layers_of("lenet")
    arrangement = arrange(layers, QRectF(0, 0, 800, 400))
    (window,) = windows(layers, Unit(3, (5, 4, 4)))
    places = arrangement.columns[2].places_of(window)
    assert len(places) == 6, "conv2 reads all six maps"
    for number, place in enumerate(places):
        assert arrangement.columns[2].place(number).contains(place)


def test_keys_move_from_unit_to_unit_and_stop_at_the_edges() -> None:
    layers = layers_of("lenet")
    unit = first_unit(layers)
    assert unit == Unit(1, (0, 14, 14))
    assert moved(layers, unit, Move.RIGHT, 1) == Unit(1, (0, 14, 15))
    assert moved(layers, unit, Move.UP, 1) == Unit(1, (0, 13, 14))
    assert moved(layers, unit, Move.NEXT_MAP, 1) == Unit(1, (1, 14, 14))
    assert moved(layers, unit, Move.PREVIOUS_MAP, 1) == unit
    assert moved(layers, unit, Move.NEXT_LAYER, 1) == Unit(2, (0, 7, 7))
    edge = Unit(1, (5, 27, 27))
    for move in (Move.RIGHT, Move.DOWN, Move.NEXT_MAP):
        assert moved(layers, edge, move, 1) == edge
    neuron = Unit(5, (7,))
    assert moved(layers, neuron, Move.DOWN, 4) == Unit(5, (11,))
    assert moved(layers, neuron, Move.RIGHT, 4) == neuron, "the fourth of a row is the last"
    assert moved(layers, neuron, Move.LEFT, 4) == Unit(5, (6,))
    last = Unit(len(layers) - 1, (3,))
    assert moved(layers, last, Move.NEXT_LAYER, 1) == last


def test_a_sweep_fills_every_value_of_every_layer() -> None:
    layers = layers_of("lenet")
    sweep = Sweep(layers, 3)
    assert sweep.unit == Unit(1, (3, 0, 0))
    sweep.step()
    assert sweep.unit == Unit(1, (3, 0, 1))
    sweep.step(10_000)
    assert sweep.unit == Unit(1, (3, 27, 27)), "it does not jump over the end of a layer"
    sweep.step()
    assert sweep.unit == Unit(2, (3, 0, 0))
    seen = [sweep.layer]
    while not sweep.is_at_end:
        sweep.next_layer()
        seen.append(sweep.layer)
    assert sorted(set(seen)) == list(range(2, len(layers)))
    assert sweep.unit == Unit(len(layers) - 1, (9,))
    sweep.step()
    assert sweep.is_at_end
