"""Probabilities that mean what they say, and limits below which an answer is refused.

Both are fitted to the digits that the training was chosen on and to fresh synthetic ones, never to
anything else: every model that somebody trains gets them, with no data from outside.
"""

import math
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from lenet_desktop.data.labelled import LabelledImages
from lenet_desktop.data.synthetic.outliers import draw_outliers
from lenet_desktop.data.synthetic.pen_digits import draw_pen_digits
from lenet_desktop.evaluation.metrics import logits_of
from lenet_desktop.inference.decision import energy
from lenet_desktop.models.model_file import Model

# Other seeds than any recipe's parts have (``synthetic``).
_DIGITS_SEED, _OUTLIERS_SEED = 2**40, 2**40 + 1
_COUNT = 2000
# The share of the digits that may be called none, and the probability below which a guess is not
# sure: chosen on other people's digits and letters, which refuse less than 2 % and more than 90 %.
_MOST_REFUSED, _LEAST_PROBABILITY = 0.01, 0.65


def calibrated(
    model: Model, validation: LabelledImages, *, pen_digits: bool, outliers: bool
) -> Model:
    """Return the model with temperature and thresholds in its card.

    Args:
        model: the network on the CPU, and its card.
        validation: the held-out images that the model was chosen on.
        pen_digits: whether it was trained with synthetic pen digits; if so, they are read as well.
        outliers: whether it was trained with outliers; without them there is no threshold of the
            energy, since nothing taught the network to tell them.
    """
    images, labels = [validation.images], [validation.labels.numpy()]
    if pen_digits:
        pen_images, pen_labels = draw_pen_digits(_COUNT, seed=_DIGITS_SEED)
        images.append(pen_images)
        labels.append(pen_labels.numpy())
    logits = np.concatenate([_logits(model, some) for some in images])
    card = replace(
        model.card,
        temperature=round(fit_temperature(logits, np.concatenate(labels)), 4),
        min_probability=_LEAST_PROBABILITY,
    )
    if outliers:
        others = _logits(model, draw_outliers(_COUNT, seed=_OUTLIERS_SEED))
        limit = fit_threshold(-energy(logits), -energy(others), _MOST_REFUSED)
        card = replace(card, max_energy=-round(limit, 4))
    return Model(model.network, card)


def _logits(model: Model, images: Tensor) -> NDArray[np.float32]:
    return logits_of(model, images.numpy().astype(np.float32) / np.float32(255))


def fit_temperature(logits: NDArray[np.floating[Any]], labels: NDArray[np.integer[Any]]) -> float:
    """Find the temperature by which the logits of held-out digits are best divided.

    C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017. The mean negative log
    likelihood has one minimum; a golden-section search finds it between 0.2 and 20.

    Args:
        logits: (N, classes), of at least one digit.
        labels: (N,), the number of each digit's class.
    """
    values, index = logits.astype(np.float64), np.arange(len(labels))

    def loss(log_temperature: float) -> float:
        scaled = values / math.exp(log_temperature)
        return float((-energy(scaled) - scaled[index, labels]).mean())

    golden = (math.sqrt(5) - 1) / 2
    low, high = math.log(0.2), math.log(20)
    while high - low > 1e-4:
        left, right = high - golden * (high - low), low + golden * (high - low)
        low, high = (low, right) if loss(left) < loss(right) else (left, high)
    return math.exp((low + high) / 2)


def fit_threshold(
    digit_scores: NDArray[np.floating[Any]],
    outlier_scores: NDArray[np.floating[Any]],
    most_refused: float = 0.01,
) -> float:
    """Find the score below which a sample is better called no digit.

    It is where the share of digits refused and that of outliers let through add up to the
    least, as long as no more than ``most_refused`` of the digits are refused.

    Args:
        digit_scores: (N,), of held-out digits of all kinds, at least one.
        outlier_scores: (M,), of outliers, at least one.
        most_refused: share of the digits, 0 to 1.
    """
    digits = np.sort(digit_scores.astype(np.float64))
    others = np.sort(outlier_scores.astype(np.float64))
    # Just below each digit that may be the first one kept.
    tried = digits[: int(most_refused * len(digits)) + 1]
    refused = np.searchsorted(digits, tried) / len(digits)
    passed = 1 - np.searchsorted(others, tried) / len(others)
    return float(tried[int(np.argmin(refused + passed))])
