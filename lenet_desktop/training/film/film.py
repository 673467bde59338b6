"""The film of a training: copies of the network's weights at about sixty moments."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from lenet_desktop.data.labelled import LabelledImages, split_by_class
from lenet_desktop.models.model_card import ModelCard
from lenet_desktop.models.model_file import Model
from lenet_desktop.training.film.spacing import is_due, one_to_drop
from lenet_desktop.training.recipe import Recipe
from lenet_desktop.training.state import TrainingState
from lenet_desktop.training.step.optimizer import bind_weights

# 500 images give an accuracy to about one per cent, in 10 to 20 ms.
_IMAGES, _FEWEST_OF_A_CLASS = 500, 10


@dataclass(frozen=True, eq=False)
class Moment:
    """A training after one of its steps.

    Attributes:
        step: how many steps were done.
        seconds: the time spent until then, without pauses.
        loss: the moving average of the training loss; None before the first step.
        weights: the trained weights (P,) of the network that is validated and returned.
        statistics: its batch normalization's statistics by name.
    """

    step: int
    seconds: float
    loss: float | None
    weights: Tensor
    statistics: dict[str, Tensor]

    @property
    def bytes(self) -> int:
        """The memory that it takes."""
        tensors = (self.weights, *self.statistics.values())
        return sum(tensor.numel() * tensor.element_size() for tensor in tensors)


class Film:
    """The moments of one training, denser at its start.

    ``train`` fills it; any thread may read it meanwhile. Only weights are kept: whatever else is
    shown of a moment follows from them (see ``FilmReader``). Filling it changes nothing of the
    training.

    Attributes:
        moments: the moments by their steps; the first and the newest are always among them.
        steps: how many steps the training will have.
        images: the validation images on which the moments are measured, equally many of each class
            if there are enough; None before the training.
    """

    def __init__(self) -> None:
        self.moments: tuple[Moment, ...] = ()
        self.steps = 0
        self.images: LabelledImages | None = None
        self._network: nn.Module | None = None
        self._card = ModelCard("")

    def begin(
        self, network: nn.Module, recipe: Recipe, validation: LabelledImages, steps: int
    ) -> None:
        """Forget all moments; those of another training follow.

        Args:
            network: the network that is validated and returned, in evaluation mode.
            recipe: the training's recipe.
            validation: its validation images.
            steps: how many steps it will have.
        """
        classes = validation.classes
        count = max(_IMAGES // len(classes), _FEWEST_OF_A_CLASS)
        self.images, _ = split_by_class(validation, count)
        self._network = copy.deepcopy(network).cpu()
        self._card = ModelCard(
            "", architecture=recipe.architecture, options=recipe.options, classes=classes
        )
        self.steps = steps
        self.moments = ()

    def keep_if_due(
        self, state: TrainingState, statistics: Callable[[], dict[str, Tensor]]
    ) -> None:
        """Keep the present moment if the last one is long enough ago.

        Args:
            state: the training's state after a step.
            statistics: returns the present statistics of batch normalization by name.
        """
        if is_due([moment.step for moment in self.moments], state.step):
            self.keep(state, statistics)

    def keep(self, state: TrainingState, statistics: Callable[[], dict[str, Tensor]]) -> None:
        """Keep the present moment, unless it is the last one; drop another if there are many."""
        if self.moments and self.moments[-1].step == state.step:
            return
        moment = Moment(
            state.step,
            state.elapsed_seconds,
            state.smoothed_loss,
            state.ema_weights.to("cpu", copy=True),
            {name: value.to("cpu", copy=True) for name, value in statistics().items()},
        )
        moments = [*self.moments, moment]
        dropped = one_to_drop([moment.step for moment in moments])
        if dropped is not None:
            del moments[dropped]
        self.moments = tuple(moments)  # at once: other threads may look at them

    def model(self, moment: Moment) -> Model:
        """Return the model of a moment, on the CPU, not calibrated.

        Raises:
            ValueError: the film has not begun.
        """
        if self._network is None:
            raise ValueError("a film without a training has no models")
        network = copy.deepcopy(self._network)
        bind_weights(network, moment.weights.clone())
        buffers = dict(network.named_buffers())
        with torch.no_grad():
            for name, value in moment.statistics.items():
                buffers[name].copy_(value)
        return Model(network, replace(self._card, name=f"Step {moment.step:,} of {self.steps:,}"))
