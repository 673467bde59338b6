"""The training thread: it runs the training generator, and reports progress and outcome."""

import logging
import time
from dataclasses import dataclass
from threading import Condition, Event
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QThread, Signal

from lenet_desktop.training.resumable import TrainingCheckpoint
from lenet_desktop.ui.translated import translated

if TYPE_CHECKING:
    from collections.abc import Generator

    from lenet_desktop.drawing.preprocess import Sample
    from lenet_desktop.training.film.film import Film
    from lenet_desktop.training.history.recorder import Recorder
    from lenet_desktop.training.job import Outcome
    from lenet_desktop.training.jobs import AnyJob
    from lenet_desktop.training.progress import TrainingProgress
    from lenet_desktop.training.step.live_reader import LiveReader

_log = logging.getLogger(__name__)

# Ten updates a second look live; more would only slow the training.
_REPORT_SECONDS = _READING_SECONDS = 1 / 10


@dataclass(frozen=True, eq=False)
class ChallengerReading:
    """What a network that is being trained makes of a sample.

    Attributes:
        classes: the name of each class.
        probabilities: float32 (classes,), 0 to 1, adding up to 1; not calibrated yet.
    """

    classes: tuple[str, ...]
    probabilities: NDArray[np.float32]


class _CancelledError(Exception):
    """The user has cancelled the training while its data was read."""


