"""A job describes a training and its outcome. The window and the command line both run jobs."""

import hashlib
import json
from collections.abc import Generator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from threading import Event
from typing import Any

import torch

from lenet_desktop import paths
from lenet_desktop.data import catalog
from lenet_desktop.data.image_folder import Progress
from lenet_desktop.data.labelled import TrainingData
from lenet_desktop.data.sources import PicturesAre
from lenet_desktop.data.stroke_samples import join_strokes
from lenet_desktop.evaluation.compare import Comparison, compare
from lenet_desktop.models import model_file
from lenet_desktop.models.library import is_factory_model
from lenet_desktop.models.model_file import Model
from lenet_desktop.regular_file import read_regular
from lenet_desktop.training.film.film import Film
from lenet_desktop.training.loop import train
from lenet_desktop.training.progress import TrainingProgress
from lenet_desktop.training.recipe import Recipe
from lenet_desktop.training.step.live_reader import LiveReader
from lenet_desktop.training.step.processes import ALONE, Processes

DEVICES = ("cpu", "cuda", "mps", "xpu")
MOST_IMAGES = 1_000_000

_FACTORY_MODEL = "factory model"


@dataclass(frozen=True)
class Job:
    """What to train.

    Attributes:
        recipe: how to train.
        data: the training data, see ``catalog.load``.
        champion: the model file that the challenger is compared with.
        held_out: the data whose test images both are compared on; those of ``data`` when None.
        device: where to train, one of ``DEVICES``.
        starts_from_champion: begin with the champion's weights instead of random ones.
        freeze_convolutions: leave the convolutions as they start.
        strokes: a stroke file whose drawings join the training images.
        credit: who drew the strokes, for the model card.
        teachers: model files whose logits are learned from as well (distillation).
        images: how many of the training images are used, as many of each class; all for 0.
        pictures: how the pictures of a folder become samples.
    """

    recipe: Recipe
    data: Path
    champion: Path
    held_out: Path | None = None
    device: str = "cpu"
    starts_from_champion: bool = False
    freeze_convolutions: bool = False
    strokes: Path | None = None
    credit: str = ""
    teachers: tuple[Path, ...] = ()
    images: int = 0
    pictures: PicturesAre = PicturesAre.DRAWINGS

    @property
    def choices(self) -> dict[str, Any]:
        """What the recipe does not say, by name, as JSON can hold it."""
        return {
            "starts_from_champion": self.starts_from_champion,
            "freeze_convolutions": self.freeze_convolutions,
            "strokes": None if self.strokes is None else str(self.strokes),
            "credit": self.credit,
            "teachers": [str(path) for path in self.teachers],
            "images": self.images,
            "pictures": self.pictures,
        }

    def load(self, progress: Progress | None = None) -> "LoadedJob":
        """Read all files that the job needs, so that a bad file is reported before the training.

        Args:
            progress: is told how many pictures of a folder are read; it may raise to stop that.

        Raises:
            UserError: a model or the data cannot be used.
        """
        champion = model_file.load(self.champion)
        teachers = tuple(model_file.load(path) for path in self.teachers)
        data = catalog.load(self.data, self.pictures, progress)
        held_out = data
        if self.images:
            data = replace(data, train=data.train.few(self.images))
        if self.held_out is not None and self.held_out != self.data:
            held_out = catalog.load(self.held_out)
        if self.strokes is not None:
            data = join_strokes(data, self.strokes, self.credit)
        return LoadedJob(self, champion, teachers, data, held_out)

    def to_json(self) -> str:
        """Return the job as JSON, with the SHA-256 of the champion's file.

        The factory model has a name instead of a path: a new installation may move it.
        """
        content = read_regular(self.champion, model_file.MAX_BYTES)
        values = asdict(self) | {"champion_digest": hashlib.sha256(content).hexdigest()}
        if is_factory_model(self.champion):
            values["champion"] = _FACTORY_MODEL
        return json.dumps(values, sort_keys=True, default=str)

    @classmethod
    def from_json(cls, text: str) -> "Job | None":
        """Read what ``to_json`` wrote.

        Return None if the text is not a job, or if the champion's file has changed since, so that
        the training cannot be continued. The text is not trusted.
        """
        try:
            values = json.loads(text)
            del values["champion_digest"]
            if not _are_of_job(values):
                return None
            values["recipe"] = Recipe(**values["recipe"])
            for name in ("data", "champion", "held_out", "strokes"):
                values[name] = None if values[name] is None else Path(values[name])
            if values["champion"] == Path(_FACTORY_MODEL):
                values["champion"] = paths.factory_model()
            values["teachers"] = tuple(map(Path, values["teachers"]))
            values["pictures"] = PicturesAre(values["pictures"])
            job = cls(**values)
            return job if job.to_json() == text else None
        except (ValueError, TypeError, KeyError, OverflowError, OSError, RecursionError):
            return None


def _are_of_job(values: dict[str, Any]) -> bool:
    """Return whether values read from JSON have the types of a job's fields."""
    return (
        isinstance(values["recipe"], dict)
        and all(isinstance(values[name], str) for name in ("data", "champion", "credit"))
        and all(isinstance(values[name], str | None) for name in ("held_out", "strokes"))
        and all(type(values[n]) is bool for n in ("starts_from_champion", "freeze_convolutions"))
        and values["device"] in DEVICES
        and type(values["images"]) is int
        and 0 <= values["images"] <= MOST_IMAGES
        and isinstance(values["teachers"], list)
        and all(isinstance(path, str) for path in values["teachers"])
    )


@dataclass(frozen=True)
class LoadedJob:
    """A job and all that it needs, read and checked.

    Attributes:
        job: what to train.
        champion: the model that the challenger is compared with.
        teachers: the models whose logits are learned from.
        data: what to train on.
        held_out: the data whose test images champion and challenger are compared on.
    """

    job: Job
    champion: Model
    teachers: tuple[Model, ...]
    data: TrainingData
    held_out: TrainingData

    def train(
        self,
        *,
        checkpoint: Path | None = None,
        stop: Event | None = None,
        low_priority: bool = False,
        reader: LiveReader | None = None,
        film: Film | None = None,
        processes: Processes = ALONE,
    ) -> Generator[TrainingProgress, None, "Outcome"]:
        """Train, calibrate and compare; see ``loop.train`` for the arguments and errors."""
        job = self.job
        challenger = yield from train(
            job.recipe,
            self.data,
            device=torch.device(job.device),
            start=self.champion if job.starts_from_champion else None,
            freeze_convolutions=job.freeze_convolutions,
            teachers=self.teachers,
            checkpoint=checkpoint,
            stop=stop,
            low_priority=low_priority,
            reader=reader,
            film=film,
            processes=processes,
        )
        test = self.held_out.test
        name = f"the {len(test):,} test {test.noun} of {self.held_out.name}"
        comparison = compare(self.champion, challenger, test.images.numpy(), test.names, name)
        return Outcome(challenger, self.champion.card.title, comparison)


@dataclass(frozen=True)
class Outcome:
    """The outcome of a job.

    The checkpoint of the last epoch stays until the caller removes it: if the challenger cannot be
    saved, the same job with the same checkpoint returns it again, without training.

    Attributes:
        challenger: the trained model, with temperature and thresholds.
        champion_name: the name of the model it was compared with.
        comparison: both models on the same test images.
    """

    challenger: Model
    champion_name: str
    comparison: Comparison
