"""The confusion matrix of one evaluation; each of its cells can be chosen."""

import html
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QFrame, QTableView, QWidget

from lenet_desktop.ui.training.after.matrix_painting import CellPainter, ClassNames

if TYPE_CHECKING:
    from lenet_desktop.evaluation.metrics import Evaluation

# Smaller cells can neither be read nor hit; then the matrix scrolls.
_MIN_WIDTH, _MIN_HEIGHT, _MAX_HEIGHT = 22, 22, 28
# Names of up to this width are not elided, even if the matrix scrolls.
_SHORT_NAME = 30
_MOST_HEIGHT = 340
_SPOKEN_MISTAKES = 5
_CHOOSE = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)

Index = QModelIndex | QPersistentModelIndex


class ConfusionMatrix(QTableView):
    """Counts in a grid: true classes down, best classes across; the mistakes are highlighted.

    The arrow keys go from cell to cell; a click, Enter or the space bar chooses one. Letters are
    left to the window, where they are shortcuts.

    Signals:
        cell_chosen (int, int): the row and the column of the cell that the user chose.
    """

    cell_chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts = _Counts()
        self.setModel(self._counts)
        self.setItemDelegate(CellPainter(self))
        self._across = ClassNames(Qt.Orientation.Horizontal, self)
        self._down = ClassNames(Qt.Orientation.Vertical, self)
        self.setHorizontalHeader(self._across)
        self.setVerticalHeader(self._down)
        self.setAccessibleName(self.tr("Confusion matrix"))
        self.setCornerButtonEnabled(False)
        self._corner = self.findChild(QAbstractButton)
        if self._corner is not None:
            self._corner.installEventFilter(self)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        # The selection is the chosen cell; only 'choose' and 'choose_none' change it.
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.clicked.connect(self._choose)

    @property
    def chosen(self) -> tuple[int, int] | None:
        """The row and the column of the chosen cell."""
        indexes = self.selectionModel().selectedIndexes()
        return (indexes[0].row(), indexes[0].column()) if indexes else None

    def show_confusion(self, evaluation: "Evaluation") -> None:
        """Show the confusion matrix of an evaluation; no cell is chosen."""
        self._counts.show_counts(evaluation.classes, evaluation.confusion)
        self.setAccessibleDescription(self._counts.worst(_SPOKEN_MISTAKES))
        self.scrollToTop()
        self._fit()

    def choose(self, row: int, column: int) -> None:
        """Choose a cell; ``cell_chosen`` follows."""
        self._choose(self._counts.index(row, column))

    def choose_none(self) -> None:
        """Choose no cell."""
        self.selectionModel().clearSelection()

    def _choose(self, index: Index) -> None:
        if index.isValid():
            self.selectionModel().select(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.cell_chosen.emit(index.row(), index.column())

    def _fit(self) -> None:
        """Make all cells of one size, so that they fill the width if there are not too many."""
        count = self._counts.columnCount()
        if not count:
            return
        left = self._down.room_for_names(self.width())
        widest = self._across.widest() + 4
        narrowest = max(widest, _MIN_WIDTH) if widest <= _SHORT_NAME else _MIN_WIDTH
        across = max((self.width() - left) // count, narrowest)
        down = max(min(across, _MAX_HEIGHT), _MIN_HEIGHT)
        self._down.setFixedWidth(left)
        self._across.setDefaultSectionSize(across)
        self._down.setDefaultSectionSize(down)
        self._across.setFixedHeight(self._across.room_for_names(across))
        height = self._across.height() + count * down
        if count * across > self.width() - left:
            height += self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(min(height, _MOST_HEIGHT))

    # Qt's events

    def sizeHint(self) -> QSize:
        """Ask for no more width than there is."""
        return QSize(260, 200)

    def minimumSizeHint(self) -> QSize:
        """Return a width that shows a few cells."""
        return QSize(160, 100)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the cells."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the corner between the names empty; Qt would paint a header there."""
        if watched is self._corner and event.type() is QEvent.Type.Paint:
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose a cell, move, or leave the key to the window."""
        if event.key() in _CHOOSE:
            self._choose(self.currentIndex())
        elif event.text().isprintable() and event.text():
            event.ignore()
        else:
            super().keyPressEvent(event)


class _Counts(QAbstractTableModel):
    """The counts as a table."""

    def __init__(self) -> None:
        super().__init__()
        self._classes: tuple[str, ...] = ()
        self._counts: NDArray[np.int64] = np.zeros((0, 0), np.int64)

    def show_counts(self, classes: tuple[str, ...], counts: NDArray[np.int64]) -> None:
        """Replace the table."""
        self.beginResetModel()
        self._classes, self._counts = classes, counts
        self.endResetModel()

    def worst(self, most: int) -> str:
        """Return the most frequent mistakes in words."""
        mistakes = self._counts * (1 - np.eye(len(self._classes), dtype=np.int64))
        order = np.argsort(-mistakes, axis=None, kind="stable")[:most].tolist()
        places = [divmod(place, len(self._classes)) for place in order]
        return ", ".join(self._sentence(*place) for place in places if mistakes[place])

    def _sentence(self, row: int, column: int) -> str:
        return self.tr("{meant} read as {read}: {count}").format(
            meant=self._classes[row],
            read=self._classes[column],
            count=f"{self._counts[row, column]:,}",
        )

    def rowCount(self, parent: Index | None = None) -> int:
        """Return the number of classes."""
        return 0 if parent is not None and parent.isValid() else len(self._classes)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return the number of classes."""
        return self.rowCount(parent)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a count, its share of the largest number of mistakes, or a sentence about it."""
        row, column = index.row(), index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return str(self._counts[row, column]) if self._counts[row, column] else "·"
            case Qt.ItemDataRole.UserRole:
                if row == column:
                    return None
                most = (self._counts * (1 - np.eye(len(self._classes), dtype=np.int64))).max()
                return float(self._counts[row, column] / max(most, 1))
            case Qt.ItemDataRole.ToolTipRole:
                return f"<p>{html.escape(self._sentence(row, column))}</p>"
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._sentence(row, column)
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        """Return the name of a class."""
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._classes[section]
            case Qt.ItemDataRole.ToolTipRole:
                return f"<p>{html.escape(self._classes[section])}</p>"
        return None
