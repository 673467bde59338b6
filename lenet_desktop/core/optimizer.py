"""The optimizers, on one flat vector that holds all weights.

PyTorch's own give the same numbers. But the first use of one imports two seconds' worth of
compiler, with Python's lock held and the pad frozen meanwhile, and ten small tensors take ten
times as many calls as one.
"""

import torch
from torch import Tensor

OPTIMIZERS = ("sgd", "adam", "adamw")

_MOMENTUM = 0.9
_MEAN_KEPT, _SQUARE_KEPT, _TINY = 0.9, 0.999, 1e-8


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
