"""The choice of the data to train on."""

from pathlib import Path

import numpy as np
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

from lenet_desktop.data.family.sets import FAMILY
from lenet_desktop.data.sources import (
    STARTER,
    PicturesAre,
    mnist_cache,
    mnist_is_in,
    mnist_root,
)
from lenet_desktop.ui.tooltip import plain_tooltip
from lenet_desktop.ui.training.before.preview import SamplesPreview
from lenet_desktop.ui.training.fold import Fold
from lenet_desktop.ui.workers.preview import PreviewWorker, Seen


class DataChoice(QWidget):
    """A list of data sets by name, a button that adds a folder to it, and samples to look at.

    Signals:
        chosen (): the user chose other data, or how pictures become samples.
        folder_chosen (Path): the user chose this folder; ``chosen`` follows.
        seen (): ``looked_at`` has changed.

    Attributes:
        pictures: how the pictures of a folder become samples.
        samples: twenty samples of the chosen data, hidden at first.
    """

    chosen = Signal()
    folder_chosen = Signal(object)
    seen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder: Path | None = None
        self.list = QComboBox()
        self.list.setAccessibleName(self.tr("Data to train on"))
        self.list.setToolTip(self.tr("The data to train on"))
        self.list.setMinimumContentsLength(12)
        self.list.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.button = QPushButton(self.tr("Choose a f&older…"))
        self.button.setToolTip(
            self.tr(
                "Choose a folder that holds MNIST, or one with a subfolder of pictures for "
                "each class"
            )
        )
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        label = QLabel(self.tr("&Data"))
        label.setBuddy(self.list)
        self.pictures = QComboBox()
        self.pictures.addItem(self.tr("Drawings, read as on the pad"), PicturesAre.DRAWINGS)
        self.pictures.addItem(self.tr("Whole pictures, in grey"), PicturesAre.SCALED)
        self.pictures.setAccessibleName(self.tr("How pictures become samples"))
        self.pictures.setToolTip(
            self.tr(
                "Drawings: the ink is found, cropped and centred, as on the pad. Whole pictures: "
                "all of it is scaled to 28 by 28 pixels, for photographs of things; the pad reads "
                "such things badly, because it shows the model ink only"
            )
        )
        self._worker = PreviewWorker(self)
        self._seen: Seen | None = None
        self._preview = SamplesPreview()
        self.samples = Fold(self.tr("Twent&y samples"), self._preview)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label)
        row.addWidget(self.list, stretch=1)
        row.addWidget(self.button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(row)
        layout.addWidget(self.pictures)
        layout.addWidget(self._text)
        layout.addWidget(self.samples)
        self.list.activated.connect(lambda _: self._choose())
        self.pictures.activated.connect(lambda _: self._choose())
        self.samples.opened.connect(lambda _: self.look())
        self._worker.seen.connect(self._show)
        self.look()
        self.button.clicked.connect(self._ask_folder)

    @property
    def path(self) -> Path:
        """The chosen data: a folder, a key of FAMILY, or STARTER."""
        chosen = self.list.currentData()
        return chosen if isinstance(chosen, Path) else STARTER

    @property
    def is_of_pictures(self) -> bool:
        """Whether a folder of pictures is chosen, or one that holds nothing usable."""
        path = self.path
        return path != STARTER and path not in FAMILY and not mnist_is_in(path)

    @property
    def pictures_are(self) -> PicturesAre:
        """How the pictures of a folder become samples."""
        return PicturesAre(self.pictures.currentData())

    @property
    def looked_at(self) -> Seen | None:
        """What the chosen data looks like; None while that is not known."""
        seen = self._seen
        is_it = seen is not None and (seen.source, seen.pictures) == (self.path, self.pictures_are)
        return seen if is_it else None

    @property
    def is_looking(self) -> bool:
        """Whether a folder of pictures is being looked at: what it holds is not known yet."""
        return self.is_of_pictures and self.looked_at is None

    @property
    def are_digits(self) -> bool:
        """Whether the classes are the ten digits; of a folder, as far as is known."""
        if self.path in FAMILY:
            return FAMILY[self.path].are_digits
        seen = self.looked_at
        return not self.is_of_pictures or seen is None or seen.classes == tuple("0123456789")

    @property
    def holds_pictures(self) -> bool:
        """Whether a folder is chosen whose pictures can be trained on."""
        seen = self.looked_at
        return self.is_of_pictures and seen is not None and not seen.problem

    def look(self) -> None:
        """Look at the chosen data if it is a folder of pictures, or its samples are shown."""
        self.pictures.setVisible(self.is_of_pictures)
        is_shown = self.samples.button.isChecked()
        known = FAMILY.get(self.path)
        is_here = known is None or known.is_in(mnist_cache())
        self.samples.setVisible(is_here)
        self._fill()
        seen = self.looked_at
        # What was wrong may have been put right.
        is_known = seen is not None and not seen.problem
        if is_here and not is_known and (self.is_of_pictures or is_shown):
            self._worker.look(self.path, self.pictures_are)

    def shut_down(self) -> None:
        """Stop looking and wait for the thread."""
        self._worker.blockSignals(True)
        self._worker.stop()

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
        """Offer MNIST if it is on this computer, and choose the best data available.

        Its family is offered by name, too; what was chosen of it stays.
        """
        kept = self.path if self.path == self._folder or self.path in FAMILY else None
        self.list.clear()
        if mnist is not None:
            self.list.addItem(self.tr("MNIST, 60,000 digits"), mnist)
        self.list.addItem(self.tr("5,000 starter digits"), STARTER)
        for each in FAMILY.values():
            self.list.addItem(
                self.tr("{name}, {count} images").format(
                    name=each.name, count=f"{each.train + each.test:,}"
                ),
                each.source,
            )
            self.list.setItemData(
                self.list.count() - 1,
                self.tr("{what}, by {credit}; licence: {licence}; {megabytes} MB").format(
                    what=each.what,
                    credit=each.credit,
                    licence=each.licence,
                    megabytes=each.megabytes,
                ),
                Qt.ItemDataRole.ToolTipRole,
            )
        self._offer_folder()
        self.choose(kept or mnist or STARTER)

    def add_folder(self, folder: Path) -> None:
        """Offer this folder too."""
        self._folder = folder
        self._offer_folder()

    def choose(self, data: Path) -> None:
        """Choose STARTER, or a folder that is offered already."""
        self.list.setCurrentIndex(self._index_of(data))
        self.look()

    def _ask_folder(self) -> None:
        start = Path.home() if self._folder is None else self._folder
        name = QFileDialog.getExistingDirectory(
            self, self.tr("The folder that holds MNIST, or pictures"), str(start)
        )
        if name:
            folder = mnist_root(Path(name))
            self.add_folder(folder)
            self.choose(folder)
            self.folder_chosen.emit(folder)
            self.chosen.emit()

    def _choose(self) -> None:
        self.look()
        self.chosen.emit()

    def _show(self, seen: Seen) -> None:
        self._seen = seen
        if self.looked_at is not None:
            if self.is_of_pictures and len(seen.samples):
                self.samples.button.setChecked(True)
            self._fill()
            self.seen.emit()

    def _fill(self) -> None:
        seen = self.looked_at
        if seen is None:
            self._preview.show_samples(np.zeros((0, 28, 28), np.uint8), ())
        else:
            self._preview.show_samples(seen.samples, seen.names)

    def _index_of(self, data: Path) -> int:
        # findData() does not compare with Python's ==.
        entries = (self.list.itemData(i) for i in range(self.list.count()))
        return next((i for i, entry in enumerate(entries) if entry == data), -1)

    def _offer_folder(self) -> None:
        if self._folder is not None and self._index_of(self._folder) < 0:
            text = self.tr("Folder {folder}").format(folder=self._folder.name or self._folder)
            self.list.insertItem(0, text, self._folder)
            self.list.setItemData(0, str(self._folder), Qt.ItemDataRole.ToolTipRole)
