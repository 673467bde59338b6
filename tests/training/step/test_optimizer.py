"""The optimizers on one flat vector, compared with PyTorch's classes on a network's weights."""

import subprocess
import sys

import pytest
import torch

from lenet_desktop.models.variants import LeNetVariant
from lenet_desktop.training.step.optimizer import (
    Optimizer,
    bind_weights,
    flatten,
    gather_weights,
    trained_weights,
)

_LOADED = """
import sys, torch
before = set(sys.modules)
from lenet_desktop.training.step.optimizer import Optimizer
for kind in ("sgd", "adam", "adamw"):
    optimizer = Optimizer(kind, torch.ones(5), 0.1)
    optimizer.step(torch.ones(5), 0.1)
print([name for name in set(sys.modules) - before if name.startswith("torch")])
"""


@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
@pytest.mark.parametrize("kind", ["sgd", "adam", "adamw"])
def test_steps_are_those_of_pytorchs_classes(kind: str, weight_decay: float) -> None:
    network, twin = LeNetVariant(batch_norm=True), LeNetVariant(batch_norm=True)
    twin.load_state_dict(network.state_dict())
    vector = gather_weights(network)
    ours = Optimizer(kind, vector, weight_decay)
    make = {
        "sgd": lambda w: torch.optim.SGD(w, momentum=0.9, nesterov=True, weight_decay=weight_decay),
        "adam": lambda w: torch.optim.Adam(w, weight_decay=weight_decay),
        "adamw": lambda w: torch.optim.AdamW(w, weight_decay=weight_decay),
    }
    theirs = make[kind](list(twin.parameters()))
    generator = torch.Generator().manual_seed(0)
    for step in range(20):
        for weight in twin.parameters():
            weight.grad = torch.randn(weight.shape, generator=generator)
        gradient = torch.cat([flatten(w.grad) for w in twin.parameters() if w.grad is not None])
        rate = 0.01 / (step + 1)
        for group in theirs.param_groups:
            group["lr"] = rate
        theirs.step()
        ours.step(gradient, rate)
    for mine, other in zip(network.parameters(), twin.parameters(), strict=True):
        torch.testing.assert_close(mine, other)


def test_weights_are_views_of_one_vector() -> None:
    network = LeNetVariant(batch_norm=True)
    network.conv1.requires_grad_(False)
    before = [weight.clone() for weight in network.parameters()]
    vector = gather_weights(network)
    after = list(network.parameters())
    assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True))
    assert len(vector) == sum(weight.numel() for weight in trained_weights(network))
    twin = LeNetVariant(batch_norm=True)
    twin.conv1.requires_grad_(False)
    bind_weights(twin, vector)
    vector.zero_()
    for each in (network, twin):
        assert all(bool((weight == 0).all()) for weight in trained_weights(each))
    assert torch.equal(network.conv1.weight, before[0])


def test_a_step_imports_nothing_of_torch() -> None:
    """The first step of PyTorch's classes imports 900 modules, with the window frozen."""
    done = subprocess.run(
        [sys.executable, "-c", _LOADED], check=True, stdout=subprocess.PIPE, text=True
    )
    assert done.stdout.strip() == "[]"
