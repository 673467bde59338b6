"""The values shown are those inside the network that answers, and every one can be explained."""

import threading
from collections.abc import Callable

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from hands import DEMO
from lenet_desktop import paths
from lenet_desktop.data.starter import starter_digits
from lenet_desktop.drawing.preprocess import Sample, preprocess
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.strokes import place
from lenet_desktop.inference.inside.layer_reader import LayerReader
from lenet_desktop.inference.inside.layers import Layer, LayerKind
from lenet_desktop.inference.inside.unit import (
    Step,
    Unit,
    adding_up,
    arithmetic,
    receptive_field,
    windows,
)
from lenet_desktop.inference.recognizer import Recognizer
from lenet_desktop.models import model_file
from lenet_desktop.models.architectures import ARCHITECTURES

pytestmark = pytest.mark.usefixtures("one_thread")

VARIANTS = [
    ("lenet", {}),
    ("lenet-variant", {"batch_norm": True, "dropout": 0.3}),
    ("residual", {"dropout": 0.1}),
]


def sample_of(label: str) -> Sample:
    sample = preprocess(rasterize(place(DEMO[label])))
    assert sample is not None
    return sample


def network_of(name: str, **options: float) -> nn.Module:
    """Return a network whose normalizations have seen something."""
    torch.manual_seed(1)
    network = ARCHITECTURES[name](7, **options)
    for _ in range(3):
        network(torch.rand(8, 1, 28, 28))
    return network.eval()


def hooked(network: nn.Module, sample: Sample) -> dict[str, NDArray[np.float32]]:
    """Return the output of every module, as forward hooks see it."""
    outputs: dict[str, NDArray[np.float32]] = {}
    hooks = [
        module.register_forward_hook(
            lambda _module, _given, made, name=name: outputs.update({name: made[0].numpy()})
        )
        for name, module in network.named_modules()
    ]
    with torch.inference_mode():
        network(torch.from_numpy(sample[None, None]))
    for hook in hooks:
        hook.remove()
    return outputs


@pytest.mark.parametrize("label", ["0", "4", "7"])
def test_they_are_the_values_inside_the_factory_model(label: str) -> None:
    sample = sample_of(label)
    outputs = hooked(model_file.load(paths.factory_model()).network, sample)
    reading = Recognizer.from_file(paths.factory_model(), "cpu").read_inside(sample)
    layers = reading.layers
    assert [layer.name for layer in layers] == [
        *("sample", "conv1", "pool1", "conv2", "pool2", "fc1", "fc2", "fc3")
    ]
    assert [layer.shape_text for layer in layers] == [
        *("1×28×28", "6×28×28", "6×14×14", "16×10×10", "16×5×5", "120", "84", "10")
    ]
    assert [layer.parameters for layer in layers] == [0, 156, 0, 2416, 0, 48_120, 10_164, 850]
    for layer, values in zip(layers, reading.values, strict=True):
        if layer.name in outputs:
            output = outputs[layer.name]
            expected = np.maximum(output, 0) if layer.has_relu else output
            np.testing.assert_allclose(values, expected, atol=1e-6)
    pooled = outputs["conv1"].reshape(6, 14, 2, 14, 2).max(axis=(2, 4))
    np.testing.assert_allclose(reading.values[2], np.maximum(pooled, 0), atol=1e-6)
    assert reading.prediction.best_class == label
    assert reading.intact is reading.prediction


@pytest.mark.parametrize(("name", "options"), VARIANTS)
def test_layers_of_every_architecture_end_in_its_logits(
    name: str, options: dict[str, float]
) -> None:
    network = network_of(name, **options)
    reader = LayerReader(network)
    sample = sample_of("3")
    values = reader.read(sample)
    outputs = hooked(network, sample)
    np.testing.assert_allclose(values[-1], outputs[""], atol=1e-6)
    assert reader.layers[-1].shape == (7,)
    parameters = sum(p.numel() for p in network.parameters())
    assert sum(layer.parameters for layer in reader.layers) == parameters
    for layer, each in zip(reader.layers, values, strict=True):
        assert each.shape == layer.shape
        assert np.isfinite(each).all()
    assert not any(module._forward_hooks for module in network.modules())


