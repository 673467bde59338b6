"""After a training: which model is better, how they read the drawing, and what to do with it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from lenet_desktop.models.model_card import MAX_NAME
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.training.after.comparison_view import ComparisonView
from lenet_desktop.ui.training.during.plot import TrainingPlot
from lenet_desktop.ui.training.run import Phase, TrainingRun
from lenet_desktop.ui.window.file_dialogs import ask_save_name

if TYPE_CHECKING:
    from lenet_desktop.drawing.strokes import Ink
    from lenet_desktop.training.job import Outcome


class AfterPage(QWidget):
    """Shows the outcome of a training until the user decides on it.

    Args:
        run: the training.
        session: has the challenger read beside the model in use.
        plot: the training's curves, to be saved.

    Signals:
        said (str): one sentence for the user, or '' if the last one is no longer true.
        mistake_chosen (Ink, tuple[str, ...]): the image that the user wants to see, uint8 (28, 28),
            and a few lines about it.
    """

    said = Signal(str)
    mistake_chosen = Signal(object, tuple)

    def __init__(self, run: TrainingRun, session: Session, plot: TrainingPlot) -> None:
        super().__init__()
        self._run, self._session, self._plot = run, session, plot
        self.comparison = ComparisonView()
        self.name = QLineEdit()
        self.name.setMaxLength(MAX_NAME)
        self.try_button = QPushButton(self.tr("Tr&y on the pad"))
        self.try_button.setCheckable(True)
        self.use_button = QPushButton(self.tr("Save and &use"))
        self.save_button = QPushButton(self.tr("Save &only"))
        self.discard_button = QPushButton(self.tr("&Discard"))
        self._save_picture_button = QPushButton(self.tr("Save as pict&ure…"))
        self._save_csv_button = QPushButton(self.tr("Save as CS&V…"))
        label = QLabel(self.tr("&Name"))
        label.setBuddy(self.name)
        names, buttons, curves = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        names.addWidget(label)
        names.addWidget(self.name)
        curves.addWidget(self.try_button)
        curves.addWidget(self._save_picture_button)
        curves.addWidget(self._save_csv_button)
        for button in (self.discard_button, self.save_button, self.use_button):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.comparison, stretch=1)
        layout.addLayout(curves)
        layout.addLayout(names)
        layout.addLayout(buttons)
        self.try_button.toggled.connect(self._try)
        self.use_button.clicked.connect(lambda: self.keep(use=True))
        self.save_button.clicked.connect(lambda: self.keep(use=False))
        self.discard_button.clicked.connect(self.discard)
        self._save_picture_button.clicked.connect(self._save_picture)
        self._save_csv_button.clicked.connect(self._save_csv)
        self.comparison.mistake_chosen.connect(self._choose_mistake)
        run.trained.connect(self._show_outcome)
        run.phase_changed.connect(self._take_phase)

    def keep(self, *, use: bool) -> None:
        """Save the challenger with the user's models; read with it from now on if ``use``."""
        self._run.keep(self.name.text(), use=use)

    def discard(self) -> None:
        """Discard the challenger."""
        self._run.discard()

    def _try(self, tries: bool) -> None:
        outcome = self._run.outcome
        self._session.try_beside(outcome.challenger if tries and outcome is not None else None)

    def _show_outcome(self, outcome: "Outcome") -> None:
        from lenet_desktop.models import library

        self.comparison.show_outcome(outcome)
        self.name.setText(library.free_name(outcome.challenger.card.name))

    def _take_phase(self, phase: Phase) -> None:
        if phase is not Phase.AFTER:
            self.try_button.setChecked(False)

    def _choose_mistake(self, image: "Ink") -> None:
        self.mistake_chosen.emit(image, ())

    def _save_picture(self) -> None:
        path = ask_save_name(
            self, self.tr("Save the plot"), "", {self.tr("Picture (*.png)"): (".png",)}
        )
        if path is not None:
            self._save(path, self._plot.save_picture)

    def _save_csv(self) -> None:
        path = ask_save_name(
            self, self.tr("Save the numbers"), "", {self.tr("Table (*.csv)"): (".csv",)}
        )
        if path is not None:
            self._save(path, self._plot.save_csv)

    def _save(self, path: Path, save: Callable[[Path], None]) -> None:
        try:
            save(path)
        except OSError as error:
            reason = error.strerror or str(error)
            self.said.emit(
                self.tr("{path} cannot be written: {reason}.").format(path=path, reason=reason)
            )
        else:
            self.said.emit(self.tr("Saved {name}").format(name=path.name))
