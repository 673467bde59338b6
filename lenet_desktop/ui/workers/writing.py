"""The thread that writes drawings, samples and exported models, because a disk may be slow."""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Condition

from PySide6.QtCore import QObject, QThread, Signal

from lenet_desktop.errors import UserError
from lenet_desktop.ui.translated import translated

_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class _Request:
    path: Path
    write: Callable[[], object]
    told: object


class WritingWorker(QThread):
    """Writes one thing after the other; all that was requested is written before it ends.

    Signals:
        written (object): something was written; what ``write`` was told to tell.
        failed (str): why something could not be written, in one sentence.
    """

    written = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changed = Condition()
        self._closing = False
        self._requests: deque[_Request] = deque()
        self._is_writing = False
        self._failures = 0

    def write(self, path: Path, write: Callable[[], object], told: object) -> None:
        """Request something to be written.

        Args:
            path: the file, for messages.
            write: writes it, in the thread.
            told: what ``written`` tells afterwards.
        """
        with self._changed:
            self._requests.append(_Request(path, write, told))
            self._changed.notify()
            if not self._closing:
                self.start()  # does nothing while it runs

    def wait_until_written(self) -> int:
        """Wait until all is written; return how often that has failed so far."""
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
        """Write what is requested until the thread is stopped."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closing or bool(self._requests))
                if not self._requests:
                    return
                request = self._requests.popleft()
                self._is_writing = True
            failed = True
            try:
                request.write()
            except UserError as error:
                self.failed.emit(translated(error))
            except Exception as error:  # noqa: BLE001 -- no drawing, however odd, may end the thread
                _log.exception("a file could not be written")
                sentence = self.tr("{path} cannot be written: {reason}.")
                reason = translated(error).rstrip(".")
                self.failed.emit(sentence.format(path=request.path, reason=reason))
            else:
                failed = False
                self.written.emit(request.told)
            with self._changed:
                self._is_writing = False
                self._failures += failed
                self._changed.notify_all()
