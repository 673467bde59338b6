"""No activation of a network exceeds its bound for any sample."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from lenet_desktop import paths
from lenet_desktop.models import model_file
from lenet_desktop.models.activation_bound import activation_bound
from lenet_desktop.models.architectures import ARCHITECTURES
from lenet_desktop.models.lenet import LeNet

NETWORKS: list[tuple[str, dict[str, Any]]] = [
    ("lenet", {}),
    ("lenet-variant", {"batch_norm": True, "dropout": 0.5}),
    ("residual", {}),
]


def random_network(architecture: str, options: dict[str, Any], seed: int) -> nn.Module:
    """Return a network whose weights and statistics are random, of any sign and many sizes."""
    generator = torch.Generator().manual_seed(seed)
    network = ARCHITECTURES[architecture](10, **options).eval()
    for name, value in network.state_dict().items():
        if value.is_floating_point():
            value.normal_(std=10 ** (seed % 2), generator=generator)
            if name.endswith("running_var"):
                value.abs_()
    return network


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("architecture", "options"), NETWORKS)
def test_no_layer_exceeds_the_bound(architecture: str, options: dict[str, Any], seed: int) -> None:
    network = random_network(architecture, options, seed)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    bound = activation_bound(network)
    assert math.isfinite(bound)
    assert all(torch.equal(before[k], v) for k, v in network.state_dict().items())
    largest: list[Tensor] = []
    for module in network.modules():
        module.register_forward_hook(lambda _m, _i, output: largest.append(output.abs().max()))
    generator = torch.Generator().manual_seed(seed)
    samples = torch.rand(16, 1, 28, 28, generator=generator)
    with torch.inference_mode():
        for batch in (samples, samples.round(), torch.zeros_like(samples), samples > -1):
            network(batch.float())
    assert 0 < float(torch.stack(largest).max()) <= bound


def test_the_bound_is_reached_where_nothing_cancels() -> None:
    network = LeNet().eval()
    with torch.no_grad():
        for weight in network.parameters():
            weight.abs_()
        assert float(network(torch.ones(1, 1, 28, 28)).max()) <= activation_bound(network)
        network.fc3.weight *= 1e6
        full = float(network(torch.ones(1, 1, 28, 28)).max())
    assert activation_bound(network) == pytest.approx(full)


@pytest.mark.parametrize(("architecture", "options"), NETWORKS)
@pytest.mark.parametrize("value", [float("inf"), float("nan"), 1e38])
def test_an_overflow_inside_is_not_hidden(
    architecture: str, options: dict[str, Any], value: float
) -> None:
    network = random_network(architecture, options, 0)
    with torch.no_grad():
        next(network.parameters())[:] = value  # the first convolution
    assert not activation_bound(network) < 1e37


def test_the_factory_model_is_far_from_the_limit() -> None:
    network = model_file.load(paths.factory_model()).network
    assert activation_bound(network) < 1e7
