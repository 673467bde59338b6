"""During a training: its curves, its figures, and the buttons that pause and end it."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from lenet_desktop.ui.training.during.figures import TrainingFigures
from lenet_desktop.ui.training.during.plot import TrainingPlot
from lenet_desktop.ui.training.run import Phase, TrainingRun

if TYPE_CHECKING:
    from lenet_desktop.training.progress import TrainingProgress


class DuringPage(QWidget):
    """Shows the training under way."""

    def __init__(self, run: TrainingRun) -> None:
        super().__init__()
        self._run = run
        self.plot = TrainingPlot()
        self.figures = TrainingFigures()
        self._bar = QProgressBar()
        self._bar.setAccessibleName(self.tr("Progress of the training"))
        self.pause_button = QPushButton(self.tr("&Pause"))
        self.pause_button.setCheckable(True)
        self.stop_button = QPushButton(self.tr("&Stop, keep the best"))
        self.cancel_button = QPushButton(self.tr("&Cancel"))
        buttons = QHBoxLayout()
        buttons.addWidget(self.cancel_button)
        buttons.addStretch(1)
        buttons.addWidget(self.stop_button)
        buttons.addWidget(self.pause_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot, stretch=1)
        layout.addWidget(self.figures)
        layout.addWidget(self._bar)
        layout.addLayout(buttons)
        self.pause_button.toggled.connect(self._pause)
        self.stop_button.clicked.connect(self._stop)
        self.cancel_button.clicked.connect(self._cancel)
        run.phase_changed.connect(self._take_phase)
        run.progressed.connect(self._show_progress)

    def _take_phase(self, phase: Phase) -> None:
        if phase is Phase.DURING:
            self.plot.clear()
            self.figures.clear()
            self._bar.setRange(0, 0)
            self.pause_button.setChecked(False)
            self._enable()

    def _show_progress(self, records: "tuple[TrainingProgress, ...]") -> None:
        self.plot.add(records)
        self._bar.setRange(0, records[-1].steps)
        self._bar.setValue(records[-1].step)
        self.figures.show_progress(records[-1])

    def _pause(self, paused: bool) -> None:
        self._run.pause(paused)
        self.pause_button.setText(self.tr("&Resume") if paused else self.tr("&Pause"))

    def _stop(self) -> None:
        self._run.finish_early()
        self._enable()

    def _cancel(self) -> None:
        self._run.cancel()
        self._enable()

    def _enable(self) -> None:
        for button in (self.pause_button, self.stop_button, self.cancel_button):
            button.setEnabled(not self._run.is_stopping)
