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
        self._answer, self._is_refused = "", False
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
        self.show_answer(self._answer, is_refused=self._is_refused)

    def show_answer(self, best_class: str, *, is_refused: bool = False) -> None:
        """Take the most probable class; '' if there is nothing to label.

        What was refused has no answer that could be right.
        """
        self._answer, self._is_refused = best_class, is_refused
        self.right.setEnabled(bool(best_class) and not is_refused)
        for action in self._choices:
            action.setEnabled(bool(best_class))
