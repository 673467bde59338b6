"""What a list shows while there is nothing in it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

_WIDTH = 440


class EmptyPage(QWidget):
    """Says what will be here and how it comes here, with a button that begins it.

    Args:
        title: that nothing is here.
        text: what will be here.
        button: begins it; it gets the focus.
    """

    def __init__(self, title: str, text: str, button: QPushButton) -> None:
        super().__init__()
        heading, about = QLabel(title), QLabel(text)
        font = QFont(heading.font())
        font.setPointSizeF(font.pointSizeF() * 1.3)
        font.setWeight(QFont.Weight.DemiBold)
        heading.setFont(font)
        about.setWordWrap(True)
        about.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        about.setFixedSize(_WIDTH, about.heightForWidth(_WIDTH))
        button.setAutoDefault(False)
        self.setFocusProxy(button)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addStretch(1)
        for label in (heading, about):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(label, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(button, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
