"""The clock of a training, and the progress records that it makes."""

import time
from collections.abc import Iterator

from lenet_desktop.errors import NO_TEXT, Text
from lenet_desktop.training.progress import TrainingProgress
from lenet_desktop.training.state import TrainingState

_RECORD_SECONDS = 0.04
_SMOOTHING = 0.98


class Meter:
    """Makes progress records, and measures the time of a training without pauses.

    Attributes:
        notice: one sentence for the next record.
    """

    def __init__(
        self,
        state: TrainingState,
        epochs: int,
        steps: int,
        images_per_epoch: int,
        redrawn: bool,
        notice: Text = NO_TEXT,
    ) -> None:
        self._state, self._epochs, self._steps = state, epochs, steps
        self._images_per_epoch, self._redrawn = images_per_epoch, redrawn
        self._losses: list[float] = []
        self._reported = time.perf_counter()
        self.notice = notice

    def add(self, loss: float) -> None:
        """Record the mean loss of the latest step."""
        self._losses.append(loss)
        state = self._state
        if state.smoothed_loss is None:
            state.smoothed_loss = loss
        # The average follows quickly at first, when the loss falls fast.
        weight = max(1 - _SMOOTHING, 9 / (10 + state.step))
        state.smoothed_loss += weight * (loss - state.smoothed_loss)

    def report_if_due(self) -> Iterator[TrainingProgress]:
        """Yield a record if enough time has passed since the last one."""
        if time.perf_counter() - self._reported >= _RECORD_SECONDS:
            yield from self.report()

    def report(
        self,
        validation_loss: float | None = None,
        validation_accuracy: float | None = None,
        *,
        is_drawing: bool = False,
    ) -> Iterator[TrainingProgress]:
        """Yield a record; the time until the generator is resumed counts as a pause.

        Args:
            validation_loss, validation_accuracy: of an epoch that has just ended.
            is_drawing: whether the time since the last record was spent drawing synthetic images.
        """
        state = self._state
        seconds = time.perf_counter() - self._reported
        state.elapsed_seconds += seconds
        state.drawing_seconds += seconds if is_drawing else 0.0
        # The estimate counts drawing only if it is repeated in every epoch.
        training_seconds = max(state.elapsed_seconds - state.drawing_seconds, 1e-6)
        spent = state.elapsed_seconds if self._redrawn else training_seconds
        epochs_done = state.step * self._epochs / self._steps
        yield TrainingProgress(
            epoch=max(1, -(-state.step * self._epochs // self._steps)),
            epochs=self._epochs,
            step=state.step,
            steps=self._steps,
            losses=tuple(self._losses),
            smoothed_loss=state.smoothed_loss,
            validation_loss=validation_loss,
            validation_accuracy=validation_accuracy,
            learning_rate=state.learning_rate,
            digits_per_second=epochs_done * self._images_per_epoch / training_seconds,
            elapsed_seconds=state.elapsed_seconds,
            remaining_seconds=spent * (self._steps - state.step) / max(1, state.step),
            best_validation_accuracy=state.best_accuracy,
            notice=self.notice,
        )
        self._losses.clear()
        self.notice = NO_TEXT
        self._reported = time.perf_counter()
