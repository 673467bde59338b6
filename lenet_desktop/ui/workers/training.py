"""The thread that trains: it loops over train() and tells how it goes."""

import logging
import time
from threading import Condition, Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal

from lenet_desktop.training.resumable import TrainingCheckpoint

if TYPE_CHECKING:
    from lenet_desktop.training.job import Job, Outcome
    from lenet_desktop.training.progress import TrainingProgress

_log = logging.getLogger(__name__)

# Ten times a second looks live; more would only take time from the training.
_TELL_SECONDS = 1 / 10


class TrainingWorker(QThread):
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

    def __init__(self, job: "Job", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job = job
        self._changed = Condition()
        self._paused = False
        self._cancelled = False
        self._stop = Event()
        self.checkpoint: TrainingCheckpoint | None = None

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
        if self.checkpoint is not None:
            self.checkpoint.remove()
            self.checkpoint = None

    def run(self) -> None:
        """Load the digits, train, compare."""
        from lenet_desktop.data.catalog import DamagedMnistError
        from lenet_desktop.data.labelled import DatasetError
        from lenet_desktop.models.model_file import ModelFileError
        from lenet_desktop.training.progress import TrainingError

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

    def _train(self) -> "Outcome | None":
        from lenet_desktop.training.checkpoint import is_there
        from lenet_desktop.training.loop import CheckpointError

        loaded = self._job.load()
        checkpoint = self.checkpoint = TrainingCheckpoint(self._job.to_json())
        resumed = ", going on where it was cut off" if is_there(checkpoint.path) else ""
        self.data_loaded.emit(f"{len(loaded.data.train):,} digits of {loaded.data.name}{resumed}")
        records = loaded.train(checkpoint=checkpoint.path, stop=self._stop)
        batch: list[TrainingProgress] = []
        told = 0.0
        outcome: Outcome | None = None
        try:
            while outcome is None:
                if not self._go_on():
                    return None
                try:
                    batch.append(next(records))
                except StopIteration as end:
                    outcome = end.value
                except CheckpointError:
                    # The user cannot be asked to look for a hidden file of ours.
                    _log.exception("a checkpoint was thrown away")
                    checkpoint.path.unlink(missing_ok=True)
                    records = loaded.train(checkpoint=checkpoint.path, stop=self._stop)
                if batch and (outcome or time.perf_counter() - told >= _TELL_SECONDS):
                    told = time.perf_counter()
                    self.progressed.emit(tuple(batch))
                    batch.clear()
        finally:
            records.close()
        return outcome if self._go_on() else None

    def _fail(self, sentence: str) -> None:
        if self.checkpoint is not None:
            self.checkpoint.leave()
            self.checkpoint = None
        self.failed.emit(sentence)

    def _go_on(self) -> bool:
        """Wait while paused; False when all is to be thrown away."""
        with self._changed:
            self._changed.wait_for(lambda: self._cancelled or not self._paused)
            return not self._cancelled