# Where hooks see the values of each layer: 'of' a module is its output, 'to' it its input.
SEEN_IN_LENET = {
    "sample": "to conv1", "conv1": "of conv1", "pool1": "to conv2", "conv2": "of conv2",
    "pool2": "to fc1", "fc1": "to fc2", "fc2": "to fc3", "fc3": "of fc3",
}  # fmt: skip
SEEN_IN = {
    "lenet": SEEN_IN_LENET,
    "lenet-variant": SEEN_IN_LENET | {"conv1": "of norm1", "conv2": "of norm2"},
    "residual": {
        "sample": "to conv1", "conv1": "of norm1", "pool1": "to block1", "sum1": "of block1",
        "conv2": "of norm2", "pool2": "to block2", "sum2": "of block2",
        "conv3": "to block3", "sum3": "of block3", "pool3": "to fc", "fc": "of fc",
        **{f"block{n}.conv1": f"to block{n}.conv2" for n in (1, 2, 3)},
        **{f"block{n}.conv2": f"of block{n}.norm2" for n in (1, 2, 3)},
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def ten_digits() -> NDArray[np.float32]:
    """Return a handwritten digit of each class, float32 (10, 28, 28)."""
    test = starter_digits().test
    names = list(test.names)
    chosen = [names.index(str(digit)) for digit in range(10)]
    return test.images[chosen].numpy().astype(np.float32) / np.float32(255)


def test_every_value_of_ten_digits_is_what_hooks_see_in_the_factory_model(
    ten_digits: NDArray[np.float32],
) -> None:
    network = model_file.load(paths.factory_model()).network
    compare_with_hooks(network, SEEN_IN_LENET, ten_digits)


@pytest.mark.parametrize(("name", "options"), [*VARIANTS, ("lenet-variant", {"dropout": 0.5})])
def test_every_value_of_ten_digits_is_what_hooks_see(
    name: str, options: dict[str, float], ten_digits: NDArray[np.float32]
) -> None:
    compare_with_hooks(network_of(name, **options), SEEN_IN[name], ten_digits)


def compare_with_hooks(
    network: nn.Module, seen_in: dict[str, str], samples: NDArray[np.float32]
) -> None:
    reader = LayerReader(network)
    assert {layer.name for layer in reader.layers} == set(seen_in)
    seen: dict[str, NDArray[np.float32]] = {}

    def hook_of(name: str) -> Callable[[nn.Module, tuple[Tensor, ...], Tensor], None]:
        def hook(_module: nn.Module, given: tuple[Tensor, ...], made: Tensor) -> None:
            seen[f"to {name}"], seen[f"of {name}"] = given[0][0].numpy(), made[0].numpy()

        return hook

    hooks = [each.register_forward_hook(hook_of(name)) for name, each in network.named_modules()]
    for sample in samples:
        with torch.inference_mode():
            network(torch.from_numpy(sample[None, None]))
        expected = {name: seen[where].copy() for name, where in seen_in.items()}
        for layer, values in zip(reader.layers, reader.read(sample), strict=True):
            np.testing.assert_allclose(
                values, expected[layer.name].reshape(layer.shape), rtol=0, atol=1e-6
            )
            assert values.any(), f"{layer.name} is all zeros"
    for hook in hooks:
        hook.remove()


def units_of(layers: tuple[Layer, ...], seed: int) -> list[Unit]:
    """Return some units of every layer, corners among them."""
    random = np.random.default_rng(seed)
    units = []
    for number, layer in enumerate(layers):
        ends = tuple(each - 1 for each in layer.shape)
        places = [tuple(0 for _ in ends), ends]
        places += [tuple(random.integers(0, layer.shape).tolist()) for _ in range(12)]
        units += [Unit(number, place) for place in places]
    return units


@pytest.mark.parametrize(("name", "options"), VARIANTS)
def test_the_arithmetic_of_every_unit_gives_its_value(name: str, options: dict[str, float]) -> None:
    reader = LayerReader(network_of(name, **options))
    values = reader.read(sample_of("5"))
    for unit in units_of(reader.layers, seed=2):
        found = arithmetic(reader.layers, values, unit)
        assert found.value == pytest.approx(values[unit.layer][unit.place], abs=2e-5)
        if found.steps[0][0] is Step.PRODUCTS:
            assert found.products.sum() == pytest.approx(found.steps[0][1])
            total = (found.products.sum() + found.bias) * found.scale + found.shift
            total = max(total, 0.0) if reader.layers[unit.layer].has_relu else total
            assert total == pytest.approx(found.value, abs=1e-6)


@pytest.mark.parametrize(("name", "options"), VARIANTS)
def test_only_the_receptive_field_changes_a_unit(name: str, options: dict[str, float]) -> None:
    reader = LayerReader(network_of(name, **options))
    random = np.random.default_rng(3)
    sample = random.random((28, 28), np.float32)
    values = reader.read(sample)
    for unit in units_of(reader.layers, seed=4):
        left, top, right, bottom = receptive_field(reader.layers, unit)
        other = random.random((28, 28), np.float32)
        other[top:bottom, left:right] = sample[top:bottom, left:right]
        changed = reader.read(other)
        place = unit.place
        assert changed[unit.layer][place] == pytest.approx(values[unit.layer][place], abs=1e-5)


def test_windows_and_receptive_fields_of_lenet() -> None:
    layers = LayerReader(network_of("lenet")).layers
    (window,) = windows(layers, Unit(3, (2, 9, 9)))
    assert (window.layer, window.map, window.box) == (2, None, (9, 9, 14, 14))
    (window,) = windows(layers, Unit(4, (2, 1, 0)))
    assert (window.layer, window.map, window.box) == (3, 2, (0, 2, 2, 4))
    assert receptive_field(layers, Unit(1, (0, 0, 0))) == (0, 0, 3, 3)
    assert receptive_field(layers, Unit(3, (0, 5, 5))) == (8, 8, 22, 22)
    assert receptive_field(layers, Unit(5, (7,))) == (0, 0, 28, 28)


def test_a_unit_that_is_switched_off_changes_the_answer() -> None:
    recognizer = Recognizer.from_file(paths.factory_model(), "cpu")
    sample = sample_of("7")
    off = frozenset((5, neuron) for neuron in range(120))
    reading = recognizer.read_inside(sample, off)
    assert not reading.values[5].any()
    assert reading.intact.best_class == "7"
    assert reading.prediction.probability < reading.intact.probability
    found = arithmetic(reading.layers, reading.values, Unit(5, (3,)), off)
    assert found.steps[-1] == (Step.OFF, 0.0)
    # The next reading has them again.
    again = recognizer.read_inside(sample)
    np.testing.assert_array_equal(again.prediction.probabilities, reading.intact.probabilities)
    map_off = recognizer.read_inside(sample, frozenset({(1, 2)}))
    assert not map_off.values[1][2].any()
    assert map_off.values[1][1].any()
    assert not map_off.values[2][2].any()


def test_a_network_that_cannot_be_shown_is_told() -> None:
    with pytest.raises(ValueError, match="Tanh"):
        LayerReader(nn.Sequential(nn.Conv2d(1, 2, 3), nn.Tanh()))
    with pytest.raises(ValueError, match="unknown kind"):
        LayerReader(nn.Sequential(nn.Conv2d(1, 2, 3, dilation=2)))


def test_rounded_terms_add_up() -> None:
    random = np.random.default_rng(5)
    for _ in range(200):
        terms = random.normal(0, 2, (5, 5))
        rounded = adding_up(terms, 2)
        assert round(rounded.sum(), 6) == round(terms.sum(), 2)
        assert np.abs(rounded - terms).max() < 0.01
    np.testing.assert_array_equal(adding_up(np.array([0.5, -0.25]), 2), [0.5, -0.25])


def test_kinds_of_the_residual_network() -> None:
    layers = LayerReader(network_of("residual")).layers
    kinds = [layer.kind for layer in layers]
    assert kinds.count(LayerKind.SUM) == 3
    assert kinds.count(LayerKind.CONVOLUTION) == 9
    first = next(layer for layer in layers if layer.kind is LayerKind.SUM)
    assert [layers[source].name for source in first.sources] == ["pool1", "block1.conv2"]


def test_another_thread_can_use_networks_meanwhile() -> None:
    network, other = network_of("lenet"), network_of("residual")
    samples = torch.rand(1, 1, 28, 28)
    with torch.inference_mode():
        expected = other(samples)
    stop, wrong = threading.Event(), []

    def use() -> None:
        with torch.inference_mode():
            while not stop.is_set():
                try:
                    if not torch.equal(other(samples), expected):
                        wrong.append("another result")
                except NameError as error:
                    wrong.append(str(error))

    thread = threading.Thread(target=use)
    thread.start()
    for _ in range(20):
        LayerReader(network)
    stop.set()
    thread.join()
    assert wrong == []
