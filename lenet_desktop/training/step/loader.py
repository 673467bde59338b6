"""The images of a training, kept on its device, and the batches made from them."""

import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from lenet_desktop.data.labelled import LabelledImages
from lenet_desktop.data.synthetic.mixture import draw_synthetic
from lenet_desktop.data.synthetic.outliers import kinds_beside
from lenet_desktop.training.recipe import Recipe, generator_at
from lenet_desktop.training.step.augmentation import AUGMENTATIONS, augment
from lenet_desktop.training.step.processes import ALONE, Processes

# On the CPU, smaller shards lose time to the overhead of torch's calls, larger ones to cache
# misses.
CPU_SHARD = 128


@dataclass(frozen=True, eq=False)
class Shard:
    """A part of a batch that one thread computes.

    Attributes:
        indices: int64 (N,), the indices of its images.
        recipe: the recipe with the seed.
        step, number: the place of the shard in the training.
    """

    indices: Tensor
    recipe: Recipe
    step: int
    number: int

    @cached_property
    def generator(self) -> torch.Generator:
        """The generator of this shard alone, for augmentation and dropout."""
        return generator_at(self.recipe, 2, self.step, self.number)


@dataclass(frozen=True, eq=False)
class Batch:
    """The images of one step, in shards."""

    shards: tuple[Shard, ...]

    def __len__(self) -> int:
        return sum(len(shard.indices) for shard in self.shards)


class Loader:
    """Shuffled, augmented batches of images that stay on the device.

    Random numbers depend on the recipe's seed and the step, not on the numbers drawn before: a
    resumed training gets the same batches.

    Args:
        images: the real images.
        recipe: batch size, augmentation, synthetic images, seed.
        device: where the images are kept.
        processes: the processes that draw the synthetic images together, each a part of them.

    Attributes:
        images_per_epoch: the number of real and synthetic images.
        shards_per_batch: the largest number of shards in a batch.
    """

    def __init__(
        self,
        images: LabelledImages,
        recipe: Recipe,
        device: torch.device,
        processes: Processes = ALONE,
    ) -> None:
        self._recipe, self._device, self._processes = recipe, device, processes
        self._real = self._count = len(images)
        self._drawn_for: int | None = None  # the epoch of the current synthetic images
        self._outlier_kinds = kinds_beside(images.classes)
        self._augmentation = AUGMENTATIONS[recipe.augmentation]
        synthetic = recipe.pen_digits + recipe.outliers
        self.images_per_epoch = self._real + synthetic
        self._images, self._labels = images.images.to(device), images.labels.to(device)
        if synthetic:
            self._images = torch.cat([self._images, self._images.new_empty(synthetic, 28, 28)])
            self._labels = torch.cat([self._labels, self._labels.new_empty(synthetic)])
        # A GPU alone computes a batch at once. Several of them need shards to share.
        in_shards = device.type == "cpu" or processes.is_launched
        self._shard_size = CPU_SHARD if in_shards else recipe.batch_size
        largest_batch = min(recipe.batch_size, self.images_per_epoch)
        self.shards_per_batch = math.ceil(largest_batch / self._shard_size)

    def __len__(self) -> int:
        """Return the number of batches in an epoch."""
        return math.ceil(self.images_per_epoch / self._recipe.batch_size)

    def draw_synthetic(self, epoch: int, pool: ThreadPoolExecutor) -> Iterator[None]:
        """Draw the synthetic images of an epoch unless that is done; yield after each part.

        Threads of the pool draw on the CPU; only the calling thread moves images to the device.
        If the caller stops early, the epoch has only the images drawn so far.
        """
        recipe, drawn_for = self._recipe, epoch if self._recipe.redrawn else 0
        if self._drawn_for == drawn_for:
            return
        self._drawn_for, self._count = drawn_for, self._real
        for images, labels in draw_synthetic(
            recipe.pen_digits,
            recipe.outliers,
            seed=recipe.seed,
            epoch=drawn_for,
            pool=pool,
            outlier_kinds=self._outlier_kinds,
            share=(self._processes.rank, self._processes.count),
        ):
            place = slice(self._count, self._count + len(images))
            self._images[place], self._labels[place] = images, labels
            self._count += len(images)
            yield
        # Every image is blank in all processes but the one that has drawn it.
        self._processes.add_up(self._images[self._real :])
        self._processes.add_up(self._labels[self._real :])

    def batches(self, epoch: int) -> Iterator[Batch]:
        """Yield all images of an epoch, counted from 0, in random order."""
        order = torch.randperm(self._count, generator=generator_at(self._recipe, 1, epoch))
        batches = torch.split(order.to(self._device), self._recipe.batch_size)
        for step, batch in enumerate(batches, start=epoch * len(self)):
            shards = torch.split(batch, self._shard_size)
            yield Batch(
                tuple(Shard(part, self._recipe, step, number) for number, part in enumerate(shards))
            )

    def load(self, shard: Shard) -> tuple[Tensor, Tensor]:
        """Return the samples (N, 1, 28, 28) of a shard, augmented, and their labels, int64 (N,)."""
        samples = to_samples(self._images[shard.indices])
        # Synthetic images vary already: distorting them again would lower the accuracy.
        is_real = shard.indices < self._real
        if self._augmentation is not None and bool(is_real.any()):
            samples[is_real] = augment(samples[is_real], self._augmentation, shard.generator)
        return samples, self._labels[shard.indices]


def to_samples(images: Tensor) -> Tensor:
    """Return float32 (N, 1, 28, 28), 0 to 1, for uint8 images (N, 28, 28)."""
    return images.unsqueeze(1).float().div_(255)
