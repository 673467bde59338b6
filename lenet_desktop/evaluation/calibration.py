"""Fit a model's softmax temperature and its energy threshold.

Both are fitted to the validation images and to fresh synthetic ones, so every model that a user
trains gets them without any other data.
"""

import math
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from lenet_desktop.data.labelled import LabelledImages
from lenet_desktop.data.synthetic.outliers import draw_outliers, kinds_beside
from lenet_desktop.data.synthetic.pen_digits import draw_pen_digits
from lenet_desktop.evaluation.metrics import logits_of
from lenet_desktop.inference.decision import energy
from lenet_desktop.models.model_card import DIGITS
from lenet_desktop.models.model_file import Model

# No training draws its synthetic images with these seeds (``data.synthetic.mixture``).
_DIGITS_SEED, _OUTLIERS_SEED = 2**40, 2**40 + 1
# With these two, the factory model refuses less than 2 % of real people's digits and more than
# 90 % of their letters.
_MAX_REFUSED_SHARE, _MIN_PROBABILITY = 0.01, 0.65


def calibrated(
    model: Model,
    validation: LabelledImages,
    *,
    pen_digits: bool,
    outliers: bool,
    count: int = 2000,
) -> Model:
    """Return the model with the temperature and the thresholds in its card.

    Args:
        model: the model, its network on the CPU.
        validation: images of the model's classes that it was not trained on, at least one.
        pen_digits: whether it was trained with synthetic pen digits; if so, and if its classes are
            the ten digits, fresh ones join the validation images.
        outliers: whether it was trained with outliers; if not, there is no energy threshold,
            because the network has not learned to tell outliers apart.
        count: the number of synthetic images of each kind.
    """
    images, labels = [validation.images], [validation.labels.numpy()]
    if pen_digits and model.card.classes == DIGITS:
        pen_images, pen_labels = draw_pen_digits(count, seed=_DIGITS_SEED)
        images.append(pen_images)
        labels.append(pen_labels.numpy())
    logits = np.concatenate([_logits(model, part) for part in images])
    card = replace(
        model.card,
        temperature=round(fit_temperature(logits, np.concatenate(labels)), 4),
        min_probability=_MIN_PROBABILITY,
    )
    if outliers:
        kinds = kinds_beside(model.card.classes)
        of_outliers = _logits(model, draw_outliers(count, seed=_OUTLIERS_SEED, kinds=kinds))
        limit = fit_threshold(-energy(logits), -energy(of_outliers), _MAX_REFUSED_SHARE)
        card = replace(card, max_energy=-round(limit, 4))
    return Model(model.network, card)


def _logits(model: Model, images: Tensor) -> NDArray[np.float32]:
    return logits_of(model, images.numpy().astype(np.float32) / np.float32(255))


def fit_temperature(logits: NDArray[np.floating[Any]], labels: NDArray[np.integer[Any]]) -> float:
    """Return the softmax temperature with the lowest cross-entropy loss, 0.2 to 20.

    C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017. As a function of the
    temperature the loss has one minimum; a golden-section search finds it.

    Args:
        logits: (N, classes), of at least one sample that the model was not trained on.
        labels: (N,), the index of each sample's class.
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
    scores: NDArray[np.floating[Any]],
    outlier_scores: NDArray[np.floating[Any]],
    max_refused_share: float = 0.01,
) -> float:
    """Return the score below which a sample is refused as an outlier.

    It minimizes the share of samples that are refused plus the share of outliers that are not,
    while at most ``max_refused_share`` of the samples are refused.

    Args:
        scores: (N,), of samples of the classes, at least one.
        outlier_scores: (M,), of outliers, at least one.
        max_refused_share: 0 to 1.
    """
    known = np.sort(scores.astype(np.float64))
    outliers = np.sort(outlier_scores.astype(np.float64))
    # Each candidate is the score of the lowest sample that is not refused.
    candidates = known[: int(max_refused_share * len(known)) + 1]
    refused = np.searchsorted(known, candidates) / len(known)
    accepted = 1 - np.searchsorted(outliers, candidates) / len(outliers)
    return float(candidates[int(np.argmin(refused + accepted))])
