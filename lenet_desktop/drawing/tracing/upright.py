"""A slanting line of digits in a picture, made level by a shear."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lenet_desktop.drawing.line.segmentation import Box, box_of
from lenet_desktop.drawing.strokes import Ink, Stroke

# Flatter lines are level enough; steeper ones are no lines of digits.
_LEVEL, _STEEPEST = 0.06, 0.35
# Of the highest stroke's height: lower strokes do not tell where a line runs.
_TALL = 0.5
# A slope is measured over at least this many strokes' heights, so that the two strokes are not of
# one digit.
_APART = 1.5
_FEWEST = 3


@dataclass(frozen=True)
class Shear:
    """Moves everything up by ``slope`` for each unit to the right, on paper of a width."""

    slope: float
    width: int

    @property
    def _room(self) -> int:
        """What is added above and below, so that nothing leaves the paper."""
        return math.ceil(abs(self.slope) * self.width / 2)

    def level(self, ink: Ink) -> Ink:
        """Return ink, uint8 (H, width), with the slanting line level, on higher paper."""
        image = Image.fromarray(np.pad(ink, ((self._room, self._room), (0, 0))))
        matrix = (1, 0, 0, self.slope, 1, -self.slope * self.width / 2)
        method, filter_ = Image.Transform.AFFINE, Image.Resampling.BILINEAR
        return np.asarray(image.transform(image.size, method, matrix, filter_))

    def undone(self, stroke: Stroke) -> Stroke:
        """Return a stroke on level paper as it lies on the slanting paper."""
        points = stroke.points.copy()
        points[:, 1] += self._down(points[:, 0])
        return Stroke(points, stroke.brush)

    def undone_box(self, box: Box) -> Box:
        """Return a box on level paper as it lies on the slanting paper."""
        left, top, right, bottom = box
        down = float(self._down(np.array((left + right) / 2)))
        return left, top + down, right, bottom + down

    def _down(self, x: NDArray[Any]) -> NDArray[Any]:
        down: NDArray[Any] = self.slope * (x - self.width / 2) - self._room
        return down


def shear_of(lines: Sequence[Sequence[Stroke]], width: int) -> Shear | None:
    """Return the shear that makes lines of strokes level; None if they are, or nobody can tell.

    The slope is the median of the slopes between strokes (P. K. Sen, "Estimates of the Regression
    Coefficient Based on Kendall's Tau", JASA 63, 1968).
    """
    slopes = []
    for line in lines:
        boxes = np.array([box_of(stroke) for stroke in line])
        down = boxes[:, 3] - boxes[:, 1]
        height = float(down.max())
        tall = boxes[down >= _TALL * height]
        middles = np.stack([tall[:, [0, 2]].mean(axis=1), tall[:, [1, 3]].mean(axis=1)], axis=1)
        if len(tall) >= _FEWEST:
            slopes += [
                float(step[1] / step[0])
                for one, other in combinations(middles, 2)
                if abs((step := other - one)[0]) > _APART * height
            ]
    if len(slopes) < _FEWEST:
        return None
    slope = float(np.median(slopes))
    return Shear(slope, width) if _LEVEL < abs(slope) < _STEEPEST else None
