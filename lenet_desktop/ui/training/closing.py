"""Ask what to do with a training when its window closes."""

from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from lenet_desktop.ui.training.run import Phase, TrainingRun


class Answer(Enum):
    """What the user wants."""

    SAVE = auto()
    CONTINUE_NEXT_TIME = auto()
    THROW_AWAY = auto()
    STAY = auto()
    NONE = auto()
    """The question was withdrawn: the training has ended meanwhile."""


def ask_on_closing(parent: QWidget, run: TrainingRun) -> Answer:
    """Ask what to do with a training, or with the model that came of it.

    The question is withdrawn if the training ends meanwhile.

    Args:
        parent: the window that is to close.
        run: the training; it is under way, or its outcome is not decided on.
    """
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(QCoreApplication.translate("ask_on_closing", "Train LeNet"))
    yes, no = QMessageBox.ButtonRole.AcceptRole, QMessageBox.ButtonRole.DestructiveRole
    texts = _texts(run)
    box.setText(texts.what)
    stay = box.addButton(texts.stay, QMessageBox.ButtonRole.RejectRole)
    throw_away = box.addButton(texts.throw_away, no)
    keep = box.addButton(texts.keep, yes)
    box.setEscapeButton(stay)

    def show_whether_it_can_continue() -> None:
        can_continue = run.phase is Phase.AFTER or run.can_continue_later
        keep.setEnabled(can_continue)
        box.setDefaultButton(keep if can_continue else stay)
        if run.phase is Phase.DURING:
            box.setInformativeText(
                QCoreApplication.translate(
                    "ask_on_closing", "It can be continued from its last complete epoch."
                )
                if can_continue
                else QCoreApplication.translate(
                    "ask_on_closing",
                    "It cannot be continued later: no epoch of it is on the disk yet.",
                )
            )

    withdrawn = False

    def withdraw() -> None:
        nonlocal withdrawn
        withdrawn = True
        box.reject()

    show_whether_it_can_continue()
    run.progressed.connect(show_whether_it_can_continue)
    run.phase_changed.connect(withdraw)
    is_ready = run.phase is Phase.AFTER
    box.exec()
    run.progressed.disconnect(show_whether_it_can_continue)
    run.phase_changed.disconnect(withdraw)
    clicked = box.clickedButton()
    box.deleteLater()
    if withdrawn:
        return Answer.NONE
    if clicked is throw_away:
        return Answer.THROW_AWAY
    if clicked is keep:
        return Answer.SAVE if is_ready else Answer.CONTINUE_NEXT_TIME
    return Answer.STAY


@dataclass(frozen=True)
class _Texts:
    """The question, and the texts of its buttons."""

    what: str
    stay: str
    throw_away: str
    keep: str


def _texts(run: TrainingRun) -> _Texts:
    if run.phase is Phase.AFTER:
        return _Texts(
            QCoreApplication.translate("ask_on_closing", "The trained model is not saved."),
            QCoreApplication.translate("ask_on_closing", "&Keep it open"),
            QCoreApplication.translate("ask_on_closing", "&Quit without saving"),
            QCoreApplication.translate("ask_on_closing", "&Save and quit"),
        )
    return _Texts(
        QCoreApplication.translate("ask_on_closing", "A training is paused.")
        if run.is_paused
        else QCoreApplication.translate("ask_on_closing", "A training is under way."),
        QCoreApplication.translate("ask_on_closing", "&Keep it open")
        if run.is_paused
        else QCoreApplication.translate("ask_on_closing", "&Keep training"),
        QCoreApplication.translate("ask_on_closing", "&Throw it away"),
        QCoreApplication.translate("ask_on_closing", "&Continue next time"),
    )
