"""What each layer of a network makes of a sample."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lenet_desktop.drawing.preprocess import Sample


@dataclass(frozen=True, eq=False)
class Layer:
    """A layer and its activations.

    Attributes:
        name: the name of the module in the network, such as 'conv1'.
        values: float32; (maps, height, width) of a convolution, before pooling and ReLU; (neurons,)
            of a linear layer, after ReLU.
        parameters: the number of its weights and biases.
    """

    name: str
    values: NDArray[np.float32]
    parameters: int

    @property
    def shape(self) -> str:
        """The shape in the field's notation: '6×28×28', '120'."""
        return "×".join(map(str, self.values.shape))


def activations(network: nn.Module, sample: Sample) -> tuple[Layer, ...]:
    """Return the layers from the sample to the logits, the logits themselves left out.

    These are the convolutions and linear layers of the network itself, whatever its architecture;
    those inside a residual block are left out.

    Args:
        network: in evaluation mode.
        sample: float32 (28, 28), 0 to 1.
    """
    taken: list[tuple[str, nn.Module, Tensor, Tensor]] = []
    hooks = []
    for name, module in network.named_children():
        if isinstance(module, nn.Conv2d | nn.Linear):

            def take(
                module: nn.Module, given: tuple[Tensor, ...], made: Tensor, name: str = name
            ) -> None:
                taken.append((name, module, given[0][0], made[0]))

            hooks.append(module.register_forward_hook(take))
    device = next(network.parameters()).device
    try:
        with torch.inference_mode():
            network(torch.from_numpy(sample[np.newaxis, np.newaxis]).to(device))
    finally:
        for hook in hooks:
            hook.remove()
    layers = []
    for place, (name, module, _, made) in enumerate(taken[:-1]):
        following = taken[place + 1][2]
        # What the next linear layer is given is this one's output after ReLU.
        values = following if made.ndim == 1 and following.shape == made.shape else made
        layers.append(
            Layer(name, values.float().cpu().numpy(), sum(p.numel() for p in module.parameters()))
        )
    return tuple(layers)
