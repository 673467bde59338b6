"""Labelled images and their three parts: to train on, to choose with, to test on."""

import hashlib
import json
from dataclasses import dataclass

import torch
from torch import Tensor

from lenet_desktop.errors import UserError
from lenet_desktop.models.model_card import DIGITS

NONE_OF_THEM = -1
"""The label of an image that belongs to none of the classes."""


class DatasetError(UserError):
    """Data that cannot be had; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class LabelledImages:
    """Images, and the class that each of them belongs to.

    Attributes:
        images: uint8 (N, 28, 28), 0 paper to 255 full ink.
        labels: int64 (N,), the index of each image's class.
        classes: the name of each class.
    """

    images: Tensor
    labels: Tensor
    classes: tuple[str, ...] = DIGITS

    def __post_init__(self) -> None:
        count = len(self.labels)
        if self.images.shape != (count, 28, 28) or self.labels.shape != (count,):
            raise ValueError("LabelledImages needs images (N, 28, 28) and labels (N,)")
        if self.images.dtype != torch.uint8 or self.labels.dtype != torch.int64:
            raise ValueError("LabelledImages needs uint8 images and int64 labels")
        most = len(self.classes) - 1
        if count and not 0 <= int(self.labels.min()) <= int(self.labels.max()) <= most:
            raise ValueError(f"LabelledImages needs labels from 0 to {most}")

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def names(self) -> list[str]:
        """The name of each image's class."""
        return [self.classes[label] for label in self.labels.tolist()]

    def digest(self) -> str:
        """Return the SHA-256 of images, labels and classes, in hexadecimal digits."""
        sum_ = hashlib.sha256(json.dumps([len(self), *self.classes]).encode())
        sum_.update(self.images.contiguous().numpy().data)
        sum_.update(self.labels.numpy().astype("<i8").data)
        return sum_.hexdigest()


@dataclass(frozen=True)
class TrainingData:
    """Labelled images of the same classes in three parts.

    Attributes:
        name: what people call the data.
        credit: who made it, and its licence.
        train: what the network is fitted on.
        validation: what epochs, recipes and thresholds are chosen on.
        test: what only reports, and what champion and challenger are compared on.
    """

    name: str
    credit: str
    train: LabelledImages
    validation: LabelledImages
    test: LabelledImages

    def __post_init__(self) -> None:
        if not self.train.classes == self.validation.classes == self.test.classes:
            raise ValueError("the three parts of TrainingData need the same classes")

    @property
    def classes(self) -> tuple[str, ...]:
        """The name of each class."""
        return self.train.classes

    def digest(self) -> str:
        """Return the SHA-256 of the three parts, in hexadecimal digits; their names do not count.

        A resumed training compares it: it must go on with the very images it began with.
        """
        parts = (self.train, self.validation, self.test)
        return hashlib.sha256("".join(part.digest() for part in parts).encode()).hexdigest()


def split_by_class(images: LabelledImages, count: int) -> tuple[LabelledImages, LabelledImages]:
    """Split off the first ``count`` images of each class; return them and the rest, in order."""
    taken = torch.zeros(len(images), dtype=torch.bool)
    for label in range(len(images.classes)):
        taken[(images.labels == label).nonzero()[:count, 0]] = True
    first, rest = (
        LabelledImages(images.images[part], images.labels[part], images.classes)
        for part in (taken, ~taken)
    )
    return first, rest
