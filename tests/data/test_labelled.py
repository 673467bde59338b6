"""Labelled images, their parts and their digests."""

import hashlib
from dataclasses import replace

import pytest
import torch

from lenet_desktop.data.labelled import LabelledImages, TrainingData, split_by_class
from lenet_desktop.data.starter import starter_digits
from lenet_desktop.training.loop import train as run_training
from lenet_desktop.training.recipe import RECIPES


def some_images(classes: tuple[str, ...], each: int) -> LabelledImages:
    """Return random images, ``each`` of every class, the classes taking turns."""
    labels = torch.arange(len(classes)).repeat(each)
    generator = torch.Generator().manual_seed(len(classes))
    shape = (len(labels), 28, 28)
    images = torch.randint(0, 256, shape, dtype=torch.uint8, generator=generator)
    return LabelledImages(images, labels, classes)


def test_images_and_labels_must_fit_together() -> None:
    images, labels = torch.zeros(3, 28, 28, dtype=torch.uint8), torch.zeros(3, dtype=torch.int64)
    classes = ("a", "b", "c")
    with pytest.raises(ValueError, match="images"):
        LabelledImages(images, labels[:2], classes)
    with pytest.raises(ValueError, match="uint8"):
        LabelledImages(images.float(), labels, classes)
    for wrong in (labels + 3, labels - 1):
        with pytest.raises(ValueError, match="0 to 2"):
            LabelledImages(images, wrong, classes)
    other = some_images(("a", "b"), 1)
    with pytest.raises(ValueError, match="same classes"):
        TrainingData("", "", some_images(classes, 1), some_images(classes, 1), other)


@pytest.mark.parametrize("classes", [("a", "b", "c"), tuple("abcdefghijklmnopqrstuvwxyz")])
def test_data_of_any_classes_is_split_and_trained_on(classes: tuple[str, ...]) -> None:
    images = some_images(classes, 6)
    validation, rest = split_by_class(images, 1)
    test, train = split_by_class(rest, 2)
    assert [len(part) for part in (train, validation, test)] == [
        each * len(classes) for each in (3, 1, 2)
    ]
    assert validation.names == list(classes)
    assert test.names == [*classes, *classes]
    assert torch.equal(train.images, images.images[3 * len(classes) :])
    data = TrainingData("letters", "random", train, validation, test)
    assert data.classes == classes
    recipe = replace(RECIPES["tutorial"], epochs=1)
    steps = run_training(recipe, data, device=torch.device("cpu"))
    with pytest.raises(StopIteration) as end:
        while True:
            next(steps)
    assert end.value.value.card.classes == classes


def test_images_of_other_classes_are_not_called_digits() -> None:
    assert some_images(tuple("9876543210"), 1).noun == "digits"
    assert some_images(("a", "b"), 1).noun == "images"


def test_images_are_taken_by_slice_mask_or_index() -> None:
    images = some_images(("a", "b", "c"), 2)
    every_second = images.take(slice(None, None, 2))
    assert every_second.names == ["a", "c", "b"]
    assert torch.equal(every_second.images, images.images[::2])
    assert images.take(images.labels == 1).names == ["b", "b"]
    assert images.take(torch.tensor([5, 0])).names == ["c", "a"]
    assert images.take(slice(0)).names == []


def test_the_digest_changes_with_anything_that_matters() -> None:
    images = some_images(("a", "b", "c"), 4)
    pixel, label = images.images.clone(), images.labels.clone()
    pixel[5, 3, 3] ^= 1
    label[5] = 0
    others = (
        replace(images, images=pixel),
        replace(images, labels=label),
        replace(images, classes=("a", "b", "d")),
        replace(images, classes=("a", "b", "c", "")),
        LabelledImages(images.images[:-1], images.labels[:-1], images.classes),
        LabelledImages(images.images.flip(0), images.labels, images.classes),
    )
    digests = {each.digest() for each in (images, *others)}
    assert len(digests) == 1 + len(others)
    assert len(bytes.fromhex(images.digest())) == hashlib.sha256().digest_size
    # How the same images lie in memory makes no difference.
    scattered = images.images.permute(2, 1, 0).contiguous().permute(2, 1, 0)
    same = LabelledImages(scattered, torch.stack([images.labels] * 2, 1)[:, 0], images.classes)
    assert not same.images.is_contiguous()
    assert not same.labels.is_contiguous()
    assert same.digest() == images.digest()


def test_the_digest_of_training_data_counts_each_part() -> None:
    data = starter_digits()
    assert data.digest() == starter_digits().digest()
    assert replace(data, name="another", credit="another").digest() == data.digest()
    exchanged = TrainingData(data.name, data.credit, data.train, data.test, data.validation)
    without_test = replace(data, test=split_by_class(data.test, 5)[0])
    assert len({data.digest(), exchanged.digest(), without_test.digest()}) == 3


def test_a_few_images_are_as_many_of_each_class() -> None:
    images = some_images(("a", "b", "c"), 6)
    few = images.few(6)
    assert few.names == ["a", "b", "c"] * 2
    assert torch.equal(few.images, images.images[:6])
    assert sorted(images.few(7).names) == ["a", "a", "a", "b", "b", "c", "c"]
    sorted_by_class = images.take(images.labels.argsort(stable=True))
    assert sorted_by_class.few(5).names == ["a", "a", "b", "b", "c"]
    assert len(images.few(1000)) == len(images)
