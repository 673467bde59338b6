"""Writes the record of a training while it runs."""

import logging
import platform
import time
from collections.abc import Generator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TypeVar

import torch

from lenet_desktop import __version__
from lenet_desktop.errors import UserError
from lenet_desktop.printable import printable
from lenet_desktop.training.history import folder
from lenet_desktop.training.history.record import MAX_POINTS, Curves, Fate, Record
from lenet_desktop.training.job import Outcome
from lenet_desktop.training.jobs import AnyLoadedJob
from lenet_desktop.training.progress import TrainingProgress
from lenet_desktop.training.step.processes import ProcessLostError

# A training that is killed loses at most so much of its curves; writing takes about a millisecond.
_WRITE_SECONDS = 5.0
_LONGEST = 300

Ended = TypeVar("Ended", bound=Outcome)

_log = logging.getLogger(__name__)


class Recorder:
    """Keeps the record of one training up to date.

    A folder that cannot be written does not stop a training: that is logged, and nothing else is
    written.

    Attributes:
        number: the training's number, or None if there is no record.
    """

    def __init__(self, loaded: AnyLoadedJob, *, resumed: bool = False) -> None:
        """Begin a record; if the training continues an interrupted one, continue its record."""
        self.number: int | None = None
        self._written = 0.0
        self._steps: list[int] = []
        self._losses: list[float] = []
        self._epochs: list[tuple[int, float, float]] = []
        self._record = _record_of(loaded)
        before = _interrupted(self._record) if resumed else None
        if before is not None:
            self.number, self._record = before.number, before.record
            curves = before.record.curves
            self._steps, self._losses = list(curves.steps), list(curves.losses)
            epochs = curves.epoch_steps, curves.validation_losses, curves.validation_accuracies
            self._epochs = list(zip(*epochs, strict=True))
            return
        try:
            self.number = folder.add(self._record)
        except OSError:
            _log.exception("the training is not recorded in the history")

    @property
    def record(self) -> Record:
        """The record as it is now."""
        return self._record

    def watch(
        self, training: Generator[TrainingProgress, None, Ended]
    ) -> Generator[TrainingProgress, None, Ended]:
        """Pass on all that a training yields, returns and raises, and record it.

        A training that is closed counts as interrupted until ``end`` says something else.
        """
        try:
            while True:
                try:
                    progress = next(training)
                except StopIteration as end:
                    outcome: Ended = end.value
                    self._finish(outcome)
                    return outcome
                self._take(progress)
                yield progress
        except GeneratorExit:
            training.close()
            self.end(Fate.INTERRUPTED)
            raise
        except (KeyboardInterrupt, ProcessLostError):
            self.end(Fate.INTERRUPTED)
            raise
        except Exception as error:
            self.end(
                Fate.FAILED, reason=str(error) if isinstance(error, UserError) else repr(error)
            )
            raise

    def end(self, fate: Fate, *, reason: str = "", name: str = "") -> None:
        """Record what has become of the training.

        Args:
            fate: what.
            reason: why it failed.
            name: the name or file under which its model was kept.
        """
        reason, name = printable(reason, _LONGEST), printable(name, _LONGEST)
        self._record = replace(self._record, fate=fate, reason=reason, name=name)
        self._write()

    def _take(self, progress: TrainingProgress) -> None:
        last = self._steps[-1] if self._steps else 0
        if progress.smoothed_loss is not None and progress.step > last:
            self._steps.append(progress.step)
            self._losses.append(progress.smoothed_loss)
            if len(self._steps) > 2 * MAX_POINTS:
                # The last one stays: it is compared with the next.
                del self._steps[-2::-2], self._losses[-2::-2]
        if progress.validation_loss is not None and progress.validation_accuracy is not None:
            figures = progress.validation_loss, progress.validation_accuracy
            self._epochs.append((progress.step, *figures))
        self._record = replace(
            self._record,
            fate=Fate.RUNNING,
            seconds=round(progress.elapsed_seconds, 2),
            validation_accuracy=progress.best_validation_accuracy,
        )
        if time.perf_counter() - self._written > _WRITE_SECONDS:
            self._write()

    def _finish(self, outcome: Outcome) -> None:
        comparison, card = outcome.comparison, outcome.challenger.card
        self._record = replace(
            self._record,
            fate=Fate.TRAINED,
            validation_accuracy=card.validation_accuracy,
            test_accuracy=comparison.challenger.accuracy,
            test_data=printable(comparison.data, _LONGEST),
            verdict=comparison.verdict.value,
        )
        self._write()

    def _write(self) -> None:
        if self.number is None:
            return
        self._written = time.perf_counter()
        every = 1 + max(len(self._steps) - 1, 0) // MAX_POINTS
        steps, losses = self._steps[::-1][::every][::-1], self._losses[::-1][::every][::-1]
        epochs = self._epochs[:: 1 + len(self._epochs) // MAX_POINTS]
        curves = Curves(
            tuple(steps),
            tuple(round(loss, 5) for loss in losses),
            tuple(step for step, _, _ in epochs),
            tuple(round(loss, 5) for _, loss, _ in epochs),
            tuple(round(accuracy, 5) for _, _, accuracy in epochs),
        )
        self._record = replace(self._record, curves=curves)
        try:
            folder.replace(self.number, self._record)
        except OSError:
            _log.exception("the record of training %s could not be written", self.number)


def _record_of(loaded: AnyLoadedJob) -> Record:
    job = loaded.job
    return Record(
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        recipe=asdict(job.recipe),
        data=printable(loaded.data.name, _LONGEST),
        source=printable(str(job.data), _LONGEST),
        images=len(loaded.data.train),
        device=job.device,
        choices=job.choices,
        versions={
            "lenet-desktop": __version__,
            "python": platform.python_version(),
            "torch": torch.__version__,
        },
        champion=loaded.champion.card.title,
    )


def _interrupted(record: Record) -> folder.Run | None:
    """Return the newest training that ended before its end and was to do the same."""
    for run in folder.runs():
        same = all(
            getattr(run.record, name) == getattr(record, name)
            for name in ("recipe", "source", "images", "device", "choices")
        )
        if same and run.record.fate in (Fate.RUNNING, Fate.INTERRUPTED, Fate.TRAINED):
            return run
    return None
