"""What 'My samples' shows while there are none."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from lenet_desktop.ui.training.primary_button import PrimaryButton

_WIDTH = 440


class NoSamples(QWidget):
    """Says what will be here, and how it comes here.

    Attributes:
        practice_button: begins to practise.
    """

    def __init__(self) -> None:
        super().__init__()
        title = QLabel(self.tr("No samples of your own yet"))
        font = QFont(title.font())
        font.setPointSizeF(font.pointSizeF() * 1.3)
        font.setWeight(QFont.Weight.DemiBold)
        title.setFont(font)
        text = QLabel(
            self.tr(
                "Drawings that you label with 'Right' or 'No, it is …' are collected here, and "
                "those that you draw while you practise. The network can learn your hand from "
                "them. One in four is held out: it is never trained on, so it is an honest test."
            )
        )
        text.setWordWrap(True)
        text.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        text.setFixedSize(_WIDTH, text.heightForWidth(_WIDTH))
        self.practice_button = PrimaryButton(self.tr("&Practice"))
        self.practice_button.setAutoDefault(False)
        self.setFocusProxy(self.practice_button)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addStretch(1)
        for widget in (title, text, self.practice_button):
            if isinstance(widget, QLabel):
                widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(widget, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
