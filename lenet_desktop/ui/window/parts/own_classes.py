"""'New classes': naming, drawing and learning classes of one's own in the window."""

import random
import secrets
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from lenet_desktop.ui.pad.overlays.message_pill import MessageKind
from lenet_desktop.ui.teaching.practice import Turn
from lenet_desktop.ui.teaching.turns import rounds

if TYPE_CHECKING:
    from lenet_desktop.ui.classes.dialog import ClassesDialog
    from lenet_desktop.ui.window.main_window import MainWindow

# New seeds are short enough to be typed again.
_NEW_SEEDS = 1_000_000


class OwnClasses(QObject):
    """Connects the dialog of new classes with the paper and the training drawer.

    Attributes:
        dialog: the dialog; None until it is first opened.
    """

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.dialog: ClassesDialog | None = None
        self._returns = False  # the dialog is shown again after the practice
        window.practice.running_changed.connect(self._follow_practice)
        window.practice.written.connect(self._read_again)

    def open(self) -> None:
        """Show the dialog."""
        from lenet_desktop.ui.classes.dialog import ClassesDialog

        if self.dialog is None:
            self.dialog = ClassesDialog(self._window)
            self.dialog.drawing_chosen.connect(self._draw)
            self.dialog.samples_chosen.connect(self._show_samples)
            self.dialog.learning_chosen.connect(self.learn)
            self.dialog.file.failed.connect(self._tell_of_failure)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def learn(self, classes: tuple[str, ...]) -> None:
        """Open the training drawer, and learn the classes there."""
        from lenet_desktop.data.own_samples import file_of
        from lenet_desktop.training.teaching.classes_job import ClassesJob
        from lenet_desktop.ui.training.run import Phase

        window = self._window
        self._close()
        window.open_training()
        drawer = window.training
        if drawer is None:
            return
        if drawer.run.phase is not Phase.BEFORE:
            sentence = self.tr("End this training, or keep or discard its model, then try again.")
            window.show_message(sentence, MessageKind.HINT)
            return
        drawer.run.start(ClassesJob(file_of(classes), classes, secrets.randbelow(_NEW_SEEDS)))

    def is_written(self) -> bool:
        """Wait until all is written; return False if a message will say why not."""
        return self.dialog is None or self.dialog.file.is_written()

    def stop(self) -> None:
        """End the thread once everything is written."""
        if self.dialog is not None:
            self.dialog.shut_down()

    def _draw(self, classes: tuple[str, ...], counts: dict[str, int]) -> None:
        practice = self._window.practice
        practice.end()  # the one that may be running
        self._close()
        turns = [Turn(label) for label in rounds(counts, random.Random())]
        practice.start(turns, classes)
        self._returns = practice.is_running

    def _show_samples(self, classes: tuple[str, ...]) -> None:
        self._close()
        self._window.own_samples.show_classes(classes)

    def _follow_practice(self, running: bool) -> None:
        if not running and self._returns:
            self._returns = False
            self.open()

    def _read_again(self) -> None:
        if self.dialog is not None and self.dialog.isVisible():
            self.dialog.file.read_again()

    def _close(self) -> None:
        """Close the dialog, which would lie over the paper."""
        if self.dialog is not None:
            self.dialog.close()
        self._window.activateWindow()

    def _tell_of_failure(self, sentence: str) -> None:
        """Tell in the window what the dialog cannot: it is closed."""
        if self.dialog is None or not self.dialog.isVisible():
            self._window.show_message(sentence)
