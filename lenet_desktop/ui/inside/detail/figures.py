"""A unit's arithmetic in the figures that are shown: rounded so that they add up."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lenet_desktop.inference.inside.layers import LayerKind
from lenet_desktop.inference.inside.reading import InsideReading
from lenet_desktop.inference.inside.unit import Arithmetic, Step, Unit, adding_up, arithmetic

DECIMALS = 3


def written(value: float, decimals: int = DECIMALS) -> str:
    """Return a number as text, with a real minus sign and no negative zero."""
    text = f"{value:.{decimals}f}"
    return text[1:] if float(text) == 0 and text[0] == "-" else text.replace("-", "−")


@dataclass(frozen=True, eq=False)
class Term:
    """What a part of the layer before adds to a unit's sum.

    Attributes:
        source: the map, the value's place, or the layer (of a sum) that is read; () for all others
            together.
        shown: what it adds, rounded; all terms and the bias add up to the unit's sum.
        inputs, weights: (window, window) of a convolution, else (1,); None for all others together.
        count: how many values it is the sum of.
    """

    source: tuple[int, ...]
    shown: float
    inputs: NDArray[np.float64] | None = None
    weights: NDArray[np.float64] | None = None
    count: int = 1

    @property
    def products(self) -> NDArray[np.float64]:
        """Inputs times weights, rounded so that they add up to ``shown``."""
        assert self.inputs is not None and self.weights is not None
        return adding_up(self.inputs * self.weights, DECIMALS, self.shown)


@dataclass(frozen=True, eq=False)
class Figures:
    """How a unit's value comes about, as it is shown.

    Attributes:
        terms: what adds up to the first step's value.
        bias: rounded; 0 if there is none.
        steps: each step and the value after it, rounded.
        arithmetic: all of it, not rounded.
    """

    terms: tuple[Term, ...]
    bias: float
    steps: tuple[tuple[Step, float], ...]
    arithmetic: Arithmetic

    @property
    def value(self) -> float:
        """The unit's value, rounded."""
        return self.steps[-1][1]


def figures(reading: InsideReading, unit: Unit, most: int) -> Figures:
    """Return the figures of a unit.

    Args:
        reading: what is shown.
        unit: any unit of it.
        most: as many terms are told apart; the smaller ones are added up to one.
    """
    layer = reading.layers[unit.layer]
    exact = arithmetic(reading.layers, reading.values, unit, reading.off)
    if layer.kind in (LayerKind.SAMPLE, LayerKind.POOLING):
        steps = tuple((step, round(value, DECIMALS)) for step, value in exact.steps)
        return Figures((), 0.0, steps, exact)
    products = exact.products
    # What each map, or each value, adds.
    sums = products.sum(axis=(1, 2)) if products.ndim == 3 else products
    shown = adding_up(np.append(sums, exact.bias), DECIMALS)
    kept = np.arange(len(sums))
    if len(sums) > most:
        kept = np.sort(np.argsort(-np.abs(sums), kind="stable")[: most - 1])
        if products.ndim == 1:
            # Of values the strongest comes first; maps stay in their order.
            kept = kept[np.argsort(-np.abs(sums[kept]), kind="stable")]
    terms = [_term(reading, unit, exact, int(index), float(shown[index])) for index in kept]
    if len(kept) < len(sums):
        rest = float(shown[:-1].sum() - shown[kept].sum())
        terms.append(Term((), round(rest, DECIMALS), count=len(sums) - len(kept)))
    bias = float(shown[-1])
    return Figures(tuple(terms), bias, _shown_steps(exact, shown), exact)


def _term(reading: InsideReading, unit: Unit, exact: Arithmetic, index: int, shown: float) -> Term:
    layer = reading.layers[unit.layer]
    if layer.kind is LayerKind.SUM:
        return Term((layer.sources[index],), shown, exact.inputs[index : index + 1])
    assert exact.weights is not None
    if layer.kind is LayerKind.CONVOLUTION:
        return Term((index,), shown, exact.inputs[index], exact.weights[index])
    shape = reading.layers[layer.sources[0]].shape
    place = tuple(int(i) for i in np.unravel_index(index, shape))
    part = slice(index, index + 1)
    return Term(place, shown, exact.inputs[part], exact.weights[part])


def _shown_steps(exact: Arithmetic, shown: NDArray[np.float64]) -> tuple[tuple[Step, float], ...]:
    sums = {
        Step.PRODUCTS: float(shown[:-1].sum()),
        Step.SUM: float(shown[:-1].sum()),
        Step.BIAS: float(shown.sum()),
    }
    steps: list[tuple[Step, float]] = []
    for step, value in exact.steps:
        after = sums.get(step, value)
        if step is Step.RELU and steps and steps[-1][0] in sums:
            after = max(steps[-1][1], 0.0)
        steps.append((step, round(after, DECIMALS)))
    return tuple(steps)
