"""The job that learns a person's hand in the window, beside those of other trainings."""

import json
from collections.abc import Generator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from threading import Event
from typing import Any

from lenet_desktop.data import catalog
from lenet_desktop.data.image_folder import Progress
from lenet_desktop.data.labelled import TrainingData
from lenet_desktop.data.teaching.drawings import LabelledDrawings, read_drawings
from lenet_desktop.models import model_file
from lenet_desktop.models.model_file import Model
from lenet_desktop.training.film.film import Film
from lenet_desktop.training.progress import TrainingProgress
from lenet_desktop.training.recipe import Recipe
from lenet_desktop.training.step.live_reader import LiveReader
from lenet_desktop.training.teaching.hand import HAND_RECIPE, HandOutcome, learn_hand


@dataclass(frozen=True)
class HandJob:
    """What to learn a person's hand from.

    Attributes:
        samples: the file of the person's own samples.
        data: digits of other people that are not to be forgotten: STARTER, or a folder that holds
            MNIST.
        champion: the model file that it begins with and is compared with.
        seed: the random seed.
    """

    samples: Path
    data: Path
    champion: Path
    seed: int

    device = "cpu"
    """It trains on the CPU."""

    @property
    def recipe(self) -> Recipe:
        """The recipe, with the seed; the network is the champion's."""
        return replace(HAND_RECIPE, seed=self.seed)

    @property
    def choices(self) -> dict[str, Any]:
        """What the recipe does not say, by name."""
        return {"own_hand": True, "strokes": str(self.samples)}

    def load(self, progress: Progress | None = None) -> "LoadedHandJob":
        """Read the model, the samples and the digits.

        Args:
            progress: see ``Job.load``.

        Raises:
            UserError: one of them cannot be used.
        """
        champion = model_file.load(self.champion)
        drawings = read_drawings(self.samples)
        data = catalog.load(self.data, progress=progress)
        return LoadedHandJob(self, champion, drawings, data)

    def to_json(self) -> str:
        """Return the job as JSON. It cannot be continued: it takes seconds."""
        return json.dumps({"own_hand": True} | asdict(self), sort_keys=True, default=str)


@dataclass(frozen=True)
class LoadedHandJob:
    """The job and all that it needs, read and checked.

    Attributes:
        job: the job.
        champion: the model that it begins with.
        drawings: the person's drawings.
        data: digits of other people.
    """

    job: HandJob
    champion: Model
    drawings: LabelledDrawings
    data: TrainingData

    def train(
        self,
        *,
        checkpoint: Path | None = None,
        stop: Event | None = None,
        low_priority: bool = False,
        reader: LiveReader | None = None,
        film: Film | None = None,
    ) -> Generator[TrainingProgress, None, HandOutcome]:
        """Train, calibrate and compare; see ``learn_hand``. There is no checkpoint."""
        del checkpoint
        outcome = yield from learn_hand(
            self.drawings,
            self.champion,
            self.data,
            self.job.seed,
            stop=stop,
            low_priority=low_priority,
            reader=reader,
            film=film,
        )
        return outcome
