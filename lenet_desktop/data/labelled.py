"""Labelled images, and their three parts: training, validation and test."""

import hashlib
import json
from dataclasses import dataclass

import torch
from torch import Tensor

from lenet_desktop.errors import NO_TEXT, Text, UserError
from lenet_desktop.models.model_card import DIGITS

NONE_OF_THEM = -1
"""The label of an image that belongs to none of the classes, such as a synthetic outlier."""


class DatasetError(UserError):
    """Data is missing or cannot be read; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class LabelledImages:
    """Images and their classes.

    Attributes:
        images: uint8 (N, 28, 28), 0 paper to 255 full ink.
        labels: int64 (N,), the index of each image's class in ``classes``.
        classes: the names of the classes, whether or not there are images of them.
    """

    images: Tensor
    labels: Tensor
    classes: tuple[str, ...]

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

    @property
    def noun(self) -> str:
        """What these images are called: 'digits', or 'images' of any other classes."""
        return "digits" if set(self.classes) == set(DIGITS) else "images"

    def take(self, index: slice | Tensor) -> "LabelledImages":
        """Return some of the images: those that a slice, a mask or a list of indices selects."""
        return LabelledImages(self.images[index], self.labels[index], self.classes)

    def few(self, count: int) -> "LabelledImages":
        """Return ``count`` of the images, as equally many of each class as there are."""
        rank = torch.empty_like(self.labels)
        for label in range(len(self.classes)):
            own = (self.labels == label).nonzero()[:, 0]
            rank[own] = torch.arange(len(own))
        return self.take(rank.argsort(stable=True)[:count].sort().values)

    def digest(self) -> str:
        """Return the SHA-256 of images, labels and classes, in hexadecimal digits."""
        sum_ = hashlib.sha256(json.dumps([len(self), *self.classes]).encode())
        sum_.update(self.images.contiguous().numpy().data)
        sum_.update(self.labels.numpy().astype("<i8").data)
        return sum_.hexdigest()


@dataclass(frozen=True)
class TrainingData:
    """Three sets of labelled images, of the same classes.

    Attributes:
        name: the name of the data, to be shown.
        credit: who made it, and its licence.
        train: the images that the network is fitted to.
        validation: the images with which epochs, recipes and thresholds are chosen.
        test: the images on which results are reported and champion and challenger are compared.
        test_name: the name of the data that ``test`` comes from; '' for ``name``.
        notice: a sentence for the user about what was left out; '' for nothing.
    """

    name: str
    credit: str
    train: LabelledImages
    validation: LabelledImages
    test: LabelledImages
    test_name: str = ""
    notice: Text = NO_TEXT

    def __post_init__(self) -> None:
        if not self.train.classes == self.validation.classes == self.test.classes:
            raise ValueError("the three parts of TrainingData need the same classes")

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes."""
        return self.train.classes

    def digest(self) -> str:
        """Return the SHA-256 of the three parts, in hexadecimal digits.

        Names, credit and notice are not included. A resumed training compares this digest, because
        it must continue with the same images.
        """
        parts = (self.train, self.validation, self.test)
        return hashlib.sha256("".join(part.digest() for part in parts).encode()).hexdigest()


def split_by_class(images: LabelledImages, count: int) -> tuple[LabelledImages, LabelledImages]:
    """Return the first ``count`` images of each class, and the rest; both keep their order."""
    taken = torch.zeros(len(images), dtype=torch.bool)
    for label in range(len(images.classes)):
        taken[(images.labels == label).nonzero()[:count, 0]] = True
    return images.take(taken), images.take(~taken)
