"""A job: what is to be trained, and what came of it. Window and command line both run one."""

import json
from collections.abc import Generator
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event

import torch

from lenet_desktop.data import catalog
from lenet_desktop.data.labelled import TrainingData
from lenet_desktop.data.stroke_samples import join_strokes
from lenet_desktop.evaluation.compare import Comparison, compare
from lenet_desktop.models import model_file
from lenet_desktop.models.model_card import DIGITS
from lenet_desktop.models.model_file import Model
from lenet_desktop.training.loop import train
from lenet_desktop.training.progress import TrainingProgress
from lenet_desktop.training.recipe import Recipe


@dataclass(frozen=True)
class Job:
    """What is to be trained.

    Attributes:
        recipe: how.
        data: what it is trained on: STARTER, or a folder that holds MNIST.
        champion: the model file that the challenger is compared with.
        held_out: the data whose test images both are compared on; those of ``data`` when None.
        device: where it is trained: 'cpu', 'cuda', 'mps' or 'xpu'.
        starts_from_champion: start from the champion's weights instead of from scratch.
        freeze_convolutions: leave the convolutions as they start.
        strokes: a stroke file whose drawings join the images to train on.
        credit: who made the strokes, for the model card.
        teachers: model files whose answers are learned from as well (distillation).
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

    def load(self) -> "LoadedJob":
        """Read everything that the job needs, before the training: nothing is lost if that fails.

        Raises:
            UserError: a model or the data cannot be used.
        """
        champion = model_file.load(self.champion)
        teachers = tuple(model_file.load(path) for path in self.teachers)
        data = catalog.load(self.data)
        held_out = data
        if self.held_out not in (None, self.data):
            held_out = catalog.load(self.held_out)
        if self.strokes is not None:
            data = join_strokes(data, self.strokes, self.credit)
        return LoadedJob(self, champion, teachers, data, held_out)

    def to_json(self) -> str:
        """Write the job as JSON, with the time of the champion's file, which may be replaced."""
        values = asdict(self) | {"champion_written": self.champion.stat().st_mtime}
        return json.dumps(values, sort_keys=True, default=str)

    @classmethod
    def from_json(cls, text: str) -> "Job | None":
        """Read what ``to_json`` wrote; None where that can no longer be trained."""
        try:
            values = json.loads(text)
            values.pop("champion_written")
            values["recipe"] = Recipe(**values["recipe"])
            for name in ("data", "champion", "held_out", "strokes"):
                values[name] = None if values[name] is None else Path(values[name])
            values["teachers"] = tuple(map(Path, values["teachers"]))
            job = cls(**values)
            return job if job.to_json() == text else None
        except (ValueError, TypeError, KeyError, AttributeError, OSError):
            return None


@dataclass(frozen=True)
class LoadedJob:
    """A job and everything that it needs.

    Attributes:
        job: what is to be trained.
        champion: the model that the challenger is compared with.
        teachers: the models whose answers are learned from.
        data: what is trained on.
        held_out: whose test images champion and challenger are compared on.
    """

    job: Job
    champion: Model
    teachers: tuple[Model, ...]
    data: TrainingData
    held_out: TrainingData

    def train(
        self, *, checkpoint: Path | None = None, stop: Event | None = None
    ) -> Generator[TrainingProgress, None, "Outcome"]:
        """Train, calibrate and compare; see ``loop.train`` for checkpoint, stop and errors."""
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
        )
        test = self.held_out.test
        what = "digits" if test.classes == DIGITS else "images"
        name = f"the {len(test):,} test {what} of {self.held_out.name}"
        comparison = compare(self.champion, challenger, test.images.numpy(), test.names, name)
        return Outcome(challenger, self.champion.card.title, comparison)


@dataclass(frozen=True)
class Outcome:
    """What came of a job.

    Attributes:
        challenger: the trained model.
        champion_name: what the model is called that it was compared with.
        comparison: the two on the same samples.
    """

    challenger: Model
    champion_name: str
    comparison: Comparison
