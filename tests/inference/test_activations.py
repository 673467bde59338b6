"""The activations shown are those of the network that answers."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F  # noqa: N812 -- PyTorch's usual name for it

from hands import DEMO
from lenet_desktop import paths
from lenet_desktop.drawing.preprocess import Sample, preprocess
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.strokes import place
from lenet_desktop.inference.activations import activations
from lenet_desktop.inference.recognizer import Recognizer
from lenet_desktop.models import model_file
from lenet_desktop.models.architectures import ARCHITECTURES


def sample_of(label: str) -> Sample:
    sample = preprocess(rasterize(place(DEMO[label])))
    assert sample is not None
    return sample


@pytest.mark.parametrize("label", ["0", "4", "7"])
def test_they_are_the_values_inside_the_factory_model(label: str) -> None:
    sample = sample_of(label)
    network = model_file.load(paths.factory_model()).network
    with torch.inference_mode():
        x = torch.from_numpy(sample[None, None])
        conv1 = network.conv1(x)
        conv2 = network.conv2(F.relu(F.max_pool2d(conv1, 2)))
        fc1 = F.relu(network.fc1(F.relu(F.max_pool2d(conv2, 2)).flatten(1)))
        fc2 = F.relu(network.fc2(fc1))
        logits = network.fc3(fc2)[0].numpy()
    layers = Recognizer.from_file(paths.factory_model(), "cpu").layers(sample)
    assert [layer.name for layer in layers] == ["conv1", "conv2", "fc1", "fc2"]
    assert [layer.shape for layer in layers] == ["6×28×28", "16×10×10", "120", "84"]
    assert [layer.parameters for layer in layers] == [156, 2416, 48_120, 10_164]
    for layer, expected in zip(layers, (conv1, conv2, fc1, fc2), strict=True):
        np.testing.assert_allclose(layer.values, expected[0].numpy(), atol=1e-5)
    weights, bias = (p.detach().numpy() for p in network.fc3.parameters())
    np.testing.assert_allclose(weights @ layers[-1].values + bias, logits, atol=1e-4)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_architecture_has_layers_and_no_hook_stays(name: str) -> None:
    network = ARCHITECTURES[name](7).eval()
    layers = activations(network, sample_of("3"))
    assert layers[0].name == "conv1"
    assert all(layer.values.ndim in (1, 3) for layer in layers)
    assert all(np.isfinite(layer.values).all() for layer in layers)
    assert not any(module._forward_hooks for module in network.modules())
