"""Synthetic outliers: images that are none of the digits, to learn to refuse.

People also draw letters, hearts or two digits at once, and paste photographs. A network that has
only seen digits is often sure of a wrong digit then, so training shows it outliers as well. All of
them are synthetic:

* letters and shapes are templates in ``resources/outliers.json``, deformed and drawn like pen
digits; characters that a reader could take for a digit are left out;
* several digits at once, and digits crossed out, are made of pen digits;
* ``scribbles`` and ``textures`` draw the rest.
"""

import functools
import math
from collections.abc import Callable, Sequence

import torch
from torch import Generator, Tensor

from lenet_desktop.data.synthetic.cells import draw
from lenet_desktop.data.synthetic.handwriting import sketch
from lenet_desktop.data.synthetic.pen_digits import styles
from lenet_desktop.data.synthetic.random_numbers import divide, uniform
from lenet_desktop.data.synthetic.scribbles import blobs, dots, hatch, hatching, scribbles
from lenet_desktop.data.synthetic.sketches import Lines, bounds, turn, with_brush
from lenet_desktop.data.synthetic.styles import Style, read_styles
from lenet_desktop.data.synthetic.textures import boxes, noise, textures
from lenet_desktop.drawing.preprocess import SAMPLE_SIZE
from lenet_desktop.models.model_card import DIGITS

_TEMPLATES = ("latin", "letter", "shape")


def draw_outliers(count: int, *, seed: int, kinds: Sequence[str] | None = None) -> Tensor:
    """Draw synthetic outliers in random order.

    The same seed gives the same outliers. Torch's global generator is not used.

    Args:
        count: how many.
        seed: the random seed.
        kinds: keys of ``KINDS`` to choose from in proportion to their shares; None means all.

    Returns:
        uint8 (count, 28, 28), 0 paper to 255 full ink.

    Raises:
        DatasetError: a file of the program's own is missing or damaged.
    """
    random = Generator().manual_seed(seed)
    names = tuple(KINDS if kinds is None else kinds)
    parts = divide(count, [KINDS[name][0] for name in names], random)
    images = [torch.zeros(0, SAMPLE_SIZE, SAMPLE_SIZE, dtype=torch.uint8)]
    images += [KINDS[name][1](n, random) for name, n in zip(names, parts, strict=True) if n]
    return torch.cat(images)[torch.randperm(count, generator=random)]


