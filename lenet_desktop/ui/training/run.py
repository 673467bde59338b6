"""One training at a time: its thread, its checkpoint and its outcome. No widgets."""

from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from lenet_desktop.errors import UserError
from lenet_desktop.training.resumable import TrainingCheckpoint, left_behind
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.workers.recognition import ModelInUse
from lenet_desktop.ui.workers.training import TrainingWorker

if TYPE_CHECKING:
    from lenet_desktop.drawing.preprocess import Sample
    from lenet_desktop.training.job import Job, Outcome
    from lenet_desktop.training.progress import TrainingProgress


class Phase(Enum):
    """How far a training is."""

    BEFORE = auto()
    DURING = auto()
    AFTER = auto()


class TrainingRun(QObject):
    """Trains challengers beside the pad, which keeps reading with the champion.

    Args:
        session: the pad's model and device.

    Signals:
        phase_changed (Phase): a training has started or ended, or its outcome was decided on.
        said (str): one sentence about the training; '' if the last one is no longer true.
        progressed (tuple[TrainingProgress, ...]): the records since the last time.
        challenger_read (ChallengerReading): what the network makes of the watched sample.
        trained (Outcome): the challenger is ready; ``phase_changed`` follows.
        mnist_damaged (Path): the MNIST in this folder cannot be used.
        kept (Path, bool): the challenger was saved in this file, and is to be used from now on.
    """

    phase_changed = Signal(object)
    said = Signal(str)
    progressed = Signal(tuple)
    challenger_read = Signal(object)
    trained = Signal(object)
    mnist_damaged = Signal(object)
    kept = Signal(object, bool)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._thread: TrainingWorker | None = None
        self._job: Job | None = None
        self._outcome: Outcome | None = None
        self._checkpoint: TrainingCheckpoint | None = None  # contains the outcome
        self._sample: Sample | None = None
        self._paused = False
        self._stopping = False
        session.device_lent.connect(self._begin)
        session.model_changed.connect(self._compare_champion)

    # State

    @property
    def phase(self) -> Phase:
        """How far the training is."""
        if self._thread is not None:
            return Phase.DURING
        return Phase.BEFORE if self._outcome is None else Phase.AFTER

    @property
    def is_paused(self) -> bool:
        """Whether the training under way is paused."""
        return self._paused

    @property
    def is_stopping(self) -> bool:
        """Whether the training under way was told to stop or was cancelled."""
        return self._stopping

    @property
    def job(self) -> "Job | None":
        """The job under way, or the last one; None before the first."""
        return self._job

    @property
    def outcome(self) -> "Outcome | None":
        """The outcome whose challenger the user has not yet kept or discarded."""
        return self._outcome

    @property
    def can_continue_later(self) -> bool:
        """Whether the training, or its outcome, would still be there the next time."""
        if self._thread is not None:
            return self._thread.can_continue_later
        return self._checkpoint is not None and self._checkpoint.is_written

    # The user's actions

    def start(self, job: "Job") -> None:
        """Train; does nothing unless the phase is BEFORE."""
        if self.phase is not Phase.BEFORE:
            return
        thread = TrainingWorker(job, self)
        thread.watch(self._sample)
        thread.data_loaded.connect(
            lambda data: self._tell(
                thread,
                self.tr("Training '{recipe}' on {data}").format(recipe=job.recipe.name, data=data),
            )
        )
        thread.progressed.connect(self._take_progress)
        thread.challenger_read.connect(self._take_reading)
        thread.trained.connect(self._take_outcome)
        thread.cancelled.connect(
            lambda: self._tell(thread, self.tr("Cancelled. Nothing has changed."))
        )
        thread.mnist_damaged.connect(self.mnist_damaged)
        thread.failed.connect(lambda sentence: self._tell(thread, sentence))
        thread.finished.connect(self._end)
        self._thread, self._job = thread, job
        self._paused = self._stopping = False
        self.said.emit(self.tr("Loading the data …"))
        self.phase_changed.emit(self.phase)
        self._session.lend_device(job.device)

    def watch(self, sample: "Sample | None") -> None:
        """Have the network read this sample while it is trained: float32 (28, 28), 0 to 1."""
        self._sample = sample
        if self._thread is not None:
            self._thread.watch(sample)

    def pause(self, paused: bool) -> None:
        """Pause after the current step, or resume."""
        if self._thread is not None and paused != self._paused:
            self._paused = paused
            self._thread.pause(paused)
            self.said.emit(self.tr("Paused.") if paused else "")

    def finish_early(self) -> None:
        """End the training with the best model so far."""
        if self._thread is not None:
            self._stopping, self._paused = True, False
            self._thread.finish_early()
            self.said.emit(self.tr("Finishing with the best model so far …"))

    def cancel(self) -> None:
        """End the training and discard everything."""
        if self._thread is not None:
            self._stopping = True
            self._thread.cancel()
            self.said.emit(self.tr("Cancelling …"))

    def keep(self, name: str, *, use: bool) -> bool:
        """Save the challenger with the user's models; return False if that failed.

        Args:
            name: the name of the model.
            use: whether to read with it from now on.
        """
        from lenet_desktop.models import library

        if self._outcome is None:
            return False
        try:
            path = library.keep(self._outcome.challenger, name)
        except UserError as error:
            self.said.emit(str(error))
            return False
        self._forget_outcome()
        self.said.emit(self.tr("Saved as '{name}'.").format(name=" ".join(name.split())))
        if use:
            self._session.use(path)
        self.kept.emit(path, use)
        return True

    def discard(self) -> None:
        """Discard the challenger."""
        self._forget_outcome()
        self.said.emit(self.tr("Discarded. The model in use stays."))

    def cut_off(self) -> "Job | None":
        """Return the job of a training that was interrupted when a program ended."""
        from lenet_desktop.training.job import Job

        left = left_behind(lambda note: Job.from_json(note) is not None)
        return None if left is None else Job.from_json(left)

    def shut_down(self, *, continues_next_time: bool = False) -> None:
        """End the thread and wait for it.

        Args:
            continues_next_time: keep the checkpoint, so that the training can be continued.
        """
        if self._thread is not None:
            thread, self._thread = self._thread, None
            thread.blockSignals(True)
            if continues_next_time:
                thread.stop_and_leave()
            else:
                thread.cancel()
            thread.wait()
            # It may have ended with an outcome before it noticed.
            self._checkpoint = thread.checkpoint
            thread.deleteLater()
            self._session.take_device_back()
        if continues_next_time and self._checkpoint is not None:
            self._checkpoint.leave()
            self._checkpoint = None
        self._forget_checkpoint()
        self._outcome = None

    # The thread

    def _begin(self) -> None:
        if self._thread is not None and not self._thread.isRunning():
            self._thread.start(TrainingWorker.Priority.LowPriority)

    def _compare_champion(self, model: ModelInUse) -> None:
        if (
            self.phase is not Phase.BEFORE
            and self._job is not None
            and model.path != self._job.champion
        ):
            self.said.emit(
                self.tr(
                    "Another model is in use now. The challenger is compared with the one that "
                    "was in use when the training began."
                )
            )

    # Signals that were queued before the shutdown still arrive after it.

    def _tell(self, thread: TrainingWorker, sentence: str) -> None:
        if self._thread is thread:
            self.said.emit(sentence)

    def _take_progress(self, records: "tuple[TrainingProgress, ...]") -> None:
        if self._thread is None:
            return
        self.progressed.emit(records)
        for record in records:
            if record.notice:
                self.said.emit(record.notice)

    def _take_reading(self, reading: object) -> None:
        if self._thread is not None:
            self.challenger_read.emit(reading)

    def _take_outcome(self, outcome: "Outcome") -> None:
        if self._thread is None:
            return
        self._outcome, self._checkpoint = outcome, self._thread.checkpoint
        self.said.emit("")
        self.trained.emit(outcome)

    def _end(self) -> None:
        if self._thread is None:
            return
        self._thread.deleteLater()
        self._thread = None
        self._paused = self._stopping = False
        self._session.take_device_back()
        self.phase_changed.emit(self.phase)

    def _forget_outcome(self) -> None:
        self._forget_checkpoint()
        if self._outcome is not None:
            self._outcome = None
            self.phase_changed.emit(self.phase)

    def _forget_checkpoint(self) -> None:
        if self._checkpoint is not None:
            self._checkpoint.remove()
            self._checkpoint = None
