"""The thread that trains: it loops over train() and tells how it goes."""

import json
import logging
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Condition, Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal

from lenet_desktop.ui.training.resumable import TrainingCheckpoint

if TYPE_CHECKING:
    from collections.abc import Generator

    from lenet_desktop.data.catalog import Digits, TrainingData
    from lenet_desktop.evaluation.metrics import Comparison
    from lenet_desktop.models.model_file import Model
    from lenet_desktop.training.loop import Recipe, TrainingProgress

_log = logging.getLogger(__name__)

# Ten times a second looks live; more would only take time from the training.
_TELL_SECONDS = 1 / 10

STARTER = Path("starter")
"""Stands for the starter digits where else a folder that holds MNIST stands."""


@dataclass(frozen=True)
class Job:
    """What is to be trained.

    Attributes:
        recipe: how.
        data: a folder that holds MNIST, or STARTER.
        held_out: a folder that holds MNIST, whose test digits champion and challenger are compared
            on; those of ``data`` when None.
        device: where: 'cpu', 'cuda', 'mps' or 'xpu'.
        champion: the model file that the challenger is compared with.
        starts_from_champion: go on from its weights instead of from chance.
        freeze_convolutions: leave its convolutions as they are.
    """

    recipe: "Recipe"
    data: Path
    held_out: Path | None
    device: str
    champion: Path
    starts_from_champion: bool = False
    freeze_convolutions: bool = False

    def as_text(self) -> str:
        """Give it as JSON, with what tells the champion's file from another of that name."""
        values = {
            "recipe": asdict(self.recipe),
            "data": str(self.data),
            "held_out": None if self.held_out is None else str(self.held_out),
            "device": self.device,
            "champion": str(self.champion),
            "champion_written": self.champion.stat().st_mtime,
            "starts_from_champion": self.starts_from_champion,
            "freeze_convolutions": self.freeze_convolutions,
        }
        return json.dumps(values, sort_keys=True)

    @classmethod
    def from_text(cls, text: str) -> "Job | None":
        """Give the job that ``as_text`` wrote; None where that cannot be trained any more."""
        from lenet_desktop.training.recipe import Recipe

        try:
            values = json.loads(text)
            job = cls(
                recipe=Recipe(**values["recipe"]),
                data=Path(values["data"]),
                held_out=None if values["held_out"] is None else Path(values["held_out"]),
                device=str(values["device"]),
                champion=Path(values["champion"]),
                starts_from_champion=bool(values["starts_from_champion"]),
                freeze_convolutions=bool(values["freeze_convolutions"]),
            )
            return job if job.as_text() == text else None
        except (ValueError, TypeError, KeyError, OSError):
            return None


@dataclass(frozen=True)
class Outcome:
    """A challenger, and how it stands beside the champion.

    Attributes:
        challenger: the trained model.
        champion_name: what the model in use is called.
        comparison: the two on the same digits.
        checkpoint: what would give the challenger again; to be removed when it is kept or thrown
            away.
    """

    challenger: "Model"
    champion_name: str
    comparison: "Comparison"
    checkpoint: TrainingCheckpoint


