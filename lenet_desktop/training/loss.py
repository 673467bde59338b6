"""What a training makes smaller."""

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 -- the name all of PyTorch's users know

from lenet_desktop.data.synthetic.mixture import NON_DIGIT
from lenet_desktop.training.recipe import Recipe

# With a teacher: how much its answers count beside the labels, and how far they are softened.
_TAUGHT, _SOFTNESS = 0.7, 3.0


def summed_loss(
    logits: Tensor, labels: Tensor, recipe: Recipe, taught: Tensor | None = None
) -> Tensor:
    """Give the sum of the losses of digits and, where the recipe has them, of non-digits.

    Non-digits have no class to be told; instead the evidence for any digit at all
    (``judgement.evidence``) is taught to part them from digits, by the logistic loss at zero. The
    idea of teaching the evidence is that of W. Liu et al., "Energy-based Out-of-distribution
    Detection", NeurIPS 2020, who pull it past two margins.

    A teacher's logits, where there are any, tell what else a digit might be taken for, and how far
    each sample is one at all: G. Hinton, O. Vinyals, J. Dean, "Distilling the Knowledge in a Neural
    Network", 2015. Label smoothing, which says neither, has no place then.

    Args:
        logits: (N, 10).
        labels: int64 (N,), 0 to 9, or NON_DIGIT.
        recipe: says how much label smoothing, and how much non-digits count.
        taught: (N, 10), a teacher's logits of the same samples, or the mean of several teachers'.
    """
    is_digit = labels != NON_DIGIT
    digits, meant = logits[is_digit], labels[is_digit]
    if taught is None:
        loss = F.cross_entropy(
            digits, meant, reduction="sum", label_smoothing=recipe.label_smoothing
        )
    else:
        softened = F.log_softmax(taught[is_digit] / _SOFTNESS, dim=1)
        distance = F.kl_div(
            F.log_softmax(digits / _SOFTNESS, dim=1), softened, reduction="sum", log_target=True
        )
        # Softening makes the gradient smaller by the square of it.
        loss = (1 - _TAUGHT) * F.cross_entropy(digits, meant, reduction="sum")
        loss = loss + _TAUGHT * _SOFTNESS**2 * distance
    if recipe.non_digits:
        evidence = torch.logsumexp(logits, dim=1)
        believed = is_digit.float() if taught is None else torch.logsumexp(taught, dim=1).sigmoid()
        loss = loss + recipe.exposure * F.binary_cross_entropy_with_logits(
            evidence, believed, reduction="sum"
        )
    return loss
