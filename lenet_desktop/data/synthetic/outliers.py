"""Synthetic outliers, and what is fitted with them: knowing when the model does not know.

Whoever draws a letter, a heart or two digits at once, or pastes a photograph, is to be told that
this is no digit. A network that has only seen digits is often sure of the wrong thing, so it is
shown outliers too. None of them was drawn by a person:

* letters and shapes are templates in ``resources/outliers.json``, deformed and drawn as pen
  digits are; whatever could be a digit for some reader is left out;
* scribbles, hatchings, dots and blobs are random lines of the pad's brush;
* several digits at once, and digits crossed out, are made of pen digits;
* boxes, noise and textures stand for pictures, and have no lines.
"""

import functools
import json
import math
from collections.abc import Callable, Sequence

import torch
from torch import Generator, Tensor
from torch.nn import functional as F  # noqa: N812 -- the name all of PyTorch's users know

from lenet_desktop import paths
from lenet_desktop.data.synthetic import pen_digits
from lenet_desktop.data.synthetic.pen_digits import Sketches, Style, draw, sketch, styles
from lenet_desktop.drawing.preprocess import BOX_SIZE, SAMPLE_SIZE
from lenet_desktop.models.model_card import DIGITS

# Lines without a brush: (N, S, 2, 2), x and y of where each line begins and ends. A sample of fewer
# lines than others has some of no length on top of its first point.
_Lines = Tensor


def draw_outliers(
    count: int, *, seed: int, device: torch.device | str = "cpu", kinds: Sequence[str] | None = None
) -> Tensor:
    """Draw synthetic outliers, in random order.

    The same seed gives the same outliers, bit for bit on the same device. Torch's global random
    numbers are left alone.

    Args:
        count: how many.
        seed: of all chance.
        device: where they are drawn.
        kinds: the keys of ``KINDS`` to choose from, as often as their shares say; all when None.

    Returns:
        uint8 (count, 28, 28), 0 paper to 255 full ink, on ``device``.
    """
    random = Generator().manual_seed(seed)
    device = torch.device(device)
    names = tuple(KINDS if kinds is None else kinds)
    parts = _divide(count, [KINDS[name][0] for name in names], random)
    images = [
        KINDS[name][1](part, random, device)
        for name, part in zip(names, parts, strict=True)
        if part
    ]
    order = torch.randperm(count, generator=random).to(device)
    if not images:
        return torch.zeros(0, SAMPLE_SIZE, SAMPLE_SIZE, dtype=torch.uint8, device=device)
    return torch.cat(images)[order]


def _divide(count: int, shares: Sequence[float], random: Generator) -> list[int]:
    if not count:
        return [0] * len(shares)
    weights = torch.tensor(shares).float()
    chosen = torch.multinomial(weights, count, replacement=True, generator=random)
    parts: list[int] = torch.bincount(chosen, minlength=len(shares)).tolist()
    return parts


def _uniform(shape: tuple[int, ...], low: float, high: float, random: Generator) -> Tensor:
    return torch.rand(shape, generator=random) * (high - low) + low


def _whole(shape: tuple[int, ...], low: int, high: int, random: Generator) -> Tensor:
    """Give whole numbers, ``low`` to ``high``, both included."""
    return torch.randint(low, high + 1, shape, generator=random)


@functools.cache
def templates() -> dict[str, tuple[Style, ...]]:
    """Read ``resources/outliers.json``: the styles of each kind; their digit is -1."""
    content = json.loads(paths.resource("outliers.json").read_text(encoding="utf-8"))
    kinds: dict[str, list[Style]] = {}
    for values in content["styles"]:
        kinds.setdefault(values["kind"], []).append(pen_digits.read_style({**values, "digit": -1}))
    return {kind: tuple(among) for kind, among in kinds.items()}


def _of_templates(kind: str, count: int, random: Generator, device: torch.device) -> Tensor:
    among = templates()[kind]
    parts = _divide(count, [style.share for style in among], random)
    return torch.cat(
        [draw(sketch(s, n, random), device) for s, n in zip(among, parts, strict=True) if n]
    )


def _joined(points: Tensor) -> _Lines:
    """Give the lines of one stroke through points (N, M, 2)."""
    return torch.stack((points[:, :-1], points[:, 1:]), dim=2)


