"""Learn a person's hand: the way in which they write the digits, without forgetting the others'.

The training begins with the model in use, and the person's digits are few among many others: real
ones, synthetic ones and outliers. Rehearsing what a network knows already is the usual remedy for
what M. McCloskey and N. J. Cohen, "Catastrophic Interference in Connectionist Networks", 1989,
found: that learning something new erases the old.
"""

import copy
from collections.abc import Generator
from dataclasses import dataclass, replace
from enum import Enum
from threading import Event

import numpy as np
import torch
from numpy.typing import NDArray

from lenet_desktop.data.labelled import DatasetError, LabelledImages, TrainingData
from lenet_desktop.data.teaching.drawings import LabelledDrawings, check_labels
from lenet_desktop.evaluation.calibration import calibrated
from lenet_desktop.evaluation.compare import Better, Comparison, compare
from lenet_desktop.evaluation.metrics import logits_of
from lenet_desktop.models.model_card import DIGITS
from lenet_desktop.models.model_file import Model
from lenet_desktop.printable import printable
from lenet_desktop.training.film.film import Film
from lenet_desktop.training.job import Outcome
from lenet_desktop.training.loop import train
from lenet_desktop.training.progress import TrainingProgress
from lenet_desktop.training.recipe import Recipe, generator_at
from lenet_desktop.training.step.gradients import Threads
from lenet_desktop.training.step.live_reader import LiveReader
from lenet_desktop.training.teaching.images import images_of, variants_of

MIN_HELD_OUT = 10
"""With fewer held-out drawings, nothing can be said about the person's hand."""
MAX_LOSS = 0.001
"""By how much the accuracy on other people's digits may fall: 0.1 percentage points."""


# How many variants are drawn, of each drawing and of all together unless they are many, and how
# many digits of other people are rehearsed.
_FEWEST, _MOST, _TOGETHER, _REHEARSED = 4, 12, 800, 10_000
# Each variant is trained on so often, distorted differently each time: of 50 drawings, about one
# image in seven is the person's. With the answers of the model in use as a teacher (distillation)
# no less was forgotten.
_REPEATED = 3
HAND_RECIPE = Recipe(
    "own hand",
    learning_rate=0.003,
    batch_size=256,
    epochs=1,
    label_smoothing=0.05,
    augmentation="strong",
    ema_decay=0.99,
    pen_digits=3_000,
    outliers=1_500,
    outlier_weight=0.4,
)


# By how much the accuracy on validation digits may fall, and how far to go towards the trained
# weights: as far as that allows. With four writers' hands and the factory model, 0.1 to 0.25 of the
# way removed two of their five errors at a cost of 0.02 points; all of it removed three at 0.25.
_MAX_VALIDATION_LOSS, _SHARES = 0.0005, (1.0, 0.75, 0.5, 0.35, 0.25, 0.15, 0.1)

_MAX_DESCRIPTION = 4_000


class Advice(Enum):
    """Whether to keep a model that has learned a person's hand."""

    KEEP = "keep"
    """It reads the person's drawings better, and other digits as well as before."""
    NO_DIFFERENCE = "no difference"
    """On the person's drawings the difference is not significant."""
    WORSE_HAND = "worse hand"
    """It reads the person's drawings worse."""
    WORSE_DIGITS = "worse digits"
    """It reads the digits of other people worse, by more than ``MAX_LOSS``."""
    TOO_FEW = "too few"
    """There are fewer than ``MIN_HELD_OUT`` held-out drawings: it cannot be told."""


@dataclass(frozen=True)
class HandOutcome(Outcome):
    """What came of learning a person's hand; ``comparison`` is that on the test digits.

    Attributes:
        hand: both models on the person's held-out drawings; None if there are none.
    """

    hand: Comparison | None = None

    @property
    def advice(self) -> Advice:
        """Whether to keep the challenger."""
        if self.hand is None or self.hand.challenger.count < MIN_HELD_OUT:
            return Advice.TOO_FEW
        digits = self.comparison
        lost = digits.only_champion - digits.only_challenger
        # In whole digits, so that nothing is rounded.
        if lost > MAX_LOSS * digits.challenger.count:
            return Advice.WORSE_DIGITS
        if self.hand.verdict is Better.CHALLENGER:
            return Advice.KEEP
        if self.hand.verdict is Better.CHAMPION:
            return Advice.WORSE_HAND
        return Advice.NO_DIFFERENCE


