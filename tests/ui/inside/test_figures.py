"""The figures that are shown add up, and are those of the network."""

import numpy as np
import pytest

from hands import DEMO
from lenet_desktop import paths
from lenet_desktop.drawing.preprocess import preprocess
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.strokes import place
from lenet_desktop.inference.inside.layers import LayerKind
from lenet_desktop.inference.inside.reading import InsideReading
from lenet_desktop.inference.inside.unit import Step, Unit
from lenet_desktop.inference.recognizer import Recognizer
from lenet_desktop.models.architectures import ARCHITECTURES
from lenet_desktop.models.model_card import ModelCard
from lenet_desktop.models.model_file import Model
from lenet_desktop.ui.inside.detail.figures import DECIMALS, figures, written


def reading_of(label: str, architecture: str = "") -> InsideReading:
    sample = preprocess(rasterize(place(DEMO[label])))
    recognizer = Recognizer.from_file(paths.factory_model(), "cpu")
    if architecture:
        network = ARCHITECTURES[architecture](10).eval()
        recognizer = Recognizer(Model(network, ModelCard("x", architecture=architecture)), "cpu")
    return recognizer.read_inside(sample)


@pytest.mark.parametrize("architecture", ["", "residual"])
@pytest.mark.parametrize("most", [2, 6, 1000])
def test_terms_bias_and_products_add_up_to_the_shown_sum(architecture: str, most: int) -> None:
    reading = reading_of("7", architecture)
    chance = np.random.default_rng(most)
    for number, layer in enumerate(reading.layers):
        for _ in range(3):
            unit = Unit(number, tuple(int(chance.integers(side)) for side in layer.shape))
            shown = figures(reading, unit, most)
            actual = float(reading.values[number][unit.place])
            assert shown.value == pytest.approx(actual, abs=10**-DECIMALS)
            if not shown.terms:
                assert layer.kind in (LayerKind.SAMPLE, LayerKind.POOLING)
                continue
            assert len(shown.terms) <= max(most, 1)
            total = sum(term.shown for term in shown.terms)
            first, value = shown.steps[0]
            assert first in (Step.PRODUCTS, Step.SUM)
            assert round(total, DECIMALS) == value
            after = dict(shown.steps)
            if Step.BIAS in after:
                assert round(value + shown.bias, DECIMALS) == after[Step.BIAS]
            if layer.kind is LayerKind.CONVOLUTION:
                for term in shown.terms:
                    if term.weights is not None:
                        products = term.products
                        assert round(float(products.sum()), DECIMALS) == term.shown
                        exact = term.inputs * term.weights
                        assert np.abs(products - exact).max() <= 2 * 10**-DECIMALS


def test_the_strongest_inputs_of_a_neuron_come_first() -> None:
    reading = reading_of("3")
    shown = figures(reading, Unit(6, (17,)), 6)
    sizes = [abs(term.shown) for term in shown.terms[:-1]]
    assert sizes == sorted(sizes, reverse=True)
    assert shown.terms[-1].count == 120 - 5
    largest = np.abs(shown.arithmetic.products).argmax()
    assert shown.terms[0].source == (largest,)


def test_numbers_are_written_with_a_real_minus_sign_and_no_negative_zero() -> None:
    assert written(-1.25) == "−1.250"
    assert written(-0.0001) == "0.000"
    assert written(0.5, 2) == "0.50"
