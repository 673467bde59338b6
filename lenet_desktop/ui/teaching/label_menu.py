"""The menu that says what the drawing is: that the answer is right, or one of the classes."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from lenet_desktop.models.model_card import DIGITS


class LabelMenu(QMenu):
    """The menu 'It is'; it can be used while there is an answer.

    Signals:
        labelled (str): the class that the drawing is.

    Attributes:
        right: says that the answer is right.
    """

    labelled = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("&It is"))
        self._answer = ""
        self._classes: tuple[str, ...] = ()
        self._choices: list[QAction] = []
        self.right = self.addAction(self.tr("As it was &read"))
        self.right.setShortcut(QKeySequence("Alt+Return"))
        self.right.triggered.connect(lambda: self.labelled.emit(self._answer))
        self.addSeparator()
        self.set_classes(DIGITS)
        self.show_answer("")

    def set_classes(self, classes: tuple[str, ...]) -> None:
        """Offer these classes; the digits have the key of the digit with Alt."""
        if classes == self._classes:
            return
        self._classes = classes
        for action in self._choices:
            self.removeAction(action)
            action.deleteLater()
        self._choices = []
        for name in classes:
            is_digit = name in DIGITS
            action = self.addAction(f"&{name}" if is_digit else name.replace("&", "&&"))
            if is_digit:
                action.setShortcut(QKeySequence(f"Alt+{name}"))
            action.triggered.connect(lambda _checked, name=name: self.labelled.emit(name))
            self._choices.append(action)
        self.show_answer(self._answer)

    def show_answer(self, best_class: str) -> None:
        """Take the most probable class; '' if there is nothing to label."""
        self._answer = best_class
        for action in (self.right, *self._choices):
            action.setEnabled(bool(best_class))
