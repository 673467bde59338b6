"""The loss that a training minimizes."""

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 -- the name all of PyTorch's users know

from lenet_desktop.data.labelled import NONE_OF_THEM
from lenet_desktop.training.recipe import Recipe

# With a teacher: the weight of its answers beside the labels, and both softmaxes' temperature.
_TEACHER_WEIGHT, _TEMPERATURE = 0.7, 3.0


def summed_loss(
    logits: Tensor, labels: Tensor, recipe: Recipe, teacher_logits: Tensor | None = None
) -> Tensor:
    """Return the sum of the losses of some samples: cross-entropy, and energy for outliers.

    Outliers have no class to learn. Instead the negative energy (``decision.energy``) is trained
    to tell samples of any class from outliers, by the logistic loss at zero. The idea of training
    the energy is that of W. Liu et al., "Energy-based Out-of-distribution Detection", NeurIPS
    2020, who use two margins instead.

    Distillation: a teacher's logits say what else a sample might be taken for, and how far it
    belongs to any class at all: G. Hinton, O. Vinyals, J. Dean, "Distilling the Knowledge in a
    Neural Network", 2015. Label smoothing is left out then, since it says neither.

    Args:
        logits: (N, classes).
        labels: int64 (N,), the index of the class, or NONE_OF_THEM for outliers.
        recipe: label smoothing and the weight of the outliers.
        teacher_logits: (N, classes), a teacher's logits of the same samples, or the mean of several
            teachers'.
    """
    has_class = labels != NONE_OF_THEM
    known, target = logits[has_class], labels[has_class]
    if teacher_logits is None:
        loss = F.cross_entropy(
            known, target, reduction="sum", label_smoothing=recipe.label_smoothing
        )
    else:
        softened = F.log_softmax(teacher_logits[has_class] / _TEMPERATURE, dim=1)
        distance = F.kl_div(
            F.log_softmax(known / _TEMPERATURE, dim=1), softened, reduction="sum", log_target=True
        )
        # The temperature makes the gradient smaller by its square.
        loss = (1 - _TEACHER_WEIGHT) * F.cross_entropy(known, target, reduction="sum")
        loss = loss + _TEACHER_WEIGHT * _TEMPERATURE**2 * distance
    if recipe.outliers:
        negative_energy = torch.logsumexp(logits, dim=1)
        belongs = (
            has_class.float()
            if teacher_logits is None
            else torch.logsumexp(teacher_logits, dim=1).sigmoid()
        )
        loss = loss + recipe.outlier_weight * F.binary_cross_entropy_with_logits(
            negative_energy, belongs, reduction="sum"
        )
    return loss
