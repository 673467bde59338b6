"""How a training is told of on the command line."""

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lenet_desktop.training.progress import TrainingProgress


class ProgressLine:
    """One line that is written again and again; every second epoch stays where the loss is seen."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._shown = 0.0

    def show(self, now: "TrainingProgress") -> None:
        """Show how far the training is."""
        if now.notice:
            print(now.notice, file=sys.stderr)
        if self._live and time.monotonic() - self._shown > 0.1:
            self._shown = time.monotonic()
            done = now.step / max(now.steps, 1)
            bar = "█" * round(24 * done)
            print(
                f"\r{bar:░<24} {done:4.0%}  epoch {now.epoch}/{now.epochs}  {_loss_and_time(now)} ",
                end="",
                file=sys.stderr,
                flush=True,
            )
        if now.validation_accuracy is not None and (now.epoch % 2 == 0 or now.epoch == now.epochs):
            if self._live:
                print("\r\033[K", end="", file=sys.stderr, flush=True)
            print(
                f"epoch {now.epoch:2d}  loss {now.smoothed_loss:.4f}  "
                f"validation {now.validation_accuracy:.2%}",
                flush=True,
            )


def _loss_and_time(now: "TrainingProgress") -> str:
    if now.smoothed_loss is None:
        return "drawing synthetic digits"
    return f"loss {now.smoothed_loss:.4f}  {now.remaining_seconds:3.0f} s left"
