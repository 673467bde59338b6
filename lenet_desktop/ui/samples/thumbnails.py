"""The thumbnails of samples: those that were drawn last are kept."""

from collections import OrderedDict
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from lenet_desktop.drawing.strokes import Ink
from lenet_desktop.ui.pad.paint import image_of, ink_colours
from lenet_desktop.ui.style.theme import Colours
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
        self._theme: Colours | None = None
        self._inks: OrderedDict[OwnSample, Ink] = OrderedDict()
        self._images: dict[OwnSample, QImage] = {}  # of the inks, whose memory they share
        self._requested: set[OwnSample] = set()
        self._worker = ThumbnailWorker(self)
        self._worker.drawn.connect(self._keep)
        self._worker.forgotten.connect(self._requested.difference_update)

    def image(self, sample: "OwnSample", side: int, theme: Colours) -> QImage | None:
        """Return a thumbnail in a theme's colours; None if it is not drawn yet: ``drawn`` follows.

        Args:
            sample: the sample.
            side: the height and width in pixels. A thumbnail of another side is returned until the
                one that fits is drawn.
            theme: the colours of the paper and the ink.
        """
        if theme is not self._theme:
            self._theme = theme
            for image in self._images.values():
                image.setColorTable(ink_colours(theme))
        ink = self._inks.get(sample)
        if ink is not None:
            self._inks.move_to_end(sample)
        if (ink is None or len(ink) != side) and sample not in self._requested:
            self._requested.add(sample)
            self._worker.request(sample, side)
        if ink is None:
            return None
        if sample not in self._images:
            self._images[sample] = image_of(ink, theme)
        return self._images[sample]

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._worker.blockSignals(True)
        self._worker.stop()

    def _keep(self, thumbnails: "list[tuple[OwnSample, Ink]]") -> None:
        for sample, ink in thumbnails:
            self._images.pop(sample, None)
            self._inks[sample] = ink
        while len(self._inks) > _MOST_KEPT:
            sample, _ = self._inks.popitem(last=False)
            self._images.pop(sample, None)
        samples = [sample for sample, _ in thumbnails]
        self._requested.difference_update(samples)
        self.drawn.emit(samples)
