"""What the dialog of the kept models shows while there are none."""

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton

from lenet_desktop.ui.empty_page import EmptyPage


class NoModels(EmptyPage):
    """Says what will be here, and how it comes here.

    Args:
        train: opens the training; None for no button.

    Signals:
        train_chosen (): the user wants to train; the training has been opened.
    """

    train_chosen = Signal()

    def __init__(self, train: QAction | None) -> None:
        button = QPushButton(QCoreApplication.translate("NoModels", "Train a &model"))
        super().__init__(
            QCoreApplication.translate("NoModels", "No models of your own yet"),
            QCoreApplication.translate(
                "NoModels",
                "The models that you train and save are listed here, with their accuracy on each "
                "test set and what they were trained on. You can try them beside the model in use, "
                "use, rename, export and delete them.",
            ),
            button,
        )
        self.train_button = button
        self._train = train
        self.train_button.setVisible(train is not None)
        self.train_button.clicked.connect(self._open_training)

    def _open_training(self) -> None:
        if self._train is not None and not self._train.isChecked():
            self._train.trigger()
        self.train_chosen.emit()
