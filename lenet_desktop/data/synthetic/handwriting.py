"""Handwriting: a style's drawings, blended and deformed differently each time."""

import itertools
import math

import torch
from torch import Generator, Tensor

from lenet_desktop.data.synthetic.random_numbers import normal, uniform
from lenet_desktop.data.synthetic.sketches import Sketches
from lenet_desktop.data.synthetic.styles import Style
from lenet_desktop.drawing.preprocess import BOX_SIZE


def sketch(style: Style, count: int, random: Generator) -> Sketches:
    """Write a character ``count`` times in one style, each time differently."""
    points = _blend(style, count, random)
    # Some people write neatly and some do not.
    care = uniform((count, 1, 1), 0.4, 1.6, random)
    points = points + 0.022 * care * torch.randn(points.shape, generator=random)
    for first, last in itertools.pairwise(style.strokes):
        _misplace(points, first, last, care[:, :, 0], random)
    points = style.curve @ points
    points = _warp(points, care, random)
    points = _lean(points, random)
    points = _shake(points, random)
    points = _leave_out(points, style.kept, random)
    points = _round(points, random)
    return Sketches(points, style.starts, _choose_brushes(points, style.kind == "1", random))


def _blend(style: Style, count: int, random: Generator) -> Tensor:
    """Blend the drawings with random weights, slightly extrapolating beyond each of them."""
    drawings = len(style.drawings)
    parts = -torch.log(uniform((count, drawings, 1, 1), 1e-6, 1, random))
    parts = parts / parts.sum(dim=1, keepdim=True)
    parts = 1 / drawings + 1.2 * (parts - 1 / drawings)
    return (parts * style.drawings).sum(dim=1)


def _misplace(points: Tensor, first: int, last: int, care: Tensor, random: Generator) -> None:
    """Begin and end a stroke too early or too late, and move it a little."""
    count = len(points)
    early, late = normal((2, count, 1), 0.13, random) * care
    start, end = points[:, first].clone(), points[:, last - 1].clone()
    points[:, first] += early * (start - points[:, first + 1])
    points[:, last - 1] += late * (end - points[:, last - 2])
    if first:
        points[:, first:last] += normal((count, 1, 2), 0.025, random) * care[:, :, None]


def _warp(points: Tensor, care: Tensor, random: Generator) -> Tensor:
    """Warp the plane smoothly: lines that touch still touch."""
    count = len(points)
    x, y = points[..., 0] - 0.5, points[..., 1] - 0.5
    upper, wider, bow = normal((3, count, 1), 1, random)
    arch = torch.cos(math.pi * y.clamp(-0.5, 0.5))
    x = x * (1 + 0.22 * wider * y) + 0.03 * bow * arch
    y = y + 0.06 * upper * arch
    for _ in range(2):
        waves = uniform((count, 1, 2), -1, 1, random) * 6
        phase = uniform((count, 1, 2), 0, 2 * math.pi, random)
        size = normal((count, 1, 2), 0.022, random) * care
        angle = waves[..., :1] * x[..., None] + waves[..., 1:] * y[..., None] + phase
        shift = size * torch.sin(angle)
        x, y = x + shift[..., 0], y + shift[..., 1]
    return torch.stack((x, y), dim=2)


def _lean(points: Tensor, random: Generator) -> Tensor:
    """Stretch, slant and turn the characters as a whole."""
    count = len(points)
    x, y = points[..., 0], points[..., 1]
    x = x * torch.exp(normal((count, 1), 0.22, random))
    # More handwriting slants to the right than to the left.
    x = x - y * (0.08 + normal((count, 1), 0.18, random))
    angle = normal((count, 1), 0.09, random)
    sine, cosine = torch.sin(angle), torch.cos(angle)
    return torch.stack((x * cosine - y * sine, x * sine + y * cosine), dim=2)


def _shake(points: Tensor, random: Generator) -> Tensor:
    """Add tremor to half of the characters."""
    count = len(points)
    amount = (normal((count, 1, 1), 0.012, random)).clamp_(min=0)
    return points + amount * torch.randn(points.shape, generator=random)


def _leave_out(points: Tensor, kept: Tensor, random: Generator) -> Tensor:
    """Leave out points, as a mouse does in fast strokes; straight lines join the others."""
    count, length = points.shape[:2]
    # From every point to every fourth: with fewer, an 8 is no longer an 8.
    stride = uniform((count, 1), 0.2, 4, random).clamp(min=1)
    steps = torch.arange(length) + uniform((count, 1), 0, 4, random)
    steps = ((steps + uniform((count, length), 0, 1, random)) / stride).floor()
    keep = torch.ones(count, length, dtype=torch.bool)
    keep[:, 1:] = kept[1:] | (steps[:, 1:] > steps[:, :-1])
    index = torch.arange(length).expand(count, length)
    before = torch.where(keep, index, 0).cummax(dim=1).values
    after = torch.where(keep, index, length).flip(1).cummin(dim=1).values.flip(1)
    part = ((index - before) / (after - before).clamp(min=1)).unsqueeze(2)
    left = points.gather(1, before.unsqueeze(2).expand(-1, -1, 2))
    right = points.gather(1, after.unsqueeze(2).expand(-1, -1, 2))
    return left + part * (right - left)


def _round(points: Tensor, random: Generator) -> Tensor:
    """Round some to whole pixels of a small drawing: the jagged lines of a mouse."""
    count = len(points)
    pixels = torch.exp(uniform((count, 1, 1), math.log(18), math.log(80), random))
    rounded = torch.round(points * pixels) / pixels
    return torch.where(torch.rand(count, 1, 1, generator=random) < 0.35, rounded, points)


def _choose_brushes(points: Tensor, is_line: bool, random: Generator) -> Tensor:
    """Choose brushes from the pad's thinnest on a large digit to its thickest on a small one.

    On digits scaled to 20 cells, most strokes are 1.5 to 3 cells wide. Beyond 5, and beyond half
    the width of what is more than a line, holes fill with ink and the digit is illegible.
    """
    count = len(points)
    cells = 2.0 * torch.exp(normal((count,), 0.35, random))
    thick = uniform((count,), 3, 5, random)
    cells = torch.where(torch.rand(count, generator=random) < 0.12, thick, cells)
    size = points.amax(dim=1) - points.amin(dim=1)
    brushes = size.amax(dim=1) * cells / (BOX_SIZE - cells)
    return brushes if is_line else torch.minimum(brushes, size.amin(dim=1) / 2)
