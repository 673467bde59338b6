"""The classes with the number of their samples; the chosen one decides which are shown."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

from lenet_desktop.ui.tooltip import plain_tooltip

if TYPE_CHECKING:
    from lenet_desktop.data.own_samples import OwnSample

_LABEL = Qt.ItemDataRole.UserRole
_WIDTH, _ROW_PADDING = 270, 10
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ClassTable(QTreeWidget):
    """All samples in the first row, then a row for each class.

    Signals:
        chosen (): another row was chosen.
    """

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Classes"))
        self.setHeaderLabels([self.tr("Class"), self.tr("Samples"), self.tr("Held out")])
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedWidth(_WIDTH)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
            self.headerItem().setTextAlignment(column, _RIGHT)
        self.headerItem().setToolTip(2, self.tr("Of these: one in four is never trained on"))
        self.currentItemChanged.connect(lambda *_: self.chosen.emit())

    @property
    def label(self) -> str | None:
        """The chosen class; None for all."""
        item = self.currentItem()
        label: str | None = None if item is None else item.data(0, _LABEL)
        return label

    def show_counts(self, classes: Sequence[str], samples: "Sequence[OwnSample]") -> None:
        """Count the samples of each class; the chosen class stays so."""
        before = self.label
        self.blockSignals(True)
        self.clear()
        counts = Counter(sample.label for sample in samples)
        held_out = Counter(sample.label for sample in samples if sample.is_held_out)
        self._add(None, self.tr("All"), len(samples), held_out.total())
        for label in classes:
            self._add(label, " ".join(label.split()), counts[label], held_out[label])
        labels = [None, *classes]
        row = labels.index(before) if before in labels else 0
        self.setCurrentIndex(self.model().index(row, 0))
        self.blockSignals(False)

    def _add(self, label: str | None, name: str, count: int, held_out: int) -> None:
        item = QTreeWidgetItem([name, f"{count:,}", f"{held_out:,}"])
        item.setData(0, _LABEL, label)
        item.setToolTip(0, plain_tooltip(name))
        item.setSizeHint(0, QSize(0, self.fontMetrics().height() + _ROW_PADDING))
        for column in (1, 2):
            item.setTextAlignment(column, _RIGHT)
        spoken = self.tr("{name}, samples: {count}, held out: {held_out}")
        item.setData(
            0,
            Qt.ItemDataRole.AccessibleTextRole,
            spoken.format(name=name, count=count, held_out=held_out),
        )
        if not count:
            for column in range(3):
                item.setForeground(column, self.palette().placeholderText())
        self.addTopLevelItem(item)
