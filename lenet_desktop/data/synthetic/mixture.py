"""What joins the real digits: synthetic pen digits, things that are none, strokes of a file."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from lenet_desktop.data.catalog import DatasetError, Digits, TrainingData
from lenet_desktop.data.synthetic.outliers import draw_non_digits
from lenet_desktop.data.synthetic.pen_digits import draw_pen_digits
from lenet_desktop.drawing.preprocess import preprocess
from lenet_desktop.drawing.strokes import MAX_BRUSH, MIN_BRUSH, Ink, Points, place, read_strokes
from lenet_desktop.training.recipe import Recipe

NON_DIGIT = 10
"""The label of what is no digit; MNIST's are 0 to 9."""

# Few enough that somebody who cancels does not wait.
_PART = 2000


def draw_synthetic(
    recipe: Recipe, device: torch.device, pool: ThreadPoolExecutor, epoch: int = 0
) -> Iterator[tuple[Tensor, Tensor]]:
    """Draw them in parts, several at a time; the same recipe and epoch give the same ones.

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
            # Seeds that no other recipe's or epoch's parts have, however many there are.
            seed = (recipe.seed * 1001 + epoch) * 1000 + number
            jobs.append((draw, min(_PART, total - start), seed))
    yield from pool.map(lambda job: job[0](job[1], job[2]), jobs)


def join_strokes(data: TrainingData, path: Path, credit: str = "") -> TrainingData:
    """Add a stroke file's digits to the digits that are trained on.

    Each is drawn with the pad's brush and goes down the pad's road, at a size, a place and a width
    of the brush by chance, often as sparse and as jagged as a mouse leaves it. ``credit`` says
    whose strokes they are, and joins that of the data.

    Raises:
        StrokeFileError: the file cannot be read.
        DatasetError: a label is no digit.
    """
    images, labels = [], []
    for number, record in enumerate(read_strokes(path)):
        if record.label not in set("0123456789"):
            raise DatasetError(f"{path}: drawing {number + 1} is labelled with no digit.")
        sample = preprocess(_by_some_hand(record.strokes, (number, 0)))
        if sample is not None:
            images.append((sample * 255 + 0.5).astype(np.uint8))
            labels.append(int(record.label))
    joined = Digits(
        torch.cat([data.train.images, torch.from_numpy(np.stack(images))]),
        torch.cat([data.train.labels, torch.tensor(labels)]),
    )
    return replace(
        data,
        name=f"{data.name} and {path.stem}",
        train=joined,
        credit=". ".join(filter(None, (data.credit, credit))),
    )


def _by_some_hand(strokes: tuple[Points, ...], seed: tuple[int, int]) -> Ink:
    random = np.random.default_rng(seed)
    step = int(random.integers(1, 4))
    kept = [np.concatenate([s[:-1:step], s[-1:]]) for s in strokes]
    if random.random() < 0.3:
        # A mouse goes from pixel to pixel, and people draw small with it.
        pixels = random.uniform(18, 80)
        points = np.concatenate(kept)
        extent = max(float((points.max(axis=0) - points.min(axis=0)).max()), 1e-6)
        kept = [np.round(s * (pixels / extent)).astype(np.float32) for s in kept]
    height = random.uniform(0.15, 0.8)
    # About two of the 20 cells that the digit will fill, as MNIST's pencils did.
    brush = height * 80 * random.lognormal(0, 0.4)
    room = max(0.5 - height / 2 - 0.05, 0)
    centre = tuple((0.5 + random.uniform(-room, room, 2)).tolist())
    brush = float(min(max(brush, MIN_BRUSH), MAX_BRUSH))
    return place(kept, height=height, centre=(centre[0], centre[1]), brush=brush).ink()
