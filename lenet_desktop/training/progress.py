"""What a training tells of itself."""

from dataclasses import dataclass

from lenet_desktop.errors import UserError


class TrainingError(UserError):
    """A training that cannot go on; the message is one sentence for the user."""


@dataclass(frozen=True)
class TrainingProgress:
    """Where a training stands.

    Attributes:
        epoch, epochs: the epoch at work, from 1, and how many there will be.
        step, steps: steps done, and all there will be.
        losses: the loss of each step since the last record.
        smoothed_loss: a moving average of the loss, or None before the first step.
        validation_loss, validation_accuracy: measured at the end of an epoch, else None.
        learning_rate: of the latest step.
        digits_per_second: digits trained on, by the time spent; pauses do not count.
        elapsed_seconds, remaining_seconds: time spent, pauses left out, and a guess of the rest.
        best_validation_accuracy: the best so far, or None before the first epoch's end.
        notice: one sentence for the user about what went wrong without ending the training.
    """

    epoch: int
    epochs: int
    step: int
    steps: int
    losses: tuple[float, ...]
    smoothed_loss: float | None
    validation_loss: float | None
    validation_accuracy: float | None
    learning_rate: float
    digits_per_second: float
    elapsed_seconds: float
    remaining_seconds: float
    best_validation_accuracy: float | None
    notice: str = ""
