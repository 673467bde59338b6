"""The state of a training, and how it is written to a checkpoint and read back."""

import copy
import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from lenet_desktop.errors import Text
from lenet_desktop.models.initialization import new_network
from lenet_desktop.models.model_file import Model
from lenet_desktop.training.checkpoint import CheckpointError, read_checkpoint, write_checkpoint
from lenet_desktop.training.progress import TrainingError
from lenet_desktop.training.recipe import Recipe, generator_at
from lenet_desktop.training.step.optimizer import Optimizer, gather_weights
from lenet_desktop.training.step.processes import Processes

_COUNTERS = (
    "epoch",
    "best_epoch",
    "best_accuracy",
    "best_loss",
    "smoothed_loss",
    "elapsed_seconds",
    "drawing_seconds",
)


class TrainingState:
    """The state of a training between two steps.

    Attributes:
        network: the network that is trained, in training mode.
        weights: its trained weights, which are views of this vector (P,).
        ema_network: the network that is validated and returned, in evaluation mode: its weights
            are an exponential moving average (EMA) of ``weights``.
        ema_weights: its trained weights, which are views of this vector (P,).
        optimizer: the optimizer of ``weights``.
        epoch, step: how many are complete.
        learning_rate: of the latest step.
        best_weights: the EMA network of the best epoch so far, as a state dict.
        best_epoch, best_accuracy, best_loss: that epoch, counted from 1 (0 before the first), its
            validation accuracy, 0 to 1, and its validation loss.
        smoothed_loss: a moving average of the training loss.
        elapsed_seconds: time spent, without pauses.
        drawing_seconds: the part of it that was spent drawing synthetic images.
    """

    def __init__(self, network: nn.Module, recipe: Recipe) -> None:
        """Start with a network, which is trained in place."""
        self._ema_decay, self._epochs = recipe.ema_decay, recipe.epochs
        # A fifth faster than the default layout on CPUs, and harmless elsewhere.
        self.network = network.to(memory_format=torch.channels_last)
        self.weights = gather_weights(self.network)
        self.ema_network = copy.deepcopy(self.network).eval()
        self.ema_weights = gather_weights(self.ema_network)
        self.optimizer = Optimizer(recipe.optimizer, self.weights, recipe.weight_decay)
        self.epoch = self.step = self.best_epoch = 0
        self.learning_rate = 0.0
        self.best_weights = copy.deepcopy(self.ema_network.state_dict())
        self.best_accuracy: float | None = None
        self.best_loss: float | None = None
        self.smoothed_loss: float | None = None
        self.elapsed_seconds = self.drawing_seconds = 0.0

    def update_ema(self) -> None:
        """Update the EMA with the weights of the latest step; without EMA, copy them."""
        # The decay is smaller at first, so that the random initial weights are soon forgotten.
        decay = min(self._ema_decay, (1 + self.step) / (10 + self.step))
        self.ema_weights.lerp_(self.weights, 1 - decay)

    def update_ema_statistics(self) -> None:
        """Copy the statistics of batch normalization to the EMA network."""
        buffers = dict(self.network.named_buffers())
        for name, buffer in self.ema_network.named_buffers():
            buffer.copy_(buffers[name])

    def keep_if_best(self, accuracy: float, loss: float) -> None:
        """Keep the EMA network of this epoch if it is the most accurate; the loss breaks ties."""
        if self.best_accuracy is None or self.best_loss is None or (accuracy, -loss) > (
            self.best_accuracy, -self.best_loss
        ):  # fmt: skip
            self.best_epoch, self.best_accuracy, self.best_loss = self.epoch, accuracy, loss
            self.best_weights = copy.deepcopy(self.ema_network.state_dict())

    def write(self, checkpoint: Path, training: dict[str, Any]) -> Text:
        """Write a checkpoint; return a sentence if that fails, since the training can continue.

        Args:
            checkpoint: the file.
            training: the identity of the training, see ``training_id``.
        """
        counters = {name: getattr(self, name) for name in _COUNTERS}
        try:
            write_checkpoint(checkpoint, training, counters, self._tensors())
        except OSError as error:
            reason = error.strerror or str(error)
            return Text(
                "The checkpoint could not be written to {checkpoint}: {reason}.",
                checkpoint=checkpoint,
                reason=reason,
            )
        return Text("")

    def resume(self, checkpoint: Path, training: dict[str, Any], steps_per_epoch: int) -> None:
        """Restore the state from a checkpoint.

        Raises:
            CheckpointError: it is damaged, or belongs to another training.
        """
        counters, saved = read_checkpoint(checkpoint, training)
        tensors = self._tensors()
        if not (_fits(counters, self._epochs) and _match(saved, tensors)):
            raise CheckpointError.damaged(checkpoint)
        for name, value in tensors.items():
            value.copy_(saved[name])
        for name in _COUNTERS:
            setattr(self, name, counters[name])
        self.step = self.epoch * steps_per_epoch

    def copy_first(self, processes: Processes) -> None:
        """Take over the state of process 0, which alone reads and writes checkpoints.

        Processors of different kinds round differently: called after every epoch, this keeps the
        weights of their processes together.
        """
        if processes.count == 1:
            return
        counters = {name: getattr(self, name) for name in (*_COUNTERS, "step")}
        for name, value in json.loads(processes.texts(json.dumps(counters))[0]).items():
            setattr(self, name, value)
        for _, value in sorted(self._tensors().items()):
            processes.copy_first(value)

    def _tensors(self) -> dict[str, Tensor]:
        """Return all tensors of the training by name: the tensors in use, not copies."""
        parts = {
            "network": self.network.state_dict(),
            "ema": self.ema_network.state_dict(),
            "best": self.best_weights,
            "optimizer": self.optimizer.state,
        }
        return {f"{part}.{name}": value for part in parts for name, value in parts[part].items()}


