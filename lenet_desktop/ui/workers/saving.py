"""The thread that writes drawings, because a disk may be slow."""

import logging
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from threading import Condition

from PySide6.QtCore import QObject, QThread, Signal

from lenet_desktop.drawing.drawing_file import write_drawing
from lenet_desktop.drawing.strokes import Drawing, Ink
from lenet_desktop.errors import UserError
from lenet_desktop.ui.translated import translated

_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class _Request:
    path: Path
    drawing: Drawing
    ink: Ink


class SavingWorker(QThread):
    """Writes one drawing after the other; all that were requested are written before it ends.

    Signals:
        saved (Path): a drawing was written to this file.
        failed (str): why one could not be written, in one sentence.
    """

    saved = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changed = Condition()
        self._closing = False
        self._requests: deque[_Request] = deque()
        self._is_writing = False
        self._failures = 0

    def save(self, path: Path, drawing: Drawing, ink: Ink) -> None:
        """Request a drawing to be written; see ``write_drawing``.

        Args:
            path: the file to write.
            drawing: the drawing.
            ink: a copy of its ink.
        """
        with self._changed:
            self._requests.append(_Request(path, drawing, ink))
            self._changed.notify()
            if not self._closing:
                self.start()  # does nothing while it runs

    def wait_until_written(self) -> int:
        """Wait until all is written; return how many drawings could not be written so far."""
        with self._changed:
            self._changed.wait_for(lambda: not self._requests and not self._is_writing)
            return self._failures

    def stop(self) -> None:
        """Write what is still to be written, end the thread and wait for it."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self.wait()

    def run(self) -> None:
        """Write the requested drawings until the thread is stopped."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closing or bool(self._requests))
                if not self._requests:
                    return
                request = self._requests.popleft()
                self._is_writing = True
            failed = True
            try:
                write_drawing(request.path, request.drawing, request.ink)
            except UserError as error:
                self.failed.emit(translated(error))
            except Exception as error:  # noqa: BLE001 -- no drawing, however odd, may end the thread
                _log.exception("a drawing could not be saved")
                sentence = self.tr("{path} cannot be written: {reason}.")
                reason = translated(error).rstrip(".")
                self.failed.emit(sentence.format(path=request.path, reason=reason))
            else:
                failed = False
                self.saved.emit(request.path)
            with self._changed:
                self._is_writing = False
                self._failures += failed
                self._changed.notify_all()
