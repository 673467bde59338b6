"""Sketches: the lines of many drawings before a brush has drawn them."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from lenet_desktop.drawing.preprocess import BOX_SIZE

Lines = Tensor
"""Lines without a brush, (N, S, 2, 2): x and y of where each line begins and ends. A drawing of
fewer lines than others has lines of no length on its first point."""


@dataclass(frozen=True, eq=False)
class Sketches:
    """Drawings of the same number of lines, each with a brush.

    Attributes:
        points: (N, M, 2) float32, y down, the drawings about 1 high.
        starts: (S,) int64, the points from which a line runs to the next one.
        brushes: (N,) float32, the diameter of the brush, in the same units as the points.
    """

    points: Tensor
    starts: Tensor
    brushes: Tensor

    def strokes(self, index: int) -> list[NDArray[np.float32]]:
        """Return one drawing's strokes, points (K, 2) each, as ``strokes.place`` takes them."""
        lines = set(self.starts.tolist())
        strokes: list[list[int]] = [[]]
        for point in range(self.points.shape[1]):
            strokes[-1].append(point)
            if point not in lines:
                strokes.append([])
        return [self.points[index, stroke].numpy() for stroke in strokes[:-1]]

    def lines(self) -> Lines:
        """Return the lines without their brush."""
        return torch.stack((self.points[:, self.starts], self.points[:, self.starts + 1]), dim=2)


def with_brush(lines: Lines, cells: Tensor | None, random: Generator) -> Sketches:
    """Give lines a brush.

    Args:
        lines: (N, S, 2, 2).
        cells: (N,), how wide the brush is where the drawing is 20 wide or high; None chooses
            brushes as for digits.
        random: where random numbers come from.
    """
    points = lines.flatten(1, 2)
    if cells is None:
        cells = 1.9 * torch.exp(0.3 * torch.randn(len(points), generator=random)).clamp(0.5, 2.2)
    low, high = bounds(lines)
    brushes = (high - low).amax(dim=1).clamp(min=1e-3) * cells / (BOX_SIZE - cells)
    return Sketches(points, torch.arange(0, points.shape[1], 2), brushes)


def joined(points: Tensor) -> Lines:
    """Return the lines of one stroke through points (N, M, 2)."""
    return torch.stack((points[:, :-1], points[:, 1:]), dim=2)


def hide(lines: Lines, hidden: Tensor) -> Lines:
    """Put the lines marked in ``hidden`` (N, S) on top of the first point."""
    return torch.where(hidden[:, :, None, None], lines[:, :1, :1], lines)


def turn(points: Tensor, angle: Tensor) -> Tensor:
    """Turn points (N, ..., 2) about the origin by angles (N,) in radians."""
    angle = angle.view(-1, *[1] * (points.dim() - 2))
    sine, cosine = angle.sin(), angle.cos()
    x, y = points[..., 0], points[..., 1]
    return torch.stack((x * cosine - y * sine, x * sine + y * cosine), dim=-1)


def bounds(lines: Lines) -> tuple[Tensor, Tensor]:
    """Return the upper left and the lower right corner of the box around lines, (N, 2) each."""
    points = lines.flatten(1, 2)
    return points.amin(dim=1), points.amax(dim=1)