def _hide(lines: _Lines, hidden: Tensor) -> _Lines:
    """Put the lines marked in ``hidden`` (N, S) on top of the first point."""
    return torch.where(hidden[:, :, None, None], lines[:, :1, :1], lines)


def _turn(points: Tensor, angle: Tensor) -> Tensor:
    """Turn points (N, ..., 2) by an angle (N,), in radians."""
    angle = angle.view(-1, *[1] * (points.dim() - 2))
    sine, cosine = angle.sin(), angle.cos()
    x, y = points[..., 0], points[..., 1]
    return torch.stack((x * cosine - y * sine, x * sine + y * cosine), dim=-1)


def _with_brush(lines: _Lines, cells: Tensor | None, random: Generator) -> Sketches:
    """Give lines a brush, so many cells (N,) wide on a sample of 20, or one as for a digit."""
    points = lines.flatten(1, 2)
    if cells is None:
        cells = 1.9 * torch.exp(0.3 * torch.randn(len(points), generator=random)).clamp(0.5, 2.2)
    low, high = _box(lines)
    brushes = (high - low).amax(dim=1).clamp(min=1e-3) * cells / (BOX_SIZE - cells)
    return Sketches(points, torch.arange(0, points.shape[1], 2), brushes)


def _scribbles(count: int, random: Generator, device: torch.device) -> Tensor:
    """Scribble: smooth and jagged lines to and fro, and coils."""
    images = []
    makers = (_smooth, _wander, _jagged, _coil)
    parts = _divide(count, [2, 3, 2, 1.5], random)
    for maker, part in zip(makers, parts, strict=True):
        if part:
            points = maker(part, random)
            # None so narrow that it would be a 1.
            aspect = torch.exp(_uniform((part, 1), -0.4, 0.6, random))
            size = points.amax(dim=1) - points.amin(dim=1)
            size = size / torch.cat((aspect, torch.ones_like(aspect)), dim=1)
            points = points / size[:, None]
            images.append(draw(_with_brush(_joined(points), None, random), device))
    return torch.cat(images)


def _smooth(count: int, random: Generator) -> Tensor:
    """Run sums of a few waves in x and y: (N, 80, 2)."""
    time = torch.linspace(0, 2 * math.pi, 80)
    waves = torch.arange(1, 7)
    # Curves of one or two slow waves alone look like digits.
    size = _uniform((count, 6, 2), -1, 1, random) / (0.5 + (waves[:, None] - 3.0).abs() ** 0.7)
    phase = _uniform((count, 6, 2), 0, 2 * math.pi, random)
    part = _uniform((count, 1), 0.6, 1, random) * time
    angle = part[:, :, None, None] * waves[:, None] + phase[:, None]
    return (size[:, None] * angle.sin()).sum(dim=2)


def _wander(count: int, random: Generator) -> Tensor:
    """Go on and on while turning now this way, now that way: (N, 90, 2)."""
    bends = torch.randn(count, 90, generator=random).cumsum(dim=1)
    bends = bends * _uniform((count, 1), 0.02, 0.07, random)
    bends += _uniform((count, 1), 0.1, 0.6, random) * torch.randn(count, 90, generator=random)
    heading = bends.cumsum(dim=1)
    steps = torch.stack((heading.cos(), heading.sin()), dim=2)
    # What leads away is mostly taken back, so that lines cross each other.
    back = _uniform((count, 1, 1), 0.5, 1, random) * steps.mean(dim=1, keepdim=True)
    return (steps - back).cumsum(dim=1)


def _jagged(count: int, random: Generator) -> Tensor:
    """Go straight between 7 to 14 places: (N, 14, 2)."""
    return _places(count, 7, 14, random)


def _places(count: int, least: int, most: int, random: Generator) -> Tensor:
    """Choose so many places in a box; the last one stands for those there are fewer of."""
    points = _uniform((count, most, 2), 0, 1, random)
    index = torch.minimum(torch.arange(most), _whole((count, 1), least, most, random) - 1)
    return points.gather(1, index[:, :, None].expand(-1, -1, 2))


