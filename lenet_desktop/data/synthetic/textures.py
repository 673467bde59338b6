"""Boxes, noise and textures, like the ink that pictures without lines leave on the pad."""

import math

import torch
from torch import Generator, Tensor
from torch.nn import functional as F  # noqa: N812 -- the usual name

from lenet_desktop.data.synthetic.cells import centred, in_use
from lenet_desktop.data.synthetic.random_numbers import integers, uniform
from lenet_desktop.drawing.preprocess import BOX_SIZE


def boxes(count: int, random: Generator) -> Tensor:
    """Draw filled boxes and ellipses."""
    cells = _shapes(count, 11, random)
    middle = (torch.arange(BOX_SIZE) + 0.5) / cells[:, :, None] * 2 - 1
    distance = (middle[:, 0, None, :].square() + middle[:, 1, :, None].square()).sqrt()
    ellipse = ((1 - distance) * 10 + 0.5).clamp(0, 1)
    is_ellipse = torch.rand(count, 1, 1, generator=random) < 0.3
    return _stretched(torch.where(is_ellipse, ellipse, 1.0), cells)


def noise(count: int, random: Generator) -> Tensor:
    """Draw grains, grey or black, few or many."""
    cells = _shapes(count, 12, random)
    grains = torch.rand(count, BOX_SIZE, BOX_SIZE, generator=random)
    number = uniform((count, 1, 1), 0.08, 1, random)
    grey = torch.where(torch.rand(count, 1, 1, generator=random) < 0.5, grains / number, 1.0)
    ink = torch.where(grains < number, grey, 0.0)
    ink[:, 0, 0] = 1  # at least one grain
    return _stretched(ink, cells)


def textures(count: int, random: Generator) -> Tensor:
    """Add up noise of several scales and apply a threshold: patches as in a photograph."""
    field = torch.zeros(count, 1, BOX_SIZE, BOX_SIZE)
    for size in (2, 3, 5, 8, 13, BOX_SIZE):
        grid = torch.randn(count, 1, size, size, generator=random)
        grid = F.interpolate(grid, (BOX_SIZE, BOX_SIZE), mode="bilinear", align_corners=True)
        field += grid * uniform((count, 1, 1, 1), 0, 1, random) ** 2
    field = field[:, 0]
    levels = field.flatten(1).sort(dim=1).values
    cut = uniform((count, 1), 0.1, 0.85, random)
    level = levels.gather(1, (cut * (BOX_SIZE**2 - 1)).long())[:, :, None]
    spread = (levels[:, -1:] - levels[:, :1])[:, :, None]
    softness = spread * torch.exp(uniform((count, 1, 1), math.log(0.03), math.log(1.0), random))
    ink = ((field - level) / softness).clamp(0, 1)
    return _stretched(ink + 1e-6, _shapes(count, 13, random))


def _stretched(ink: Tensor, cells: Tensor) -> Tensor:
    """Stretch ink (N, 20, 20) to full ink in its box, and put it into 28x28."""
    return centred(ink / (ink * in_use(cells)).amax(dim=(1, 2), keepdim=True), cells)


def _shapes(count: int, least: int, random: Generator) -> Tensor:
    """Choose boxes: 20 cells one way, ``least`` to 20 the other way, half of them all cells."""
    short = integers((count,), least, BOX_SIZE, random)
    short[torch.rand(count, generator=random) < 0.5] = BOX_SIZE
    wide = torch.rand(count, generator=random) < 0.5
    full = torch.full_like(short, BOX_SIZE)
    return torch.stack((torch.where(wide, full, short), torch.where(wide, short, full)), 1).float()
