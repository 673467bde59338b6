"""Where one value of a layer comes from: what it reads, and the arithmetic, step by step."""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from lenet_desktop.inference.inside.layers import Layer, LayerKind, Off, Values

Box = tuple[int, int, int, int]
"""Left, top, right and bottom, in values of a map; right and bottom are exclusive."""


@dataclass(frozen=True)
class Unit:
    """One value of a layer.

    Attributes:
        layer: its index.
        place: (map, row, column), or (neuron,).
    """

    layer: int
    place: tuple[int, ...]

    @property
    def number(self) -> int:
        """Which map or neuron it is in."""
        return self.place[0]


@dataclass(frozen=True)
class Window:
    """What a unit reads of a layer before.

    Attributes:
        layer: the index of that layer.
        map: the only map that it reads, or None for all.
        box: of each map; None for all values of the layer.
    """

    layer: int
    map: int | None
    box: Box | None


class Step(Enum):
    """A step of a unit's arithmetic."""

    PRODUCTS = "sum of products"
    BIAS = "bias"
    LARGEST = "largest"
    SUM = "sum"
    NORM = "batch normalization"
    RELU = "ReLU"
    OFF = "switched off"


@dataclass(frozen=True, eq=False)
class Arithmetic:
    """How a value comes about.

    Attributes:
        inputs: what it reads, float64: (maps, window, window) of a convolution, with zeros where
            the window lies beyond the edge; (window, window) of a pooling; (values,) of a linear
            layer; (2,) of a sum.
        weights: of the same shape, or None.
        steps: each step with the value after it; the last one is the unit's value.
        added: what the bias adds, and what the normalization multiplies by and adds.
    """

    inputs: NDArray[np.float64]
    weights: NDArray[np.float64] | None
    steps: tuple[tuple[Step, float], ...]
    bias: float = 0.0
    scale: float = 1.0
    shift: float = 0.0

    @property
    def products(self) -> NDArray[np.float64]:
        """Inputs times weights."""
        return self.inputs if self.weights is None else self.inputs * self.weights

    @property
    def value(self) -> float:
        """The unit's value."""
        return self.steps[-1][1]


def windows(layers: tuple[Layer, ...], unit: Unit) -> tuple[Window, ...]:
    """Return what a unit reads of the layers before it."""
    layer = layers[unit.layer]
    if layer.kind is LayerKind.LINEAR:
        return (Window(layer.sources[0], None, None),)
    if layer.kind is LayerKind.SUM:
        number, row, column = unit.place
        box = (column, row, column + 1, row + 1)
        return tuple(Window(source, number, box) for source in layer.sources)
    if layer.kind is LayerKind.SAMPLE:
        return ()
    number, row, column = unit.place
    left, top = column * layer.stride - layer.padding, row * layer.stride - layer.padding
    box = (left, top, left + layer.window, top + layer.window)
    only = number if layer.kind is LayerKind.POOLING else None
    return (Window(layer.sources[0], only, box),)


def receptive_field(layers: tuple[Layer, ...], unit: Unit) -> Box:
    """Return the part of the sample on which a unit's value depends."""
    layer = layers[unit.layer]
    if layer.has_maps:
        _, row, column = unit.place
        box = (column, row, column + 1, row + 1)
    else:
        box = (0, 0, 1, 1)
    return _field(layers, unit.layer, box)


