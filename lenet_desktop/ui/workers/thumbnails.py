"""The thread that draws thumbnails of samples, the last requested first."""

import logging
from threading import Condition
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QThread, Signal

from lenet_desktop.drawing.thumbnail import thumbnail

if TYPE_CHECKING:
    from lenet_desktop.data.own_samples import OwnSample

_log = logging.getLogger(__name__)

# What was scrolled past is forgotten: this many are seen at once on a large screen.
_MOST_WAITING = 600
# So many are signalled at once.
_BATCH = 16


class ThumbnailWorker(QThread):
    """Draws thumbnails; one that cannot be drawn is blank.

    Signals:
        drawn (list[tuple[OwnSample, Ink]]): some thumbnails, uint8 (side, side).
        forgotten (list[OwnSample]): some that will not be drawn: too many others were requested
            after them.
    """

    drawn = Signal(object)
    forgotten = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changed = Condition()
        self._closing = False
        self._waiting: list[tuple[OwnSample, int]] = []

    def request(self, sample: "OwnSample", side: int) -> None:
        """Request the thumbnail of a sample, ``side`` pixels high and wide."""
        with self._changed:
            self._waiting.append((sample, side))
            forgotten = [each for each, _ in self._waiting[:-_MOST_WAITING]]
            del self._waiting[:-_MOST_WAITING]
            self._changed.notify()
        if forgotten:
            self.forgotten.emit(forgotten)
        if not self._closing:
            self.start()  # does nothing while it runs

    def stop(self) -> None:
        """End the thread and wait for it."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self.wait()

    def run(self) -> None:
        """Draw what is requested until the thread is stopped."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closing or bool(self._waiting))
                if self._closing:
                    return
                batch = self._waiting[-_BATCH:]
                del self._waiting[-_BATCH:]
            self.drawn.emit([(sample, _draw(sample, side)) for sample, side in reversed(batch)])


def _draw(sample: "OwnSample", side: int) -> "np.typing.NDArray[np.uint8]":
    try:
        return thumbnail(sample.drawing, side)
    except Exception:  # noqa: BLE001 -- no sample, however odd, may end the thread
        _log.exception("a thumbnail could not be drawn")
        return np.zeros((side, side), np.uint8)
