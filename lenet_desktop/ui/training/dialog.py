"""The training dialog: one button, a live plot, and an honest choice at the end."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from lenet_desktop.data.sources import STARTER
from lenet_desktop.training.resumable import TrainingCheckpoint, left_behind
from lenet_desktop.ui.training.comparison_view import ComparisonView
from lenet_desktop.ui.training.figures import TrainingFigures
from lenet_desktop.ui.training.mnist_offer import MnistOffer
from lenet_desktop.ui.training.options import TrainingOptions
from lenet_desktop.ui.training.plot import TrainingPlot
from lenet_desktop.ui.window.save_dialog import ask_save_name
from lenet_desktop.ui.workers.recognition import ModelInUse
from lenet_desktop.ui.workers.training import TrainingWorker

if TYPE_CHECKING:
    from lenet_desktop.training.job import Job, Outcome
    from lenet_desktop.training.progress import TrainingProgress


class TrainingDialog(QDialog):
    """Trains challengers beside the pad, which goes on reading with the champion.

    Signals:
        kept (Path): the user wants this model file, just written, to read from now on.
        mistake_chosen (Ink): a digit is to be shown on the pad; uint8 (28, 28).
    """

    kept = Signal(object)
    mistake_chosen = Signal(object)

    def __init__(
        self,
        champion: ModelInUse,
        parent: QWidget | None = None,
        mirrors: tuple[str, ...] | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle("Train LeNet")
        self.resize(940, 700)
        self._champion = champion
        self._thread: TrainingWorker | None = None
        self._outcome: Outcome | None = None
        self._checkpoint: TrainingCheckpoint | None = None  # what would give the outcome again
        self._cut_off: Job | None = None
        self._found: Path | None = STARTER  # where MNIST is; not looked for yet
        self.mnist = MnistOffer(mirrors)
        self._notice = QLabel()
        self._notice.setWordWrap(True)
        self._notice.setTextFormat(Qt.TextFormat.PlainText)
        self._notice.setAccessibleDescription("Message")
        self.options = TrainingOptions(champion.devices)
        self.options.device.setCurrentText(champion.device)
        self.plot = TrainingPlot()
        self.comparison = ComparisonView()
        self._pages = QStackedWidget()
        self._options_page = QScrollArea()
        self._bar = QProgressBar()
        self.figures = TrainingFigures()
        self.name = QLineEdit()
        self.train_button = QPushButton("&Train")
        self.go_on_button = QPushButton("&Go on")
        self.pause_button = QPushButton("&Pause")
        self.stop_button = QPushButton("&Stop, keep the best")
        self.cancel_button = QPushButton("&Cancel")
        self.keep_button = QPushButton("&Keep")
        self.discard_button = QPushButton("&Discard")
        self.options_button = QToolButton()
        self.curve_button = QPushButton("Show the &loss")
        self._save_picture_button = QPushButton("Save as pict&ure…")
        self._save_csv_button = QPushButton("Save as CS&V…")
        self._lay_out()
        self._connect()
        self._take_data()
        self._show_state()

    # What it is doing

    @property
    def is_training(self) -> bool:
        """Whether a training is under way, paused or not."""
        return self._thread is not None

    @property
    def outcome(self) -> "Outcome | None":
        """The challenger that waits to be kept or discarded."""
        return self._outcome

    @property
    def notice(self) -> str:
        """The sentence that is shown, or ''."""
        return self._notice.text()

    def set_champion(self, champion: ModelInUse) -> None:
        """Compare the next challenger with this model."""
        is_other = champion.path != self._champion.path
        self._champion = champion
        if is_other and (self._thread is not None or self._outcome is not None):
            self._notice.setText(
                "Another model reads on the pad now: the comparison is with the one that read when "
                "the training began."
            )

    # What the user can do

    def train(self) -> None:
        """Train with what the options say."""
        if self.is_training or self.mnist.is_downloading or self._outcome is not None:
            return
        held_out = self.mnist.folder(self.options.data_path)
        try:
            job = self.options.job(self._champion.path, self._champion.card, held_out)
        except ValueError as error:
            self._notice.setText(f"This cannot be trained: {error}.")
            return
        self._start(job)

    def go_on(self) -> None:
        """Go on with the training that was cut off when a program was killed."""
        if self._cut_off is not None and not self.is_training:
            self._start(self._cut_off)

    def pause(self) -> None:
        """Pause, or go on."""
        if self._thread is not None:
            paused = self.pause_button.isChecked()
            self._thread.pause(paused)
            self.pause_button.setText("&Resume" if paused else "&Pause")

    def finish_early(self) -> None:
        """End the training with the best model so far."""
        if self._thread is not None:
            self._thread.finish_early()
            self._notice.setText("Finishing with the best model so far …")
            for button in (self.stop_button, self.pause_button):
                button.setEnabled(False)

    def cancel(self) -> None:
        """Throw the training, or the download, away."""
        if self._thread is not None:
            self._thread.cancel()
            self._notice.setText("Cancelling …")
        self.mnist.cancel()

    def keep(self) -> None:
        """Put the challenger among the user's models and let it read from now on."""
        from lenet_desktop.models import library
        from lenet_desktop.models.model_file import ModelFileError

        if self._outcome is None:
            return
        try:
            path = library.keep(self._outcome.challenger, self.name.text())
        except ModelFileError as error:
            self._notice.setText(str(error))
            return
        self._notice.setText(f"Kept as '{self.name.text()}'.")
        self._forget_outcome()
        self.kept.emit(path)

    def discard(self) -> None:
        """Throw the challenger away."""
        self._notice.setText("Discarded. The model in use stays.")
        self._forget_outcome()

    def may_close(self) -> bool:
        """Ask whether to give up what would be lost; True when nothing would."""
        yes, no = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No
        while lost := self._what_would_be_lost():
            answer = QMessageBox.question(self, "Train LeNet", lost, yes | no, no)
            if answer != yes:
                return False
            # A training may have ended while the question stood there: nobody saw its outcome yet.
            if lost == self._what_would_be_lost():
                return True
        return True

    def _what_would_be_lost(self) -> str:
        if self._thread is not None:
            return "A training is under way. Throw it away?"
        if self._outcome is not None:
            return "The trained model was not kept. Throw it away?"
        return ""

    def shut_down(self) -> None:
        """End every thread and wait for it; ask nothing."""
        self.mnist.shut_down()
        if self._thread is not None:
            self._thread.blockSignals(True)
            self._thread.cancel()
            self._thread.wait()
            self._thread.forget()
            self._thread.deleteLater()
            self._thread = None
        self._forget_checkpoint()
        self._outcome = None
        self._notice.clear()
        self.figures.clear()

    # Training

    def _start(self, job: "Job") -> None:
        self.plot.clear()
        self.figures.clear()
        self._bar.setRange(0, 0)
        self._notice.setText("Loading the digits …")
        thread = TrainingWorker(job, self)
        thread.data_loaded.connect(
            lambda data: self._tell(thread, f"Training '{job.recipe.name}' on {data}")
        )
        thread.progressed.connect(self._show_progress)
        thread.trained.connect(self._show_outcome)
        thread.cancelled.connect(lambda: self._tell(thread, "Cancelled. Nothing has changed."))
        thread.mnist_damaged.connect(self._take_damage)
        thread.failed.connect(lambda sentence: self._tell(thread, sentence))
        thread.finished.connect(self._end_training)
        self._thread = thread
        self.pause_button.setChecked(False)
        self.pause_button.setText("&Pause")
        self._show_state()
        thread.start(TrainingWorker.Priority.LowPriority)

    def _tell(self, thread: TrainingWorker, sentence: str) -> None:
        # What was under way when the dialog was closed still arrives.
        if self._thread is thread:
            self._notice.setText(sentence)

    def _show_progress(self, records: "tuple[TrainingProgress, ...]") -> None:
        if self._thread is None:
            return  # it was under way when the dialog was closed
        self.plot.add(records)
        self._enable_saving()
        now = records[-1]
        self._bar.setRange(0, now.steps)
        self._bar.setValue(now.step)
        self.figures.show_progress(now)
        for record in records:
            if record.notice:
                self._notice.setText(record.notice)

    def _show_outcome(self, outcome: "Outcome") -> None:
        from lenet_desktop.models import library

        if self._thread is None:
            return  # it was under way when the dialog was closed
        self._outcome, self._checkpoint = outcome, self._thread.checkpoint
        self._notice.setText("")
        self.comparison.show_outcome(outcome)
        self.curve_button.setChecked(False)
        self.name.setText(library.free_name(outcome.challenger.card.name))

    def _end_training(self) -> None:
        if self._thread is not None:
            self._thread.deleteLater()
            self._thread = None
        self._bar.setRange(0, 1)
        self._bar.setValue(0)
        self._take_data()
        self._show_state()

    def _forget_outcome(self) -> None:
        self._forget_checkpoint()
        self._outcome = None
        self._show_state()

    def _forget_checkpoint(self) -> None:
        if self._checkpoint is not None:
            self._checkpoint.remove()
            self._checkpoint = None

    # MNIST

    def _take_data(self) -> None:
        """Offer the digits that there are, and what was cut off."""
        found = self.mnist.folder(STARTER)
        # Where nothing has changed on the disk, what the user chose stays.
        if found != self._found:
            self._found = found
            self.options.set_data(found)
        self._show_data()
        from lenet_desktop.training.job import Job

        left = left_behind()
        self._cut_off = None if left is None else Job.from_json(left)
        if self._cut_off is not None:
            name = self._cut_off.recipe.name
            self.go_on_button.setText(f"&Go on with '{name}'")
            self.go_on_button.setToolTip("<p>A training was cut off when the program ended.</p>")

    def _show_data(self) -> None:
        self.mnist.show_choice(self.options.data_path)

    def _take_damage(self, folder: Path) -> None:
        self.mnist.mark_damaged(folder)
        self._take_data()

    def _show_download(self, received: int, total: int) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(received)
        self._notice.setText(
            f"Downloading MNIST: {received / 1e6:.1f} of {total / 1e6:.1f} million bytes"
        )

    def _end_download(self) -> None:
        self._bar.setRange(0, 1)
        self._bar.setValue(0)
        self._take_data()
        self._show_state()

    # Building the dialog

    def _show_state(self) -> None:
        busy = self.is_training or self.mnist.is_downloading
        choosing = self._outcome is not None
        comparing = choosing and not self.curve_button.isChecked()
        self.train_button.setVisible(not self.is_training and not choosing)
        self.train_button.setEnabled(not busy)
        self.go_on_button.setVisible(self._cut_off is not None and not busy and not choosing)
        self.mnist.button.setEnabled(not busy and not choosing)
        for button in (self.pause_button, self.stop_button):
            button.setVisible(self.is_training)
            button.setEnabled(self.is_training)
        self.cancel_button.setVisible(busy)
        for widget in (
            self.keep_button,
            self.discard_button,
            self.name,
            self._name_label,
            self.curve_button,
        ):
            widget.setVisible(choosing)
        self.options.setEnabled(not busy)
        self.options_button.setVisible(not busy and not choosing)
        self.options_button.setArrowType(
            Qt.ArrowType.DownArrow if self.options_button.isChecked() else Qt.ArrowType.RightArrow
        )
        if comparing:
            self._pages.setCurrentWidget(self.comparison)
        elif self.options_button.isChecked() and not busy and not choosing:
            self._pages.setCurrentWidget(self._options_page)
        else:
            self._pages.setCurrentWidget(self.plot)
        for button in (self._save_picture_button, self._save_csv_button):
            button.setVisible(not comparing)
        self._enable_saving()
        self._bar.setVisible(busy)
        self.figures.setVisible(not comparing)
        self._default_button().setDefault(True)

    def _enable_saving(self) -> None:
        for button in (self._save_picture_button, self._save_csv_button):
            button.setEnabled(self.plot.steps > 0)

    def _default_button(self) -> QPushButton:
        if self._outcome is None:
            return self.train_button
        from lenet_desktop.evaluation.compare import Better

        # Enter, pressed in haste, must not replace a better model with a worse one.
        is_worse = self._outcome.comparison.verdict is Better.CHAMPION
        return self.discard_button if is_worse else self.keep_button

    def _lay_out(self) -> None:
        self.pause_button.setCheckable(True)
        self.curve_button.setCheckable(True)
        self.options_button.setText("&Options")
        self.options_button.setCheckable(True)
        self.options_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.options_button.setAutoRaise(True)
        self.name.setMaxLength(60)
        self.name.setMinimumWidth(240)
        self.name.setAccessibleName("Name of the model")
        self._name_label = QLabel("&Name")
        self._name_label.setBuddy(self.name)
        self._bar.setAccessibleName("Progress")
        self._options_page.setWidget(self.options)
        self._options_page.setWidgetResizable(True)
        self._options_page.setFrameShape(QFrame.Shape.NoFrame)
        for page in (self.plot, self._options_page, self.comparison):
            self._pages.addWidget(page)

        below = QHBoxLayout()
        below.addWidget(self.options_button)
        below.addWidget(self._save_picture_button)
        below.addWidget(self._save_csv_button)
        below.addWidget(self._name_label)
        below.addWidget(self.name)
        below.addStretch(1)
        for button in (
            self.cancel_button,
            self.stop_button,
            self.pause_button,
            self.curve_button,
            self.discard_button,
            self.keep_button,
            self.go_on_button,
            self.train_button,
        ):
            button.setAutoDefault(False)
            below.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(10)
        layout.addWidget(self.mnist)
        layout.addWidget(self._pages, stretch=1)
        layout.addWidget(self.figures)
        layout.addWidget(self._bar)
        layout.addWidget(self._notice)
        layout.addLayout(below)

    def _connect(self) -> None:
        self.train_button.clicked.connect(self.train)
        self.go_on_button.clicked.connect(self.go_on)
        self.pause_button.clicked.connect(self.pause)
        self.stop_button.clicked.connect(self.finish_early)
        self.cancel_button.clicked.connect(self.cancel)
        self.keep_button.clicked.connect(self.keep)
        self.discard_button.clicked.connect(self.discard)
        self.mnist.started.connect(self._show_state)
        self.mnist.progressed.connect(self._show_download)
        self.mnist.said.connect(self._notice.setText)
        self.mnist.ended.connect(self._end_download)
        self.options_button.toggled.connect(self._show_state)
        self.curve_button.toggled.connect(self._show_state)
        self.options.data_chosen.connect(self._show_data)
        self.comparison.mistake_chosen.connect(self.mistake_chosen)
        self._save_picture_button.clicked.connect(self._save_picture)
        self._save_csv_button.clicked.connect(self._save_csv)

    def _save_picture(self) -> None:
        path = ask_save_name(self, "Save the plot", "", {"Picture (*.png)": ".png"})
        if path is not None:
            self._save(path, self.plot.save_picture)

    def _save_csv(self) -> None:
        path = ask_save_name(self, "Save the numbers", "", {"Table (*.csv)": ".csv"})
        if path is not None:
            self._save(path, self.plot.save_csv)

    def _save(self, path: Path, save: Callable[[Path], None]) -> None:
        try:
            save(path)
        except OSError as error:
            self._notice.setText(f"{path} cannot be written: {error.strerror or error}.")
        else:
            self._notice.setText(f"Saved {path.name}")

    # Qt's events

    def showEvent(self, event: QShowEvent) -> None:
        """Look again which digits there are: another pad may have fetched MNIST meanwhile."""
        if not (self.is_training or self.mnist.is_downloading):
            self._take_data()
            self._show_state()
        super().showEvent(event)

    def reject(self) -> None:
        """Close on Escape as on the window's own button, asking first."""
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask where something would be lost; then end every thread."""
        if not self.may_close():
            event.ignore()
            return
        self.shut_down()
        self._show_state()
        event.accept()