def _coil(count: int, random: Generator) -> Tensor:
    """Go round and round while moving on: (N, 90, 2)."""
    turns = _uniform((count, 1), 2.5, 7, random)
    time = torch.linspace(0, 1, 90).expand(count, -1)
    angle = 2 * math.pi * turns * time + _uniform((count, 1), 0, 2 * math.pi, random)
    radius = _uniform((count, 1), 0.15, 0.4, random) * (1 + 0.3 * torch.sin(angle * 0.37))
    hand = torch.where(torch.rand(count, 1, generator=random) < 0.5, 1.0, -1.0)
    x = time * _uniform((count, 1), 1, 2, random) + radius * angle.cos()
    y = radius * _uniform((count, 1), 1.2, 2.5, random) * angle.sin() * hand
    return _turn(torch.stack((x, y), dim=2), _uniform((count,), -math.pi, math.pi, random))


def _hatching(count: int, random: Generator, device: torch.device) -> Tensor:
    """Draw 4 to 12 lines side by side, joined to a zigzag or not, some with as many across."""
    across = torch.rand(count, generator=random) < 0.35
    lines, more = _hatch(count, random), _hatch(count, random)
    more = _turn(more, math.pi / 2 + _uniform((count,), -0.3, 0.3, random))
    more = torch.where(across[:, None, None, None], more, lines[:, :1, :1])
    lines = torch.cat((lines, more), dim=1)
    lines = _turn(lines, _uniform((count,), -math.pi, math.pi, random))
    return draw(_with_brush(lines, None, random), device)


def _hatch(count: int, random: Generator) -> _Lines:
    """Give upright lines about the origin, 1 high: (N, 23, 2, 2)."""
    number = _whole((count, 1), 4, 12, random)
    x = (torch.arange(12) + 0.5) / number - 0.5 + 0.02 * torch.randn(count, 12, generator=random)
    x = x * _uniform((count, 1), 0.5, 1.6, random)
    rough = _uniform((count, 1), 0, 0.15, random)
    low = 0.5 + rough * torch.randn(count, 12, generator=random)
    high = -0.5 + rough * torch.randn(count, 12, generator=random)
    down = torch.stack((torch.stack((x, high), dim=2), torch.stack((x, low), dim=2)), dim=2)
    joints = torch.stack((down[:, :-1, 1], down[:, 1:, 0]), dim=2)
    apart = torch.rand(count, 1, generator=random) < 0.4
    hidden = torch.arange(12) >= number
    return _hide(torch.cat((down, joints), dim=1), torch.cat((hidden, hidden[:, 1:] | apart), 1))


def _dots(count: int, random: Generator, device: torch.device) -> Tensor:
    """Draw dots, 1 to 7, or one line that lies."""
    points = _uniform((count, 7, 1, 2), 0, 1, random)
    hidden = torch.arange(7) >= _whole((count, 1), 1, 7, random)
    dots = _hide(points.expand(-1, -1, 2, -1), hidden)
    angle = _uniform((count,), -0.45, 0.45, random)
    along = torch.stack((angle.cos(), angle.sin()), dim=1)
    line = torch.stack((torch.zeros_like(along), along), dim=1)[:, None].expand(-1, 7, -1, -1)
    lines = torch.where(
        (torch.rand(count, generator=random) < 0.3)[:, None, None, None], line, dots
    )
    return draw(_with_brush(lines, _uniform((count,), 1.5, 6, random), random), device)


def _blobs(count: int, random: Generator, device: torch.device) -> Tensor:
    """Draw a few short lines with so thick a brush that they run into each other."""
    lines = _joined(_places(count, 2, 5, random))
    return draw(_with_brush(lines, _uniform((count,), 9, 17, random), random), device)


def _pen_digits(count: int, digits: Sequence[int], random: Generator) -> _Lines:
    """Write digits, chosen from ``digits``, 1 high (or wide) with the corner at the origin."""
    among = [style for style in styles() if style.digit in digits]
    totals = {d: sum(s.share for s in among if s.digit == d) for d in digits}
    parts = _divide(count, [style.share / totals[style.digit] for style in among], random)
    length = max(len(style.starts) for style in among)
    lines = []
    for style, part in zip(among, parts, strict=True):
        if part:
            sketches = sketch(style, part, random)
            points, starts = sketches.points, sketches.starts
            begun = torch.stack((points[:, starts], points[:, starts + 1]), dim=2)
            none = begun[:, :1, :1].expand(-1, length - len(starts), 2, -1)
            lines.append(torch.cat((begun, none), dim=1))
    written = torch.cat(lines)[torch.randperm(count, generator=random)]
    low, high = (corner[:, None, None] for corner in _box(written))
    return (written - low) / (high - low).amax(dim=3, keepdim=True)