def learn_hand(
    drawings: LabelledDrawings,
    champion: Model,
    data: TrainingData,
    seed: int,
    *,
    stop: Event | None = None,
    low_priority: bool = False,
    reader: LiveReader | None = None,
    film: Film | None = None,
) -> Generator[TrainingProgress, None, HandOutcome]:
    """Learn a person's hand; yield progress, return the challenger and both comparisons.

    It trains on the CPU; see ``loop.train`` for the arguments that are not described here.

    Args:
        drawings: the person's drawings of digits. The held-out ones are not trained on.
        champion: the model in use, which reads the ten digits; it is not changed.
        data: the digits of other people, which are not to be forgotten.
        seed: the random seed.

    Raises:
        DatasetError: a drawing is no digit, all of them are held out, or ``data`` has other
            classes.
        TrainingError: the loss became NaN.
    """
    check_labels(drawings, DIGITS)
    if data.classes != DIGITS:
        raise DatasetError(
            "{name} does not hold the ten digits: choose digits of other people.", name=data.name
        )
    own = [each for each in drawings.drawings if not each.is_held_out]
    held_out = images_of([each for each in drawings.drawings if each.is_held_out], DIGITS)
    if not own:
        raise DatasetError(
            "All drawings in {name} are held out, so none is left to learn from: draw more.",
            name=drawings.name,
        )
    count = max(_FEWEST, min(_MOST, _TOGETHER // len(own)))
    variants = yield from variants_of(own, DIGITS, count, seed)
    recipe = replace(
        HAND_RECIPE,
        architecture=champion.card.architecture,
        options=champion.card.options,
        seed=seed,
    )
    mixed = _mixed(data, variants, len(own), recipe)
    trained = yield from train(
        recipe,
        mixed,
        start=champion,
        stop=stop,
        low_priority=low_priority,
        reader=reader,
        film=film,
    )
    # On one thread of torch, as the training: the drawing of synthetic digits, which calibration
    # needs, took fifteen times as long with two on busy cores.
    with Threads(torch.device("cpu"), 0, low_priority):
        challenger = _without_forgetting(champion, trained, data.validation)
        digits = _compared(champion, challenger, data.test, f"test {data.test.noun} of {data.name}")
        hand = None
        if len(held_out):
            hand = _compared(champion, challenger, held_out, "held-out drawings of yours")
    description = f"{trained.card.data} It begins with {champion.card.title}: {champion.card.data}"
    card = replace(
        challenger.card,
        # A hand can be learned again and again, on top of what was learned before.
        data=printable(description, _MAX_DESCRIPTION),
        test_accuracy=digits.challenger.accuracy,
    )
    return HandOutcome(replace(challenger, card=card), champion.card.title, digits, hand)


def _mixed(
    data: TrainingData, variants: LabelledImages, drawings: int, recipe: Recipe
) -> TrainingData:
    """Return the data with variants of a person's drawings among a part of its training images."""
    order = torch.randperm(len(data.train), generator=generator_at(recipe, 3))
    rehearsed = data.train.take(order[:_REHEARSED])
    train_images = LabelledImages(
        torch.cat([rehearsed.images, *[variants.images] * _REPEATED]),
        torch.cat([rehearsed.labels, *[variants.labels] * _REPEATED]),
        data.classes,
    )
    return replace(
        data,
        name=f"{drawings:,} drawings of a person's own and {data.name}",
        test_name=data.test_name or data.name,
        train=train_images,
    )


def _without_forgetting(champion: Model, trained: Model, digits: LabelledImages) -> Model:
    """Return the trained model, moved back towards the champion until it forgets nothing.

    M. Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022: on the straight line
    between a network's weights before and after fine-tuning, most of what was learned is kept, and
    most of what was forgotten is back.

    Args:
        champion: the model before the training.
        trained: the model after it.
        digits: digits of other people that neither was trained on.
    """
    samples = digits.images.numpy().astype(np.float32) / np.float32(255)
    allowed = _errors(champion, samples, digits) + max(1, int(_MAX_VALIDATION_LOSS * len(digits)))
    before, after = champion.network.state_dict(), trained.network.state_dict()
    for share in _SHARES:
        between = {
            name: torch.lerp(before[name], value, share) if value.is_floating_point() else value
            for name, value in after.items()
        }
        network = copy.deepcopy(trained.network)
        network.load_state_dict(between)
        model = Model(network, trained.card)
        if _errors(model, samples, digits) <= allowed:
            break
    card = replace(
        trained.card,
        notes=trained.card.notes | {"share": share},
        validation_accuracy=1 - _errors(model, samples, digits) / len(digits),
    )
    return calibrated(Model(network, card), digits, pen_digits=True, outliers=True)


def _errors(model: Model, samples: NDArray[np.float32], digits: LabelledImages) -> int:
    return int((logits_of(model, samples).argmax(axis=1) != digits.labels.numpy()).sum())


def _compared(champion: Model, challenger: Model, images: LabelledImages, name: str) -> Comparison:
    return compare(
        champion, challenger, images.images.numpy(), images.names, f"{len(images):,} {name}"
    )
