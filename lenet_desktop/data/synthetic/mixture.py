"""The synthetic images of an epoch, drawn in parts by several threads."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait

import torch
from torch import Tensor

from lenet_desktop.data.labelled import NONE_OF_THEM
from lenet_desktop.data.synthetic.outliers import draw_outliers
from lenet_desktop.data.synthetic.pen_digits import draw_pen_digits

# The images of a part: few enough that a training can be cancelled at once.
_PART = 2000
_PATIENCE = 0.1  # seconds


def draw_synthetic(
    pen_digits: int,
    outliers: int,
    *,
    seed: int,
    epoch: int,
    pool: ThreadPoolExecutor,
    outlier_kinds: Sequence[str] | None = None,
    share: tuple[int, int] = (0, 1),
) -> Iterator[tuple[Tensor, Tensor]]:
    """Draw pen digits and outliers in parts; the same seed and epoch give the same images.

    Args:
        pen_digits, outliers: how many of each.
        seed: the seed of the training.
        epoch: the epoch they are for, 0 to 1000.
        pool: the threads that draw the images.
        outlier_kinds: see ``draw_outliers``.
        share: (k, n) draws every n-th part, beginning with part k, and leaves the others blank:
            images and labels are 0.

    Yields:
        uint8 (N, 28, 28), 0 paper to 255 full ink, and int64 (N,), 0 to 9 or NONE_OF_THEM; no
        images ten times a second while the threads draw, so that the caller can do other work.
    """

    def draw(part: tuple[bool, int, int]) -> tuple[Tensor, Tensor]:
        are_digits, count, part_seed = part
        if are_digits:
            return draw_pen_digits(count, seed=part_seed)
        images = draw_outliers(count, seed=part_seed, kinds=outlier_kinds)
        return images, torch.full((count,), NONE_OF_THEM)

    parts = [
        # Every part of every seed and epoch gets a seed of its own.
        (are_digits, min(_PART, total - start), (seed * 1001 + epoch) * 1000 + number)
        for are_digits, total in ((True, pen_digits), (False, outliers))
        for number, start in enumerate(range(0, total, _PART))
    ]
    first, every = share
    futures = [
        pool.submit(draw if number % every == first else _leave_blank, part)
        for number, part in enumerate(parts)
    ]
    try:
        for future in futures:
            while not wait([future], _PATIENCE).done:
                yield torch.empty(0, 28, 28, dtype=torch.uint8), torch.empty(0, dtype=torch.int64)
            yield future.result()
    finally:
        for future in futures:
            future.cancel()


def _leave_blank(part: tuple[bool, int, int]) -> tuple[Tensor, Tensor]:
    _, count, _ = part
    return torch.zeros(count, 28, 28, dtype=torch.uint8), torch.zeros(count, dtype=torch.int64)
