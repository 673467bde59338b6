"""A title that shows and hides what is below it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

from lenet_desktop.ui.icons import icon


class Fold(QWidget):
    """A button with an arrow, and a widget below it that is hidden at first.

    Args:
        title: the text of the button.
        content: the widget below it.

    Signals:
        opened (bool): the content was shown or hidden.
    """

    opened = Signal(bool)

    def __init__(self, title: str, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.content = content
        self.button = QToolButton()
        self.button.setText(title)
        self.button.setCheckable(True)
        self.button.setAutoRaise(True)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.button.toggled.connect(self._open)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(content)
        self._open(False)

    def _open(self, is_open: bool) -> None:
        self.button.setIcon(icon("down" if is_open else "right"))
        self.content.setVisible(is_open)
        self.opened.emit(is_open)
