"""The thread that reads a few samples of a data set."""

import logging
from dataclasses import dataclass
from pathlib import Path
from threading import Condition

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QThread, Signal

from lenet_desktop.data.sources import PicturesAre
from lenet_desktop.errors import UserError
from lenet_desktop.ui.translated import translated

_log = logging.getLogger(__name__)

SAMPLES = 20


@dataclass(frozen=True, eq=False)
class Seen:
    """What a data set looks like.

    Attributes:
        source: the data set.
        pictures: how its pictures become samples.
        samples: uint8 (N, 28, 28), 0 paper to 255 full ink, N up to ``SAMPLES``; none if it cannot
            be used.
        names: the class of each sample.
        classes: the names of all classes.
        count: how many images there are in all.
        train: how many of them are trained on.
        problem: why it cannot be used, in one sentence; '' if it can.
    """

    source: Path
    pictures: PicturesAre
    samples: NDArray[np.uint8]
    names: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    count: int = 0
    train: int = 0
    problem: str = ""


class _StoppedError(Exception):
    """Something else was requested while a folder was searched."""


class PreviewWorker(QThread):
    """Looks at one data set at a time; a newer request replaces an older one.

    Signals:
        seen (Seen): what was requested last.
    """

    seen = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changed = Condition()
        self._closing = False
        self._request: tuple[Path, PicturesAre] | None = None

    def look(self, source: Path, pictures: PicturesAre) -> None:
        """Request to look at a data set; see ``catalog.preview``."""
        with self._changed:
            self._request = source, pictures
            self._changed.notify()
            if not self._closing:
                self.start()  # does nothing while it runs

    def stop(self) -> None:
        """End the thread and wait for it."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self.wait()

    def run(self) -> None:
        """Look at what is requested until the thread is stopped."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closing or self._request is not None)
                if self._closing or self._request is None:
                    return
                (source, pictures), self._request = self._request, None
            try:
                seen = self._look(source, pictures)
            except _StoppedError:
                continue
            except UserError as error:
                seen = _problem(source, pictures, translated(error))
            except Exception as error:  # noqa: BLE001 -- no data, however odd, may end the thread
                _log.exception("a data set could not be looked at")
                sentence = self.tr("The data in {folder} cannot be used: {reason}.")
                seen = _problem(source, pictures, sentence.format(folder=source, reason=error))
            with self._changed:
                if self._request is None and not self._closing:
                    self.seen.emit(seen)

    def _look(self, source: Path, pictures: PicturesAre) -> Seen:
        from lenet_desktop.data.catalog import preview

        few, count, train = preview(source, pictures, SAMPLES, self._check)
        return Seen(
            source, pictures, few.images.numpy(), tuple(few.names), few.classes, count, train
        )

    def _check(self, done: int, total: int) -> None:
        if self._closing or self._request is not None:
            raise _StoppedError


def _problem(source: Path, pictures: PicturesAre, sentence: str) -> Seen:
    return Seen(source, pictures, np.zeros((0, 28, 28), np.uint8), problem=sentence)
