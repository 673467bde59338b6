"""The thread that looks for a training that was interrupted when a program ended."""

import logging

from PySide6.QtCore import QObject, QThread, Signal

from lenet_desktop.training import resumable

_log = logging.getLogger(__name__)


class CutOffWorker(QThread):
    """Looks for the latest training that can be continued: it waits for locks and reads models.

    Args:
        dismissed: the note of a training whose checkpoint is deleted first; '' for none.

    Signals:
        found (Job | None, str, int | None): its job, its note and how many epochs are complete;
            None, '' and None if there is none.
    """

    found = Signal(object, str, object)

    def __init__(self, dismissed: str = "", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._dismissed = dismissed

    def run(self) -> None:
        """Delete what is dismissed, then look."""
        try:
            from lenet_desktop.training.checkpoint import epochs_of
            from lenet_desktop.training.job import Job

            if self._dismissed:
                resumable.dismiss(self._dismissed)
            note = resumable.left_behind(lambda note: Job.from_json(note) is not None)
            job = None if note is None else Job.from_json(note)
            path = None if note is None else resumable.checkpoint_of(note)
            epochs = None if path is None else epochs_of(path)
        except Exception:  # noqa: BLE001 -- the last resort of this thread
            _log.exception("no interrupted training can be looked for")
            job = note = None
        if job is None or note is None:
            self.found.emit(None, "", None)
        else:
            self.found.emit(job, note, epochs)
