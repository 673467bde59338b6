"""The list of the kept models; accuracies on different test sets have different columns."""

from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

from lenet_desktop import paths
from lenet_desktop.models.model_card import MNIST, STARTER_DIGITS
from lenet_desktop.ui.models.accuracy import accuracy, accuracy_in_words, test_set_name
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.tooltip import plain_tooltip

if TYPE_CHECKING:
    from lenet_desktop.models.library import KeptModel
    from lenet_desktop.models.model_card import ModelCard

_MOST_SHOWN = 300
_ROW_PADDING = 10
_WIDEST_NAME, _WIDEST = 280, 180
_KEPT = Qt.ItemDataRole.UserRole
_SPOKEN = Qt.ItemDataRole.AccessibleTextRole


class Column(IntEnum):
    """The columns. No number stands below one that was measured on other images."""

    NAME = 0
    MNIST = 1
    STARTER = 2
    OTHER = 3
    TRAINED = 4
    DATA = 5


class KeptModelsList(QTreeWidget):
    """The factory model and, if there are any, the kept models; one can be selected.

    Args:
        session: tells which model is in use, and which one is on trial beside it.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._shown: list[KeptModel] = []
        self.setAccessibleName(self.tr("My models"))
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHeaderLabels(
            [
                self.tr("Name"),
                self.tr("MNIST test"),
                self.tr("Starter test"),
                self.tr("Other test"),
                self.tr("Trained"),
                self.tr("Trained on"),
            ]
        )
        head = self.headerItem()
        for column in (Column.MNIST, Column.STARTER, Column.OTHER):
            head.setToolTip(
                column, self.tr("The share of the test images that were read correctly")
            )
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.header().setStretchLastSection(True)

    def selected(self) -> "KeptModel | None":
        """Return the model that is selected, and shown so."""
        items = self.selectedItems()
        kept: KeptModel | None = items[0].data(0, _KEPT) if items else None
        return kept

    def fill(self, selected: Path | None = None) -> None:
        """List the models that are on the disk now.

        Args:
            selected: the file of the model to select; None for the one that is selected now. If
                that is gone, the model that has taken its row is selected, else the first.
        """
        from lenet_desktop.models.library import KeptModel, kept_models
        from lenet_desktop.models.model_file import read_card

        models = kept_models()
        if models:
            factory = paths.factory_model()
            models.insert(0, KeptModel(factory, read_card(factory)))
        before = self.selected()
        row = self.currentIndex().row() if before is not None else -1
        if selected is None and before is not None:
            selected = before.path
        if models != self._shown:
            self._shown = models
            self.clear()
            height = self.fontMetrics().height() + _ROW_PADDING
            for kept in models:
                row_item = _item(kept)
                row_item.setSizeHint(Column.DATA, QSize(0, height))
                self.addTopLevelItem(row_item)
            self._hide_empty_columns()
        found = next((i for i, kept in enumerate(models) if kept.path == selected), -1)
        chosen = found if found >= 0 else min(max(row, 0), len(models) - 1)
        item = self.topLevelItem(chosen)
        if item is not None:
            self.setCurrentItem(item)

    def mark(self) -> None:
        """Mark the model in use and the one on trial: by words and bold letters."""
        for row, kept in enumerate(self._shown):
            item = self.topLevelItem(row)
            if item is None:
                continue
            in_use = kept.path == self._session.model_path
            on_trial = kept.path == self._session.challenger_path
            state = self.tr("in use") if in_use else self.tr("on trial") if on_trial else ""
            font = item.font(Column.NAME)
            font.setBold(in_use)
            item.setFont(Column.NAME, font)
            name = kept.card.title
            if kept.path == paths.factory_model():
                name = self.tr("{name} (factory)").format(name=name)
            text = self.tr("{name} · {state}") if state else "{name}"
            item.setText(Column.NAME, text.format(name=name, state=state))
            spoken = (name, state, accuracy_in_words(kept.card))
            item.setData(Column.NAME, _SPOKEN, ", ".join(filter(None, spoken)))
        for column in list(Column)[:-1]:
            self.resizeColumnToContents(column)
            limit = _WIDEST_NAME if column is Column.NAME else _WIDEST
            self.setColumnWidth(column, min(self.columnWidth(column) + 8, limit))

    def _hide_empty_columns(self) -> None:
        for column in (Column.MNIST, Column.STARTER, Column.OTHER):
            items = map(self.topLevelItem, range(self.topLevelItemCount()))
            self.setColumnHidden(column, not any(i is not None and i.text(column) for i in items))


def _item(kept: "KeptModel") -> QTreeWidgetItem:
    card = kept.card
    item = QTreeWidgetItem()
    data = card.data[:_MOST_SHOWN]
    item.setData(Column.NAME, _KEPT, kept)
    item.setText(Column.NAME, card.title)
    item.setText(Column.TRAINED, card.trained[:10])
    item.setText(Column.DATA, data)
    item.setToolTip(Column.NAME, plain_tooltip(f"{card.title}\n{kept.path}"))
    item.setToolTip(Column.DATA, plain_tooltip(data))
    column = _column_of(card)
    text = accuracy(card)
    if text and column is Column.OTHER:
        text = f"{text} · {test_set_name(card)}"
    item.setText(column, text)
    item.setToolTip(column, plain_tooltip(accuracy_in_words(card)))
    for each in (Column.MNIST, Column.STARTER):
        item.setTextAlignment(each, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return item


def _column_of(card: "ModelCard") -> Column:
    """Return the column of a model's accuracy."""
    columns = {MNIST: Column.MNIST, STARTER_DIGITS: Column.STARTER}
    return columns.get(card.tested_on, Column.OTHER)