def first_network(
    recipe: Recipe, classes: tuple[str, ...], start: Model | None, freeze_convolutions: bool
) -> nn.Module:
    """Return the network to begin with, in training mode: a copy of ``start``'s, or a random one.

    Raises:
        TrainingError: ``start`` has another architecture than the recipe, or other classes.
    """
    if start is None:
        network = new_network(
            recipe.architecture,
            recipe.options,
            len(classes),
            recipe.initialization,
            generator_at(recipe, 0),
        )
    elif start.card.classes != classes:
        raise TrainingError(
            "The model '{title}' has other classes than the data: start from scratch.",
            title=start.card.title,
        )
    elif (recipe.architecture, recipe.options) != (start.card.architecture, start.card.options):
        raise TrainingError(
            "The model '{title}' cannot be trained further with this recipe: choose its "
            "own architecture, '{architecture}', or start from scratch.",
            title=start.card.title,
            architecture=start.card.architecture,
        )
    else:
        network = copy.deepcopy(start.network)
    network.train()
    for module in network.modules():
        if freeze_convolutions and isinstance(module, nn.Conv2d | nn.BatchNorm2d):
            module.eval().requires_grad_(False)
    return network


def _fits(counters: dict[str, Any], epochs: int) -> bool:
    """Return whether the counters of a checkpoint can be those of a training."""

    def is_within(name: str, low: float, high: float) -> bool:
        value = counters[name]
        wanted = (int,) if name.endswith("epoch") else (int, float)
        # NaN fails these comparisons, too.
        return type(value) in wanted and low <= value <= high

    return (
        counters.keys() == set(_COUNTERS)
        and is_within("epoch", 1, epochs)
        and is_within("best_epoch", 1, counters["epoch"])
        and is_within("best_accuracy", 0, 1)
        and is_within("best_loss", -1, 1e30)
        and is_within("smoothed_loss", -1, 1e30)
        and is_within("elapsed_seconds", 0, 1e9)
        and is_within("drawing_seconds", 0, counters["elapsed_seconds"])
    )


def _match(saved: dict[str, Tensor], expected: dict[str, Tensor]) -> bool:
    """Return whether tensors have the expected names, shapes and types, and are finite."""
    return saved.keys() == expected.keys() and all(
        value.shape == expected[name].shape
        and value.dtype == expected[name].dtype
        and bool(torch.isfinite(value).all())
        for name, value in saved.items()
    )
