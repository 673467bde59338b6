"""Samples that are read with the network while it is trained."""

import copy
import dataclasses
import threading

import numpy as np
import pytest
import torch

from lenet_desktop.data.labelled import TrainingData
from lenet_desktop.models.model_card import DIGITS
from lenet_desktop.models.variants import LeNetVariant
from lenet_desktop.training.loop import train
from lenet_desktop.training.step.live_reader import LiveReader
from lenet_desktop.training.step.optimizer import gather_weights
from trainings import BUSY, PLAIN, few_digits, finish, same_weights

SEVERAL_SHARDS = dataclasses.replace(BUSY, batch_size=200, epochs=3)


@pytest.fixture(scope="module")
def few() -> TrainingData:
    return few_digits()


def test_without_a_training_there_is_no_answer() -> None:
    assert LiveReader().read(np.zeros((28, 28), np.float32)) is None


def test_the_first_answer_is_that_of_random_weights_and_the_last_is_right() -> None:
    data = few_digits(2000)
    sample = data.test.images[0].numpy().astype(np.float32) / 255
    right = int(data.test.labels[0])
    reader = LiveReader()
    training = train(dataclasses.replace(PLAIN, epochs=6), data, reader=reader)
    assert next(training).step == 0
    first = reader.read(sample)
    assert first is not None
    assert first.shape == (10,)
    assert first.sum() == pytest.approx(1, abs=1e-5)
    assert first.max() < 0.5
    last = first
    for _ in training:
        read = reader.read(sample)
        assert read is not None
        last = read
    assert reader.classes == data.classes
    assert last.argmax() == right
    assert last.max() > 0.5


@pytest.mark.parametrize("device", ["cpu", "cpu:0"])
def test_reading_along_changes_nothing_of_the_result(few: TrainingData, device: str) -> None:
    """Weights, statistics of batch normalization, thresholds: bit for bit the same."""
    sample = few.test.images[0].numpy().astype(np.float32) / 255
    alone = finish(train(SEVERAL_SHARDS, few, device=torch.device(device)))
    reader = LiveReader()
    training = train(SEVERAL_SHARDS, few, device=torch.device(device), reader=reader)
    while True:
        try:
            next(training)
        except StopIteration as end:
            watched = end.value
            break
        for _ in range(3):
            assert reader.read(sample) is not None
    assert same_weights(alone, watched)
    assert alone.card == watched.card


def test_with_batch_normalization_the_present_statistics_are_used() -> None:
    """Those of the network that is validated are set only when an epoch is complete."""
    network = LeNetVariant(batch_norm=True).eval()
    weights = gather_weights(network)
    trained = copy.deepcopy(network)
    for name, buffer in trained.named_buffers():
        if buffer.is_floating_point():
            buffer.add_(torch.arange(len(buffer)) / len(buffer) + name.endswith("mean"))
    reader = LiveReader()
    reader.follow(network, weights, DIGITS, lambda: dict(trained.named_buffers()))
    before = {name: buffer.clone() for name, buffer in network.named_buffers()}
    sample = np.random.default_rng(0).random((28, 28), np.float32)
    answer = reader.read(sample)
    with torch.inference_mode():
        image = torch.from_numpy(sample)[None, None]
        expected, stale = (each(image).softmax(1)[0].numpy() for each in (trained, network))
    assert answer == pytest.approx(expected, abs=1e-6)
    assert answer != pytest.approx(stale, abs=1e-4)
    assert all(torch.equal(before[name], buffer) for name, buffer in network.named_buffers())


def test_a_read_uses_only_the_calling_thread(few: TrainingData) -> None:
    reader = LiveReader()
    training = train(PLAIN, few, reader=reader, threads=0)
    next(training)
    before = threading.active_count()
    assert reader.read(np.zeros((28, 28), np.float32)) is not None
    assert threading.active_count() == before
    training.close()


def test_logits_that_are_not_finite_are_no_answer(few: TrainingData) -> None:
    reader = LiveReader()
    training = train(PLAIN, few, reader=reader, threads=0)
    next(training)
    assert reader.read(np.full((28, 28), np.nan, np.float32)) is None
    training.close()
