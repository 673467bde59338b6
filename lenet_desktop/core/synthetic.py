"""What a recipe adds to the real digits: synthetic pen digits, and things that are none."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import torch
from torch import Tensor

from lenet_desktop.core.non_digits import draw_non_digits
from lenet_desktop.core.pen_digits import draw_pen_digits
from lenet_desktop.core.recipe import Recipe

NON_DIGIT = 10
"""The label of what is no digit; MNIST's are 0 to 9."""

# Few enough that somebody who cancels does not wait.
_PART = 2000


def draw_synthetic(
    recipe: Recipe, device: torch.device, pool: ThreadPoolExecutor
) -> Iterator[tuple[Tensor, Tensor]]:
    """Draw them in parts, several at a time; the same recipe gives the same ones.

    Yields:
        uint8 (N, 28, 28), 0 paper to 255 full ink, and int64 (N,), 0 to 9 or NON_DIGIT.
    """

    def pen_digits(count: int, seed: int) -> tuple[Tensor, Tensor]:
        return draw_pen_digits(count, seed=seed, device=device)

    def non_digits(count: int, seed: int) -> tuple[Tensor, Tensor]:
        images = draw_non_digits(count, seed=seed, device=device)
        return images, torch.full((len(images),), NON_DIGIT, device=device)

    jobs: list[tuple[Callable[[int, int], tuple[Tensor, Tensor]], int, int]] = []
    for draw, total in ((pen_digits, recipe.pen_digits), (non_digits, recipe.non_digits)):
        for number, start in enumerate(range(0, total, _PART)):
            # Seeds that no other recipe's parts have, however many there are.
            jobs.append((draw, min(_PART, total - start), recipe.seed * 1000 + number))
    yield from pool.map(lambda job: job[0](job[1], job[2]), jobs)
