"""Which steps of a training stay in its film, however long it turns out to be."""

import math
from collections.abc import Sequence

MOST = 60
"""The largest number of moments in a film."""


def is_due(steps: Sequence[int], step: int) -> bool:
    """Return whether a step is far enough from the last one that is kept.

    Moments are spaced evenly over the square root of the step, so that they are denser at the
    start, where kernels form.

    Args:
        steps: the steps that are kept, rising.
        step: a later step.
    """
    if not steps:
        return True
    first, last = steps[0], steps[-1]
    return _root(step, first) - _root(last, first) >= _root(step, first) / MOST


def one_to_drop(steps: Sequence[int]) -> int | None:
    """Return the index of the step that is missed least, or None while there is room for all.

    The first and the last one stay.
    """
    if len(steps) <= MOST:
        return None
    places = [_root(step, steps[0]) for step in steps]
    return min(range(1, len(steps) - 1), key=lambda i: places[i + 1] - places[i - 1])


def _root(step: int, first: int) -> float:
    """Return the place of a step on the axis on which the moments are spaced evenly."""
    return math.sqrt(step - first)
