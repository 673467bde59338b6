"""Before a training: the recipe, the data, and all settings."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from lenet_desktop.data.sources import STARTER
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.training.before.mnist_offer import MnistOffer
from lenet_desktop.ui.training.before.options import TrainingOptions
from lenet_desktop.ui.training.run import Phase, TrainingRun

if TYPE_CHECKING:
    from lenet_desktop.training.job import Job


class BeforePage(QWidget):
    """Where the user chooses what to train.

    Args:
        run: the training.
        session: the pad's model and device; a model must be loaded.
        mirrors: where to download MNIST from; None for the usual addresses.

    Signals:
        said (str): one sentence for the user, or '' if the last one is no longer true.
    """

    said = Signal(str)

    def __init__(
        self, run: TrainingRun, session: Session, mirrors: tuple[str, ...] | None = None
    ) -> None:
        super().__init__()
        self._run, self._session = run, session
        self._cut_off: Job | None = None
        self._found: Path | None = STARTER  # the folder of MNIST, once it is found
        model = session.model
        assert model is not None
        self.mnist = MnistOffer(mirrors)
        self.options = TrainingOptions(model.devices)
        self.options.device.setCurrentText(model.device)
        self._bar = QProgressBar()
        self._bar.setAccessibleName(self.tr("Download"))
        self.train_button = QPushButton(self.tr("&Train"))
        self.go_on_button = QPushButton()
        self.dismiss_button = QPushButton(self.tr("&Dismiss"))
        self.cancel_button = QPushButton(self.tr("&Cancel"))
        self._lay_out()
        self.train_button.clicked.connect(self.train)
        self.go_on_button.clicked.connect(self.go_on)
        self.dismiss_button.clicked.connect(self.dismiss)
        self.cancel_button.clicked.connect(self.mnist.cancel)
        self.mnist.started.connect(self._show_state)
        self.mnist.progressed.connect(self._show_download)
        self.mnist.said.connect(self.said)
        self.mnist.ended.connect(self.look_again)
        self.options.data_chosen.connect(self._show_data)
        self.look_again()

    def train(self) -> None:
        """Train with the chosen options."""
        model = self._session.model
        assert model is not None
        if self._run.phase is not Phase.BEFORE or self.mnist.is_downloading:
            return
        held_out = self.mnist.folder(self.options.data_path)
        try:
            job = self.options.job(model.path, model.card, held_out)
        except ValueError as error:
            self.said.emit(self.tr("This cannot be trained: {reason}.").format(reason=error))
            return
        self._run.start(job)

    def go_on(self) -> None:
        """Continue a training that was interrupted when a program ended."""
        if self._cut_off is not None:
            self._run.start(self._cut_off)

    def dismiss(self) -> None:
        """Forget the training that was interrupted."""

    def look_again(self) -> None:
        """Offer the data on this computer, and the training that was interrupted."""
        found = self.mnist.folder(STARTER)
        # Keep the user's choice if nothing has changed on the disk.
        if found != self._found:
            self._found = found
            self.options.set_data(found)
        self._cut_off = self._run.cut_off()
        self._show_data()
        self._show_state()

    def take_damage(self, folder: Path) -> None:
        """Treat the MNIST in this folder as missing."""
        self.mnist.mark_damaged(folder)
        self.look_again()

    def shut_down(self) -> None:
        """Cancel a download and wait for its thread."""
        self.mnist.shut_down()

    def _show_data(self) -> None:
        self.mnist.show_choice(self.options.data_path)

    def _show_download(self, received: int, total: int) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(received)
        self.said.emit(
            self.tr("Downloading MNIST: {received} of {total} MB").format(
                received=f"{received / 1e6:.1f}", total=f"{total / 1e6:.1f}"
            )
        )

    def _show_state(self) -> None:
        busy = self.mnist.is_downloading
        self._bar.setVisible(busy)
        self.cancel_button.setVisible(busy)
        self.mnist.button.setEnabled(not busy)
        self.options.setEnabled(not busy)
        self.train_button.setEnabled(not busy)
        self.go_on_button.setVisible(self._cut_off is not None and not busy)
        self.dismiss_button.setVisible(self._cut_off is not None and not busy)
        if self._cut_off is not None:
            self.go_on_button.setText(
                self.tr("Cont&inue '{recipe}'").format(recipe=self._cut_off.recipe.name)
            )

    def _lay_out(self) -> None:
        scroll = QScrollArea()
        scroll.setWidget(self.options)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        buttons = QHBoxLayout()
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.dismiss_button)
        buttons.addStretch(1)
        buttons.addWidget(self.go_on_button)
        buttons.addWidget(self.train_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.mnist)
        layout.addWidget(scroll, stretch=1)
        layout.addWidget(self._bar)
        layout.addLayout(buttons)
