"""Attribution says which pixels and which strokes an answer comes from."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from hands import DEMO
from lenet_desktop import paths
from lenet_desktop.drawing.preprocess import Sample, preprocess
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.strokes import Drawing, place
from lenet_desktop.inference.inside.attribution import (
    DEFAULT,
    Method,
    log_odds,
    strokes_left_out,
)
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


def odds_of(recognizer: Recognizer, *samples: Sample, target: int) -> list[float]:
    with torch.inference_mode():
        batch = torch.from_numpy(np.stack(samples))
        found = log_odds(recognizer.network, batch, target, recognizer.card.temperature)
    return found.tolist()


def test_log_odds_are_those_of_the_probability(recognizer: Recognizer) -> None:
    for target in (4, 9):
        prediction = recognizer.predict(sample_of("4"))
        (odds,) = odds_of(recognizer, sample_of("4"), target=target)
        assert 1 / (1 + np.exp(-odds)) == pytest.approx(prediction.probabilities[target], rel=1e-4)


@pytest.mark.parametrize("target", [7, 1])
@pytest.mark.parametrize(
    ("method", "tolerance"), [(Method.SHAPLEY, 1e-3), (Method.INTEGRATED_GRADIENTS, 0.05)]
)
def test_the_values_add_up_to_the_difference_from_bare_paper(
    recognizer: Recognizer, method: Method, tolerance: float, target: int
) -> None:
    sample = sample_of("7")
    found = recognizer.attribute(sample, target, method)
    whole, bare = odds_of(recognizer, sample, np.zeros_like(sample), target=target)
    assert found.values.sum() == pytest.approx(whole - bare, rel=tolerance)
    assert not found.values[sample == 0].any()


def test_occlusion_is_what_the_odds_lose(recognizer: Recognizer) -> None:
    sample = sample_of("7")
    corner = np.zeros_like(sample)
    corner[0, 0] = 1  # one square in four covers nothing else, and all cover it
    inked = np.maximum(sample, corner)
    values = recognizer.attribute(inked, 7, Method.OCCLUSION).values
    whole, without = odds_of(recognizer, inked, sample, target=7)
    reached = np.zeros_like(sample)
    reached[:7, :7] = 1
    assert not (sample * reached)[:7, :7].any(), "only the corner's ink is within reach of it"
    assert values[0, 0] == pytest.approx(whole - without, rel=1e-3)


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("label", ["4", "5"])
def test_the_pixels_with_the_highest_values_carry_the_answer(
    recognizer: Recognizer, method: Method, label: str
) -> None:
    sample, target = sample_of(label), int(label)
    found = recognizer.attribute(sample, target, method)
    assert found.method is method
    assert found.probability == pytest.approx(recognizer.predict(sample).probability)
    ink = np.flatnonzero(sample)
    order = ink[np.argsort(-found.values.reshape(-1)[ink])]
    best, worst = sample.copy(), sample.copy()
    best.reshape(-1)[order[: len(ink) // 3]] = 0
    worst.reshape(-1)[order[-(len(ink) // 3) :]] = 0
    without_best, without_worst = odds_of(recognizer, best, worst, target=target)
    assert without_best < without_worst - 0.5


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_architecture_and_any_classes(name: str, method: Method) -> None:
    torch.manual_seed(1)
    network = ARCHITECTURES[name](3).eval()
    card = ModelCard("a", architecture=name, classes=("tree", "house", "sea"))
    recognizer = Recognizer(Model(network, card), "cpu")
    before = {name: each.clone() for name, each in network.state_dict().items()}
    first = recognizer.attribute(sample_of("3"), 2, method)
    again = recognizer.attribute(sample_of("3"), 2, method)
    assert first.values.shape == (28, 28)
    assert first.values.dtype == np.float32
    assert np.isfinite(first.values).all()
    assert first.values.any()
    np.testing.assert_array_equal(first.values, again.values)
    for name, each in network.state_dict().items():
        assert torch.equal(each, before[name])
    assert all(each.grad is None for each in network.parameters())
    with pytest.raises(ValueError, match="no class 3"):
        recognizer.attribute(sample_of("3"), 3, method)


@pytest.mark.parametrize("method", Method)
def test_bare_paper_and_full_ink_have_values(recognizer: Recognizer, method: Method) -> None:
    bare = np.zeros((28, 28), np.float32)
    assert not recognizer.attribute(bare, 0, method).values.any()
    assert np.isfinite(recognizer.attribute(np.ones_like(bare), 0, method).values).all()


def test_it_can_be_ended_at_once(recognizer: Recognizer) -> None:
    class EndedError(Exception):
        pass

    calls = []

    def check() -> None:
        calls.append(1)
        if len(calls) == 3:
            raise EndedError

    for method in (Method.OCCLUSION, Method.SHAPLEY):
        calls.clear()
        with pytest.raises(EndedError):
            recognizer.attribute(sample_of("8"), 8, method, check)
    assert DEFAULT in Method


def test_the_stroke_that_carries_the_answer(recognizer: Recognizer) -> None:
    drawing = place(DEMO["4"])
    changes = strokes_left_out(recognizer, drawing, 4)
    assert len(changes) == 2
    whole = recognizer.recognize(drawing)
    assert whole is not None
    for change, rest in zip(changes, reversed(drawing.strokes), strict=True):
        left = recognizer.recognize(replace(drawing, strokes=(rest,)))
        assert left is not None
        assert change == pytest.approx(left.probabilities[4] - whole.probabilities[4], abs=1e-6)
        assert change < -0.5


def test_without_its_only_stroke_nothing_is_left(recognizer: Recognizer) -> None:
    (change,) = strokes_left_out(recognizer, place(DEMO["7"]), 7)
    assert change == pytest.approx(-recognizer.predict(sample_of("7")).probability, abs=0.01)
    assert strokes_left_out(recognizer, Drawing(), 7) == ()
