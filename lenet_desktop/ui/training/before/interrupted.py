"""The offer to continue a training that was interrupted when a program ended."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from lenet_desktop.ui.training.card import Card

if TYPE_CHECKING:
    from lenet_desktop.training.job import Job


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
        self.show_job(None)

    @property
    def text(self) -> str:
        """The text that is shown."""
        return self._text.text()

    def show_job(self, job: "Job | None") -> None:
        """Offer to continue this training; None for nothing."""
        self.setVisible(job is not None)
        if job is not None:
            text = self.tr("The training '{recipe}' was interrupted before it was finished.")
            self._text.setText(text.format(recipe=job.recipe.name))
            self.go_on_button.setAccessibleDescription(self._text.text())
            self.dismiss_button.setAccessibleDescription(self._text.text())
