"""Learn classes of one's own from a few drawings of each, in seconds.

The network starts with the features of a trained model and a new last layer; all layers are
trained. First features suit other drawings, too: J. Yosinski et al., "How transferable are features
in deep neural networks?", NIPS 2014.
"""

from collections.abc import Generator
from dataclasses import replace
from threading import Event

from torch import Generator as Random
from torch import nn

from lenet_desktop.data.labelled import TrainingData
from lenet_desktop.data.teaching.drawings import LabelledDrawings, check_own_classes
from lenet_desktop.models.initialization import new_network
from lenet_desktop.models.model_file import Model
from lenet_desktop.training.film.film import Film
from lenet_desktop.training.loop import train
from lenet_desktop.training.progress import TrainingProgress
from lenet_desktop.training.recipe import Recipe, generator_at
from lenet_desktop.training.step.live_reader import LiveReader
from lenet_desktop.training.teaching.images import images_of, variants_of

# How many variants are drawn, of each drawing and of all together unless they are many: most of the
# time goes into drawing them. On six writers' other drawings, four of each of ten classes gave an
# error of 0.5 % with a learning rate of 0.006, and 0.8 % with 0.01.
_FEWEST, _MOST, _TOGETHER = 3, 15, 600
# Of these, one in so many validates, and is not trained on.
_VALIDATION = 5
_IMAGES_TRAINED = 20_000
# Distortions of drawings that were trained on are easier to read than new drawings: the temperature
# that suits them makes every answer sure. On six writers' other drawings the expected calibration
# error stays at 1 % with this one, and 3 % more of other people's letters are refused.
_MIN_TEMPERATURE = 0.7
CLASSES_RECIPE = Recipe(
    "own classes",
    learning_rate=0.006,
    batch_size=64,
    label_smoothing=0.05,
    augmentation="strong",
    ema_decay=0.95,
    outliers=500,
    outlier_weight=0.4,
)


def learn_classes(
    drawings: LabelledDrawings,
    classes: tuple[str, ...],
    start: Model,
    seed: int,
    *,
    stop: Event | None = None,
    low_priority: bool = False,
    reader: LiveReader | None = None,
    film: Film | None = None,
) -> Generator[TrainingProgress, None, Model]:
    """Learn classes from a person's drawings; yield progress, return the model with its card.

    It trains on the CPU; see ``loop.train`` for the arguments that are not described here.

    Args:
        drawings: the drawings, at least ``MIN_DRAWINGS`` of each class. All are trained on.
        classes: the names of the classes, 2 to ``MAX_CLASSES``.
        start: the model whose features it starts with; it is not changed.
        seed: the random seed.

    Raises:
        DatasetError: the drawings do not suit the classes, see ``check_own_classes``.
        TrainingError: the loss became NaN.
    """
    check_own_classes(drawings, classes)
    among = drawings.drawings
    count = max(_FEWEST, min(_MOST, _TOGETHER // len(among)))
    trained = yield from variants_of(among, classes, count, seed)
    # The seed of a variant is a part of its place, so these are others.
    validation = yield from variants_of(among, classes, -(-count // _VALIDATION), seed + 2**32)
    name = f"{len(among):,} drawings of {len(classes)} classes"
    data = TrainingData(name, "", trained, validation, images_of((), classes))
    images = len(trained) + CLASSES_RECIPE.outliers
    recipe = replace(
        CLASSES_RECIPE,
        architecture=start.card.architecture,
        options=start.card.options,
        epochs=max(1, round(_IMAGES_TRAINED / images)),
        seed=seed,
    )
    model = yield from train(
        recipe,
        data,
        start=with_new_last_layer(start, classes, generator_at(recipe, 0)),
        stop=stop,
        low_priority=low_priority,
        reader=reader,
        film=film,
    )
    card = replace(
        model.card,
        data=_describe(drawings, start),
        temperature=max(model.card.temperature, _MIN_TEMPERATURE),
    )
    return Model(model.network, card)


def _describe(drawings: LabelledDrawings, start: Model) -> str:
    """Return what was learned from, and what the features were learned from."""
    by_count: dict[int, list[str]] = {}
    for name, count in drawings.counts.items():
        by_count.setdefault(count, []).append(name)
    parts = [f"{count} drawings each of {', '.join(by_count[count])}" for count in sorted(by_count)]
    return f"{'; '.join(parts)}; features of {start.card.title}. {start.card.data}".strip()


def with_new_last_layer(model: Model, classes: tuple[str, ...], random: Random) -> Model:
    """Return a model of other classes with the same weights, but for a random last layer."""
    card = model.card
    network = new_network(card.architecture, card.options, len(classes), "pytorch", random)
    weights = model.network.state_dict()
    last = [name for name, part in network.named_modules() if isinstance(part, nn.Linear)][-1]
    for name, value in network.state_dict().items():
        if name.startswith(f"{last}."):
            weights[name] = value
    network.load_state_dict(weights)
    return Model(network.eval(), replace(card, classes=classes))
