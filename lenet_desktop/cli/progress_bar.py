"""The progress of a training or a download on the command line."""

import sys
import threading
from collections.abc import Generator
from pathlib import Path
from typing import TypeVar

from tqdm import tqdm

from lenet_desktop.data.download import DownloadProgress
from lenet_desktop.percent import percent
from lenet_desktop.training.progress import TrainingProgress

_Outcome = TypeVar("_Outcome")

_BAR = "{desc} {percentage:3.0f}% {bar} {remaining} left{postfix}"


def train_to_end(
    training: Generator[TrainingProgress, None, _Outcome], *, prints_epochs: bool = True
) -> _Outcome:
    """Run a training and return its outcome; on a terminal show a live bar.

    Args:
        training: the training.
        prints_epochs: print a line for each epoch to stdout; the bar and warnings go to stderr.
    """
    _prepare()
    bar: tqdm[TrainingProgress] | None = None
    try:
        while True:
            now = next(training)
            if bar is None:
                # A resumed training starts in the middle.
                bar = tqdm(
                    desc=f"epoch {now.epoch}/{now.epochs}",
                    total=now.steps,
                    initial=now.step,
                    disable=not sys.stderr.isatty(),
                    leave=False,
                    miniters=1,
                    bar_format=_BAR,
                )
            _show(bar, now, prints_epochs)
    except StopIteration as end:
        outcome: _Outcome = end.value
        return outcome
    finally:
        if bar is not None:
            bar.close()


def reading_bar() -> "tqdm[None]":
    """Return a bar for the pictures of a folder; it is shown on a terminal only."""
    _prepare()
    return tqdm(
        desc="reading pictures", disable=not sys.stderr.isatty(), leave=False, bar_format=_BAR
    )


def download_to_end(download: Generator[DownloadProgress, None, Path], name: str) -> Path:
    """Run a download and return its result; on a terminal show a live bar on stderr.

    Args:
        download: the download.
        name: the name of the data set.
    """
    _prepare()
    with tqdm(
        desc=f"downloading {name}",
        disable=not sys.stderr.isatty(),
        leave=False,
        bar_format=_BAR,
    ) as bar:
        try:
            while True:
                now = next(download)
                bar.total = now.total
                # After a server has failed, a file starts again.
                bar.update(now.bytes - bar.n)
        except StopIteration as end:
            folder: Path = end.value
            return folder
        finally:
            download.close()


def _prepare() -> None:
    # Without these, tqdm starts a thread, and a process for a lock between processes.
    tqdm.monitor_interval = 0
    tqdm.set_lock(threading.RLock())


def _show(bar: "tqdm[TrainingProgress]", now: TrainingProgress, prints_epochs: bool) -> None:
    if now.notice:
        bar.write(f"lenet-desktop: {now.notice}", file=sys.stderr)
    if prints_epochs and now.validation_accuracy is not None:
        bar.write(
            f"epoch {now.epoch:2d}  loss {now.smoothed_loss:.4f}  "
            f"validation {percent(now.validation_accuracy, 2)}"
        )
    bar.set_description_str(f"epoch {now.epoch}/{now.epochs}", refresh=False)
    if now.smoothed_loss is None:
        bar.set_postfix_str("drawing synthetic digits" if prints_epochs else "drawing")
    else:
        bar.set_postfix_str(f"loss {now.smoothed_loss:.4f}", refresh=False)
    bar.total = now.steps
    bar.update(now.step - bar.n)
