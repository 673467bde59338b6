"""Ways of writing a digit, a letter or a shape: templates made by hand, and their curves."""

import functools
import itertools
import json
import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lenet_desktop import paths
from lenet_desktop.data.labelled import DatasetError
from lenet_desktop.drawing.curves import spline

# Curves are broken into straight lines about this long, where the digit is 1 high. On a circle
# as large as half an 8, the error is a fifteenth of a cell of the 20x20 box.
_LINE_LENGTH = 0.08


@dataclass(frozen=True, eq=False)
class Style:
    """A way of writing a character.

    Attributes:
        kind: which character, or which kind of character: '0' to '9', 'latin', 'shape' and so on.
        name: what it looks like, in a few words.
        share: how often it is drawn, relative to the other styles of its kind.
        drawings: (D, P, 2) float32, the points of all strokes of each drawing, y down, the
            character about 1 high.
        curve: (M, P) float32, takes a drawing's points to points along its curves.
        starts: (S,) int64, the curve's points from which a line runs to the next one: all but the
            last one of each stroke.
        kept: (M,) bool, the curve's points that are never left out: ends and corners.
        strokes: the number of each stroke's first point, and the number of points at the end.
    """

    kind: str
    name: str
    share: float
    drawings: Tensor
    curve: Tensor
    starts: Tensor
    kept: Tensor
    strokes: tuple[int, ...]


@functools.cache
def read_styles(name: str, kinds: Collection[str]) -> dict[str, tuple[Style, ...]]:
    """Read a file of styles in ``resources/``; its own first lines describe the format.

    Returns:
        The styles of each kind, at least one each.

    Raises:
        DatasetError: the file is missing or damaged, or holds other kinds.
    """
    styles: dict[str, list[Style]] = {kind: [] for kind in kinds}
    try:
        content = json.loads(paths.resource(name).read_text(encoding="utf-8"))
        for values in content["styles"]:
            style = _style(values)
            styles[style.kind].append(style)
        if not all(styles.values()):
            raise ValueError("a kind has no styles")
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise DatasetError(
            "The file {name} of this program is missing or damaged: install it again.", name=name
        ) from error
    return {kind: tuple(among) for kind, among in styles.items()}


def _style(values: dict[str, Any]) -> Style:
    share = float(values["share"])
    if not 0 < share < math.inf:
        raise ValueError("a share is not positive")
    drawings, marks = zip(*map(_read_drawing, values["drawings"]), strict=True)
    if len(set(marks)) > 1:
        raise ValueError("drawings of one style differ in strokes, points or corners")
    points = np.stack(drawings)
    if not (np.abs(points) < 10).all():
        raise ValueError("a point lies far outside")
    strokes = [0]
    curve: list[NDArray[np.float64]] = []
    kept: list[bool] = []
    starts: list[int] = []
    for stroke in marks[0]:
        first, last = strokes[-1], strokes[-1] + len(stroke)
        operator, is_kept = _curve(points[:, first:last].mean(axis=0), stroke)
        starts += range(len(kept), len(kept) + len(operator) - 1)
        curve.append(np.pad(operator, ((0, 0), (first, points.shape[1] - last))))
        kept += is_kept
        strokes.append(last)
    return Style(
        kind=str(values["kind"]),
        name=str(values["name"]),
        share=share,
        drawings=torch.from_numpy(points).float(),
        curve=torch.from_numpy(np.concatenate(curve)).float(),
        starts=torch.tensor(starts),
        kept=torch.tensor(kept),
        strokes=tuple(strokes),
    )


def _read_drawing(strokes: list[str]) -> tuple[NDArray[np.float64], tuple[tuple[bool, ...], ...]]:
    """Return the points of all strokes (P, 2), and for each stroke which points are corners."""
    words = [stroke.split() for stroke in strokes]
    if not words or any(len(stroke) < 2 for stroke in words):
        raise ValueError("a stroke needs two points")
    corners = tuple(tuple(word.endswith("!") for word in stroke) for stroke in words)
    if any(stroke[0] or stroke[-1] for stroke in corners):
        raise ValueError("a stroke's end is not a corner")
    points = [[float(n) / 100 for n in w.rstrip("!").split(",")] for ws in words for w in ws]
    x_and_y = np.array(points)
    if x_and_y.ndim != 2 or x_and_y.shape[1] != 2:
        raise ValueError("a point needs x and y")
    return x_and_y, corners


def _curve(
    points: NDArray[np.float64], corners: tuple[bool, ...]
) -> tuple[NDArray[np.float64], list[bool]]:
    """Return the matrix (M, P) that runs a curve through P points, and which of M are kept.

    At corners one spline ends and the next begins.
    """
    count = len(points)
    ends = [0, *np.flatnonzero(corners).tolist(), count - 1]
    rows, kept = [np.eye(count)[:1]], [True]
    for first, last in itertools.pairwise(ends):
        lengths = np.hypot(*np.diff(points[first : last + 1], axis=0).T)
        steps = np.maximum(np.round(lengths / _LINE_LENGTH), 2).astype(int)
        spans = np.sqrt(np.maximum(lengths, 1e-6))
        operator = spline(np.eye(last + 1 - first), spans, steps)[1:]
        rows.append(np.pad(operator, ((0, 0), (first, count - 1 - last))))
        kept += [False] * (len(operator) - 1) + [True]
    return np.concatenate(rows), kept
