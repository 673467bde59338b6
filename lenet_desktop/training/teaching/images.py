"""The images that are learned from: variants of a person's drawings."""

import time
from collections.abc import Generator, Sequence

import numpy as np
import torch

from lenet_desktop.data.labelled import LabelledImages
from lenet_desktop.data.teaching.drawings import LabelledDrawing
from lenet_desktop.data.teaching.variants import draw_variants
from lenet_desktop.training.progress import TrainingProgress

_RECORD_SECONDS = 0.04


def images_of(drawings: Sequence[LabelledDrawing], classes: tuple[str, ...]) -> LabelledImages:
    """Return the drawings as they are; there may be none."""
    images = np.stack([each.image for each in drawings]) if drawings else np.zeros((0, 28, 28))
    labels = [classes.index(each.label) for each in drawings]
    return LabelledImages(
        torch.from_numpy(images.astype(np.uint8)), torch.tensor(labels, dtype=torch.int64), classes
    )


def variants_of(
    drawings: Sequence[LabelledDrawing], classes: tuple[str, ...], count: int, seed: int
) -> Generator[TrainingProgress, None, LabelledImages]:
    """Return ``count`` variants of each drawing; yield records of a training that has not begun.

    Not calling ``next`` pauses the drawing, and ``close`` cancels it, as in a training.
    """
    images, labels = [np.zeros((0, 28, 28), np.uint8)], []
    began = reported = time.perf_counter()
    for image, label in draw_variants(drawings, count, seed):
        images.append(image[np.newaxis])
        labels.append(classes.index(label))
        now = time.perf_counter()
        if now - reported >= _RECORD_SECONDS:
            left = len(drawings) * count - len(labels)
            yield _record(now - began, (now - began) * left / len(labels))
            reported = time.perf_counter()
    return LabelledImages(
        torch.from_numpy(np.concatenate(images)), torch.tensor(labels, dtype=torch.int64), classes
    )


def _record(elapsed: float, remaining: float) -> TrainingProgress:
    return TrainingProgress(
        epoch=1,
        epochs=1,
        step=0,
        steps=1,
        losses=(),
        smoothed_loss=None,
        validation_loss=None,
        validation_accuracy=None,
        learning_rate=0.0,
        digits_per_second=0.0,
        elapsed_seconds=elapsed,
        remaining_seconds=remaining,
        best_validation_accuracy=None,
    )
