"""All weights of a network as one flat vector, and the optimizers that work on it.

PyTorch's own give the same numbers. But the first use of one imports two seconds' worth of
compiler, with Python's lock held and the pad frozen meanwhile, and ten small tensors take ten
times as many calls as one.
"""

import torch
from torch import Tensor, nn

OPTIMIZERS = ("sgd", "adam", "adamw")

_MOMENTUM = 0.9
_MEAN_KEPT, _SQUARE_KEPT, _TINY = 0.9, 0.999, 1e-8


def trained(network: nn.Module) -> list[nn.Parameter]:
    """Give the weights that are not frozen."""
    return [weight for weight in network.parameters() if weight.requires_grad]


def flat(weight: Tensor) -> Tensor:
    """Give the numbers of a weight as (P,), convolutions in the order of channels_last."""
    return (weight.movedim(1, 3) if weight.dim() == 4 else weight).reshape(-1)


def gather_weights(network: nn.Module) -> Tensor:
    """Move all weights that are trained into one vector (P,), and give it."""
    vector = torch.cat([flat(weight.detach()) for weight in trained(network)])
    bind_weights(network, vector)
    return vector


def bind_weights(network: nn.Module, vector: Tensor) -> None:
    """Let the network's trained weights be views of a vector."""
    weights = trained(network)
    for weight, part in zip(
        weights, torch.split(vector, [w.numel() for w in weights]), strict=True
    ):
        if weight.dim() == 4:
            outputs, inputs, height, width = weight.shape
            weight.data = part.view(outputs, height, width, inputs).movedim(3, 1)
        else:
            weight.data = part.view(weight.shape)


class Optimizer:
    """Stochastic gradient descent with momentum, Adam or AdamW.

    'sgd' uses Nesterov's momentum, as in I. Sutskever et al., "On the importance of initialization
    and momentum in deep learning", ICML 2013. 'adam' is D. P. Kingma, J. Ba, "Adam: A Method for
    Stochastic Optimization", ICLR 2015; 'adamw' is the same with weight decay apart from the
    gradient: I. Loshchilov, F. Hutter, "Decoupled Weight Decay Regularization", ICLR 2019.

    Attributes:
        state: what it remembers, by name; vectors as long as the weights.
    """

    def __init__(self, kind: str, weights: Tensor, weight_decay: float) -> None:
        """Look after ``weights`` (P,), which ``step`` changes in place."""
        self._kind, self._weights, self._decay = kind, weights, weight_decay
        names = ("momentum",) if kind == "sgd" else ("mean", "square")
        self.state = {name: torch.zeros_like(weights) for name in names}

    def step(self, gradient: Tensor, rate: float, number: int) -> None:
        """Take a step; ``gradient`` (P,) is used up, ``number`` counts the steps from 1."""
        weights = self._weights
        if self._decay and self._kind == "adamw":
            weights.mul_(1 - rate * self._decay)
        elif self._decay:
            gradient.add_(weights, alpha=self._decay)
        if self._kind == "sgd":
            momentum = self.state["momentum"].mul_(_MOMENTUM).add_(gradient)
            weights.add_(gradient.add_(momentum, alpha=_MOMENTUM), alpha=-rate)
            return
        mean = self.state["mean"].lerp_(gradient, 1 - _MEAN_KEPT)
        square = self.state["square"].mul_(_SQUARE_KEPT)
        square.addcmul_(gradient, gradient, value=1 - _SQUARE_KEPT)
        # Both averages begin at nothing; the divisors make up for it.
        spread = (square / (1 - _SQUARE_KEPT**number)).sqrt_().add_(_TINY)
        weights.addcdiv_(mean, spread, value=-rate / (1 - _MEAN_KEPT**number))
