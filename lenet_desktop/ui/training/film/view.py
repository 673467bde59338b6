"""The moments of a training: a slider, and what the network of the chosen moment can do."""

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPalette, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from lenet_desktop.percent import percent
from lenet_desktop.ui.training.film.columns import ClassColumns
from lenet_desktop.ui.training.film.kernels import Kernels
from lenet_desktop.ui.training.film.saving import FilmSaving
from lenet_desktop.ui.training.film.slider import MomentSlider
from lenet_desktop.ui.training.run import Phase, TrainingRun
from lenet_desktop.ui.workers.film import FilmWorker

if TYPE_CHECKING:
    from lenet_desktop.training.film.film import Film, Moment
    from lenet_desktop.training.film.reader import FilmReader, MeasuredMoment, OpenedMoment

# While it follows a training. Opening a moment takes another thread a few milliseconds; measuring
# one takes 20, and far more for the residual network: at most 2 % of a core's time.
_OPENING_SECONDS, _MEASURING_SECONDS, _MEASURING_SHARE = 0.5, 2.0, 0.02
# A drawing that grows is read by the chosen moment no more often than this.
_DRAWING_MS = 50


class FilmView(QWidget):
    """Scrubs through the moments of a training, during and after it.

    It is hidden until there are two moments.

    Args:
        run: the training.

    Signals:
        moment_chosen (Model | None): the network of the moment that the user has chosen; None when
            the slider is at its right end again, or when the film is gone.
        step_marked (int | None): the step of that moment.
        said (str): one sentence for the user.

    Attributes:
        slider: its places are the moments.
        kernels, accuracies, answers: what the network of the shown moment looks like, how well it
            reads each class, and its answer to the drawing.
        save_button: saves the film.
    """

    moment_chosen = Signal(object)
    step_marked = Signal(object)
    said = Signal(str)

    def __init__(self, run: TrainingRun) -> None:
        super().__init__()
        self._run = run
        self._film: Film | None = None
        self._reader: FilmReader | None = None  # only the worker uses it
        self._moments: tuple[Moment, ...] = ()
        self._chosen: Moment | None = None
        self._told: Moment | None = None  # whose model was emitted
        self._opened_at = self._measured_at = self._measuring_seconds = 0.0
        self._worker = FilmWorker(self)
        self._saving = FilmSaving(self)
        self._waits = QTimer(self)
        self._waits.setSingleShot(True)
        self._waits.setInterval(_DRAWING_MS)
        self.slider = MomentSlider()
        self.kernels = Kernels()
        self.accuracies = ClassColumns(self.tr("Accuracy of each class"), marks_best=False)
        self.answers = ClassColumns(self.tr("Probability of each class"), marks_best=True)
        self.save_button = QPushButton(self.tr("Save fil&m…"))
        self.save_button.setToolTip(self.tr("Save kernels and loss as an animated picture"))
        self.save_button.setAutoDefault(False)
        self._caption, self._accuracy, self._answer = _label(), _label(), _label()
        self._lay_out()
        self.hide()
        self.slider.step_chosen.connect(self._choose)
        self.save_button.clicked.connect(self._save)
        self._saving.said.connect(self.said)
        self._saving.ended.connect(lambda: self.save_button.setEnabled(True))
        self._worker.opened.connect(self._show_opened)
        self._worker.measured.connect(self._show_measured)
        self._waits.timeout.connect(lambda: self._look(measures=False))
        run.phase_changed.connect(self._take_phase)
        run.progressed.connect(lambda _: self._take_progress())
        run.sample_changed.connect(self._take_sample)

    @property
    def caption(self) -> str:
        """The line below the slider."""
        return self._caption.text()

    @property
    def texts(self) -> tuple[str, str]:
        """The lines about the accuracy and about the drawing."""
        return self._accuracy.text(), self._answer.text()

    def follow(self) -> None:
        """Move the slider to its right end, where no moment is chosen."""
        self.slider.follow()

    def shut_down(self) -> None:
        """End every thread and wait for it."""
        self._worker.blockSignals(True)
        self._worker.stop()
        self._saving.shut_down()

    def _take_phase(self, phase: Phase) -> None:
        if phase is Phase.BEFORE or self._run.film is not self._film:
            self._film = None if phase is Phase.BEFORE else self._run.film
            self._reader, self._moments = None, ()
            self.follow()
            self.kernels.show_kernels(None)
            self.accuracies.show_shares((), None)
            self.answers.show_shares((), None)
            for label in (self._caption, self._accuracy, self._answer):
                label.clear()
        self._show_moments()
        if phase is Phase.AFTER:
            self._look(measures=True)

    def _take_progress(self) -> None:
        self._show_moments()
        now = time.perf_counter()
        if self._chosen is None and now - self._opened_at >= _OPENING_SECONDS:
            rest = max(_MEASURING_SECONDS, self._measuring_seconds / _MEASURING_SHARE)
            self._look(measures=now - self._measured_at >= rest)

    def _take_sample(self) -> None:
        # A training that is followed is looked at again soon anyway.
        is_still = self._chosen is not None or self._run.phase is Phase.AFTER
        if is_still and self.isVisible() and not self._waits.isActive():
            self._waits.start()

    def _show_moments(self) -> None:
        """Have the slider's places be the moments that there are now."""
        moments = () if self._film is None else self._film.moments
        if moments is not self._moments:
            self._moments = moments
            self.slider.show_steps([moment.step for moment in moments])
        self.setVisible(len(moments) > 1)

    def _choose(self, step: int | None) -> None:
        self._chosen = next((each for each in self._moments if each.step == step), None)
        if self._chosen is None and self._told is not None:
            self._told = None
            self.moment_chosen.emit(None)
        self.step_marked.emit(step)
        self._look(measures=True)

    def _look(self, *, measures: bool) -> None:
        """Request what is shown of the chosen moment, or of the newest one."""
        from lenet_desktop.training.film.reader import FilmReader

        if self._film is None or not self._moments or not self.isVisible():
            return
        if self._reader is None:
            self._reader = FilmReader(self._film)
        self._opened_at = time.perf_counter()
        if measures:
            self._measured_at = self._opened_at
        moment = self._chosen or self._moments[-1]
        self._worker.look(self._reader, moment, self._run.sample, measures=measures)

    def _show_opened(self, opened: "OpenedMoment") -> None:
        moment = opened.moment
        if self._film is None or not self._is_wanted(moment):
            return
        self._caption.setText(self._describe(self._film, moment))
        self.slider.setAccessibleDescription(self._caption.text())
        self.kernels.show_kernels(opened.kernels)
        classes, shares = opened.model.card.classes, opened.probabilities
        self.answers.show_shares(classes, None if shares is None else shares.tolist())
        best = self.answers.best
        if shares is None or best is None:
            text = self.tr("Draw on the pad to see how its answer changes.")
        else:
            text = self.tr("Your drawing: {answer}, {probability}").format(
                answer=classes[best], probability=percent(float(shares[best]))
            )
        self._answer.setText(text)
        if moment is self._chosen and moment is not self._told:
            self._told = moment
            self.moment_chosen.emit(opened.model)

    def _show_measured(self, measured: "MeasuredMoment") -> None:
        if self._film is None or self._film.images is None or not self._is_wanted(measured.moment):
            return
        self._measuring_seconds = time.perf_counter() - self._measured_at
        self.accuracies.show_shares(self._film.images.classes, measured.accuracies.tolist())
        text = self.tr("Accuracy of each class · {accuracy} in all")
        self._accuracy.setText(text.format(accuracy=percent(measured.accuracy)))

    def _is_wanted(self, moment: "Moment") -> bool:
        """Return whether an answer of the worker belongs to what is shown now."""
        if self._chosen is not None:
            return moment is self._chosen
        return moment in self._moments

    def _describe(self, film: "Film", moment: "Moment") -> str:
        text = self.tr("Step {step} of {steps} · {seconds} s · {when}")
        if self._chosen is not None:
            when = self.tr("an earlier moment")
        elif self._run.phase is Phase.DURING:
            when = self.tr("live")
        else:
            when = self.tr("the end")
        return text.format(
            step=f"{moment.step:,}",
            steps=f"{film.steps:,}",
            seconds=f"{moment.seconds:.1f}",
            when=when,
        )

    def _save(self) -> None:
        job = self._run.job
        if self._film is not None and job is not None:
            self.save_button.setEnabled(not self._saving.save(self._film, job.recipe.name))

    def _lay_out(self) -> None:
        self._caption.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        row = QHBoxLayout()
        row.addWidget(self._caption, stretch=1)
        row.addWidget(self.save_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.slider)
        layout.addLayout(row)
        layout.addWidget(self.kernels)
        layout.addWidget(self._accuracy)
        layout.addWidget(self.accuracies)
        layout.addWidget(self._answer)
        layout.addWidget(self.answers)

    def showEvent(self, event: QShowEvent) -> None:
        """Look at the moment again: nothing is looked at while it is hidden."""
        super().showEvent(event)
        self._look(measures=True)


def _label() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return label
