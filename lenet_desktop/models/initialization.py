"""The random weights from which a training starts."""

import math
from typing import Any

import torch
from torch import nn

from lenet_desktop.models.architectures import ARCHITECTURES

INITIALIZATIONS = ("pytorch", "he")


def new_network(
    architecture: str,
    options: dict[str, Any],
    num_classes: int,
    initialization: str,
    generator: torch.Generator,
) -> nn.Module:
    """Return a network with random weights; PyTorch's global random state is not changed.

    Args:
        architecture: a key of ``ARCHITECTURES``.
        options: the architecture's arguments besides the number of classes.
        num_classes: the number of logits.
        initialization: 'pytorch' for the bounds that PyTorch's layers use by default; 'he' for
            larger weights and biases of zero (K. He et al., "Delving Deep into Rectifiers", ICCV
            2015). Both draw from a uniform distribution.
        generator: the source of the random numbers.
    """
    with torch.random.fork_rng(devices=[]):
        network = ARCHITECTURES[architecture](num_classes, **options)
    he = initialization == "he"
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            inputs = module.weight[0].numel()
            bound = math.sqrt((6 if he else 1) / inputs)
            nn.init.uniform_(module.weight, -bound, bound, generator=generator)
            if module.bias is not None:
                bound = 0.0 if he else bound
                nn.init.uniform_(module.bias, -bound, bound, generator=generator)
    return network
