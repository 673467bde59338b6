"""What 'My samples' shows while there are none."""

from PySide6.QtCore import QCoreApplication

from lenet_desktop.ui.empty_page import EmptyPage
from lenet_desktop.ui.training.primary_button import PrimaryButton


class NoSamples(EmptyPage):
    """Says what will be here, and how it comes here.

    Attributes:
        practice_button: begins to practise.
    """

    def __init__(self) -> None:
        button = PrimaryButton(QCoreApplication.translate("NoSamples", "&Practice"))
        super().__init__(
            QCoreApplication.translate("NoSamples", "No samples of your own yet"),
            QCoreApplication.translate(
                "NoSamples",
                "Drawings that you label with 'Right' or 'No, it is …' are collected here, and "
                "those that you draw while you practise. The network can learn your hand from "
                "them. One in four is held out: it is never trained on, so it is an honest test.",
            ),
            button,
        )
        self.practice_button = button
