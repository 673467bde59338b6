"""The classes with the number of their drawings; they are renamed here, and pictures dropped."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtCore import QModelIndex as Index
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from lenet_desktop.ui.tooltip import plain_tooltip

_NAME = Qt.ItemDataRole.UserRole
_ROW_PADDING = 12
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ClassList(QTreeWidget):
    """A row for each class; several can be selected.

    Signals:
        renamed (str, str): the name of a class, and what the person typed in its place.
        dropped (str, list[Path]): files were dropped onto a class.
    """

    renamed = Signal(str, str)
    dropped = Signal(str, list)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Classes"))
        self.setHeaderLabels([self.tr("Class"), self.tr("Drawings")])
        self.headerItem().setTextAlignment(1, _RIGHT)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed)
        self._counts_delegate = _NotEdited(self)
        self.setItemDelegateForColumn(1, self._counts_delegate)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.setAcceptDrops(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DropOnly)
        self.itemChanged.connect(self._take_edited)

    @property
    def selected(self) -> tuple[str, ...]:
        """The selected classes, in their order."""
        return tuple(_name(item) for item in self._items() if item.isSelected())

    def show_counts(self, counts: dict[str, int], least: int) -> None:
        """Show how many drawings each class has; what is selected stays so.

        Args:
            counts: the number of drawings by the name of the class.
            least: how many a class needs.
        """
        selected = self.selected
        self.blockSignals(True)
        if [_name(item) for item in self._items()] != list(counts):
            self.clear()
            self.addTopLevelItems([self._item(name) for name in counts])
        for item in self._items():
            self._show(item, counts[_name(item)], least)
        self.blockSignals(False)
        if self.selected != selected:
            self.choose(selected)

    def choose(self, names: Sequence[str]) -> None:
        """Select these classes, and scroll to the last one."""
        self.clearSelection()
        for item in self._items():
            if _name(item) in names:
                item.setSelected(True)
                self.scrollToItem(item)

    def _items(self) -> list[QTreeWidgetItem]:
        items = (self.topLevelItem(row) for row in range(self.topLevelItemCount()))
        return [item for item in items if item is not None]

    def _item(self, name: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem([name, ""])
        item.setData(0, _NAME, name)
        item.setToolTip(0, plain_tooltip(name))
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        item.setSizeHint(0, QSize(0, self.fontMetrics().height() + _ROW_PADDING))
        item.setTextAlignment(1, _RIGHT)
        return item

    def _show(self, item: QTreeWidgetItem, count: int, least: int) -> None:
        text = f"{count:,}"
        if count < least:
            text = self.tr("{count} of {least}").format(count=count, least=least)
        item.setText(1, text)
        spoken = self.tr("{name}, drawings: {count}").format(name=_name(item), count=text)
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, spoken)
        palette = self.palette()
        item.setForeground(1, palette.placeholderText() if count < least else palette.text())

    def _take_edited(self, item: QTreeWidgetItem, column: int) -> None:
        name, text = _name(item), item.text(0)
        if column != 0 or text == name:
            return
        self.blockSignals(True)
        item.setText(0, name)  # until the new name is accepted
        self.blockSignals(False)
        self.renamed.emit(name, text)

    # Dropping

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files."""
        if _files(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Select the class that the files would be dropped onto."""
        item = self.itemAt(event.position().toPoint())
        if item is None or not _files(event.mimeData()):
            event.ignore()
            return
        self.choose([_name(item)])
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the files as drawings of the class."""
        item, files = self.itemAt(event.position().toPoint()), _files(event.mimeData())
        if item is None or not files:
            event.ignore()
            return
        event.acceptProposedAction()
        self.dropped.emit(_name(item), files)


class _NotEdited(QStyledItemDelegate):
    """The number of drawings is not typed."""

    def createEditor(
        self, _parent: QWidget, _option: QStyleOptionViewItem, _index: Index | QPersistentModelIndex
    ) -> QWidget:
        return None  # type: ignore[return-value]  # Qt's way to say that there is none


def _files(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def _name(item: QTreeWidgetItem) -> str:
    return str(item.data(0, _NAME))
