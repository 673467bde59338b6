"""Synthetic pen digits, like those that people draw on a pad.

MNIST's digits were written by American clerks and pupils, with pencils. Much of the world writes a
1 with a long up-stroke, a 7 with a bar or a 0 with a slash, and a mouse leaves jagged lines of few
points. A network that has never seen such digits misreads them, so training adds synthetic ones:

1. ``resources/pen-digits.json`` holds a few drawings of each way of writing a digit (``styles``);
2. ``handwriting.sketch`` blends a style's drawings and deforms them;
3. ``cells.draw`` draws the 28x28 digits as the pad's brush and ``preprocess`` would.
"""

import torch
from torch import Generator, Tensor

from lenet_desktop.data.synthetic.cells import draw
from lenet_desktop.data.synthetic.handwriting import sketch
from lenet_desktop.data.synthetic.random_numbers import divide
from lenet_desktop.data.synthetic.styles import Style, read_styles
from lenet_desktop.drawing.preprocess import SAMPLE_SIZE
from lenet_desktop.models.model_card import DIGITS


def styles() -> dict[str, tuple[Style, ...]]:
    """Return the ways of writing each digit.

    Raises:
        DatasetError: the program's own file is missing or damaged.
    """
    return read_styles("pen-digits.json", DIGITS)


def draw_pen_digits(count: int, *, seed: int) -> tuple[Tensor, Tensor]:
    """Draw synthetic pen digits in random order, each of the ten digits as often as the others.

    The same seed gives the same digits. Torch's global generator is not used.

    Returns:
        uint8 (count, 28, 28), 0 paper to 255 full ink, and int64 (count,), 0 to 9.

    Raises:
        DatasetError: the program's own file is missing or damaged.
    """
    random = Generator().manual_seed(seed)
    # Where count is not a multiple of ten, some digits, chosen at random, occur once more.
    wanted = torch.randperm(10, generator=random).repeat(count // 10 + 1)[:count]
    images = [torch.zeros(0, SAMPLE_SIZE, SAMPLE_SIZE, dtype=torch.uint8)]
    labels: list[int] = []
    for digit, digits in enumerate(torch.bincount(wanted, minlength=10).tolist()):
        among = styles()[str(digit)]
        parts = divide(digits, [style.share for style in among], random)
        images += [draw(sketch(s, n, random)) for s, n in zip(among, parts, strict=True) if n]
        labels += [digit] * digits
    order = torch.randperm(count, generator=random)
    return torch.cat(images)[order], torch.tensor(labels, dtype=torch.int64)[order]
