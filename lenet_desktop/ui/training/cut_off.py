"""A training that was interrupted when a program ended, and can be continued."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from lenet_desktop.training.resumable import dismiss
from lenet_desktop.ui.workers.cut_off import CutOffWorker

if TYPE_CHECKING:
    from lenet_desktop.training.job import Job


class CutOff(QObject):
    """Looks for an interrupted training, and dismisses it. No widgets.

    Signals:
        changed (): another training, or none, can be continued now; see ``job``.
        dismissed (str): the training of this recipe is dismissed.
    """

    changed = Signal()
    dismissed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._job: Job | None = None
        self._epochs: int | None = None
        self._note = ""
        self._search: CutOffWorker | None = None
        self._searches_again = False
        self._dismissed = ""  # the note of a training that is still to be dismissed
        self._is_shut_down = False

    @property
    def job(self) -> "Job | None":
        """The job of the interrupted training; None if there is none, or it is not yet known."""
        return self._job

    @property
    def epochs(self) -> int | None:
        """How many of its epochs are complete; None if that is not known."""
        return self._epochs

    @property
    def is_looking(self) -> bool:
        """Whether it is being looked for."""
        return self._search is not None

    def look(self) -> None:
        """Look for a training that can be continued; ``changed`` may follow."""
        if self._is_shut_down:
            return
        if self._search is not None:
            self._searches_again = True
            return
        self._search = CutOffWorker(self._dismissed, self)
        self._dismissed = ""
        self._search.found.connect(self._take)
        self._search.finished.connect(self._end_search)
        self._search.start()

    def dismiss(self) -> None:
        """Delete the checkpoint of the interrupted training."""
        if self._job is None:
            return
        name, self._dismissed = self._job.recipe.name, self._note
        self._take(None, "", None)
        self.look()
        self.dismissed.emit(name)

    def shut_down(self) -> None:
        """End the search and wait for it; delete what is dismissed."""
        self._is_shut_down = True
        if self._search is not None:
            self._search.blockSignals(True)
            self._search.wait()
            self._search.deleteLater()
            self._search = None
        if self._dismissed:
            dismiss(self._dismissed)
            self._dismissed = ""

    def _take(self, job: "Job | None", note: str, epochs: int | None) -> None:
        if self._is_shut_down or (note and note == self._dismissed):
            return
        changed = (note, epochs) != (self._note, self._epochs)
        self._job, self._note, self._epochs = job, note, epochs
        if changed:
            self.changed.emit()

    def _end_search(self) -> None:
        if self._search is None:
            return
        self._search.deleteLater()
        self._search = None
        if self._searches_again:
            self._searches_again = False
            self.look()
