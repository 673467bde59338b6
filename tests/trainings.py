"""Small trainings for tests: 200 of the starter digits, and a recipe that uses everything."""

import dataclasses
from collections.abc import Generator
from typing import TypeVar

import torch

from lenet_desktop.data.labelled import LabelledImages, TrainingData
from lenet_desktop.data.starter import starter_digits
from lenet_desktop.models.model_file import Model
from lenet_desktop.training.progress import TrainingProgress
from lenet_desktop.training.recipe import Recipe

# Everything that draws random numbers or keeps state: augmentation, dropout, batch normalization,
# averaged weights, synthetic images drawn anew for each epoch.
BUSY = Recipe(
    "busy",
    architecture="lenet-variant",
    options={"dropout": 0.1, "batch_norm": True},
    augmentation="strong",
    ema_decay=0.9,
    label_smoothing=0.05,
    pen_digits=60,
    redrawn=True,
    epochs=4,
)

# The fastest training.
PLAIN = Recipe("plain", epochs=2, batch_size=64)

Result = TypeVar("Result")


def few_digits(train: int = 200, others: int = 100) -> TrainingData:
    """Return the first digits of each part of the starter digits."""
    data = starter_digits()
    return dataclasses.replace(
        data,
        train=data.train.take(slice(train)),
        validation=data.validation.take(slice(others)),
        test=data.test.take(slice(others)),
    )


def to_the_end(
    training: Generator[TrainingProgress, None, Result],
) -> tuple[list[TrainingProgress], Result]:
    """Run a training; return its records and its result."""
    records = []
    while True:
        try:
            records.append(next(training))
        except StopIteration as end:
            return records, end.value


def finish(training: Generator[TrainingProgress, None, Result]) -> Result:
    """Run a training; return its result."""
    return to_the_end(training)[1]


def same_weights(one: Model, other: Model) -> bool:
    """Return whether two models have the same weights, bit for bit."""
    mine, theirs = one.network.state_dict(), other.network.state_dict()
    return mine.keys() == theirs.keys() and all(torch.equal(mine[k], theirs[k]) for k in mine)


def accuracy(model: Model, images: LabelledImages) -> float:
    """Return the share of images that a model reads correctly, 0 to 1."""
    with torch.inference_mode():
        logits = model.network(images.images.unsqueeze(1) / 255)
    return float((logits.argmax(1) == images.labels).double().mean())
