"""The attribution methods, and what they result in; see ``attribution.py`` for how they work."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class Method(StrEnum):
    """How the pixels are weighed."""

    OCCLUSION = "occlusion"
    """What the log odds lose when a square is covered with paper, on average over all squares that
    cover the pixel (M. Zeiler, R. Fergus, "Visualizing and Understanding Convolutional Networks",
    ECCV 2014)."""
    INTEGRATED_GRADIENTS = "integrated-gradients"
    """The gradient of the log odds, on average while the ink grows from bare paper to the sample,
    times the sample (M. Sundararajan, A. Taly, Q. Yan, "Axiomatic Attribution for Deep Networks",
    ICML 2017). The values add up to the difference between the log odds of the sample and of bare
    paper."""
    SHAPLEY = "shapley"
    """What the log odds gain when the pixel comes to the paper, on average over random orders in
    which the ink comes (L. Shapley, "A Value for n-Person Games", 1953; sampled as by E. Strumbelj,
    I. Kononenko, "Explaining Prediction Models and Individual Predictions with Feature
    Contributions", KAIS 41, 2014). The values add up exactly to the same difference."""


DEFAULT = Method.SHAPLEY
"""The most faithful method. Of 500 MNIST test digits, the area between the insertion and the
deletion curve is 0.611 with Shapley values, 0.392 with integrated gradients, 0.378 with occlusion
and -0.001 in a random order (tests/benchmarks/attribution.py). It takes the most time."""


@dataclass(frozen=True, eq=False)
class Attribution:
    """How much each pixel of a sample speaks for a class.

    Attributes:
        method: how this was found.
        target: the index of the class.
        values: float32 (28, 28), in log odds: above zero where a pixel speaks for the class, below
            where it speaks against it.
        probability: the network's, of the class, 0 to 1.
    """

    method: Method
    target: int
    values: NDArray[np.float32]
    probability: float
