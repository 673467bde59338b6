"""Scribbles, hatchings, dots and blobs: random lines drawn with the pad's brush."""

import math

import torch
from torch import Generator, Tensor

from lenet_desktop.data.synthetic.cells import draw
from lenet_desktop.data.synthetic.random_numbers import divide, integers, uniform
from lenet_desktop.data.synthetic.sketches import Lines, hide, joined, turn, with_brush


def scribbles(count: int, random: Generator) -> Tensor:
    """Draw scribbles: smooth and jagged lines back and forth, and coils."""
    images = []
    makers = (_smooth, _wander, _jagged, _coil)
    parts = divide(count, [2, 3, 2, 1.5], random)
    for maker, part in zip(makers, parts, strict=True):
        if part:
            points = maker(part, random)
            # A narrow one would look like a 1.
            aspect = torch.exp(uniform((part, 1), -0.4, 0.6, random))
            size = points.amax(dim=1) - points.amin(dim=1)
            size = size / torch.cat((aspect, torch.ones_like(aspect)), dim=1)
            points = points / size[:, None]
            images.append(draw(with_brush(joined(points), None, random)))
    return torch.cat(images)


def _smooth(count: int, random: Generator) -> Tensor:
    """Return curves, sums of a few waves in x and y: points (N, 80, 2)."""
    time = torch.linspace(0, 2 * math.pi, 80)
    waves = torch.arange(1, 7)
    # Curves of one or two slow waves alone look like digits.
    size = uniform((count, 6, 2), -1, 1, random) / (0.5 + (waves[:, None] - 3.0).abs() ** 0.7)
    phase = uniform((count, 6, 2), 0, 2 * math.pi, random)
    part = uniform((count, 1), 0.6, 1, random) * time
    angle = part[:, :, None, None] * waves[:, None] + phase[:, None]
    return (size[:, None] * angle.sin()).sum(dim=2)


def _wander(count: int, random: Generator) -> Tensor:
    """Return random walks whose direction changes smoothly: points (N, 90, 2)."""
    bends = torch.randn(count, 90, generator=random).cumsum(dim=1)
    bends = bends * uniform((count, 1), 0.02, 0.07, random)
    bends += uniform((count, 1), 0.1, 0.6, random) * torch.randn(count, 90, generator=random)
    heading = bends.cumsum(dim=1)
    steps = torch.stack((heading.cos(), heading.sin()), dim=2)
    # Take most of the mean direction away, so that lines cross each other.
    back = uniform((count, 1, 1), 0.5, 1, random) * steps.mean(dim=1, keepdim=True)
    return (steps - back).cumsum(dim=1)


def _jagged(count: int, random: Generator) -> Tensor:
    """Return straight lines between 7 to 14 places: points (N, 14, 2)."""
    return _places(count, 7, 14, random)


def _places(count: int, least: int, most: int, random: Generator) -> Tensor:
    """Choose ``least`` to ``most`` places in a box: (N, most, 2); the last is repeated."""
    points = uniform((count, most, 2), 0, 1, random)
    index = torch.minimum(torch.arange(most), integers((count, 1), least, most, random) - 1)
    return points.gather(1, index[:, :, None].expand(-1, -1, 2))


def _coil(count: int, random: Generator) -> Tensor:
    """Return coils along a line: points (N, 90, 2)."""
    turns = uniform((count, 1), 2.5, 7, random)
    time = torch.linspace(0, 1, 90).expand(count, -1)
    angle = 2 * math.pi * turns * time + uniform((count, 1), 0, 2 * math.pi, random)
    radius = uniform((count, 1), 0.15, 0.4, random) * (1 + 0.3 * torch.sin(angle * 0.37))
    hand = torch.where(torch.rand(count, 1, generator=random) < 0.5, 1.0, -1.0)
    x = time * uniform((count, 1), 1, 2, random) + radius * angle.cos()
    y = radius * uniform((count, 1), 1.2, 2.5, random) * angle.sin() * hand
    return turn(torch.stack((x, y), dim=2), uniform((count,), -math.pi, math.pi, random))


def hatching(count: int, random: Generator) -> Tensor:
    """Draw 4 to 12 parallel lines, joined to a zigzag or not; some are crossed by others."""
    across = torch.rand(count, generator=random) < 0.35
    lines, more = hatch(count, random), hatch(count, random)
    more = turn(more, math.pi / 2 + uniform((count,), -0.3, 0.3, random))
    more = torch.where(across[:, None, None, None], more, lines[:, :1, :1])
    lines = torch.cat((lines, more), dim=1)
    lines = turn(lines, uniform((count,), -math.pi, math.pi, random))
    return draw(with_brush(lines, None, random))


def hatch(count: int, random: Generator) -> Lines:
    """Return 4 to 12 upright lines about the origin, 1 high, and what joins them: (N, 23, 2, 2)."""
    number = integers((count, 1), 4, 12, random)
    x = (torch.arange(12) + 0.5) / number - 0.5 + 0.02 * torch.randn(count, 12, generator=random)
    x = x * uniform((count, 1), 0.5, 1.6, random)
    rough = uniform((count, 1), 0, 0.15, random)
    low = 0.5 + rough * torch.randn(count, 12, generator=random)
    high = -0.5 + rough * torch.randn(count, 12, generator=random)
    down = torch.stack((torch.stack((x, high), dim=2), torch.stack((x, low), dim=2)), dim=2)
    joints = torch.stack((down[:, :-1, 1], down[:, 1:, 0]), dim=2)
    apart = torch.rand(count, 1, generator=random) < 0.4
    hidden = torch.arange(12) >= number
    return hide(torch.cat((down, joints), dim=1), torch.cat((hidden, hidden[:, 1:] | apart), 1))


def dots(count: int, random: Generator) -> Tensor:
    """Draw 1 to 7 dots, or one level line."""
    points = uniform((count, 7, 1, 2), 0, 1, random)
    hidden = torch.arange(7) >= integers((count, 1), 1, 7, random)
    some = hide(points.expand(-1, -1, 2, -1), hidden)
    angle = uniform((count,), -0.45, 0.45, random)
    along = torch.stack((angle.cos(), angle.sin()), dim=1)
    line = torch.stack((torch.zeros_like(along), along), dim=1)[:, None].expand(-1, 7, -1, -1)
    lines = torch.where(
        (torch.rand(count, generator=random) < 0.3)[:, None, None, None], line, some
    )
    return draw(with_brush(lines, uniform((count,), 1.5, 6, random), random))


def blobs(count: int, random: Generator) -> Tensor:
    """Draw a few short lines with so thick a brush that they merge."""
    lines = joined(_places(count, 2, 5, random))
    return draw(with_brush(lines, uniform((count,), 9, 17, random), random))
