"""Augmentation: random distortions of a batch of samples, different for each sample.

Slants, rotations, stretches and shifts are affine maps. The smooth random field on top of them is
the elastic distortion of P. Simard, D. Steinkraus, J. Platt, "Best Practices for Convolutional
Neural Networks Applied to Visual Document Analysis", ICDAR 2003; here it is made of a few random
vectors spread by Gaussian bumps, which costs less. Changes of thickness imitate pens that MNIST's
writers did not use.
"""

import math
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 -- PyTorch's usual name for it

_SIDE = 28
_VECTORS = 6


@dataclass(frozen=True)
class Augmentation:
    """How far samples are distorted, drawn uniformly from each range for every sample.

    Attributes:
        rotation: largest rotation in either direction, degrees.
        slant: largest horizontal shear either way, as a tangent.
        stretch: largest change of width and, independently, of height; 0.1 is ten per cent.
        shift: largest shift along each axis, pixels.
        elastic: standard deviation of the smooth field, pixels.
        thicken: largest growth of strokes on each side, 0 to 1 pixel.
        thin: largest shrinking of strokes on each side, 0 to 1 pixel.

    Raises:
        ValueError: a value is outside its range.
    """

    rotation: float = 0.0
    slant: float = 0.0
    stretch: float = 0.0
    shift: float = 0.0
    elastic: float = 0.0
    thicken: float = 0.0
    thin: float = 0.0

    def __post_init__(self) -> None:
        limits = {"rotation": 180.0, "stretch": 0.9, "thicken": 1.0, "thin": 1.0}
        for name, value in vars(self).items():
            if not 0 <= value <= limits.get(name, 10.0):
                raise ValueError(
                    f"{name} must be from 0 to {limits.get(name, 10.0):g}, not {value}"
                )


AUGMENTATIONS: dict[str, Augmentation | None] = {
    "none": None,
    "gentle": Augmentation(rotation=8, slant=0.1, stretch=0.08, shift=1),
    "strong": Augmentation(
        rotation=12, slant=0.25, stretch=0.14, shift=1.5, elastic=0.6, thicken=0.5, thin=0.4
    ),
}


def augment(samples: Tensor, by: Augmentation, generator: torch.Generator) -> Tensor:
    """Distort samples at random.

    Args:
        samples: float32 (N, 1, 28, 28), 0 paper to 1 full ink.
        by: the limits of the distortions.
        generator: the source of all random numbers. It is always on the CPU, so that every device
            gets the same distortions.

    Returns:
        New samples of the same shape, range and device.
    """
    count, device = len(samples), samples.device
    if by.thicken or by.thin:
        change = _uniform(count, 1, by.thin, by.thicken, generator).to(device)
        samples = _change_thickness(samples, change.view(count, 1, 1, 1))
    grid = _affine_grid(count, by, generator)
    if by.elastic:
        vectors = torch.randn(count * 2, _VECTORS, _VECTORS, generator=generator)
        bumps = _bumps()
        field = (bumps @ vectors @ bumps.T).view(count, 2, _SIDE, _SIDE)
        grid += field.movedim(1, 3).mul_(by.elastic * 2 / _SIDE)
    return F.grid_sample(samples, grid.to(device), align_corners=False)


def _uniform(
    count: int, width: int, below: float, above: float, generator: torch.Generator
) -> Tensor:
    """Return (count, width) uniform random numbers from -below to above."""
    return torch.rand(count, width, generator=generator) * (below + above) - below


def _affine_grid(count: int, by: Augmentation, generator: torch.Generator) -> Tensor:
    """Return where each pixel comes from, (N, 28, 28, 2), in grid_sample's units of half a side."""
    turn = math.radians(by.rotation)
    angle = _uniform(count, 1, turn, turn, generator)[:, 0]
    slant = _uniform(count, 1, by.slant, by.slant, generator)[:, 0]
    size = 1 + _uniform(count, 2, by.stretch, by.stretch, generator)
    shift = _uniform(count, 2, by.shift, by.shift, generator) * (2 / _SIDE)
    cos, sin = angle.cos(), angle.sin()
    across = torch.stack([cos, sin * -1 + cos * slant, shift[:, 0]], 1) / size[:, :1]
    down = torch.stack([sin, cos + sin * slant, shift[:, 1]], 1) / size[:, 1:]
    maps = torch.stack([across, down], 1)  # (N, 2, 3)
    return (_pixels() @ maps.transpose(1, 2)).view(count, _SIDE, _SIDE, 2)


def _change_thickness(samples: Tensor, change: Tensor) -> Tensor:
    """Grow strokes where ``change`` (N, 1, 1, 1) is positive; shrink them where it is negative."""
    padded = F.pad(samples, (1, 1, 1, 1))
    middle = padded[:, :, 1:-1, 1:-1]
    neighbours = (
        padded[:, :, :-2, 1:-1],
        padded[:, :, 2:, 1:-1],
        padded[:, :, 1:-1, :-2],
        padded[:, :, 1:-1, 2:],
    )
    grown, shrunk = middle, middle
    for neighbour in neighbours:
        grown = torch.maximum(grown, neighbour)
        shrunk = torch.minimum(shrunk, neighbour)
    return torch.lerp(samples, torch.where(change > 0, grown, shrunk), change.abs())


@cache
def _pixels() -> Tensor:
    """Return the centre of every pixel as (784, 3): x, y, 1."""
    centres = (torch.arange(_SIDE) + 0.5) * (2 / _SIDE) - 1
    y, x = torch.meshgrid(centres, centres, indexing="ij")
    return torch.stack([x, y, torch.ones_like(x)], 2).view(-1, 3)


@cache
def _bumps() -> Tensor:
    """Return how strongly each vector along an axis moves each pixel of it, (28, vectors).

    Scaled so that vectors of variance 1 give a field whose variance is 1 on average.
    """
    apart = _SIDE / (_VECTORS - 1)
    pixels = torch.arange(_SIDE)[:, None] + 0.5
    bumps = torch.exp(-0.5 * ((pixels - torch.arange(_VECTORS) * apart) / (0.75 * apart)) ** 2)
    return bumps / bumps.square().sum(1, keepdim=True).sqrt()