def kinds_beside(classes: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the kinds that can be outliers of these classes; None for all, as for the ten digits.

    Letters and shapes may be classes themselves.
    """
    if classes == DIGITS:
        return None
    return tuple(kind for kind in KINDS if kind not in _TEMPLATES)


def templates() -> dict[str, tuple[Style, ...]]:
    """Return the ways of drawing each kind of letter and shape.

    Raises:
        DatasetError: the program's own file is missing or damaged.
    """
    return read_styles("outliers.json", _TEMPLATES)


def _of_templates(kind: str, count: int, random: Generator) -> Tensor:
    among = templates()[kind]
    parts = divide(count, [style.share for style in among], random)
    return torch.cat([draw(sketch(s, n, random)) for s, n in zip(among, parts, strict=True) if n])


def _pen_digits(count: int, digits: Sequence[int], random: Generator) -> Lines:
    """Write digits, chosen from ``digits``, 1 high or wide, the upper left corner at the origin."""
    among: list[Style] = []
    shares: list[float] = []
    for digit in digits:
        some = styles()[str(digit)]
        total = sum(style.share for style in some)
        among += some
        shares += [style.share / total for style in some]
    parts = divide(count, shares, random)
    length = max(len(style.starts) for style in among)
    lines = []
    for style, part in zip(among, parts, strict=True):
        if part:
            begun = sketch(style, part, random).lines()
            none = begun[:, :1, :1].expand(-1, length - begun.shape[1], 2, -1)
            lines.append(torch.cat((begun, none), dim=1))
    written = torch.cat(lines)[torch.randperm(count, generator=random)]
    low, high = (corner[:, None, None] for corner in bounds(written))
    return (written - low) / (high - low).amax(dim=3, keepdim=True)


def _several(count: int, random: Generator) -> Tensor:
    """Write two or three digits in a row, or two below each other or across each other."""
    images, parts = [], divide(count, [6, 1.5, 1.5], random)
    for maker, part in zip((_row, _column, _pile), parts, strict=True):
        if part:
            images.append(draw(with_brush(maker(part, random), None, random)))
    return torch.cat(images)


def _row(count: int, random: Generator) -> Lines:
    row = _pen_digits(count, range(10), random)
    start = row[:, :1, :1]
    for number in (2, 3):
        digit = _pen_digits(count, range(10), random)
        digit = digit * torch.exp(0.15 * torch.randn(count, 1, 1, 1, generator=random))
        gap, step = uniform((count,), -0.05, 0.45, random), uniform((count,), -0.2, 0.2, random)
        move = torch.stack((bounds(row)[1][:, 0] + gap, step), dim=1)[:, None, None]
        digit = digit + move
        if number == 3:
            two = torch.rand(count, 1, 1, 1, generator=random) < 0.7
            digit = torch.where(two, start, digit)
        row = torch.cat((row, digit), dim=1)
    return row


def _column(count: int, random: Generator) -> Lines:
    # Two zeros would look like an 8, and two ones like a 1.
    upper, lower = (_pen_digits(count, (2, 3, 4, 5, 7, 8), random) for _ in range(2))
    gap, step = uniform((count,), -0.05, 0.3, random), uniform((count,), -0.2, 0.2, random)
    move = torch.stack((step, bounds(upper)[1][:, 1] + gap), dim=1)
    return torch.cat((upper, lower + move[:, None, None]), dim=1)


def _pile(count: int, random: Generator) -> Lines:
    # Pairs of which neither covers the other.
    one, other = _pen_digits(count, (2, 4, 5, 7), random), _pen_digits(count, (3, 6, 8), random)
    move = uniform((count, 1, 1, 2), 0.1, 0.45, random)
    sign = torch.where(torch.rand(count, 1, 1, 2, generator=random) < 0.5, 1.0, -1.0)
    return torch.cat((one, other + move * sign), dim=1)


def _crossed_out(count: int, random: Generator) -> Tensor:
    """Cross digits out with a zigzag or with two lines."""
    digits = _pen_digits(count, range(10), random)
    low, high = bounds(digits)
    zigzag = turn(hatch(count, random), uniform((count,), -math.pi, math.pi, random))
    cross = torch.tensor([[[-0.5, -0.5], [0.5, 0.5]], [[0.5, -0.5], [-0.5, 0.5]]])
    cross = cross + 0.08 * torch.randn(count, 2, 2, 2, generator=random)
    cross = torch.cat((cross, cross[:, :1].expand(-1, zigzag.shape[1] - 2, -1, -1)), dim=1)
    crossed = torch.rand(count, 1, 1, 1, generator=random) < 0.4
    over = torch.where(crossed, cross, zigzag) * uniform((count, 1, 1, 2), 0.9, 1.4, random)
    over = over * (high - low).clamp(min=0.7)[:, None, None] + ((low + high) / 2)[:, None, None]
    return draw(with_brush(torch.cat((digits, over), dim=1), None, random))


KINDS: dict[str, tuple[float, Callable[[int, Generator], Tensor]]] = {
    "latin": (9, functools.partial(_of_templates, "latin")),
    "letter": (4, functools.partial(_of_templates, "letter")),
    "shape": (5, functools.partial(_of_templates, "shape")),
    "scribble": (7, scribbles),
    "hatching": (2, hatching),
    "several": (7, _several),
    "crossed out": (1.5, _crossed_out),
    "dots": (1, dots),
    "blob": (1, blobs),
    "box": (0.7, boxes),
    "noise": (0.8, noise),
    "texture": (2, textures),
}
"""How often each kind is drawn, relative to the others, and what draws it."""
