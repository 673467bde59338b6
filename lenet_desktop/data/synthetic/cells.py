"""Sketches drawn straight onto the 20x20 cells that ``preprocess`` would scale them to.

This is a second rasterizer beside the pad's, for speed: it draws 11,000 to 13,000 digits a second
on one thread. ``raster.rasterize`` and ``preprocess`` draw 160, since they draw a large picture and
then shrink it. A test compares the digits of both.
"""

import numpy as np
import torch
from torch import Tensor

from lenet_desktop.data.synthetic.sketches import Sketches
from lenet_desktop.drawing.preprocess import (
    BOX_SIZE,
    FINE,
    THINNEST,
    centre_of_mass_to_middle,
)

# Lines times cells that are measured at a time: few enough to stay in a processor's cache.
_BATCH = 1 << 18
# The stroke width that preprocess measures, relative to the brush.
_MEASURED = 0.97


def draw(sketches: Sketches) -> Tensor:
    """Draw sketches as the pad and ``preprocess`` would: uint8 (N, 28, 28), 255 full ink."""
    step = max(1, _BATCH // (len(sketches.starts) * BOX_SIZE**2))
    batches = zip(
        torch.split(sketches.points, step), torch.split(sketches.brushes, step), strict=True
    )
    return torch.cat([_draw(points, sketches.starts, brushes) for points, brushes in batches])


def _draw(points: Tensor, starts: Tensor, brushes: Tensor) -> Tensor:
    low, high = points.amin(dim=1), points.amax(dim=1)
    brushes = brushes[:, None]
    size = high - low + brushes  # (N, 2), the box of the ink
    scale = BOX_SIZE / size.amax(dim=1, keepdim=True)
    # Thin strokes are thickened. The box grows by whole pixels of preprocess's finer picture, and
    # is then scaled once more.
    grow = (THINNEST - _MEASURED * brushes * scale).clamp(min=0) / 2
    margin = (grow * FINE).ceil() / FINE
    again = BOX_SIZE / (BOX_SIZE + 2 * margin)
    radius = (brushes * scale / 2 + grow) * again
    size = (size * scale + 2 * margin) * again
    points = (points - low[:, None] + brushes[:, None] / 2) * (scale * again)[:, None]
    points = points + (margin * again)[:, None]
    cells = size.round().clamp(1, BOX_SIZE)
    covered = _cover(points[:, starts], points[:, starts + 1], radius[:, 0], size / cells)
    return centred(covered, cells)


def centred(ink: Tensor, cells: Tensor) -> Tensor:
    """Put ink into 28x28 with the centre of mass in the middle.

    Args:
        ink: (N, 20, 20), 0 to 1.
        cells: (N, 2), the width and the height of the box that is in use, whole numbers.

    Returns:
        uint8 (N, 28, 28), 0 paper to 255 full ink.
    """
    boxes = ((ink * 255 + 0.5) * in_use(cells)).to(torch.uint8)
    sizes = cells.numpy().astype(np.int64)
    return torch.from_numpy(centre_of_mass_to_middle(boxes.numpy(), sizes))


def in_use(cells: Tensor) -> Tensor:
    """Return which of the 20x20 cells lie in boxes of ``cells`` (N, 2): bool (N, 20, 20)."""
    index = torch.arange(BOX_SIZE)
    return (index < cells[:, 1:])[:, :, None] & (index < cells[:, :1])[:, None]


def _cover(a: Tensor, b: Tensor, radius: Tensor, cell: Tensor) -> Tensor:
    """Return how much of each cell a round brush covers as it moves along lines.

    Args:
        a, b: (N, S, 2), where the lines begin and end.
        radius: (N,), the radius of the brush.
        cell: (N, 2), the cells' width and height, about 1.

    Returns:
        (N, 20, 20), row by row, 0 to 1.
    """
    middles = (torch.arange(BOX_SIZE) + 0.5) * cell[:, :, None]  # (N, 2, 20)
    x = (middles[:, None, 0] - a[..., :1])[:, :, None, :]  # (N, S, 1, 20)
    y = (middles[:, None, 1] - a[..., 1:])[:, :, :, None]  # (N, S, 20, 1)
    along = b - a
    unit = along / (along * along).sum(dim=2, keepdim=True).clamp(min=1e-12)
    nearest = (x * unit[:, :, None, :1] + y * unit[:, :, 1:, None]).clamp_(0, 1)
    dx = torch.addcmul(x, nearest, along[:, :, None, :1], value=-1)
    dy = torch.addcmul(y, nearest, along[:, :, 1:, None], value=-1)
    distance = dx.mul_(dx).addcmul_(dy, dy).amin(dim=1).sqrt_()  # (N, 20, 20)
    return (radius[:, None, None] + 0.5 - distance).clamp_(0, 1)
