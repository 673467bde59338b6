"""During a training: its curves, its figures, and the buttons that pause and end it."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from lenet_desktop.ui.training.during.figures import TrainingFigures
from lenet_desktop.ui.training.during.plot import TrainingPlot
from lenet_desktop.ui.training.during.time_left import time_left
from lenet_desktop.ui.training.film.view import FilmView
from lenet_desktop.ui.training.run import Phase, TrainingRun
from lenet_desktop.ui.training.scrolling import Scrolling

if TYPE_CHECKING:
    from lenet_desktop.training.progress import TrainingProgress


class DuringPage(QWidget):
    """Shows the training under way.

    Attributes:
        plot, film, figures: the parts of the page.
    """

    def __init__(self, run: TrainingRun) -> None:
        super().__init__()
        self._run = run
        self._last: TrainingProgress | None = None
        self.plot = TrainingPlot()
        self.film = FilmView(run)
        self.figures = TrainingFigures()
        self._state = QLabel()
        font = QFont(self._state.font())
        font.setWeight(QFont.Weight.DemiBold)
        self._state.setFont(font)
        self._state.setAccessibleDescription(self.tr("State of the training"))
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(10)
        self._bar.setAccessibleName(self.tr("Progress of the training"))
        self.pause_button = QPushButton(self.tr("&Pause"))
        self.pause_button.setCheckable(True)
        self.stop_button = QPushButton(self.tr("&Stop"))
        self.stop_button.setToolTip(self.tr("End now and keep the best model so far"))
        self.cancel_button = QPushButton(self.tr("&Cancel"))
        self.cancel_button.setToolTip(self.tr("End now and discard everything"))
        buttons = QHBoxLayout()
        for button in (self.pause_button, self.stop_button, self.cancel_button):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        scrolling = Scrolling(spacing=8)
        scrolling.inside.addWidget(self.plot, stretch=1)
        scrolling.inside.addWidget(self.film)
        scrolling.inside.addWidget(self.figures)
        layout.addWidget(scrolling, stretch=1)
        layout.addWidget(self._state)
        layout.addWidget(self._bar)
        layout.addLayout(buttons)
        self.film.step_marked.connect(self.plot.mark_step)
        self.pause_button.toggled.connect(self._pause)
        self.stop_button.clicked.connect(run.finish_early)
        self.cancel_button.clicked.connect(run.cancel)
        run.phase_changed.connect(self._take_phase)
        run.progressed.connect(self._show_progress)
        run.summary_changed.connect(self._show_state)

    @property
    def state(self) -> str:
        """What the training is doing, and how long it will take."""
        return self._state.text()

    def _take_phase(self, phase: Phase) -> None:
        if phase is Phase.DURING:
            self._last = None
            self.plot.clear()
            self.figures.clear()
            self._bar.setRange(0, 0)
            self.pause_button.setChecked(False)
            self._show_state()

    def _show_progress(self, records: "tuple[TrainingProgress, ...]") -> None:
        self._last = records[-1]
        self.plot.add(records)
        self._bar.setRange(0, self._last.steps)
        self._bar.setValue(self._last.step)
        self.figures.show_progress(self._last)
        self._show_state()

    def _show_state(self) -> None:
        run, last = self._run, self._last
        if run.is_stopping:
            text = run.summary
        elif last is None:
            text = self.tr("Loading the data …")
        elif not last.step:
            text = self.tr("Making the images …")
        elif run.is_paused:
            text = self.tr("Paused. {time_left}").format(
                time_left=time_left(last.remaining_seconds)
            )
        else:
            text = time_left(last.remaining_seconds)
        self._state.setText(text)
        for button in (self.pause_button, self.stop_button):
            button.setEnabled(not run.is_stopping)
        self.cancel_button.setEnabled(not run.is_cancelling)
        self.pause_button.setText(self.tr("&Resume") if run.is_paused else self.tr("&Pause"))

    def _pause(self, paused: bool) -> None:
        self._run.pause(paused)
        self._show_state()