class TrainingWorker(QThread):
    """Trains one challenger, at low priority: the pad and other programs run first.

    Args:
        job: what to train.
        film: is filled with the moments of the training.

    Signals:
        pictures_read (int, int): so many pictures of a folder are read, of so many.
        data_loaded (str): the description of the training data, to be shown.
        progressed (tuple[TrainingProgress, ...]): the records since the last time.
        challenger_read (ChallengerReading): what the network makes of the watched sample now: first
            before the first step, then about ten times a second, also if only the sample changes,
            and for each new sample while paused.
        trained (Outcome): the challenger is ready.
        mnist_damaged (Path): the MNIST in this folder cannot be used; ``failed`` follows.
        cancelled (): the user has cancelled it; there is no challenger.
        failed (str): why it failed, in one sentence; there is no challenger.

    Attributes:
        checkpoint: the checkpoint, from which the outcome can be restored; None before the training
            and once it is removed or released.
        recorder: writes the training's record in the history; None until the data is loaded.
    """

    pictures_read = Signal(int, int)
    data_loaded = Signal(str)
    progressed = Signal(tuple)
    challenger_read = Signal(object)
    trained = Signal(object)
    mnist_damaged = Signal(object)
    cancelled = Signal()
    failed = Signal(str)

    def __init__(
        self, job: "AnyJob", parent: QObject | None = None, *, film: "Film | None" = None
    ) -> None:
        super().__init__(parent)
        self._job, self._film = job, film
        self._changed = Condition()
        self._paused = False
        self._cancelled = False
        self._leaves_checkpoint = False
        self._stop = Event()
        self._sample: Sample | None = None
        # Only the thread itself uses these.
        self._reader: LiveReader | None = None
        self._last_read: Sample | None = None
        self._read_at = self._shown_at = 0.0
        self.checkpoint: TrainingCheckpoint | None = None
        self.recorder: Recorder | None = None

    @property
    def uses_accelerator(self) -> bool:
        """Whether it trains on a device that no other thread may use at the same time."""
        return self._job.device != "cpu"

    @property
    def can_continue_later(self) -> bool:
        """Whether an epoch is complete, so that ``stop_and_leave`` leaves something."""
        checkpoint = self.checkpoint
        return checkpoint is not None and checkpoint.is_written

    def watch(self, sample: "Sample | None") -> None:
        """Have the network read this sample while it is trained; None for no sample.

        ``challenger_read`` follows, again ten times a second while the training runs.

        Args:
            sample: float32 (28, 28), 0 to 1, not changed afterwards.
        """
        with self._changed:
            self._sample = sample
            self._changed.notify()

    def pause(self, paused: bool) -> None:
        """Pause after the current step, or resume."""
        with self._changed:
            self._paused = paused
            self._changed.notify()

    def finish_early(self) -> None:
        """End soon with the best model so far."""
        self._stop.set()
        self.pause(False)

    def cancel(self) -> None:
        """End soon and discard everything."""
        with self._changed:
            self._cancelled = True
            self._changed.notify()

    def stop_and_leave(self) -> None:
        """End soon and leave the checkpoint: the training can be continued next time.

        The epoch under way is lost; the last complete one is in the checkpoint already. Wait for
        the thread afterwards. If the training had ended by then, ``checkpoint.leave()`` keeps its
        outcome in the same way.
        """
        with self._changed:
            self._leaves_checkpoint = True
        self.cancel()

    def forget(self) -> None:
        """Remove the checkpoint of a finished thread whose outcome is not wanted."""
        if self.checkpoint is not None:
            self.checkpoint.remove()
            self.checkpoint = None

    def run(self) -> None:
        """Load the data, train, calibrate and compare."""
        from lenet_desktop.data.catalog import DamagedMnistError
        from lenet_desktop.data.labelled import DatasetError
        from lenet_desktop.models.model_file import ModelFileError
        from lenet_desktop.training.progress import TrainingError

        try:
            outcome = self._train()
        except ModelFileError as error:
            sentence = self.tr("{error} Choose another model in the menu 'Model', then train.")
            self._fail(sentence.format(error=translated(error)))
        except DatasetError as error:
            if isinstance(error, DamagedMnistError):
                self.mnist_damaged.emit(error.root)
            self._fail(translated(error))
        except TrainingError as error:
            # A training that continues from this checkpoint would fail again.
            self.forget()
            self._fail(translated(error))
        except Exception as error:  # noqa: BLE001 -- the last resort of this thread
            # An exception that leaves run() would look like a normal end of the thread.
            _log.exception("the training thread ended")
            sentence = self.tr(
                "The training has stopped: {reason}. The model in use has not changed."
            )
            self._fail(sentence.format(reason=translated(error).rstrip(".")))
        else:
            if outcome is not None:
                self.trained.emit(outcome)
            elif self._leaves_checkpoint:
                self._leave()
                self.cancelled.emit()
            else:
                self.forget()
                self._record_cancelling()
                self.cancelled.emit()

    def _record_cancelling(self) -> None:
        from lenet_desktop.training.history.record import Fate

        if self.recorder is not None:
            self.recorder.end(Fate.CANCELLED)

    def _train(self) -> "Outcome | None":
        from lenet_desktop.training.checkpoint import CheckpointError
        from lenet_desktop.training.history.recorder import Recorder
        from lenet_desktop.training.step.gradients import lower_priority
        from lenet_desktop.training.step.live_reader import LiveReader

        lower_priority()
        try:
            loaded = self._job.load(self._show_pictures)
        except _CancelledError:
            return None
        checkpoint = self.checkpoint = TrainingCheckpoint(self._job.to_json())
        images = loaded.data.train
        description = (
            self.tr("{count} {images} of {data}, continued from its last epoch")
            if checkpoint.is_written
            else self.tr("{count} {images} of {data}")
        )
        self.data_loaded.emit(
            description.format(count=f"{len(images):,}", images=images.noun, data=loaded.data.name)
        )

        recorder = self.recorder = Recorder(loaded, resumed=checkpoint.is_written)

        def start() -> "Generator[TrainingProgress, None, Outcome]":
            training = loaded.train(
                checkpoint=checkpoint.path,
                stop=self._stop,
                low_priority=True,
                reader=self._reader,
                film=self._film,
            )
            return recorder.watch(training)

        self._reader = LiveReader()
        records = start()
        batch: list[TrainingProgress] = []
        reported = 0.0
        outcome: Outcome | None = None
        try:
            while outcome is None:
                if not self._may_go_on():
                    return None
                try:
                    batch.append(next(records))
                except StopIteration as end:
                    outcome = end.value
                except CheckpointError:
                    # The user need not know about a hidden file: train from the beginning.
                    _log.exception("a checkpoint was discarded")
                    checkpoint.path.unlink(missing_ok=True)
                    records = start()
                if batch and (outcome or time.perf_counter() - reported >= _REPORT_SECONDS):
                    reported = time.perf_counter()
                    self.progressed.emit(tuple(batch))
                    batch.clear()
                self._read_if_due()
        finally:
            self._reader = None
            records.close()
        return outcome if self._may_go_on() else None

    def _show_pictures(self, done: int, total: int) -> None:
        if self._cancelled:
            raise _CancelledError
        now = time.perf_counter()
        if total and now - self._shown_at >= _REPORT_SECONDS:
            self._shown_at = now
            self.pictures_read.emit(done, total)

    def _fail(self, sentence: str) -> None:
        self._leave()
        self.failed.emit(sentence)

    def _leave(self) -> None:
        if self.checkpoint is not None:
            self.checkpoint.leave()
            self.checkpoint = None

    def _may_go_on(self) -> bool:
        """Wait while paused, and read new samples meanwhile; return False if it is cancelled."""
        while True:
            with self._changed:
                self._changed.wait_for(
                    lambda: (
                        self._cancelled
                        or not self._paused
                        or (self._reader is not None and self._sample is not self._last_read)
                    )
                )
                if self._cancelled or not self._paused:
                    return not self._cancelled
            self._read_if_due()

    def _read_if_due(self) -> None:
        """Read the watched sample if it is a new one, or if the last time is long enough ago."""
        sample, now = self._sample, time.perf_counter()
        is_due = sample is not self._last_read or now - self._read_at >= _READING_SECONDS
        if self._reader is None or not is_due:
            return
        self._last_read, self._read_at = sample, now
        if sample is None:
            return
        try:
            probabilities = self._reader.read(sample)
        except Exception:  # noqa: BLE001 -- reading along must not end a training
            _log.exception("the challenger no longer reads along")
            self._reader = None
            return
        if probabilities is not None:
            self.challenger_read.emit(ChallengerReading(self._reader.classes, probabilities))
