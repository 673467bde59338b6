"""Ask what to do with a training when its window closes."""

from enum import Enum, auto

from PySide6.QtWidgets import QMessageBox, QWidget


class Answer(Enum):
    """What the user wants."""

    CONTINUE_NEXT_TIME = auto()
    THROW_AWAY = auto()
    CANCEL = auto()


def ask_on_closing(parent: QWidget, what: str, can_continue: bool) -> Answer:
    """Ask what to do.

    Args:
        parent: the window that is to close.
        what: one sentence that says what would be lost.
        can_continue: whether there is a checkpoint to continue from.
    """
    box = QMessageBox(QMessageBox.Icon.Question, "Train LeNet", what, parent=parent)
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    never = box.addButton("&Throw it away", QMessageBox.ButtonRole.DestructiveRole)
    later = None
    if can_continue:
        box.setInformativeText("It can be continued from its last complete epoch.")
        later = box.addButton("&Continue next time", QMessageBox.ButtonRole.AcceptRole)
    else:
        box.setInformativeText("It cannot be continued later: it has no complete epoch on disk.")
    box.setDefaultButton(later or cancel)
    box.setEscapeButton(cancel)
    box.exec()
    clicked = box.clickedButton()
    box.deleteLater()
    if clicked is never:
        return Answer.THROW_AWAY
    return Answer.CANCEL if later is None or clicked is not later else Answer.CONTINUE_NEXT_TIME
