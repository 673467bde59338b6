"""The list of samples: pictures in rows, selected with the mouse or the keys."""

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView

from lenet_desktop.ui.samples.delegate import CELL, SampleDelegate
from lenet_desktop.ui.samples.model import SamplesModel
from lenet_desktop.ui.samples.thumbnails import Thumbnails

if TYPE_CHECKING:
    from lenet_desktop.data.own_samples import OwnSample

_NOT_TYPED = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)  # fmt: skip


class SamplesView(QListView):
    """The samples of one class or of all; many can be selected.

    Signals:
        typed (str): a character was typed, perhaps the name of a class.
        selection_changed (): other samples are selected.
    """

    typed = Signal(str)
    selection_changed = Signal()

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.samples = SamplesModel()
        self.setModel(self.samples)
        self._delegate = SampleDelegate(self.samples, thumbnails)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(self.tr("My samples"))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setGridSize(CELL)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionRectVisible(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(CELL.height() // 3)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.selectionModel().selectionChanged.connect(lambda *_: self.selection_changed.emit())
        thumbnails.drawn.connect(self._repaint)

    def selected(self) -> "list[OwnSample]":
        """Return the selected samples, in their order."""
        rows = sorted(self.selectedIndexes(), key=lambda index: index.row())
        return [self.samples.sample(index) for index in rows]

    def select(self, samples: "Iterable[OwnSample]") -> None:
        """Select those of the samples that are listed, and no others."""
        selection = QItemSelection()
        indexes = sorted(self.samples.indexes(samples), key=lambda index: index.row())
        # Neighbours as one range: thousands of ranges would take seconds.
        for _, run in groupby(enumerate(indexes), key=lambda pair: pair[1].row() - pair[0]):
            neighbours = [index for _, index in run]
            selection.select(neighbours[0], neighbours[-1])
        model = self.selectionModel()
        if indexes:
            model.setCurrentIndex(indexes[0], QItemSelectionModel.SelectionFlag.NoUpdate)
        model.select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Signal what is typed; everything else moves and selects."""
        text = event.text()
        if text.isprintable() and text.strip() and not event.modifiers() & _NOT_TYPED:
            self.typed.emit(text)
        else:
            super().keyPressEvent(event)

    def _repaint(self, samples: "list[OwnSample]") -> None:
        for index in self.samples.indexes(samples):
            self.update(index)