def _box(lines: _Lines) -> tuple[Tensor, Tensor]:
    points = lines.flatten(1, 2)
    return points.amin(dim=1), points.amax(dim=1)


def _several(count: int, random: Generator, device: torch.device) -> Tensor:
    """Write two or three digits in a row, or two below each other or across each other."""
    images, parts = [], _divide(count, [6, 1.5, 1.5], random)
    for maker, part in zip((_row, _column, _pile), parts, strict=True):
        if part:
            images.append(draw(_with_brush(maker(part, random), None, random), device))
    return torch.cat(images)


def _row(count: int, random: Generator) -> _Lines:
    row = _pen_digits(count, range(10), random)
    start = row[:, :1, :1]
    for number in (2, 3):
        digit = _pen_digits(count, range(10), random)
        digit = digit * torch.exp(0.15 * torch.randn(count, 1, 1, 1, generator=random))
        gap, step = _uniform((count,), -0.05, 0.45, random), _uniform((count,), -0.2, 0.2, random)
        move = torch.stack((_box(row)[1][:, 0] + gap, step), dim=1)[:, None, None]
        digit = digit + move
        if number == 3:
            two = torch.rand(count, 1, 1, 1, generator=random) < 0.7
            digit = torch.where(two, start, digit)
        row = torch.cat((row, digit), dim=1)
    return row


def _column(count: int, random: Generator) -> _Lines:
    # Two rings would be an 8, and two ones a 1.
    upper, lower = (_pen_digits(count, (2, 3, 4, 5, 7, 8), random) for _ in range(2))
    gap, step = _uniform((count,), -0.05, 0.3, random), _uniform((count,), -0.2, 0.2, random)
    move = torch.stack((step, _box(upper)[1][:, 1] + gap), dim=1)
    return torch.cat((upper, lower + move[:, None, None]), dim=1)


def _pile(count: int, random: Generator) -> _Lines:
    # Digits of which one does not cover the other.
    one, other = _pen_digits(count, (2, 4, 5, 7), random), _pen_digits(count, (3, 6, 8), random)
    move = _uniform((count, 1, 1, 2), 0.1, 0.45, random)
    sign = torch.where(torch.rand(count, 1, 1, 2, generator=random) < 0.5, 1.0, -1.0)
    return torch.cat((one, other + move * sign), dim=1)


def _crossed_out(count: int, random: Generator, device: torch.device) -> Tensor:
    """Cross digits out with a zigzag or with two lines."""
    digits = _pen_digits(count, range(10), random)
    low, high = _box(digits)
    zigzag = _turn(_hatch(count, random), _uniform((count,), -math.pi, math.pi, random))
    cross = torch.tensor([[[-0.5, -0.5], [0.5, 0.5]], [[0.5, -0.5], [-0.5, 0.5]]])
    cross = cross + 0.08 * torch.randn(count, 2, 2, 2, generator=random)
    cross = torch.cat((cross, cross[:, :1].expand(-1, zigzag.shape[1] - 2, -1, -1)), dim=1)
    crossed = torch.rand(count, 1, 1, 1, generator=random) < 0.4
    over = torch.where(crossed, cross, zigzag) * _uniform((count, 1, 1, 2), 0.9, 1.4, random)
    over = over * (high - low).clamp(min=0.7)[:, None, None] + ((low + high) / 2)[:, None, None]
    return draw(_with_brush(torch.cat((digits, over), dim=1), None, random), device)


def _in_the_middle(ink: Tensor, cells: Tensor, device: torch.device) -> Tensor:
    """Put ink (N, 20, 20), 0 to 1, of which ``cells`` (N, 2) are in use, into 28x28."""
    index = torch.arange(BOX_SIZE)
    inside = (index < cells[:, 1:])[:, :, None] & (index < cells[:, :1])[:, None]
    ink = (ink / (ink * inside).amax(dim=(1, 2), keepdim=True) * 255 + 0.5).floor() * inside
    return pen_digits.centre(ink.clamp(max=255).to(device), cells.to(device))


