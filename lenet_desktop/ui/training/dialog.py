"""The training dialog: one button, a live plot, and the choice at the end."""

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
    QProgressBar,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from lenet_desktop.data.sources import STARTER
from lenet_desktop.errors import UserError
from lenet_desktop.training.resumable import TrainingCheckpoint, left_behind
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.training.closing import Answer, ask_on_closing
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
    """Trains challengers beside the pad, which keeps reading with the champion.

    Args:
        session: the pad's model and device; a model must be loaded.
        parent: the parent window.
        mirrors: where to download MNIST from; None for the usual addresses.

    Signals:
        mistake_chosen (Ink): the image that the user wants on the pad; uint8 (28, 28).
    """

    mistake_chosen = Signal(object)

    def __init__(
        self,
        session: Session,
        parent: QWidget | None = None,
        mirrors: tuple[str, ...] | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle("Train LeNet")
        self.resize(940, 700)
        self._session = session
        self._champion: Path | None = None  # of the training under way
        self._thread: TrainingWorker | None = None
        self._outcome: Outcome | None = None
        self._checkpoint: TrainingCheckpoint | None = None  # contains the outcome
        self._cut_off: Job | None = None
        self._found: Path | None = STARTER  # the folder of MNIST, once it is found
        self._continues_next_time = False
        self.mnist = MnistOffer(mirrors)
        self._notice = QLabel()
        self._notice.setWordWrap(True)
        self._notice.setTextFormat(Qt.TextFormat.PlainText)
        self._notice.setAccessibleDescription("Message")
        model = session.model
        assert model is not None
        self.options = TrainingOptions(model.devices)
        self.options.device.setCurrentText(model.device)
        self.plot = TrainingPlot()
        self.comparison = ComparisonView()
        self._pages = QStackedWidget()
        self._options_page = QScrollArea()
        self._bar = QProgressBar()
        self.figures = TrainingFigures()
        self.name = QLineEdit()
        self.train_button = QPushButton("&Train")
        self.go_on_button = QPushButton("Cont&inue")
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

    # State

    @property
    def is_training(self) -> bool:
        """Whether a training is under way, paused or not."""
        return self._thread is not None

    @property
    def outcome(self) -> "Outcome | None":
        """The outcome whose challenger the user has not yet kept or discarded."""
        return self._outcome

    @property
    def notice(self) -> str:
        """The sentence that is shown, or ''."""
        return self._notice.text()

    # The user's actions

    def train(self) -> None:
        """Train with the chosen options."""
        if self.is_training or self.mnist.is_downloading or self._outcome is not None:
            return
        held_out = self.mnist.folder(self.options.data_path)
        model = self._session.model
        assert model is not None
        try:
            job = self.options.job(model.path, model.card, held_out)
        except ValueError as error:
            self._notice.setText(f"This cannot be trained: {error}.")
            return
        self._start(job)

    def go_on(self) -> None:
        """Continue a training that was interrupted when a program ended."""
        if self._cut_off is not None and not self.is_training:
            self._start(self._cut_off)

    def pause(self) -> None:
        """Pause or resume."""
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
        """Discard the training, or cancel the download."""
        if self._thread is not None:
            self._thread.cancel()
            self._notice.setText("Cancelling …")
        self.mnist.cancel()

    def keep(self) -> None:
        """Save the challenger with the user's models and use it from now on."""
        from lenet_desktop.models import library

        if self._outcome is None:
            return
        try:
            path = library.keep(self._outcome.challenger, self.name.text())
        except UserError as error:
            self._notice.setText(str(error))
            return
        self._notice.setText(f"Kept as '{self.name.text()}'.")
        self._forget_outcome()
        self._session.use(path)

    def discard(self) -> None:
        """Discard the challenger."""
        self._notice.setText("Discarded. The model in use stays.")
        self._forget_outcome()

    def may_close(self) -> bool:
        """Ask what to do with a training or an outcome; return False if the user cancels."""
        self._continues_next_time = False
        while question := self._question():
            answer = ask_on_closing(self, question, self._can_continue)
            if answer is Answer.CANCEL:
                return False
            self._continues_next_time = answer is Answer.CONTINUE_NEXT_TIME
            # A training may have ended while the question was open, with an outcome not yet
            # handled.
            if self._continues_next_time or question == self._question():
                return True
        return True

    @property
    def _can_continue(self) -> bool:
        if self._thread is not None:
            return self._thread.can_continue_later
        return self._checkpoint is not None and self._checkpoint.is_written

    def _question(self) -> str:
        if self._thread is not None:
            return "A training is under way."
        if self._outcome is not None:
            return "The trained model was neither kept nor discarded."
        return ""

    def shut_down(self) -> None:
        """End every thread and wait for it; keep the checkpoint if the user wants to continue."""
        continues, self._continues_next_time = self._continues_next_time, False
        self.mnist.shut_down()
        if self._thread is not None:
            thread, self._thread = self._thread, None
            thread.blockSignals(True)
            if continues:
                thread.stop_and_leave()
            else:
                thread.cancel()
            thread.wait()
            # It may have ended with an outcome before it noticed.
            self._checkpoint = thread.checkpoint
            thread.deleteLater()
            self._session.take_device_back()
        if continues and self._checkpoint is not None:
            self._checkpoint.leave()
            self._checkpoint = None
        self._forget_checkpoint()
        self._outcome = None
        self._notice.clear()
        self.figures.clear()

    # Training

    def _start(self, job: "Job") -> None:
        self.plot.clear()
        self.figures.clear()
        self._bar.setRange(0, 0)
        self._notice.setText("Loading the data …")
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
        self._champion = job.champion
        self.pause_button.setChecked(False)
        self.pause_button.setText("&Pause")
        self._show_state()
        self._session.lend_device(job.device)

    def _begin(self) -> None:
        if self._thread is not None and not self._thread.isRunning():
            self._thread.start(TrainingWorker.Priority.LowPriority)

    def _compare_champion(self, model: ModelInUse) -> None:
        waits = self._thread is not None or self._outcome is not None
        if waits and model.path != self._champion:
            self._notice.setText(
                "Another model is in use now. The challenger is compared with the one that "
                "was in use when the training began."
            )

    def _tell(self, thread: TrainingWorker, sentence: str) -> None:
        # Signals that were queued when the dialog was closed still arrive.
        if self._thread is thread:
            self._notice.setText(sentence)

    def _show_progress(self, records: "tuple[TrainingProgress, ...]") -> None:
        if self._thread is None:
            return  # it was queued when the dialog was closed
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
            return  # it was queued when the dialog was closed
        self._outcome, self._checkpoint = outcome, self._thread.checkpoint
        self._notice.setText("")
        self.comparison.show_outcome(outcome)
        self.curve_button.setChecked(False)
        self.name.setText(library.free_name(outcome.challenger.card.name))

    def _end_training(self) -> None:
        if self._thread is not None:
            self._thread.deleteLater()
            self._thread = None
            self._session.take_device_back()
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
        """Offer the data on this computer, and the training that was interrupted."""
        found = self.mnist.folder(STARTER)
        # Keep the user's choice if nothing has changed on the disk.
        if found != self._found:
            self._found = found
            self.options.set_data(found)
        self._show_data()
        from lenet_desktop.training.job import Job

        left = left_behind(lambda note: Job.from_json(note) is not None)
        self._cut_off = None if left is None else Job.from_json(left)
        if self._cut_off is not None:
            name = self._cut_off.recipe.name
            self.go_on_button.setText(f"Cont&inue '{name}'")
            self.go_on_button.setToolTip(
                "<p>This training was interrupted before it was finished.</p>"
            )

    def _show_data(self) -> None:
        self.mnist.show_choice(self.options.data_path)

    def _take_damage(self, folder: Path) -> None:
        self.mnist.mark_damaged(folder)
        self._take_data()

    def _show_download(self, received: int, total: int) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(received)
        self._notice.setText(f"Downloading MNIST: {received / 1e6:.1f} of {total / 1e6:.1f} MB")

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

        # Enter must not replace a better model with a worse one.
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
        self._session.device_lent.connect(self._begin)
        self._session.model_changed.connect(self._compare_champion)
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
        path = ask_save_name(self, "Save the plot", "", {"Picture (*.png)": (".png",)})
        if path is not None:
            self._save(path, self.plot.save_picture)

    def _save_csv(self) -> None:
        path = ask_save_name(self, "Save the numbers", "", {"Table (*.csv)": (".csv",)})
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
        """Look for data again: another window may have downloaded MNIST meanwhile."""
        if not (self.is_training or self.mnist.is_downloading):
            self._take_data()
            self._show_state()
        super().showEvent(event)

    def reject(self) -> None:
        """Treat Escape like the window's close button, which asks first."""
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask if something would be lost, then end every thread."""
        if not self.may_close():
            event.ignore()
            return
        self.shut_down()
        self._show_state()
        event.accept()
