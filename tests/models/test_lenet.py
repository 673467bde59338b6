"""LeNet has the parameters and shapes that its source file states."""

import pytest
import torch
from torch import Tensor, nn

from lenet_desktop.models.lenet import LeNet


def test_it_has_61706_parameters() -> None:
    sizes = {name: sum(p.numel() for p in m.parameters()) for name, m in LeNet().named_children()}
    assert sizes == {"conv1": 156, "conv2": 2416, "fc1": 48120, "fc2": 10164, "fc3": 850}
    assert sum(p.numel() for p in LeNet().parameters()) == 61_706


@pytest.mark.parametrize("count", [1, 7])
def test_each_layer_has_the_output_shape_of_the_paper(count: int) -> None:
    network, shapes = LeNet(), {}

    def note(name: str) -> None:
        def hook(_module: nn.Module, _inputs: tuple[Tensor, ...], output: Tensor) -> None:
            shapes[name] = tuple(output.shape)

        network.get_submodule(name).register_forward_hook(hook)

    for name, _ in network.named_children():
        note(name)
    logits = network(torch.rand(count, 1, 28, 28))
    assert shapes == {
        "conv1": (count, 6, 28, 28),
        "conv2": (count, 16, 10, 10),
        "fc1": (count, 120),
        "fc2": (count, 84),
        "fc3": (count, 10),
    }
    assert logits.shape == (count, 10)


@pytest.mark.parametrize("classes", [2, 10, 47])
def test_it_can_have_any_number_of_classes(classes: int) -> None:
    assert LeNet(classes)(torch.zeros(1, 1, 28, 28)).shape == (1, classes)
