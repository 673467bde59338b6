"""The thread that looks at the moments of a training's film."""

import logging
from dataclasses import dataclass
from threading import Condition
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal

if TYPE_CHECKING:
    from lenet_desktop.drawing.preprocess import Sample
    from lenet_desktop.training.film.film import Moment
    from lenet_desktop.training.film.reader import FilmReader

_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class _Request:
    reader: "FilmReader"
    moment: "Moment"
    sample: "Sample | None"
    measures: bool


class FilmWorker(QThread):
    """Opens and measures moments at low priority; a newer request replaces one that still waits.

    Signals:
        opened (OpenedMoment): the network of the requested moment, and its answer to the sample.
        measured (MeasuredMoment): how it reads validation images, after ``opened``, if that was
            requested and no newer request waits.
    """

    opened = Signal(object)
    measured = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changed = Condition()
        self._closing = False
        self._request: _Request | None = None

    def look(
        self, reader: "FilmReader", moment: "Moment", sample: "Sample | None", *, measures: bool
    ) -> None:
        """Request a moment instead of one that still waits.

        Args:
            reader: reads the film; only this thread uses it from now on.
            moment: one of the film's moments.
            sample: what its network reads, float32 (28, 28), 0 to 1.
            measures: whether it is measured, too; a measurement takes ten times as long.
        """
        with self._changed:
            self._request = _Request(reader, moment, sample, measures)
            self._changed.notify()
            if not self._closing:
                self.start()  # does nothing while it runs

    def stop(self) -> None:
        """End the thread and wait for it; afterwards it cannot be started again."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self.wait()

    def run(self) -> None:
        """Look at what is requested until the thread is stopped."""
        import torch

        from lenet_desktop.training.step.gradients import lower_priority

        # A training under way has the other cores.
        torch.set_num_threads(1)
        lower_priority()
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closing or self._request is not None)
                if self._closing:
                    return
                request, self._request = self._request, None
            assert request is not None
            try:
                self._look(request)
            except Exception:  # noqa: BLE001 -- no moment, however odd, may end the thread
                _log.exception("a moment of the training cannot be shown")
            del request  # a film that is no longer shown must not stay in memory

    def _look(self, request: _Request) -> None:
        self.opened.emit(request.reader.open(request.moment, request.sample))
        with self._changed:
            is_late = self._request is not None
        if request.measures and not is_late:
            self.measured.emit(request.reader.measure(request.moment))
