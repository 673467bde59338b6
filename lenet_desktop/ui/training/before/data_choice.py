"""The choice of the digits to train on."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from lenet_desktop.data.sources import STARTER, mnist_root
from lenet_desktop.ui.tooltip import plain_tooltip


class DataChoice(QWidget):
    """A list of the digits on this computer, and a button that adds a folder to it.

    Signals:
        chosen (): the user chose other digits.
        folder_chosen (Path): the user chose this folder; ``chosen`` follows.
    """

    chosen = Signal()
    folder_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder: Path | None = None
        self.list = QComboBox()
        self.list.setAccessibleName(self.tr("Digits to train on"))
        self.list.setToolTip(self.tr("The digits to train on"))
        self.list.setMinimumContentsLength(12)
        self.list.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.button = QPushButton(self.tr("Choose a f&older…"))
        self.button.setToolTip(self.tr("Choose a folder that holds MNIST"))
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        label = QLabel(self.tr("&Digits"))
        label.setBuddy(self.list)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label)
        row.addWidget(self.list, stretch=1)
        row.addWidget(self.button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(row)
        layout.addWidget(self._text)
        self.list.activated.connect(lambda _: self.chosen.emit())
        self.button.clicked.connect(self._ask_folder)

    @property
    def path(self) -> Path:
        """The chosen data: a folder that holds MNIST, or STARTER."""
        chosen = self.list.currentData()
        return chosen if isinstance(chosen, Path) else STARTER

    @property
    def text(self) -> str:
        """The description that is shown."""
        return self._text.text()

    def describe(self, text: str, more: str = "") -> None:
        """Describe the chosen data; ``more`` is the tooltip."""
        self._text.setText(text)
        self._text.setToolTip(plain_tooltip(more))
        self.list.setAccessibleDescription(f"{text} {more}".strip())

    def offer(self, mnist: Path | None) -> None:
        """Offer MNIST if it is on this computer, and choose the best data available."""
        folder = self._folder if self.path == self._folder else None
        self.list.clear()
        if mnist is not None:
            self.list.addItem(self.tr("MNIST, 60,000 digits"), mnist)
        self.list.addItem(self.tr("5,000 starter digits"), STARTER)
        self._offer_folder()
        self.choose(folder or mnist or STARTER)

    def add_folder(self, folder: Path) -> None:
        """Offer this folder too."""
        self._folder = folder
        self._offer_folder()

    def choose(self, data: Path) -> None:
        """Choose STARTER, or a folder that is offered already."""
        self.list.setCurrentIndex(self._index_of(data))

    def _ask_folder(self) -> None:
        start = Path.home() if self._folder is None else self._folder
        name = QFileDialog.getExistingDirectory(
            self, self.tr("The folder that holds MNIST"), str(start)
        )
        if name:
            folder = mnist_root(Path(name))
            self.add_folder(folder)
            self.choose(folder)
            self.folder_chosen.emit(folder)
            self.chosen.emit()

    def _index_of(self, data: Path) -> int:
        # findData() does not compare with Python's ==.
        entries = (self.list.itemData(i) for i in range(self.list.count()))
        return next((i for i, entry in enumerate(entries) if entry == data), -1)

    def _offer_folder(self) -> None:
        if self._folder is not None and self._index_of(self._folder) < 0:
            text = self.tr("Folder {folder}").format(folder=self._folder.name or self._folder)
            self.list.insertItem(0, text, self._folder)
            self.list.setItemData(0, str(self._folder), Qt.ItemDataRole.ToolTipRole)
