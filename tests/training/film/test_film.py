"""The film of real trainings: it changes nothing of them, and its moments are theirs."""

import dataclasses

import numpy as np
import pytest
import torch

from lenet_desktop.data.labelled import TrainingData
from lenet_desktop.models.model_file import Model
from lenet_desktop.training.film.film import Film
from lenet_desktop.training.film.reader import FilmReader
from lenet_desktop.training.film.spacing import MOST
from lenet_desktop.training.loop import train
from lenet_desktop.training.recipe import Recipe
from lenet_desktop.training.step.live_reader import LiveReader
from trainings import BUSY, PLAIN, few_digits, finish, same_weights, to_the_end

RESIDUAL = Recipe("residual", architecture="residual", epochs=1, batch_size=50, ema_decay=0.5)
# Without the synthetic images, which take most of the time.
SHORT = dataclasses.replace(BUSY, epochs=2, batch_size=32, pen_digits=0, redrawn=False)


@pytest.fixture(scope="module")
def few() -> TrainingData:
    return few_digits()


@pytest.mark.parametrize("recipe", [PLAIN, SHORT, RESIDUAL], ids=lambda recipe: recipe.name)
def test_a_filmed_training_gives_the_same_model(few: TrainingData, recipe: Recipe) -> None:
    film = Film()
    filmed = finish(train(recipe, few, film=film))
    assert len(film.moments) > 4
    plain = finish(train(recipe, few))
    assert same_weights(filmed, plain)
    assert filmed.card == plain.card


@pytest.mark.parametrize("device", ["cpu", "cpu:0"])  # 'cpu:0' stands in for an accelerator
def test_a_moment_answers_as_the_network_did_then(few: TrainingData, device: str) -> None:
    """Statistics of batch normalization are those of the moment, too."""
    film, reader = Film(), LiveReader()
    sample = few.test.images[0].numpy().astype(np.float32) / 255
    live: dict[int, np.ndarray] = {}
    training = train(SHORT, few, film=film, reader=reader, device=torch.device(device))
    for record in training:
        # Records come in time, moments by steps: this one is of the step that both are at.
        if record.step not in live and film.moments[-1].step == record.step:
            probabilities = reader.read(sample)
            assert probabilities is not None
            live[record.step] = probabilities
    shown = FilmReader(film)
    moments = [moment for moment in film.moments if moment.step in live]
    assert len(moments) >= SHORT.epochs
    for moment in moments:
        opened = shown.open(moment, sample)
        assert opened.probabilities == pytest.approx(live[moment.step], abs=1e-6)
        assert not opened.model.network.training
        assert opened.model.card.classes == few.classes


def test_the_first_and_the_last_moment_are_the_ends_of_the_training(few: TrainingData) -> None:
    film = Film()
    records, model = to_the_end(train(PLAIN, few, film=film))
    first, last = film.moments[0], film.moments[-1]
    assert (first.step, first.loss, first.seconds) == (0, None, 0.0)
    assert last.step == records[-1].step == film.steps
    assert last.loss == records[-1].smoothed_loss
    assert 0 < last.seconds <= records[-1].elapsed_seconds
    if model.card.notes["epoch"] == PLAIN.epochs:
        assert same_weights(film.model(last), model)
    kernels = FilmReader(film).open(last).kernels
    assert kernels.shape == (6, 5, 5)
    weights = film.model(last).network.get_parameter("conv1.weight")
    assert (kernels == weights.detach().numpy()[:, 0]).all()
    assert not np.array_equal(kernels, FilmReader(film).open(first).kernels)


def test_a_moment_does_not_change_with_the_training(few: TrainingData) -> None:
    film = Film()
    training = train(PLAIN, few, film=film)
    next(training)
    first = film.moments[0]
    before = first.weights.clone()
    finish(training)
    assert film.moments[0] is first
    assert torch.equal(first.weights, before)


def test_frozen_convolutions_are_those_of_the_start(few: TrainingData) -> None:
    start = finish(train(SHORT, few))
    film = Film()
    finish(train(SHORT, few, start=start, freeze_convolutions=True, film=film))
    kernels = start.network.get_parameter("conv1.weight").detach().numpy()[:, 0]
    for moment in (film.moments[0], film.moments[-1]):
        assert np.array_equal(FilmReader(film).open(moment).kernels, kernels)


@pytest.mark.parametrize("architecture", ["lenet", "residual"])
def test_a_full_film_takes_less_than_40_mb(few: TrainingData, architecture: str) -> None:
    film = Film()
    recipe = dataclasses.replace(RESIDUAL, architecture=architecture)
    finish(train(recipe, few, film=film))
    assert 0 < max(moment.bytes for moment in film.moments) * MOST < 40e6


def test_accuracies_are_those_of_each_class(few: TrainingData) -> None:
    film = Film()
    finish(train(PLAIN, few, film=film))
    reader = FilmReader(film)
    measured = reader.measure(film.moments[-1])
    images = film.images
    assert images is not None
    model: Model = film.model(film.moments[-1])
    with torch.inference_mode():
        found = model.network(images.images.unsqueeze(1) / 255).argmax(1)
    for label, accuracy in enumerate(measured.accuracies):
        of_class = images.labels == label
        expected = (found[of_class] == label).double().mean()
        assert accuracy == pytest.approx(float(expected), nan_ok=True)
    assert measured.accuracy == pytest.approx(float((found == images.labels).double().mean()))
    assert measured.accuracy > reader.measure(film.moments[0]).accuracy
    assert reader.measure(film.moments[-1]) is measured, "measured only once"


def test_another_training_begins_another_film(few: TrainingData) -> None:
    film = Film()
    finish(train(PLAIN, few, film=film))
    training = train(PLAIN, few, film=film)
    next(training)
    assert [moment.step for moment in film.moments] == [0]
    training.close()
