"""What the network of a moment looks like, and what it can do."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from lenet_desktop.drawing.preprocess import Sample
from lenet_desktop.models.model_file import Model
from lenet_desktop.training.film.film import Film, Moment
from lenet_desktop.training.step.loader import to_samples


@dataclass(frozen=True, eq=False)
class OpenedMoment:
    """A moment's network, and its answer to a sample.

    Attributes:
        moment: the moment.
        model: its network, on the CPU.
        kernels: the first kernel of each map of the first convolution, float32 (maps, side, side).
        probabilities: of each class for the sample, float32 (classes,), 0 to 1; None without a
            sample, or if they are not finite.
    """

    moment: Moment
    model: Model
    kernels: NDArray[np.float32]
    probabilities: NDArray[np.float32] | None


@dataclass(frozen=True, eq=False)
class MeasuredMoment:
    """How a moment's network reads validation images.

    Attributes:
        moment: the moment.
        accuracies: of each class, float64 (classes,), 0 to 1; NaN without images of it.
        accuracy: of all images, 0 to 1.
    """

    moment: Moment
    accuracies: NDArray[np.float64]
    accuracy: float


class FilmReader:
    """Reads with the networks of a film's moments, on the CPU, in one thread.

    Args:
        film: the film of a training that has begun.
    """

    def __init__(self, film: Film) -> None:
        assert film.images is not None, "the training has not begun"
        self.film = film
        self._samples, self._labels = to_samples(film.images.images), film.images.labels
        self._measured: dict[int, MeasuredMoment] = {}

    def open(self, moment: Moment, sample: Sample | None = None) -> OpenedMoment:
        """Return a moment's network, and its answer to a sample, float32 (28, 28), 0 to 1."""
        model = self.film.model(moment)
        probabilities = None
        if sample is not None:
            with torch.inference_mode():
                logits = model.network(torch.from_numpy(sample[np.newaxis, np.newaxis]))[0]
                probabilities = logits.softmax(0).numpy()
            if not np.isfinite(probabilities).all():
                probabilities = None
        return OpenedMoment(moment, model, first_kernels(model), probabilities)

    def measure(self, moment: Moment) -> MeasuredMoment:
        """Return how a moment's network reads the film's images; measured only once."""
        if moment.step not in self._measured:
            model = self.film.model(moment)
            with torch.inference_mode():
                is_right = model.network(self._samples).argmax(1) == self._labels
            count = len(model.card.classes)
            of_class = torch.bincount(self._labels, minlength=count).numpy()
            right = torch.bincount(self._labels[is_right], minlength=count).numpy()
            accuracies = np.full(count, np.nan)
            np.divide(right, of_class, out=accuracies, where=of_class > 0)
            accuracy = float(is_right.double().mean())
            self._measured[moment.step] = MeasuredMoment(moment, accuracies, accuracy)
        return self._measured[moment.step]


def first_kernels(model: Model) -> NDArray[np.float32]:
    """Return the kernels of the first convolution, float32 (maps, side, side)."""
    first = next(each for each in model.network.modules() if isinstance(each, nn.Conv2d))
    kernels: NDArray[np.float32] = first.weight.detach()[:, 0].contiguous().numpy()
    return kernels
