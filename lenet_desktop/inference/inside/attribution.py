"""Attribution: how much each pixel of a sample speaks for a class, and each stroke of a drawing.

What is attributed is the log odds of the class's probability p, log(p / (1 - p)). It orders samples
as the probability does, but still tells them apart where that is all but 0 or 1: 99.9 % and
99.999 % are as far apart as 50 % and 99 %.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lenet_desktop.drawing.preprocess import SAMPLE_SIZE, Sample
from lenet_desktop.drawing.strokes import Drawing
from lenet_desktop.inference.inside.methods import DEFAULT, Attribution, Method

if TYPE_CHECKING:
    from lenet_desktop.inference.recognizer import Recognizer

__all__ = [
    "DEFAULT",
    "Attribution",
    "Method",
    "attributed",
    "changes_without_strokes",
    "log_odds",
    "strokes_left_out",
]

# Of 3, 5, 7, 9 and 11, the side of the covered square whose order was the most faithful on
# training digits.
_SIDE = 7
# Integrated gradients then add up to the difference of the log odds to within a few per cent.
_STEPS = 64
# More orders are more faithful, and take longer: on training digits, 16, 32 and 64 orders of single
# pixels had an area between the curves of 0.578, 0.622 and 0.655.
_ORDERS, _AT_ONCE = 64, 4
_BATCH = 64


def attributed(
    network: nn.Module,
    temperature: float,
    sample: Sample,
    target: int,
    method: Method,
    check: Callable[[], None] = lambda: None,
) -> NDArray[np.float32]:
    """Return how much each pixel speaks for a class, float32 (28, 28), see ``Attribution``.

    The same sample always gets the same values.

    Args:
        network: in evaluation mode, on any device.
        temperature: by which the logits are divided before the softmax.
        sample: float32 (28, 28), 0 to 1.
        target: the index of the class.
        method: how the pixels are weighed.
        check: called many times; what it raises ends the work.
    """

    def odds(samples: Tensor) -> Tensor:
        check()
        return log_odds(network, samples, target, temperature)

    pixels = torch.from_numpy(sample).to(next(network.parameters()).device)
    weigh = {
        Method.OCCLUSION: _occlusion,
        Method.INTEGRATED_GRADIENTS: _integrated_gradients,
        Method.SHAPLEY: _shapley,
    }[method]
    return weigh(pixels, odds).cpu().numpy().astype(np.float32)


def log_odds(network: nn.Module, samples: Tensor, target: int, temperature: float) -> Tensor:
    """Return the log odds (N,) of a class for samples (N, 28, 28)."""
    logits = network(samples[:, None]).float() / temperature
    others = torch.cat([logits[:, :target], logits[:, target + 1 :]], dim=1)
    odds: Tensor = logits[:, target] - torch.logsumexp(others, dim=1)
    return odds


_LogOdds = Callable[[Tensor], Tensor]


def _occlusion(sample: Tensor, odds: _LogOdds) -> Tensor:
    corners = range(1 - _SIDE, SAMPLE_SIZE)
    squares = [
        (slice(max(top, 0), top + _SIDE), slice(max(left, 0), left + _SIDE))
        for top in corners
        for left in corners
    ]
    # Where there is no ink, paper covers nothing.
    inked = [square for square in squares if bool(sample[square].any())]
    lost, count = torch.zeros_like(sample), torch.zeros_like(sample)
    for square in squares:
        count[square] += 1
    with torch.inference_mode():
        whole = odds(sample[None])
        for start in range(0, len(inked), _BATCH):
            some = inked[start : start + _BATCH]
            covered = sample.repeat(len(some), 1, 1)
            for number, square in enumerate(some):
                covered[number][square] = 0
            for square, loss in zip(some, whole - odds(covered), strict=True):
                lost[square] += loss
    return lost / count


def _integrated_gradients(sample: Tensor, odds: _LogOdds) -> Tensor:
    shares = (torch.arange(_STEPS, device=sample.device) + 0.5) / _STEPS
    return _mean_gradient(sample * shares[:, None, None], odds) * sample


def _shapley(sample: Tensor, odds: _LogOdds) -> Tensor:
    ink = torch.nonzero(sample.flatten())[:, 0]
    values = torch.zeros_like(sample).flatten()
    if not len(ink):
        return values.reshape(sample.shape)
    generator = torch.Generator().manual_seed(0)
    keys = torch.rand(_ORDERS // 2, len(ink), generator=generator)
    # Each order and its reverse: what one pixel does to another is then counted evenly.
    for each in torch.cat([keys, -keys]).to(sample.device):
        turn = each.argsort().argsort() // _AT_ONCE
        count = int(turn.max()) + 1
        grown = sample.new_zeros(count + 1, sample.numel())
        have_come = turn < torch.arange(count + 1, device=sample.device)[:, None]
        grown[:, ink] = sample.flatten()[ink] * have_come
        with torch.inference_mode():
            gained = odds(grown.reshape(-1, *sample.shape)).diff()
        # Pixels that come together share what they gain by their ink.
        shares = sample.flatten()[ink]
        together = gained.new_zeros(count).index_add(0, turn, shares)
        values[ink] += gained[turn] * shares / together[turn]
    return values.reshape(sample.shape) / _ORDERS


def _mean_gradient(samples: Tensor, odds: _LogOdds) -> Tensor:
    """Return the mean over N samples (N, 28, 28) of the gradient of the log odds, (28, 28)."""
    total = torch.zeros_like(samples[0])
    with torch.enable_grad():
        for start in range(0, len(samples), _BATCH):
            leaf = samples[start : start + _BATCH].detach().requires_grad_()
            (gradient,) = torch.autograd.grad(odds(leaf).sum(), leaf)
            total += gradient.sum(dim=0)
    return total / len(samples)


def strokes_left_out(recognizer: "Recognizer", drawing: Drawing, target: int) -> tuple[float, ...]:
    """Return how much a class's probability changes when each stroke is left out, -1 to 1.

    A stroke that carries the answer has a change far below 0.

    Args:
        recognizer: reads what is left, from raster to network.
        drawing: of one character.
        target: the index of the class.

    Raises:
        RecognitionError: see ``Recognizer.predict``.
    """
    return tuple(changes_without_strokes(recognizer, drawing, target))


def changes_without_strokes(
    recognizer: "Recognizer", drawing: Drawing, target: int
) -> Iterator[float]:
    """Yield what ``strokes_left_out`` returns, stroke by stroke."""
    whole = _probability(recognizer, drawing, target)
    for number in range(len(drawing.strokes)):
        rest = drawing.strokes[:number] + drawing.strokes[number + 1 :]
        without = Drawing(rest, drawing.picture, drawing.bare_width)
        yield _probability(recognizer, without, target) - whole


def _probability(recognizer: "Recognizer", drawing: Drawing, target: int) -> float:
    """Return the probability of a class; 0 if there is no ink."""
    prediction = recognizer.recognize(drawing)
    return 0.0 if prediction is None else float(prediction.probabilities[target])
