"""A sample is changed to another class, and inputs are made that the network likes."""

import numpy as np
import pytest
import torch

from hands import DEMO
from lenet_desktop import paths
from lenet_desktop.drawing.preprocess import Sample, preprocess
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.strokes import place
from lenet_desktop.inference.inside.synthesis import Growth, dream, smallest_change
from lenet_desktop.inference.recognizer import Recognizer
from lenet_desktop.models.architectures import ARCHITECTURES
from lenet_desktop.models.model_card import ModelCard
from lenet_desktop.models.model_file import Model


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.from_file(paths.factory_model(), "cpu")


def sample_of(label: str) -> Sample:
    sample = preprocess(rasterize(place(DEMO[label])))
    assert sample is not None
    return sample


def check(growths: list[Growth]) -> None:
    for growth in growths:
        assert growth.sample.shape == (28, 28)
        assert growth.sample.dtype == np.float32
        assert growth.sample.min() >= 0
        assert growth.sample.max() <= 1


@pytest.mark.parametrize(("label", "target"), [("7", 4), ("4", 9)])
def test_a_small_change_turns_the_answer(recognizer: Recognizer, label: str, target: int) -> None:
    sample = sample_of(label)
    *growths, last = smallest_change(recognizer, sample, target)
    check([*growths, last])
    np.testing.assert_allclose(growths[0].sample, sample, atol=1e-6)
    answer = recognizer.predict(last.sample)
    assert last.is_found
    assert answer.is_sure
    assert answer.best_class == str(target)
    assert last.probability == pytest.approx(answer.probabilities[target])
    assert last.change == pytest.approx(np.abs(last.sample - sample).sum(), rel=1e-4)
    assert last.change < sample.sum() / 3
    assert last.change == min(growth.change for growth in growths if growth.is_found)


def test_it_is_told_when_no_change_is_found() -> None:
    torch.manual_seed(1)
    # No energy is low enough for this card: nothing is trusted, however it is changed.
    card = ModelCard("a", classes=("a", "b", "c"), max_energy=-1e6)
    recognizer = Recognizer(Model(ARCHITECTURES["lenet"](3).eval(), card), "cpu")
    *_, last = smallest_change(recognizer, sample_of("7"), 1)
    assert not last.is_found


def test_a_class_dreams_of_an_input_that_it_likes(recognizer: Recognizer) -> None:
    layers = recognizer.read_inside(sample_of("4")).layers
    growths = list(dream(recognizer, layers, len(layers) - 1, 3))
    check(growths)
    assert growths[-1].probability is not None
    assert growths[-1].probability > 0.95
    assert growths[-1].probability > growths[0].probability
    assert recognizer.predict(growths[-1].sample).best_class == "3"
    assert growths[-1].step == growths[-1].steps == len(growths)


@pytest.mark.parametrize("name", ["lenet", "lenet-variant", "residual"])
def test_every_map_and_neuron_dreams(name: str) -> None:
    torch.manual_seed(2)
    network = ARCHITECTURES[name](3)
    network(torch.rand(8, 1, 28, 28))
    card = ModelCard("a", architecture=name, classes=("a", "b", "c"))
    recognizer = Recognizer(Model(network.eval(), card), "cpu")
    layers = recognizer.read_inside(sample_of("4")).layers
    for layer in range(1, len(layers) - 1):
        growths = dream(recognizer, layers, layer, 1)
        first, second = next(growths), next(growths)
        growths.close()
        check([first, second])
        assert first.probability is None
        assert (first.sample != second.sample).any()
    assert not any(each._forward_hooks for each in network.modules())


def test_a_map_likes_its_dream_better_than_a_digit(recognizer: Recognizer) -> None:
    sample = sample_of("8")
    before = recognizer.read_inside(sample)
    conv2 = next(n for n, layer in enumerate(before.layers) if layer.name == "conv2")
    *_, last = dream(recognizer, before.layers, conv2, 3)
    after = recognizer.read_inside(last.sample)
    assert (
        np.maximum(after.values[conv2][3], 0).sum()
        > 2 * np.maximum(before.values[conv2][3], 0).sum()
    )
