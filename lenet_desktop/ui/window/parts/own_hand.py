"""'Learn my hand': trains on the person's own samples with one click."""

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from lenet_desktop.data.sources import STARTER, find_mnist, mnist_is_in
from lenet_desktop.ui.answer.answer_texts import are_digits
from lenet_desktop.ui.pad.overlays.message_pill import MessageKind

if TYPE_CHECKING:
    from lenet_desktop.ui.window.main_window import MainWindow

# New seeds are short enough to be typed again.
_NEW_SEEDS = 1_000_000


class OwnHand(QObject):
    """Learns how the person writes the digits, beginning with the model in use."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window

    def learn(self) -> None:
        """Open the training drawer and learn there; say what is missing if that is not possible."""
        from lenet_desktop.data import own_samples
        from lenet_desktop.training.teaching.hand_job import HandJob
        from lenet_desktop.ui.training.run import Phase

        window = self._window
        model = window.session.model
        if model is None:
            return
        samples = own_samples.file_of(model.card.classes)
        if not are_digits(model.card.classes):
            self._say(self.tr("This model does not read digits: choose one that does."))
            return
        if not samples.is_file():
            self._say(
                self.tr("There are no samples of yours yet: draw digits and say what they are.")
            )
            return
        window.open_training()
        drawer = window.training
        if drawer is None:
            return
        if drawer.run.phase is not Phase.BEFORE:
            self._say(self.tr("End this training, or keep or discard its model, then try again."))
            return
        seed = secrets.randbelow(_NEW_SEEDS)
        drawer.run.start(HandJob(samples, self._digits(), model.path, seed))

    def _digits(self) -> Path:
        """Return the digits of other people that are not to be forgotten: MNIST if it is there."""
        chosen = self._window.session.settings.training_folder
        if chosen is not None and mnist_is_in(chosen):
            return chosen
        return find_mnist() or STARTER

    def _say(self, sentence: str) -> None:
        self._window.show_message(sentence, MessageKind.HINT)