def _field(layers: tuple[Layer, ...], number: int, box: Box) -> Box:
    layer = layers[number]
    if layer.kind is LayerKind.SAMPLE:
        height, width = layer.shape[1:]
        left, top, right, bottom = box
        return max(left, 0), max(top, 0), min(right, width), min(bottom, height)
    fields = []
    for source in layer.sources:
        before = layers[source]
        if layer.kind is LayerKind.LINEAR:
            reads = (0, 0, before.shape[2], before.shape[1]) if before.has_maps else (0, 0, 1, 1)
        elif layer.kind is LayerKind.SUM:
            reads = box
        else:
            left, top, right, bottom = (each * layer.stride - layer.padding for each in box)
            beyond = layer.window - layer.stride
            reads = (left, top, right + beyond, bottom + beyond)
        fields.append(_field(layers, source, reads))
    lefts, tops, rights, bottoms = zip(*fields, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def arithmetic(
    layers: tuple[Layer, ...], values: tuple[Values, ...], unit: Unit, off: Off = frozenset()
) -> Arithmetic:
    """Return how a unit's value comes about; for a value of the sample, that value alone.

    Args:
        layers, values: see ``LayerReader``.
        unit: any of their values.
        off: what was switched off when the values were read.
    """
    layer = layers[unit.layer]
    if layer.kind is LayerKind.SAMPLE:
        value = float(values[unit.layer][unit.place])
        return Arithmetic(np.array([value]), None, ((Step.SUM, value),))
    inputs = np.asarray(_inputs(layers, values, unit), np.float64)
    weights = None
    bias = 0.0
    steps: list[tuple[Step, float]] = []
    if layer.weight is not None:
        weights = layer.weight[unit.number].astype(np.float64)
        value = float((inputs * weights).sum())
        steps.append((Step.PRODUCTS, value))
        if layer.bias is not None:
            bias = float(layer.bias[unit.number])
            value += bias
            steps.append((Step.BIAS, value))
    elif layer.kind is LayerKind.POOLING:
        value = float(inputs.max())
        steps.append((Step.LARGEST, value))
    else:
        value = float(inputs.sum())
        steps.append((Step.SUM, value))
    scale, shift = 1.0, 0.0
    if layer.scale is not None and layer.shift is not None:
        scale, shift = float(layer.scale[unit.number]), float(layer.shift[unit.number])
        value = value * scale + shift
        steps.append((Step.NORM, value))
    if layer.has_relu:
        value = max(value, 0.0)
        steps.append((Step.RELU, value))
    if (unit.layer, unit.number) in off:
        steps.append((Step.OFF, 0.0))
    return Arithmetic(inputs, weights, tuple(steps), bias, scale, shift)


def _inputs(
    layers: tuple[Layer, ...], values: tuple[Values, ...], unit: Unit
) -> NDArray[np.float32]:
    layer = layers[unit.layer]
    read = [values[source] for source in layer.sources]
    if layer.kind is LayerKind.LINEAR:
        return read[0].reshape(-1)
    if layer.kind is LayerKind.SUM:
        return np.array([each[unit.place] for each in read], np.float32)
    (window,) = windows(layers, unit)
    assert window.box is not None
    left, top, right, bottom = window.box
    maps = read[0] if window.map is None else read[0][window.map : window.map + 1]
    height, width = maps.shape[1:]
    inputs = np.zeros((len(maps), bottom - top, right - left), np.float32)
    inside = maps[:, max(top, 0) : min(bottom, height), max(left, 0) : min(right, width)]
    down, across = max(-top, 0), max(-left, 0)
    inputs[:, down : down + inside.shape[1], across : across + inside.shape[2]] = inside
    return inputs if window.map is None else inputs[0]


def adding_up(
    terms: NDArray[np.float64], decimals: int, total: float | None = None
) -> NDArray[np.float64]:
    """Return terms rounded so that they add up to a total; to their rounded sum if it is None.

    Those that are nearest to the next number are rounded the other way: each is wrong by about one
    unit of the last decimal at most (the largest-remainder method of apportionment).
    """
    unit = 10.0**-decimals
    scaled = terms.reshape(-1) / unit
    rounded = np.floor(scaled)
    wanted = scaled.sum() if total is None else total / unit
    missing = round(float(np.round(wanted) - rounded.sum()))
    order = np.argsort(rounded - scaled, kind="stable")
    if missing >= 0:
        rounded[order[:missing]] += 1
    else:
        rounded[order[missing:]] -= 1
    return (rounded * unit).round(decimals).reshape(terms.shape)
