"""After a training: which model is better, how they read the drawing, and what to do with it."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QHideEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lenet_desktop.errors import UserError
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.training.after.comparison_view import ComparisonView
from lenet_desktop.ui.training.after.curves import Curves
from lenet_desktop.ui.training.after.decision import Decision
from lenet_desktop.ui.training.after.trial import Trial
from lenet_desktop.ui.training.during.plot import TrainingPlot
from lenet_desktop.ui.training.film.view import FilmView
from lenet_desktop.ui.training.run import Phase, TrainingRun
from lenet_desktop.ui.training.scrolling import Scrolling
from lenet_desktop.ui.translated import translated

if TYPE_CHECKING:
    from lenet_desktop.training.job import Outcome


class AfterPage(QWidget):
    """Shows the outcome of a training until the user decides on it.

    Args:
        run: the training.
        session: has the challenger read beside the model in use.
        plot: the training's curves.
        film: its moments.

    Signals:
        said (str): one sentence for the user, or '' if the last one is no longer true.
        mistake_chosen (Ink, tuple[str, ...]): the image that the user wants to see, uint8 (28, 28),
            and a few lines about it.
        mistake_left (): the page is hidden: remove the mistake from the paper.
        swap_held (bool): both models' answers are to be swapped, as long as it is True.

    Attributes:
        comparison, trial, curves, decision: the parts of the page.
        name: the field for the challenger's name.
        try_button: has the challenger read the drawing too.
    """

    said = Signal(str)
    mistake_chosen = Signal(object, tuple)
    mistake_left = Signal()
    swap_held = Signal(bool)

    def __init__(
        self, run: TrainingRun, session: Session, plot: TrainingPlot, film: FilmView
    ) -> None:
        super().__init__()
        self._run, self._session = run, session
        self.comparison = ComparisonView()
        self.trial = Trial(session)
        self.curves = Curves(plot, film)
        self._film = film
        self.decision = Decision()
        self.name = self.decision.name
        self.try_button = self.trial.try_button
        self._lay_out()
        self.trial.wanted.connect(self._try)
        self.trial.swap_held.connect(self.swap_held)
        self.curves.said.connect(self.said)
        self.name.textEdited.connect(self._rename)
        self.decision.kept.connect(lambda use: self.keep(use=use))
        self.decision.discarded.connect(self.discard)
        self.comparison.mistake_chosen.connect(self.mistake_chosen)
        self.comparison.matrix.cell_chosen.connect(
            lambda: QTimer.singleShot(0, self, self._scroll_to_mistakes)
        )
        self.curves.fold.opened.connect(
            lambda is_open: QTimer.singleShot(0, self, self._scroll_to_film) if is_open else None
        )
        run.trained.connect(self._show_outcome)
        run.phase_changed.connect(self._take_phase)

    def keep(self, *, use: bool) -> None:
        """Save the challenger with the user's models; read with it from now on if ``use``."""
        try:
            self._run.keep(self.name.text(), use=use)
        except UserError as error:
            self.decision.complain(translated(error))
            self.name.setFocus()

    def discard(self) -> None:
        """Discard the challenger."""
        self._run.discard()

    def _try(self, tries: bool) -> None:
        outcome = self._run.outcome
        if not tries or outcome is None:
            self._session.try_beside(None)
            return
        card = outcome.challenger.card
        name = self._name() or card.name
        self._session.try_beside(replace(outcome.challenger, card=replace(card, name=name)))

    def _name(self) -> str:
        return " ".join(self.name.text().split())

    def _scroll_to_mistakes(self) -> None:
        """Show the mistakes of the chosen cell, which may be below the page's end."""
        mistakes = self.comparison.mistakes
        self._scroll.ensureWidgetVisible(mistakes, 0, 0)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(mistakes, mistakes.title))

    def _scroll_to_film(self) -> None:
        """Show plot and slider, which may be below the page's end."""
        self._scroll.ensureWidgetVisible(self._film.slider, 0, self._film.slider.height())

    def _rename(self) -> None:
        if self.try_button.isChecked():
            self._session.rename_challenger(self._name())

    def _show_outcome(self, outcome: "Outcome") -> None:
        from lenet_desktop.evaluation.compare import Better
        from lenet_desktop.models import library
        from lenet_desktop.training.teaching.classes_job import ClassesOutcome
        from lenet_desktop.training.teaching.hand import Advice, HandOutcome

        is_better = outcome.comparison.verdict is Better.CHALLENGER
        if isinstance(outcome, HandOutcome):
            is_better = outcome.advice is Advice.KEEP
        elif isinstance(outcome, ClassesOutcome):
            is_better = True  # no other model reads these classes
        self.comparison.show_outcome(outcome)
        self._scroll.verticalScrollBar().setValue(0)
        self.decision.ask(
            library.free_name(outcome.challenger.card.name),
            is_better=is_better,
        )

    def _take_phase(self, phase: Phase) -> None:
        outcome = self._run.outcome
        if phase is Phase.AFTER and outcome is not None:
            self.curves.borrow(outcome.challenger.card.title)
        else:
            self.trial.end()
            self.curves.give_back()

    def _lay_out(self) -> None:
        self.comparison.add_below_verdict(self.trial)
        self._scroll = Scrolling(spacing=8)
        self._scroll.inside.addWidget(self.comparison, stretch=1)
        self._scroll.inside.addWidget(self.curves)
        # The trial stands above what was made before it.
        QWidget.setTabOrder(self.trial.swap_button, self.comparison.matrix)
        QWidget.setTabOrder(self.comparison.matrix, self.comparison.mistakes.all_button)
        QWidget.setTabOrder(self.comparison.mistakes.all_button, self.comparison.mistakes.list)
        QWidget.setTabOrder(self.comparison.mistakes.list, self.curves.fold.button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._scroll, stretch=1)
        layout.addWidget(self.decision)

    def hideEvent(self, event: QHideEvent) -> None:
        """Have the mistake that is shown removed."""
        if not event.spontaneous():
            self.mistake_left.emit()
        super().hideEvent(event)
