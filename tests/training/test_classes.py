"""Trainings with other classes than the ten digits."""

import dataclasses
import string
from pathlib import Path

import numpy as np
import pytest
import torch

from lenet_desktop import paths
from lenet_desktop.data.labelled import NONE_OF_THEM, LabelledImages, TrainingData
from lenet_desktop.data.sources import STARTER
from lenet_desktop.data.synthetic.outliers import KINDS, kinds_beside
from lenet_desktop.models import model_file
from lenet_desktop.models.lenet import LeNet
from lenet_desktop.models.model_card import DIGITS, ModelCard
from lenet_desktop.models.model_file import Model
from lenet_desktop.training.job import Job, LoadedJob, Outcome
from lenet_desktop.training.recipe import Recipe
from lenet_desktop.training.step.loader import Loader
from trainings import PLAIN, to_the_end

SHAPES = ("bar", "ring", "cross")
LETTERS = tuple(string.ascii_lowercase)


def images_of(classes: tuple[str, ...], count: int, seed: int) -> LabelledImages:
    """Return noisy images with a bright patch whose place belongs to the class."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.arange(count) % len(classes)
    images = torch.randint(0, 40, (count, 28, 28), generator=generator).to(torch.uint8)
    for image, label in zip(images, labels.tolist(), strict=True):
        row, column = divmod(label, 6)
        image[2 + 4 * row : 6 + 4 * row, 2 + 4 * column : 6 + 4 * column] = 255
    return LabelledImages(images, labels, classes)


def data_of(classes: tuple[str, ...]) -> TrainingData:
    parts = (images_of(classes, count, seed) for seed, count in enumerate((400, 52, 52)))
    return TrainingData("patches", "made here", *parts)


def run(
    classes: tuple[str, ...], recipe: Recipe, champion: Model
) -> tuple[list[str], TrainingData, Outcome]:
    data = data_of(classes)
    job = Job(recipe, STARTER, paths.factory_model())
    loaded = LoadedJob(job, champion, (), data, data)
    records, outcome = to_the_end(loaded.train())
    return [record.notice for record in records if record.notice], data, outcome


@pytest.mark.parametrize("classes", [SHAPES, LETTERS], ids=["3 classes", "26 classes"])
def test_any_classes_are_trained_saved_calibrated_and_compared(
    classes: tuple[str, ...], tmp_path: Path
) -> None:
    champion = Model(LeNet(len(classes)), ModelCard("untrained", classes=classes))
    recipe = dataclasses.replace(PLAIN, epochs=4, pen_digits=40, outliers=40)
    notices, data, outcome = run(classes, recipe, champion)
    assert [notice.split(":")[0] for notice in notices] == ["The classes are not the ten digits"]
    card = outcome.challenger.card
    assert card.classes == classes
    assert card.recipe["pen_digits"] == 0
    assert "400 images to train, 40 synthetic outliers. made here" in card.data
    assert card.test_accuracy is not None and card.test_accuracy > 0.9
    assert card.max_energy < 1e9, "outliers have set a threshold"
    assert outcome.champion_name == "untrained"
    assert outcome.comparison.champion is not None
    assert outcome.comparison.challenger.accuracy == pytest.approx(card.test_accuracy)
    assert outcome.comparison.only_challenger > outcome.comparison.only_champion

    model_file.save(outcome.challenger, tmp_path / "model.safetensors")
    again = model_file.load(tmp_path / "model.safetensors")
    assert again.card == card
    with torch.inference_mode():
        answers = again.network(data.test.images.unsqueeze(1) / 255).argmax(1)
    assert float((answers == data.test.labels).float().mean()) == pytest.approx(card.test_accuracy)


def test_a_champion_with_other_classes_does_not_stop_a_training() -> None:
    champion = model_file.load(paths.factory_model())
    _, data, outcome = run(SHAPES, PLAIN, champion)
    assert outcome.comparison.challenger.count == len(data.test)


def test_outliers_are_never_letters_or_shapes_where_these_may_be_classes() -> None:
    assert kinds_beside(DIGITS) is None
    kinds = kinds_beside(LETTERS)
    assert kinds is not None
    assert set(KINDS) - set(kinds) == {"latin", "letter", "shape"}


def test_synthetic_images_join_after_the_real_ones() -> None:
    from concurrent.futures import ThreadPoolExecutor

    real = images_of(SHAPES, 90, 0)
    recipe = dataclasses.replace(PLAIN, outliers=70, batch_size=50)
    loader = Loader(real, recipe, torch.device("cpu"))
    with ThreadPoolExecutor(1) as pool:
        assert list(loader.draw_synthetic(0, pool))
        assert list(loader.draw_synthetic(1, pool)) == [], "they are there"
    batches = list(loader.batches(0))
    assert [len(batch) for batch in batches] == [50, 50, 50, 10]
    assert len(loader) == 4
    samples, labels = zip(
        *(loader.load(shard) for batch in batches for shard in batch.shards), strict=True
    )
    found = torch.cat(labels)
    assert int((found == NONE_OF_THEM).sum()) == 70
    assert torch.equal(found[found >= 0].bincount(), real.labels.bincount())
    assert sorted(torch.cat(samples)[found >= 0].sum((1, 2, 3)).tolist()) == pytest.approx(
        sorted((real.images.numpy().astype(np.float32) / 255).sum((1, 2)).tolist()), rel=1e-4
    )