class TrainingThread(QThread):
    """Trains one challenger.

    Signals:
        data_loaded (str): what it trains on, for people.
        progressed (tuple[TrainingProgress, ...]): the records since the last time.
        trained (Outcome): the challenger is ready.
        mnist_damaged (Path): the MNIST in this folder is of no use; ``failed`` follows.
        cancelled (): it ended because the user wanted it to; there is no challenger.
        failed (str): one sentence of why it ended; there is no challenger.
    """

    data_loaded = Signal(str)
    progressed = Signal(tuple)
    trained = Signal(object)
    mnist_damaged = Signal(object)
    cancelled = Signal()
    failed = Signal(str)

    def __init__(self, job: Job, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job = job
        self._changed = Condition()
        self._paused = False
        self._cancelled = False
        self._stop = Event()
        self._checkpoint: TrainingCheckpoint | None = None

    def pause(self, paused: bool) -> None:
        """Rest after the step at hand, or go on."""
        with self._changed:
            self._paused = paused
            self._changed.notify()

    def finish_early(self) -> None:
        """End soon with the best model so far."""
        self._stop.set()
        self.pause(False)

    def cancel(self) -> None:
        """End soon and throw all away."""
        with self._changed:
            self._cancelled = True
            self._changed.notify()

    def forget(self) -> None:
        """Remove the checkpoint of a thread that has ended and whose outcome nobody waits for."""
        if self._checkpoint is not None:
            self._checkpoint.remove()
            self._checkpoint = None

    def run(self) -> None:
        """Load the digits, train, compare."""
        from lenet_desktop.data.catalog import DamagedMnistError, DatasetError
        from lenet_desktop.models.model_file import ModelFileError
        from lenet_desktop.training.loop import TrainingError

        try:
            outcome = self._train()
        except ModelFileError as error:
            self._fail(f"{error} Choose another model in the menu 'Model', then train.")
        except DatasetError as error:
            if isinstance(error, DamagedMnistError):
                self.mnist_damaged.emit(error.root)
            self._fail(str(error))
        except TrainingError as error:
            # It would end in the same way again.
            self.forget()
            self._fail(str(error))
        except Exception as error:  # noqa: BLE001 -- the last resort of this thread
            # An exception that left run() would look like an ordinary end of the thread.
            _log.exception("the training thread ended")
            self._fail(f"The training has stopped: {error} The model in use is as it was.")
        else:
            if outcome is None:
                self.forget()
                self.cancelled.emit()
            else:
                self.trained.emit(outcome)

    def _train(self) -> Outcome | None:
        import torch

        from lenet_desktop.data import catalog as datasets
        from lenet_desktop.evaluation.metrics import compare
        from lenet_desktop.models import model_file
        from lenet_desktop.training.checkpoint import is_there
        from lenet_desktop.training.loop import CheckpointError, train

        job = self._job
        champion = model_file.load(job.champion)
        is_starter = job.data == STARTER
        data = datasets.starter_digits() if is_starter else datasets.mnist(job.data)
        # Before the training: what cannot be read must not cost its outcome.
        held_out, name = self._held_out(data)
        checkpoint = self._checkpoint = TrainingCheckpoint(job.as_text())
        resumed = ", going on where it was cut off" if is_there(checkpoint.path) else ""
        self.data_loaded.emit(f"{len(data.train):,} digits of {data.name}{resumed}")

        def begin() -> "Generator[TrainingProgress, None, Model]":
            return train(
                job.recipe,
                data,
                device=torch.device(job.device),
                start=champion if job.starts_from_champion else None,
                freeze_convolutions=job.freeze_convolutions,
                checkpoint=checkpoint.path,
                stop=self._stop,
            )

        records = begin()
        batch: list[TrainingProgress] = []
        told = 0.0
        challenger: Model | None = None
        try:
            while challenger is None:
                if not self._go_on():
                    return None
                try:
                    batch.append(next(records))
                except StopIteration as end:
                    challenger = end.value
                except CheckpointError:
                    # A hidden file of ours is nothing the user should have to look for.
                    _log.exception("a checkpoint was thrown away")
                    checkpoint.path.unlink(missing_ok=True)
                    records = begin()
                if batch and (challenger or time.perf_counter() - told >= _TELL_SECONDS):
                    told = time.perf_counter()
                    self.progressed.emit(tuple(batch))
                    batch.clear()
        finally:
            records.close()
        labels = [str(label) for label in held_out.labels.tolist()]
        comparison = compare(champion, challenger, held_out.images.numpy(), labels, name)
        if not self._go_on():
            return None
        return Outcome(challenger, champion.card.title, comparison, checkpoint)

    def _fail(self, sentence: str) -> None:
        if self._checkpoint is not None:
            self._checkpoint.leave()
            self._checkpoint = None
        self.failed.emit(sentence)

    def _held_out(self, data: "TrainingData") -> tuple["Digits", str]:
        from lenet_desktop.data import catalog as datasets

        if self._job.held_out not in (None, self._job.data):
            data = datasets.mnist(self._job.held_out)
        return data.test, f"the {len(data.test):,} test digits of {data.name}"

    def _go_on(self) -> bool:
        """Wait while paused; False when all is to be thrown away."""
        with self._changed:
            self._changed.wait_for(lambda: self._cancelled or not self._paused)
            return not self._cancelled
