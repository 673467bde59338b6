"""One training at a time: its thread, its checkpoint and its outcome. No widgets."""

from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from lenet_desktop.data.sources import training_digits
from lenet_desktop.errors import UserError
from lenet_desktop.training.resumable import TrainingCheckpoint
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.training.cut_off import CutOff
from lenet_desktop.ui.translated import translated
from lenet_desktop.ui.workers.recognition import ModelInUse
from lenet_desktop.ui.workers.training import TrainingWorker

if TYPE_CHECKING:
    from pathlib import Path

    from lenet_desktop.drawing.preprocess import Sample
    from lenet_desktop.training.film.film import Film
    from lenet_desktop.training.history.recorder import Recorder
    from lenet_desktop.training.job import Outcome
    from lenet_desktop.training.jobs import AnyJob
    from lenet_desktop.training.progress import TrainingProgress

# Shorter trainings say little about the speed of the computer.
_MEASURED_SECONDS = 2.0


class Phase(Enum):
    """How far a training is."""

    BEFORE = auto()
    DURING = auto()
    AFTER = auto()


class _Course(Enum):
    """What a training under way is doing."""

    LOADING = auto()
    TRAINING = auto()
    STOPPING = auto()
    CANCELLING = auto()


class TrainingRun(QObject):
    """Trains challengers beside the pad, which keeps reading with the champion.

    No signal comes after ``shut_down``.

    Args:
        session: the pad's model and device.

    Signals:
        phase_changed (Phase): a training has started or ended, or its outcome was decided on.
        said (str): the sentence about the training that is true now; '' for none.
        summary_changed (str): see ``summary``.
        progressed (tuple[TrainingProgress, ...]): the records since the last time.
        challenger_read (ChallengerReading): what the network makes of the watched sample.
        sample_changed (): another sample is watched.
        trained (Outcome): the challenger is ready; ``phase_changed`` follows.
        mnist_damaged (Path): the MNIST in this folder cannot be used.
        kept (Path, bool): the challenger was saved in this file, and is to be used from now on.

    Attributes:
        sample: the watched sample, float32 (28, 28), 0 to 1, or None.
        cut_off: the training that was interrupted when a program ended.
        film: the moments of the training under way, or of the last one as long as its challenger
            waits or can be brought back.
    """

    phase_changed = Signal(object)
    said = Signal(str)
    summary_changed = Signal(str)
    progressed = Signal(tuple)
    challenger_read = Signal(object)
    sample_changed = Signal()
    trained = Signal(object)
    mnist_damaged = Signal(object)
    kept = Signal(object, bool)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._thread: TrainingWorker | None = None
        self._job: AnyJob | None = None
        self._champion = ""  # the name of the model that the challenger is compared with
        self._outcome: Outcome | None = None
        self._checkpoint: TrainingCheckpoint | None = None  # contains the outcome
        self._discarded: Outcome | None = None
        self._recorder: Recorder | None = None
        self.sample: Sample | None = None
        self.film: Film | None = None
        self._course = _Course.LOADING
        self._paused = False
        self._last: TrainingProgress | None = None
        self._sentence = ""
        self._told: set[str] = set()
        self._summary = ""
        self._is_shut_down = False
        self.cut_off = CutOff(self)
        self.cut_off.dismissed.connect(self._tell_of_dismissed)
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
        return self._thread is not None and self._course in (_Course.STOPPING, _Course.CANCELLING)

    @property
    def is_cancelling(self) -> bool:
        """Whether the training under way was cancelled."""
        return self._thread is not None and self._course is _Course.CANCELLING

    @property
    def job(self) -> "AnyJob | None":
        """The job under way, or the last one; None before the first."""
        return self._job

    @property
    def outcome(self) -> "Outcome | None":
        """The outcome whose challenger the user has not yet kept or discarded."""
        return self._outcome

    @property
    def can_restore(self) -> bool:
        """Whether the challenger was discarded, and can be brought back."""
        return self._discarded is not None

    @property
    def can_continue_later(self) -> bool:
        """Whether the training, or its outcome, would still be there the next time."""
        if self._thread is not None:
            return self._thread.can_continue_later
        return self._checkpoint is not None and self._checkpoint.is_written

    @property
    def summary(self) -> str:
        """A few words about the training, such as 'Training 43 %'; '' before one."""
        if self.phase is Phase.AFTER:
            return self.tr("Trained")
        if self._thread is None:
            return ""
        if self._course is _Course.CANCELLING:
            return self.tr("Cancelling")
        if self._course is _Course.STOPPING:
            return self.tr("Finishing")
        done = 0 if self._last is None else 100 * self._last.step // max(1, self._last.steps)
        text = self.tr("Paused {done} %") if self._paused else self.tr("Training {done} %")
        return text.format(done=done)

    # The user's actions

    def start(self, job: "AnyJob") -> None:
        """Train; does nothing unless the phase is BEFORE."""
        from lenet_desktop.training.film.film import Film

        if self.phase is not Phase.BEFORE or self._is_shut_down:
            return
        self._discarded = None
        self.film = Film()
        # The network that is trained reads along in place of a model that was compared.
        self._session.try_beside(None)
        thread = TrainingWorker(job, self, film=self.film)
        thread.watch(self.sample)
        thread.pictures_read.connect(lambda n, of: self._show_pictures(thread, n, of))
        thread.data_loaded.connect(lambda data: self._take_data(thread, data))
        thread.progressed.connect(lambda records: self._take_progress(thread, records))
        thread.challenger_read.connect(self._take_reading)
        thread.trained.connect(self._take_outcome)
        thread.cancelled.connect(
            lambda: self._set_sentence(thread, self.tr("Cancelled. Nothing has changed."))
        )
        thread.mnist_damaged.connect(lambda folder: self._take_damage(thread, folder))
        thread.failed.connect(lambda sentence: self._set_sentence(thread, sentence))
        thread.finished.connect(lambda: self._end(thread))
        self._thread, self._job = thread, job
        self._course, self._paused, self._last = _Course.LOADING, False, None
        self._champion = self._name_of(job.champion)
        self._sentence = self.tr("Loading the data …")
        self._told.clear()
        self.phase_changed.emit(self.phase)
        self._tell()
        self._session.lend_device(job.device)

    def watch(self, sample: "Sample | None") -> None:
        """Have the network read this sample while it is trained: float32 (28, 28), 0 to 1."""
        self.sample = sample
        if self._thread is not None:
            self._thread.watch(sample)
        self.sample_changed.emit()

    def pause(self, paused: bool) -> None:
        """Pause after the current step, or resume."""
        if self._thread is not None and not self.is_stopping and paused != self._paused:
            self._paused = paused
            self._thread.pause(paused)
            self._tell()

    def finish_early(self) -> None:
        """End the training with the best model so far."""
        if self._thread is not None and not self.is_stopping:
            self._course, self._paused = _Course.STOPPING, False
            self._thread.finish_early()
            self._tell()

    def cancel(self) -> None:
        """End the training and discard everything."""
        if self._thread is not None:
            self._course, self._paused = _Course.CANCELLING, False
            self._thread.cancel()
            self._tell()

    def keep(self, name: str, *, use: bool) -> None:
        """Save the challenger with the user's models.

        Args:
            name: the name of the model.
            use: whether to read with it from now on.

        Raises:
            UserError: it could not be saved; it waits for another name.
        """
        from lenet_desktop.models import library

        if self._outcome is None:
            return
        path = library.keep(self._outcome.challenger, name)
        self._record("kept", " ".join(name.split()))
        self._sentence = self.tr("Saved as '{name}'.").format(name=" ".join(name.split()))
        self._forget_outcome()
        self.film = None
        if use:
            self._session.use(path)
        self.kept.emit(path, use)

    def discard(self) -> None:
        """Discard the challenger; it can be brought back until the next training."""
        if self._outcome is not None:
            self._sentence = self.tr("Discarded. The model in use stays.")
            self._discarded = self._outcome
            self._record("discarded")
            self._forget_outcome()

    def restore(self) -> None:
        """Bring the discarded challenger back."""
        if self._discarded is not None and self.phase is Phase.BEFORE:
            outcome, self._discarded = self._discarded, None
            self._outcome, self._sentence = outcome, ""
            self._record("trained")
            self.trained.emit(outcome)
            self.phase_changed.emit(self.phase)
            self._tell()

    def go_on(self) -> None:
        """Continue the training that was interrupted."""
        if self.cut_off.job is not None:
            self.start(self.cut_off.job)

    def shut_down(self, *, continues_next_time: bool = False) -> None:
        """End every thread and wait for it; nothing can be started after that.

        Args:
            continues_next_time: keep the checkpoint, so that the training can be continued.
        """
        self._is_shut_down = True
        self.cut_off.shut_down()
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
        if self._outcome is not None and not continues_next_time:
            self._record("discarded")
        self._outcome = self._discarded = self.film = None

    # What is said

    def _tell_of_dismissed(self, recipe: str) -> None:
        text = self.tr("The interrupted training '{recipe}' is dismissed.")
        self.said.emit(text.format(recipe=recipe))

    def _tell(self) -> None:
        """Say what is true now."""
        if self._is_shut_down:
            return
        self.said.emit(self._true_sentence())
        if self.summary != self._summary:
            self._summary = self.summary
            self.summary_changed.emit(self._summary)

    def _true_sentence(self) -> str:
        if self._thread is not None:
            if self._course is _Course.CANCELLING:
                return self.tr("Cancelling …")
            if self._course is _Course.STOPPING:
                return self.tr("Finishing with the best model so far …")
        return self._other_champion() or self._sentence

    def _other_champion(self) -> str:
        """Return the sentence that names the champion if it is no longer the model in use."""
        model, job = self._session.model, self._job
        if self.phase is Phase.BEFORE or job is None or model is None:
            return ""
        from lenet_desktop.training.teaching.classes_job import ClassesJob

        # A model of new classes is compared with none.
        if model.path == job.champion or isinstance(job, ClassesJob):
            return ""
        return self.tr(
            "'{model}' is in use now. The challenger is compared with '{champion}', which was in "
            "use when the training began."
        ).format(model=model.card.title, champion=self._champion)

    def _name_of(self, champion: "Path") -> str:
        from lenet_desktop.models import model_file

        model = self._session.model
        if model is not None and model.path == champion:
            return model.card.title
        try:
            return model_file.read_card(champion).title
        except UserError:
            return champion.stem

    def _compare_champion(self, _model: ModelInUse) -> None:
        if self.phase is not Phase.BEFORE:
            self._tell()

    # The thread. Signals that were queued before the shutdown still arrive after it.

    def _begin(self) -> None:
        if self._thread is not None and not self._thread.isRunning():
            self._thread.start(TrainingWorker.Priority.LowPriority)

    def _set_sentence(self, thread: TrainingWorker, sentence: str) -> None:
        # '_end' says it: until then the training is still ending.
        if self._thread is thread:
            self._sentence = sentence

    def _take_data(self, thread: TrainingWorker, data: str) -> None:
        if self._thread is not thread or self._job is None:
            return
        if self._course is _Course.LOADING:
            self._course = _Course.TRAINING
        recipe = self._job.recipe
        self._sentence = self.tr("Training '{recipe}' on {data}, seed {seed}").format(
            recipe=recipe.name, data=data, seed=recipe.seed
        )
        self._tell()

    def _show_pictures(self, thread: TrainingWorker, done: int, total: int) -> None:
        if self._thread is thread and self._course is _Course.LOADING:
            self._sentence = self.tr("Reading pictures: {done} of {total}").format(
                done=f"{done:,}", total=f"{total:,}"
            )
            self._tell()

    def _take_progress(
        self, thread: TrainingWorker, records: "tuple[TrainingProgress, ...]"
    ) -> None:
        if self._thread is not thread:
            return
        self._last = records[-1]
        self.progressed.emit(records)
        for record in records:
            if record.notice and record.notice not in self._told:
                self._told.add(record.notice)
                self._sentence = translated(record.notice)
                self._tell()
        if self.summary != self._summary:
            self._summary = self.summary
            self.summary_changed.emit(self._summary)

    def _take_reading(self, reading: object) -> None:
        if self._thread is not None:
            self.challenger_read.emit(reading)

    def _take_damage(self, thread: TrainingWorker, folder: "Path") -> None:
        if self._thread is thread:
            self.mnist_damaged.emit(folder)

    def _take_outcome(self, outcome: "Outcome") -> None:
        if self._thread is None:
            return
        self._outcome, self._checkpoint = outcome, self._thread.checkpoint
        self._recorder = self._thread.recorder
        self._sentence = ""
        self.trained.emit(outcome)

    def _end(self, thread: TrainingWorker) -> None:
        if self._thread is not thread:
            return
        thread.deleteLater()
        self._thread = None
        self._paused = False
        self._remember_speed()
        self._session.take_device_back()
        if self._course is _Course.CANCELLING and self._outcome is not None:
            # It was ready before it was told to end.
            self._forget_checkpoint()
            self._outcome = None
            self._record("cancelled")
            self._sentence = self.tr("Cancelled. Nothing has changed.")
        if self._outcome is None:
            self.film = None
        self.phase_changed.emit(self.phase)
        self._tell()

    def _record(self, fate: str, name: str = "") -> None:
        """Record what has become of the challenger: a value of ``Fate``."""
        from lenet_desktop.training.history.record import Fate

        if self._recorder is not None:
            self._recorder.end(Fate(fate), name=name)

    def _remember_speed(self) -> None:
        from lenet_desktop.training.expected_time import speed_of
        from lenet_desktop.training.job import Job

        job, last = self._job, self._last
        if not isinstance(job, Job) or last is None or last.elapsed_seconds < _MEASURED_SECONDS:
            return
        speed = speed_of(
            job.recipe,
            training_digits(job.data, job.images),
            last.step / last.steps,
            last.elapsed_seconds,
        )
        self._session.settings.set_training_speed(job.device, speed)

    def _forget_outcome(self) -> None:
        self._forget_checkpoint()
        if self._outcome is not None:
            self._outcome = None
            self.phase_changed.emit(self.phase)
            self._tell()

    def _forget_checkpoint(self) -> None:
        if self._checkpoint is not None:
            self._checkpoint.remove()
            self._checkpoint = None
