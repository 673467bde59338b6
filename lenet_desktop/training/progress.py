"""The progress records of a training."""

from dataclasses import dataclass

from lenet_desktop.errors import NO_TEXT, Text, UserError


class TrainingError(UserError):
    """A training cannot continue; the message is one sentence for the user."""


@dataclass(frozen=True)
class TrainingProgress:
    """The progress of a training.

    Attributes:
        epoch, epochs: the current epoch, from 1, and how many there will be.
        step, steps: steps done, and how many there will be.
        losses: the loss of each step since the last record.
        smoothed_loss: a moving average of the loss, or None before the first step.
        validation_loss, validation_accuracy: measured at the end of an epoch, else None.
        learning_rate: of the latest step; 0 before the first.
        digits_per_second: images per second of training, without pauses.
        elapsed_seconds, remaining_seconds: time spent, without pauses, and an estimate of the rest.
        best_validation_accuracy: the best so far, or None before the end of the first epoch.
        notice: one sentence for the user about something that did not end the training, or ''.
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
    notice: Text = NO_TEXT
