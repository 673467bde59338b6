"""An upper bound of the activations of a network."""

import torch
from torch import nn
from torch.func import functional_call


def activation_bound(network: nn.Module) -> float:
    """Return a number that no layer's output exceeds in magnitude for any sample.

    The bound is the largest output of a layer if every weight is replaced by its absolute value and
    every pixel of the sample is 1. By the triangle inequality, no layer of the real network can
    exceed it for any sample from 0 to 1. This holds for networks of linear layers, convolutions,
    batch normalization, max-pooling, ReLU and sums. If some numbers of the bound overflow, the
    result is infinity or NaN.

    Args:
        network: on the CPU and in evaluation mode; takes samples (N, 1, 28, 28). It is not changed.
    """
    absolute = {name: value.abs() for name, value in network.state_dict().items()}
    for name, value in network.state_dict().items():
        if name.endswith("running_mean"):  # the one weight that is subtracted
            absolute[name] = -value.abs()
        elif name.endswith("running_var"):  # a negative one has no real root: the result is NaN
            absolute[name] = value
    largest: list[torch.Tensor] = []
    hooks = [
        module.register_forward_hook(lambda _module, _input, output: largest.append(output.max()))
        for module in network.modules()
    ]
    try:
        with torch.inference_mode():
            functional_call(network, absolute, (torch.ones(1, 1, 28, 28),))
            return float(torch.stack(largest).max())
    finally:
        for hook in hooks:
            hook.remove()
