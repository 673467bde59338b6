"""A question, its choices, and why the right one is right."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QLabel, QRadioButton, QVBoxLayout, QWidget

from lenet_desktop.lessons.lesson import Question

_INDICATOR = 30  # the width of what is beside the text, in pixels


class QuestionView(QWidget):
    """Shows a question; the first click on the right choice answers it.

    Signals:
        grown (): it says something about a choice.
        answered (): the right choice was found.

    Attributes:
        choices: the buttons.
        said: what is said about the last choice.
    """

    grown = Signal()
    answered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._question: Question | None = None
        self.setAccessibleName(self.tr("Question"))
        self._ask = QLabel()
        self.said = QLabel()
        for label in (self._ask, self.said):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        font = self._ask.font()
        font.setWeight(font.Weight.DemiBold)
        self._ask.setFont(font)
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self._take)
        self.choices: list[QRadioButton] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(5)
        self._layout.addWidget(self._ask)
        self._layout.addWidget(self.said)

    def show_question(self, question: Question | None, width: int) -> None:
        """Show a question in a width in pixels; hide for None."""
        self._question = question
        self.setVisible(question is not None)
        for button in self.choices:
            self._group.removeButton(button)
            self._layout.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.choices = []
        self.said.hide()
        if question is None:
            return
        self._ask.setText(question.ask)
        for number, choice in enumerate(question.choices):
            button = QRadioButton(_in_lines(choice, self.fontMetrics(), width - _INDICATOR))
            button.setAccessibleName(choice)
            self._group.addButton(button, number)
            self._layout.insertWidget(1 + number, button)
            button.show()  # at once, so that the card can be as high as it needs
            self.choices.append(button)

    def _take(self, number: int) -> None:
        question = self._question
        if question is None:
            return
        is_right = number == question.answer
        if is_right:
            text = self.tr("Right. {why}").format(why=question.why)
            for each, button in enumerate(self.choices):
                button.setEnabled(each == number)
        else:
            text = self.tr("Not that one: try again.")
            self.choices[number].setEnabled(False)
        self.said.setText(text)
        self.said.show()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))
        self.grown.emit()
        if is_right:
            self.answered.emit()


def _in_lines(text: str, metrics: QFontMetrics, width: int) -> str:
    """Return a button's text, broken into lines that fit; buttons do not break it themselves."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and metrics.horizontalAdvance(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines).replace("&", "&&")
