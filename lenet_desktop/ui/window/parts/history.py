"""Opens the history of trainings, and repeats a training of it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from lenet_desktop.errors import UserError
from lenet_desktop.ui.pad.overlays.message_pill import MessageKind
from lenet_desktop.ui.translated import translated

if TYPE_CHECKING:
    from lenet_desktop.training.history.record import Record
    from lenet_desktop.ui.history.history_dialog import HistoryDialog
    from lenet_desktop.ui.window.main_window import MainWindow


class History(QObject):
    """The dialog of the history, made when it is first shown.

    Attributes:
        dialog: the dialog, or None before.
    """

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.dialog: HistoryDialog | None = None

    def show(self) -> None:
        """Show the dialog; the pad stays usable."""
        # The plot's library takes a third of a second to load.
        from lenet_desktop.ui.history.history_dialog import HistoryDialog

        if self.dialog is None:
            self.dialog = HistoryDialog(self._window)
            self.dialog.again_chosen.connect(self._train_again)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def _train_again(self, record: "Record") -> None:
        """Train once more with the recipe, the data and the seed of a record."""
        from lenet_desktop.training.history.again import job_again
        from lenet_desktop.ui.training.run import Phase

        window = self._window
        window.open_training()
        model, drawer = window.session.model, window.training
        if model is None or drawer is None:
            return
        if drawer.run.phase is not Phase.BEFORE:
            sentence = self.tr("End this training, or keep or discard its model, then train again.")
            window.show_message(sentence, MessageKind.HINT)
            return
        try:
            job = job_again(record, model.path, model.devices)
        except UserError as error:
            window.show_message(translated(error))
            return
        if self.dialog is not None:
            self.dialog.close()
        drawer.run.start(job)
