"""The drawer in which LeNet is trained: a page before, during and after a training."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFont, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from lenet_desktop.ui.icons import icon
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.training.after.page import AfterPage
from lenet_desktop.ui.training.before.page import BeforePage
from lenet_desktop.ui.training.closing import Answer, ask_on_closing
from lenet_desktop.ui.training.during.page import DuringPage
from lenet_desktop.ui.training.run import Phase, TrainingRun

if TYPE_CHECKING:
    from pathlib import Path

    from lenet_desktop.training.job import Outcome


class TrainingDrawer(QWidget):
    """Trains challengers beside the pad, which keeps reading with the champion.

    Args:
        session: the pad's model and device; a model must be loaded.
        mirrors: where to download MNIST from; None for the usual addresses.

    Signals:
        closed (): the user closes the drawer; a training goes on.
        mistake_chosen (Ink, tuple[str, ...]): the image that the user wants to see, uint8 (28, 28),
            and a few lines about it.
        moment_chosen (Model | None): the network of an earlier moment of the training that the user
            looks at; None when that ends.

    Attributes:
        run: the training, without widgets.
        before, during, after: the pages.
    """

    closed = Signal()
    mistake_chosen = Signal(object, tuple)
    moment_chosen = Signal(object)

    def __init__(self, session: Session, mirrors: tuple[str, ...] | None = None) -> None:
        super().__init__()
        self._continues_next_time = False
        self.run = TrainingRun(session, self)
        self.before = BeforePage(self.run, session, mirrors)
        self.during = DuringPage(self.run)
        self.after = AfterPage(self.run, session, self.during.plot, self.during.film)
        self._pages = QStackedWidget()
        for page in (self.before, self.during, self.after):
            self._pages.addWidget(page)
        self._notice = QLabel()
        self._notice.setWordWrap(True)
        self._notice.setTextFormat(Qt.TextFormat.PlainText)
        self._notice.setAccessibleName(self.tr("Message about the training"))
        self.undo_button = QPushButton(self.tr("&Undo"))
        self.undo_button.setAccessibleName(self.tr("Undo: bring the discarded model back"))
        self.undo_button.clicked.connect(self.run.restore)
        said = QHBoxLayout()
        said.addWidget(self._notice, stretch=1)
        said.addWidget(self.undo_button)
        title = QLabel(self.tr("Train LeNet"))
        font = QFont(title.font())
        font.setWeight(QFont.Weight.DemiBold)
        title.setFont(font)
        close = QToolButton()
        close.setIcon(icon("close"))
        close.setAutoRaise(True)
        close.setAccessibleName(self.tr("Close the training drawer"))
        close.setToolTip(self.tr("Close; a training goes on (Ctrl+T)"))
        close.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.addWidget(title, stretch=1)
        head.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(head)
        layout.addLayout(said)
        layout.addWidget(self._pages, stretch=1)
        self.run.phase_changed.connect(self._show_phase)
        self.run.said.connect(self.say)
        self.run.mnist_damaged.connect(self.before.take_damage)
        self.before.said.connect(self.say)
        self.after.said.connect(self.say)
        self.after.mistake_chosen.connect(self.mistake_chosen)
        self.during.film.said.connect(self.say)
        self.during.film.moment_chosen.connect(self.moment_chosen)
        self.closed.connect(self.during.film.follow)
        self.say("")

    @property
    def notice(self) -> str:
        """The sentence that is shown, or ''."""
        return self._notice.text()

    @property
    def is_training(self) -> bool:
        """Whether a training is under way, paused or not."""
        return self.run.phase is Phase.DURING

    @property
    def outcome(self) -> "Outcome | None":
        """The outcome whose challenger the user has not yet kept or discarded."""
        return self.run.outcome

    def say(self, sentence: str) -> None:
        """Show one sentence, or none for ''."""
        self._notice.setText(sentence)
        self._notice.setAccessibleDescription(sentence)
        self._notice.setVisible(bool(sentence))
        self.undo_button.setVisible(bool(sentence) and self.run.can_restore)

    def train_on(self, folder: "Path", epochs: int) -> None:
        """Start a training on the MNIST in a folder, as the benchmarks do."""
        self.before.options.use_folder(folder)
        self.before.options.epochs.setValue(epochs)
        self.before.train()

    def may_close(self) -> bool:
        """Ask what to do with a training or an outcome; return False if the user cancels."""
        self._continues_next_time = False
        while self.run.phase is not Phase.BEFORE:
            match ask_on_closing(self.window(), self.run):
                case Answer.STAY:
                    return False
                case Answer.SAVE:
                    self.after.keep(use=False)
                    if self.run.phase is Phase.AFTER:
                        return False  # the page says why it was not saved
                case Answer.CONTINUE_NEXT_TIME:
                    self._continues_next_time = True
                    return True
                case Answer.THROW_AWAY:
                    return True
                case Answer.NONE:
                    pass  # the training has ended meanwhile, perhaps with an outcome
        return True

    def shut_down(self) -> None:
        """End every thread and wait for it; keep the checkpoint if the user wants to continue."""
        continues, self._continues_next_time = self._continues_next_time, False
        self.before.shut_down()
        self.during.film.shut_down()
        self.run.shut_down(continues_next_time=continues)

    def _show_phase(self, phase: Phase) -> None:
        pages = {
            Phase.BEFORE: self.before,
            Phase.DURING: self.during,
            Phase.AFTER: self.after,
        }
        focus = self.window().focusWidget()
        is_used = focus is not None and self._pages.isAncestorOf(focus)
        self._pages.setCurrentWidget(pages[phase])
        self._ignore_a_second_click()
        if is_used:
            focus_of = {
                Phase.BEFORE: self.before.options.recipes.chosen_card,
                Phase.DURING: self.during.pause_button,
                # A letter typed here is no name: the pad's keys still work.
                Phase.AFTER: self.after.try_button,
            }
            focus_of[phase].setFocus()
        if phase is Phase.BEFORE:
            self.before.scroll_to_top()
            self.before.look_again()

    def _ignore_a_second_click(self) -> None:
        """Ignore the mouse for a moment: after a double click another button is at its place."""
        self._pages.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        QTimer.singleShot(
            QApplication.doubleClickInterval(),
            self,
            lambda: self._pages.setAttribute(
                Qt.WidgetAttribute.WA_TransparentForMouseEvents, on=False
            ),
        )

    def showEvent(self, event: QShowEvent) -> None:
        """Look for data again: another window may have downloaded MNIST meanwhile."""
        if self.run.phase is Phase.BEFORE:
            if not self.run.can_restore:
                self.say("")  # what was said about the last training is done with
            self.before.look_again()
        super().showEvent(event)
