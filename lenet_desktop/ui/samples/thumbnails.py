"""The thumbnails of samples: those that were drawn last are kept."""

from collections import OrderedDict
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from lenet_desktop.drawing.strokes import Ink
from lenet_desktop.ui.workers.thumbnails import ThumbnailWorker

if TYPE_CHECKING:
    from lenet_desktop.data.own_samples import OwnSample

# At two screen pixels a pixel they take 40 MB.
_MOST_KEPT = 2_000


class Thumbnails(QObject):
    """Thumbnails, drawn in a thread when they are first asked for.

    Signals:
        drawn (list[OwnSample]): the thumbnails of these samples are there.
    """

    drawn = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._inks: OrderedDict[OwnSample, Ink] = OrderedDict()
        self._requested: set[OwnSample] = set()
        self._worker = ThumbnailWorker(self)
        self._worker.drawn.connect(self._keep)
        self._worker.forgotten.connect(self._requested.difference_update)

    def ink(self, sample: "OwnSample", side: int) -> Ink | None:
        """Return a thumbnail, uint8 (side, side); None if it is not drawn yet: ``drawn`` follows.

        A thumbnail of another side is returned until the one that fits is drawn.
        """
        ink = self._inks.get(sample)
        if ink is not None:
            self._inks.move_to_end(sample)
        if (ink is None or len(ink) != side) and sample not in self._requested:
            self._requested.add(sample)
            self._worker.request(sample, side)
        return ink

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._worker.blockSignals(True)
        self._worker.stop()

    def _keep(self, thumbnails: "list[tuple[OwnSample, Ink]]") -> None:
        self._inks.update(thumbnails)
        while len(self._inks) > _MOST_KEPT:
            self._inks.popitem(last=False)
        samples = [sample for sample, _ in thumbnails]
        self._requested.difference_update(samples)
        self.drawn.emit(samples)
