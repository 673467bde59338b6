"""The loss that a training minimizes, and the teachers that it may learn from (distillation)."""

import copy
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 -- PyTorch's usual name for it

from lenet_desktop.data.labelled import NONE_OF_THEM
from lenet_desktop.models.model_file import Model
from lenet_desktop.training.progress import TrainingError
from lenet_desktop.training.recipe import Recipe

# The weight of the teachers' answers relative to the labels, and the softmax temperature of
# teachers and student.
_TEACHER_WEIGHT, _TEMPERATURE = 0.7, 3.0


def summed_loss(
    logits: Tensor, labels: Tensor, recipe: Recipe, teacher_logits: Tensor | None = None
) -> Tensor:
    """Return the summed loss of samples: cross-entropy, plus a loss of the energy for outliers.

    Outliers have no class. Instead, the negative energy (``decision.energy``) learns to separate
    samples of any class from outliers, by the logistic loss at zero. Training the energy is the
    idea of W. Liu et al., "Energy-based Out-of-distribution Detection", NeurIPS 2020, who use two
    margins instead.

    Distillation: G. Hinton, O. Vinyals, J. Dean, "Distilling the Knowledge in a Neural Network",
    2015. Teacher logits show which other classes a sample resembles, and how well it fits any class
    at all. Label smoothing is not used then, because it carries no such information.

    Args:
        logits: (N, classes).
        labels: int64 (N,), the index of each class, or NONE_OF_THEM for outliers.
        recipe: the recipe with the label smoothing and the weight of the outliers' loss.
        teacher_logits: (N, classes), the teachers' mean logits of the same samples.
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


class Teachers:
    """Trained networks whose logits a student learns from as well as from the labels."""

    def __init__(
        self, models: Sequence[Model], classes: tuple[str, ...], device: torch.device
    ) -> None:
        """Copy the models' networks to the device; the models are not changed.

        Raises:
            TrainingError: a model has other classes.
        """
        self._networks = []
        for model in models:
            if model.card.classes != classes:
                raise TrainingError(
                    "The model '{title}' cannot be a teacher: its classes are not those of the "
                    "data.",
                    title=model.card.title,
                )
            network = copy.deepcopy(model.network).eval().to(device)
            self._networks.append(network.to(memory_format=torch.channels_last))

    def logits(self, samples: Tensor) -> Tensor | None:
        """Return the mean logits (N, classes) of samples (N, 1, 28, 28); None without teachers."""
        if not self._networks:
            return None
        with torch.no_grad():
            return torch.stack([network(samples) for network in self._networks]).mean(0)
