"""What the dialog of the kept models shows while there are none."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QFont, QPalette
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

_WIDTH = 440


class NoModels(QWidget):
    """Says what will be here, and how it comes here.

    Args:
        train: opens the training; None for no button.

    Signals:
        train_chosen (): the user wants to train; the training has been opened.
    """

    train_chosen = Signal()

    def __init__(self, train: QAction | None) -> None:
        super().__init__()
        self._train = train
        title = QLabel(self.tr("No models of your own yet"))
        font = QFont(title.font())
        font.setPointSizeF(font.pointSizeF() * 1.3)
        font.setWeight(QFont.Weight.DemiBold)
        title.setFont(font)
        text = QLabel(
            self.tr(
                "The models that you train and save are listed here, with their accuracy on each "
                "test set and what they were trained on. You can try them beside the model in use, "
                "use, rename, export and delete them."
            )
        )
        text.setWordWrap(True)
        text.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        text.setFixedSize(_WIDTH, text.heightForWidth(_WIDTH))
        self.train_button = QPushButton(self.tr("Train a &model"))
        self.train_button.setAutoDefault(False)
        self.train_button.setVisible(train is not None)
        self.train_button.clicked.connect(self._open_training)
        self.setFocusProxy(self.train_button)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addStretch(1)
        for widget in (title, text, self.train_button):
            if isinstance(widget, QLabel):
                widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(widget, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)

    def _open_training(self) -> None:
        if self._train is not None and not self._train.isChecked():
            self._train.trigger()
        self.train_chosen.emit()
