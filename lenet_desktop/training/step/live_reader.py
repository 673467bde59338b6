"""Reads samples with the network that is being trained, between its steps."""

import copy
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lenet_desktop.drawing.preprocess import Sample
from lenet_desktop.training.step.optimizer import bind_weights


class LiveReader:
    """Shows what the network that is validated and returned makes of a sample right now.

    ``train`` sets the network; the thread that runs the training may read between two records,
    also while the training is paused. Only that thread may read, since it is the only
    one that may use the device. Reading changes nothing of the training.
    """

    def __init__(self) -> None:
        self._network: nn.Module | None = None
        self._device = torch.device("cpu")
        self._statistics: Callable[[], dict[str, Tensor]] = dict
        self.classes: tuple[str, ...] = ()

    def follow(
        self,
        network: nn.Module,
        weights: Tensor,
        classes: tuple[str, ...],
        statistics: Callable[[], dict[str, Tensor]],
    ) -> None:
        """Read with a network from now on.

        Args:
            network: the network, in evaluation mode.
            weights: its trained weights (P,), which change as it is trained.
            classes: the names of its classes.
            statistics: returns the present statistics of batch normalization by name. The network's
                own are only set at the end of an epoch, so the reader has a copy with its own.
        """
        self._network = copy.deepcopy(network)
        bind_weights(self._network, weights)
        self._device = weights.device
        self._statistics = statistics
        self.classes = classes

    def read(self, sample: Sample) -> NDArray[np.float32] | None:
        """Return the probability of each class, float32 (classes,), 0 to 1, not calibrated yet.

        None if there is no network yet, or if its logits are not finite.

        Args:
            sample: float32 (28, 28), 0 to 1, ink bright.
        """
        if self._network is None:
            return None
        buffers = dict(self._network.named_buffers())
        for name, value in self._statistics().items():
            buffers[name].copy_(value)
        with torch.inference_mode():
            batch = torch.from_numpy(sample[np.newaxis, np.newaxis]).to(self._device)
            logits = self._network(batch)[0].float()
            probabilities: NDArray[np.float32] = logits.softmax(0).cpu().numpy()
        return probabilities if np.isfinite(probabilities).all() else None
