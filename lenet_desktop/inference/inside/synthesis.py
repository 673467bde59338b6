"""Inputs made by gradient steps: the smallest change to another class, and what a unit likes best.

Both are answers of the network about itself. Neither is handwriting: a network can be sure of an
input in which no person sees a digit.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 -- PyTorch's usual name for it

from lenet_desktop.drawing.preprocess import SAMPLE_SIZE, Sample
from lenet_desktop.inference.inside.attribution import log_odds
from lenet_desktop.inference.inside.layers import Layer, LayerKind

if TYPE_CHECKING:
    from lenet_desktop.inference.recognizer import Recognizer

# A change is blurred a little, so that it is made of ink and not of single pixels.
_SOFTNESS = 0.6
_CHANGE_STEPS, _CHANGE_RATE = 200, 0.1
# How much further than necessary the steps aim, in log odds and in energy.
_BEYOND = 0.5
# The weight of the size of a change: nearly none until one is found, then more as long as the
# answer stays.
_FIRST_WEIGHT, _LEAST_WEIGHT, _MORE, _LESS = 1e-3, 5e-3, 1.1, 0.93
# A change between neighbouring pixels, relative to one of the pixels' ink.
_ROUGHNESS = 0.3

_DREAM_STEPS, _DREAM_RATE = 240, 0.03
_SHIFT = 2
# Per pixel of ink, and per difference between neighbours, in log odds.
_INK, _DREAM_ROUGHNESS = 0.004, 0.02
_DREAM_SOFTNESS = 1.5


@dataclass(frozen=True, eq=False)
class Growth:
    """An input while it is made, and at the end.

    Attributes:
        sample: float32 (28, 28), 0 to 1.
        step, steps: how many steps were made, of how many.
        probability: of the class, 0 to 1; None for what a map or a neuron likes.
        change: how much ink was added and removed, in pixels of full ink.
        is_found: whether the network's answer to it is the class, and to be trusted.
    """

    sample: Sample
    step: int
    steps: int
    probability: float | None
    change: float = 0.0
    is_found: bool = False


def smallest_change(recognizer: "Recognizer", sample: Sample, target: int) -> Iterator[Growth]:
    """Yield a sample while it becomes one of another class, with as little change as possible.

    The last one is the smallest change that was found; if it has no ``is_found``, none was.
    The loss is the one of N. Carlini, D. Wagner, "Towards Evaluating the Robustness of Neural
    Networks", SSP 2017, with the amount of ink (L1) and the total variation as the size.

    Args:
        recognizer: whose answer is to change.
        sample: float32 (28, 28), 0 to 1.
        target: the index of the class.
    """
    network, card = recognizer.network, recognizer.card
    start = torch.from_numpy(sample).to(recognizer.device)
    needed = math.log(max(card.min_probability, 0.5) / (1 - min(card.min_probability, 0.999)))
    change, adam = torch.zeros_like(start), _Adam(_CHANGE_RATE)
    weight, best = _FIRST_WEIGHT, None
    for step in range(1, _CHANGE_STEPS + 1):
        now = (start + _blurred(change, _SOFTNESS)).clamp(0, 1)
        shown = _sample(now)
        prediction = recognizer.predict(shown)
        growth = Growth(
            shown,
            step,
            _CHANGE_STEPS,
            float(prediction.probabilities[target]),
            float(np.abs(shown - sample).sum()),
            prediction.is_sure and int(prediction.probabilities.argmax()) == target,
        )
        yield growth
        if growth.is_found and (best is None or growth.change < best.change):
            best = growth
        if best is not None:
            factor = _MORE if growth.is_found else _LESS
            weight = min(max(weight, _LEAST_WEIGHT) * factor, 1.0)

        def loss(leaf: Tensor, weight: float = weight) -> Tensor:
            odds = log_odds(network, leaf[None], target, card.temperature)[0]
            energy = -torch.logsumexp(network(leaf[None, None]).float()[0], dim=0)
            difference = leaf - start
            size = difference.abs().sum() + _ROUGHNESS * _variation(difference)
            missing = F.relu(needed + _BEYOND - odds) + F.relu(energy - card.max_energy + _BEYOND)
            return missing + weight * size

        gradient = _blurred(_gradient(loss, now), _SOFTNESS)
        change = adam.step(change, gradient)
        change = torch.minimum(torch.maximum(change, -start), 1 - start)
    yield best if best is not None else growth


def dream(
    recognizer: "Recognizer", layers: tuple[Layer, ...], layer: int, number: int
) -> Iterator[Growth]:
    """Yield an input while it becomes the one that a class, a map or a neuron likes best.

    D. Erhan et al., "Visualizing Higher-Layer Features of a Deep Network", 2009. It is shifted at
    random in each step, blurred, and ink and roughness cost something (A. Mahendran, A. Vedaldi,
    "Visualizing Deep Convolutional Neural Networks Using Natural Pre-images", IJCV 2016): without
    that it would be noise.

    Args:
        recognizer: whose network likes it.
        layers: those of its ``read_inside``.
        layer: the index of a layer; that of the last one for a class.
        number: the map, the neuron, or the class.
    """
    network, device = recognizer.network, torch.device(recognizer.device)
    is_class = layer == len(layers) - 1
    generator = torch.Generator().manual_seed(0)
    now = 0.1 * torch.rand(SAMPLE_SIZE, SAMPLE_SIZE, generator=generator).to(device)
    now, adam = _blurred(now, _DREAM_SOFTNESS), _Adam(_DREAM_RATE)
    for step in range(1, _DREAM_STEPS + 1):
        down, right = torch.randint(-_SHIFT, _SHIFT + 1, (2,), generator=generator).tolist()

        def loss(leaf: Tensor, shift: tuple[int, int] = (down, right)) -> Tensor:
            moved = leaf.roll(shift, (0, 1))[None]
            liked = (
                log_odds(network, moved, number, recognizer.card.temperature)[0]
                if is_class
                else _liking(network, layers, layer, number, moved)
            )
            return -liked + _INK * leaf.sum() + _DREAM_ROUGHNESS * _variation(leaf)

        gradient = _blurred(_gradient(loss, now), _DREAM_SOFTNESS)
        now = adam.step(now, gradient).clamp(0, 1)
        shown = _sample(now)
        prediction = recognizer.predict(shown)
        yield Growth(
            shown,
            step,
            _DREAM_STEPS,
            float(prediction.probabilities[number]) if is_class else None,
            float(shown.sum()),
            is_class and prediction.is_sure and int(prediction.probabilities.argmax()) == number,
        )


def _liking(
    network: nn.Module, layers: tuple[Layer, ...], layer: int, number: int, samples: Tensor
) -> Tensor:
    """Return the sum of a map, or the value of a neuron."""
    outputs: dict[int, Tensor] = {}
    with ExitStack() as hooks:
        for each in _modules_of(layers, layer):

            def take(_module: nn.Module, _given: Any, made: Tensor, each: int = each) -> None:
                outputs[each] = made

            hook = network.get_submodule(layers[each].name).register_forward_hook(take)
            hooks.callback(hook.remove)
        network(samples[:, None])
    terms = []
    for each, made in outputs.items():
        scale = layers[each].scale
        values = made[0, number] * (1.0 if scale is None else float(scale[number]))
        # Values below zero count less, as they are cut off by ReLU, but still lead somewhere.
        terms.append(F.leaky_relu(values, 0.1).sum())
    return torch.stack(terms).sum()


def _modules_of(layers: tuple[Layer, ...], layer: int) -> list[int]:
    """Return the layers with weights from which the values of a layer come, map by map."""
    if layers[layer].kind in (LayerKind.CONVOLUTION, LayerKind.LINEAR):
        return [layer]
    return [each for source in layers[layer].sources for each in _modules_of(layers, source)]


class _Adam:
    """Adam (D. Kingma, J. Ba, ICLR 2015) for one tensor."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._mean: Tensor | float = 0.0
        self._square: Tensor | float = 0.0
        self._steps = 0

    def step(self, values: Tensor, gradient: Tensor) -> Tensor:
        """Return the values after a step."""
        self._steps += 1
        self._mean = 0.9 * self._mean + 0.1 * gradient
        self._square = 0.99 * self._square + 0.01 * gradient * gradient
        mean = self._mean / (1 - 0.9**self._steps)
        square = self._square / (1 - 0.99**self._steps)
        return values - self._rate * mean / (square.sqrt() + 1e-8)


def _gradient(loss: Callable[[Tensor], Tensor], at: Tensor) -> Tensor:
    with torch.enable_grad():
        leaf = at.detach().requires_grad_()
        (gradient,) = torch.autograd.grad(loss(leaf), leaf)
    return gradient


def _variation(image: Tensor) -> Tensor:
    """Return the total variation of an image (H, W)."""
    return (image[1:] - image[:-1]).abs().sum() + (image[:, 1:] - image[:, :-1]).abs().sum()


def _blurred(image: Tensor, deviation: float) -> Tensor:
    """Return an image (H, W) blurred by a Gaussian of this deviation, in pixels."""
    places = torch.arange(-3, 4, device=image.device)
    kernel = torch.exp(-(places**2) / (2 * deviation**2))
    kernel = kernel / kernel.sum()
    across = F.conv2d(image[None, None], kernel[None, None, None], padding=(0, 3))
    return F.conv2d(across, kernel[None, None, :, None], padding=(3, 0))[0, 0]


def _sample(image: Tensor) -> Sample:
    sample: Sample = image.detach().float().cpu().numpy().copy()
    return sample
