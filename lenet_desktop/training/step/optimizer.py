"""PyTorch's optimizers on all weights of a network as one flat vector.

A step on one vector needs a tenth of the calls that ten small tensors need. The functions behind
PyTorch's optimizers are used, not its classes: the first use of a class imports about 900 modules
in more than a second, which would freeze the window meanwhile; the functions import nothing more.
"""

import torch
from torch import Tensor, nn
from torch.optim.adam import adam
from torch.optim.adamw import adamw
from torch.optim.sgd import sgd

OPTIMIZERS = ("sgd", "adam", "adamw")


def trained_weights(network: nn.Module) -> list[nn.Parameter]:
    """Return the weights that are not frozen."""
    return [weight for weight in network.parameters() if weight.requires_grad]


def flatten(weight: Tensor) -> Tensor:
    """Return a weight as a vector (P,), those of convolutions in the order of channels_last."""
    return (weight.movedim(1, 3) if weight.dim() == 4 else weight).reshape(-1)


def gather_weights(network: nn.Module) -> Tensor:
    """Move all trained weights of a network into one vector (P,), and return it."""
    vector = torch.cat([flatten(weight.detach()) for weight in trained_weights(network)])
    bind_weights(network, vector)
    return vector


def bind_weights(network: nn.Module, vector: Tensor) -> None:
    """Make the trained weights of a network views of a vector (P,)."""
    weights = trained_weights(network)
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

    'sgd' uses Nesterov momentum: I. Sutskever et al., "On the importance of initialization and
    momentum in deep learning", ICML 2013. 'adam' is D. P. Kingma, J. Ba, "Adam: A Method for
    Stochastic Optimization", ICLR 2015; 'adamw' decouples the weight decay from the gradient:
    I. Loshchilov, F. Hutter, "Decoupled Weight Decay Regularization", ICLR 2019.

    Attributes:
        state: the optimizer's state under PyTorch's names: vectors (P,), and the number of steps.
    """

    def __init__(self, kind: str, weights: Tensor, weight_decay: float) -> None:
        """Optimize ``weights`` (P,), which ``step`` changes in place."""
        self._kind, self._weights, self._weight_decay = kind, weights, weight_decay
        names = ("momentum_buffer",) if kind == "sgd" else ("exp_avg", "exp_avg_sq")
        self.state = {name: torch.zeros_like(weights) for name in names}
        if kind != "sgd":
            self.state["step"] = torch.zeros(())

    def step(self, gradient: Tensor, learning_rate: float) -> None:
        """Take one step along a gradient (P,)."""
        if self._kind == "sgd":
            sgd(
                [self._weights],
                [gradient],
                [self.state["momentum_buffer"]],
                weight_decay=self._weight_decay,
                momentum=0.9,
                lr=learning_rate,
                dampening=0.0,
                nesterov=True,
                maximize=False,
                foreach=False,
            )
            return
        update = adamw if self._kind == "adamw" else adam
        update(
            [self._weights],
            [gradient],
            [self.state["exp_avg"]],
            [self.state["exp_avg_sq"]],
            [],
            [self.state["step"]],
            amsgrad=False,
            beta1=0.9,
            beta2=0.999,
            lr=learning_rate,
            weight_decay=self._weight_decay,
            eps=1e-8,
            maximize=False,
            foreach=False,
        )
