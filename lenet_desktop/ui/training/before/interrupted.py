"""The offer to continue a training that was interrupted when a program ended."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from lenet_desktop.ui.training.card import Card
from lenet_desktop.ui.training.cut_off import CutOff


class InterruptedTraining(Card):
    """Names the training, with a button to continue it and one to dismiss it."""

    def __init__(self) -> None:
        super().__init__()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self.go_on_button = QPushButton(self.tr("Contin&ue"))
        self.go_on_button.setToolTip(self.tr("Continue from the last complete epoch"))
        self.dismiss_button = QPushButton(self.tr("Dism&iss"))
        self.dismiss_button.setToolTip(self.tr("Delete its checkpoint; this cannot be undone"))
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.dismiss_button)
        buttons.addWidget(self.go_on_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.addWidget(self._text)
        layout.addLayout(buttons)
        self.show_training(None)

    @property
    def text(self) -> str:
        """The text that is shown."""
        return self._text.text()

    def show_training(self, cut_off: CutOff | None) -> None:
        """Offer to continue the training that was interrupted, if there is one."""
        job = None if cut_off is None else cut_off.job
        self.setVisible(job is not None)
        if job is not None and cut_off is not None:
            self._text.setText(sentence_about(cut_off))
            self.go_on_button.setAccessibleDescription(self._text.text())
            self.dismiss_button.setAccessibleDescription(self._text.text())


def sentence_about(cut_off: CutOff) -> str:
    """Return the sentence that names an interrupted training, and how far it got."""
    job = cut_off.job
    if job is None:
        return ""
    if cut_off.epochs is None:
        text = QCoreApplication.translate("Interrupted", "The training '{recipe}' was interrupted.")
    else:
        text = QCoreApplication.translate(
            "Interrupted",
            "The training '{recipe}' was interrupted: {done} of {all} epochs are complete.",
        )
    return text.format(recipe=job.recipe.name, done=cut_off.epochs, all=job.recipe.epochs)
