"""Ask what to do with a training when its window closes."""

from enum import Enum, auto

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from lenet_desktop.ui.training.run import TrainingRun


class Answer(Enum):
    """What the user wants."""

    CONTINUE_NEXT_TIME = auto()
    THROW_AWAY = auto()
    CANCEL = auto()
    NONE = auto()
    """The question was withdrawn: the training has ended meanwhile."""


def ask_on_closing(parent: QWidget, what: str, run: TrainingRun) -> Answer:
    """Ask what to do; the question is withdrawn if the training ends meanwhile.

    Args:
        parent: the window that is to close.
        what: one sentence that says what would be lost.
        run: the training, or what came of it.
    """
    title = QCoreApplication.translate("ask_on_closing", "Train LeNet")
    box = QMessageBox(QMessageBox.Icon.Question, title, what, parent=parent)
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    never = box.addButton(
        QCoreApplication.translate("ask_on_closing", "&Throw it away"),
        QMessageBox.ButtonRole.DestructiveRole,
    )
    later = box.addButton(
        QCoreApplication.translate("ask_on_closing", "&Continue next time"),
        QMessageBox.ButtonRole.AcceptRole,
    )
    box.setEscapeButton(cancel)

    def show_whether_it_can_continue() -> None:
        can_continue = run.can_continue_later
        later.setEnabled(can_continue)
        box.setDefaultButton(later if can_continue else cancel)
        box.setInformativeText(
            QCoreApplication.translate(
                "ask_on_closing", "It can be continued from its last complete epoch."
            )
            if can_continue
            else QCoreApplication.translate(
                "ask_on_closing", "It cannot be continued later: no epoch of it is on the disk yet."
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
    box.exec()
    run.progressed.disconnect(show_whether_it_can_continue)
    run.phase_changed.disconnect(withdraw)
    clicked = box.clickedButton()
    box.deleteLater()
    if withdrawn:
        return Answer.NONE
    if clicked is never:
        return Answer.THROW_AWAY
    return Answer.CONTINUE_NEXT_TIME if clicked is later else Answer.CANCEL
