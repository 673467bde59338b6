"""The job that learns classes of a person's own in the window, beside those of other trainings."""

import json
from collections.abc import Callable, Generator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np

from lenet_desktop import paths
from lenet_desktop.data.labelled import TrainingData
from lenet_desktop.data.teaching.drawings import (
    LabelledDrawings,
    check_own_classes,
    listed,
    read_drawings,
)
from lenet_desktop.data.teaching.variants import draw_variants
from lenet_desktop.evaluation.compare import Comparison, compare
from lenet_desktop.models import model_file
from lenet_desktop.models.model_card import MAX_NAME
from lenet_desktop.models.model_file import Model
from lenet_desktop.printable import printable
from lenet_desktop.training.film.film import Film
from lenet_desktop.training.job import Outcome
from lenet_desktop.training.progress import TrainingProgress
from lenet_desktop.training.recipe import Recipe
from lenet_desktop.training.step.live_reader import LiveReader
from lenet_desktop.training.teaching.images import images_of
from lenet_desktop.training.teaching.own_classes import CLASSES_RECIPE, learn_classes

# On so many distortions, or a few more, the new model is tested.
_TESTED = 300


@dataclass(frozen=True)
class ClassesOutcome(Outcome):
    """What came of learning classes of a person's own.

    ``comparison`` has no champion: it says how the challenger reads new distortions of the drawings
    that it was trained on. How well it reads other drawings is not known.
    """


@dataclass(frozen=True)
class ClassesJob:
    """What to learn classes of one's own from.

    Attributes:
        samples: the file of the drawings.
        classes: the names of the classes.
        seed: the random seed.
        champion: the model file whose features it begins with.
    """

    samples: Path
    classes: tuple[str, ...]
    seed: int
    champion: Path = field(default_factory=paths.factory_model)

    device = "cpu"
    """It trains on the CPU."""

    @property
    def data(self) -> Path:
        """The file of the drawings: there is no other data."""
        return self.samples

    @property
    def recipe(self) -> Recipe:
        """The recipe, with the seed; the network is that of the features."""
        return replace(CLASSES_RECIPE, seed=self.seed)

    @property
    def choices(self) -> dict[str, Any]:
        """What the recipe does not say, by name."""
        return {"own_classes": list(self.classes), "strokes": str(self.samples)}

    def load(self, progress: Callable[[int, int], object] | None = None) -> "LoadedClassesJob":
        """Read the model and the drawings; that is quick, so nothing is told of the progress.

        Raises:
            UserError: one of them cannot be used.
        """
        start = model_file.load(self.champion)
        drawings = read_drawings(self.samples)
        check_own_classes(drawings, self.classes)
        return LoadedClassesJob(self, start, drawings)

    def to_json(self) -> str:
        """Return the job as JSON. It cannot be continued: it takes seconds."""
        return json.dumps({"own_classes": True} | asdict(self), sort_keys=True, default=str)


@dataclass(frozen=True)
class LoadedClassesJob:
    """The job and all that it needs, read and checked.

    Attributes:
        job: the job.
        champion: the model whose features it begins with.
        drawings: the person's drawings.
    """

    job: ClassesJob
    champion: Model
    drawings: LabelledDrawings

    @property
    def data(self) -> TrainingData:
        """The drawings as they are; distortions of them are trained on."""
        classes, among = self.job.classes, self.drawings.drawings
        name = printable(listed(classes), MAX_NAME)
        none = images_of((), classes)
        return TrainingData(name, "", images_of(among, classes), none, none)

    def train(
        self,
        *,
        checkpoint: Path | None = None,
        stop: Event | None = None,
        low_priority: bool = False,
        reader: LiveReader | None = None,
        film: Film | None = None,
    ) -> Generator[TrainingProgress, None, ClassesOutcome]:
        """Train and test; see ``learn_classes``. There is no checkpoint."""
        del checkpoint
        classes = self.job.classes
        model = yield from learn_classes(
            self.drawings,
            classes,
            self.champion,
            self.job.seed,
            stop=stop,
            low_priority=low_priority,
            reader=reader,
            film=film,
        )
        name = printable(listed(classes), MAX_NAME)
        challenger = replace(model, card=replace(model.card, name=name))
        return ClassesOutcome(challenger, self.champion.card.title, self._test(challenger))

    def _test(self, challenger: Model) -> Comparison:
        """Read distortions that were neither trained on nor used to choose the best epoch."""
        among = self.drawings.drawings
        chosen = among[:: -(-len(among) // _TESTED)]
        count = -(-_TESTED // len(chosen))
        variants = list(draw_variants(chosen, count, self.job.seed + 2**33))
        images, labels = np.stack([image for image, _ in variants]), [name for _, name in variants]
        name = f"{len(labels):,} new distortions of your drawings"
        # The model of the features has other classes, so that it is not compared.
        return compare(self.champion, challenger, images, labels, name)