def _shapes(count: int, least: int, random: Generator) -> Tensor:
    """Choose the cells that pictures fill: 20 one way, ``least`` to 20 the other, often all."""
    short = _whole((count,), least, BOX_SIZE, random)
    short[torch.rand(count, generator=random) < 0.5] = BOX_SIZE
    wide = torch.rand(count, generator=random) < 0.5
    full = torch.full_like(short, BOX_SIZE)
    return torch.stack((torch.where(wide, full, short), torch.where(wide, short, full)), 1).float()


def _boxes(count: int, random: Generator, device: torch.device) -> Tensor:
    """Fill boxes and ellipses."""
    cells = _shapes(count, 11, random)
    middle = (torch.arange(BOX_SIZE) + 0.5) / cells[:, :, None] * 2 - 1
    distance = (middle[:, 0, None, :].square() + middle[:, 1, :, None].square()).sqrt()
    ellipse = ((1 - distance) * 10 + 0.5).clamp(0, 1)
    round_ones = torch.rand(count, 1, 1, generator=random) < 0.3
    return _in_the_middle(torch.where(round_ones, ellipse, 1.0), cells, device)


def _noise(count: int, random: Generator, device: torch.device) -> Tensor:
    """Scatter grains, grey or black, few or many."""
    cells = _shapes(count, 12, random)
    grains = torch.rand(count, BOX_SIZE, BOX_SIZE, generator=random)
    number = _uniform((count, 1, 1), 0.08, 1, random)
    grey = torch.where(torch.rand(count, 1, 1, generator=random) < 0.5, grains / number, 1.0)
    ink = torch.where(grains < number, grey, 0.0)
    ink[:, 0, 0] = 1  # never nothing at all
    return _in_the_middle(ink, cells, device)


def _textures(count: int, random: Generator, device: torch.device) -> Tensor:
    """Lay noise of several sizes over each other and cut it off: patches as of a photograph."""
    field = torch.zeros(count, 1, BOX_SIZE, BOX_SIZE)
    for size in (2, 3, 5, 8, 13, BOX_SIZE):
        grid = torch.randn(count, 1, size, size, generator=random)
        grid = F.interpolate(grid, (BOX_SIZE, BOX_SIZE), mode="bilinear", align_corners=True)
        field += grid * _uniform((count, 1, 1, 1), 0, 1, random) ** 2
    field = field[:, 0]
    levels = field.flatten(1).sort(dim=1).values
    cut = _uniform((count, 1), 0.1, 0.85, random)
    level = levels.gather(1, (cut * (BOX_SIZE**2 - 1)).long())[:, :, None]
    spread = (levels[:, -1:] - levels[:, :1])[:, :, None]
    softness = spread * torch.exp(_uniform((count, 1, 1), math.log(0.03), math.log(1.0), random))
    ink = ((field - level) / softness).clamp(0, 1)
    return _in_the_middle(ink + 1e-6, _shapes(count, 13, random), device)


KINDS: dict[str, tuple[float, Callable[[int, Generator, torch.device], Tensor]]] = {
    "latin": (9, functools.partial(_of_templates, "latin")),
    "letter": (4, functools.partial(_of_templates, "letter")),
    "shape": (5, functools.partial(_of_templates, "shape")),
    "scribble": (7, _scribbles),
    "hatching": (2, _hatching),
    "several": (7, _several),
    "crossed out": (1.5, _crossed_out),
    "dots": (1, _dots),
    "blob": (1, _blobs),
    "box": (0.7, _boxes),
    "noise": (0.8, _noise),
    "texture": (2, _textures),
}
"""How often each kind is drawn, relative to the others, and what draws it."""


def kinds_beside(classes: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the kinds that can be outliers of these classes; None for all, as for the ten digits.

    Letters and shapes may be classes themselves.
    """
    if classes == DIGITS:
        return None
    return tuple(kind for kind in KINDS if kind not in ("latin", "letter", "shape"))
