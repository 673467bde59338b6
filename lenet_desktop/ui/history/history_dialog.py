"""The dialog that lists all trainings, lays their curves over each other and repeats one."""

from collections.abc import Iterator

from PySide6.QtCore import QDateTime, QLocale, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QIcon, QKeySequence, QPainter, QPixmap, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from lenet_desktop.errors import UserError
from lenet_desktop.percent import percent
from lenet_desktop.training.history import folder
from lenet_desktop.training.history.folder import Run
from lenet_desktop.training.history.record import Fate, Record, differences
from lenet_desktop.ui.history.curves import MOST, OverlaidCurves, curve_colours
from lenet_desktop.ui.style.theme import colours
from lenet_desktop.ui.translated import translated

_RUN = Qt.ItemDataRole.UserRole
# Reading a record takes about a millisecond: some are read at a time, so that the window answers.
_AT_A_TIME = 8
_ROW = 24


class HistoryDialog(QDialog):
    """All trainings, the newest first; chosen ones are compared. The pad stays usable.

    Signals:
        again_chosen (Record): the user wants to train once more with the recipe of this record.

    Attributes:
        list: the trainings.
        curves: the curves of the chosen ones.
        table: in what these differ.
        again_button, remove_button: repeat a training; remove the chosen ones' records.
    """

    again_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("History of trainings"))
        self.resize(980, 620)
        self._reading: Iterator[None] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._read_some)
        self.list = QTreeWidget()
        self.list.setAccessibleName(self.tr("Trainings"))
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setHeaderLabels(
            [
                self.tr("No."),
                self.tr("Started"),
                self.tr("Recipe"),
                self.tr("Data"),
                self.tr("Accuracy"),
                self.tr("What became of it"),
            ]
        )
        self.curves = OverlaidCurves()
        self.table = QTableWidget()
        self.table.setAccessibleName(self.tr("In what the chosen trainings differ"))
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(_ROW)
        self._message = QLabel()
        self._message.setWordWrap(True)
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self.again_button = QPushButton(self.tr("&Train again"))
        self.again_button.setToolTip(
            self.tr("Train with the same recipe, data and seed; the result is a new model")
        )
        self.remove_button = QPushButton(self.tr("&Remove"))
        self.remove_button.setToolTip(self.tr("Remove the records; models that were kept stay"))
        self._lay_out()
        self.list.itemSelectionChanged.connect(self._show_chosen)
        self.again_button.clicked.connect(self._train_again)
        self.remove_button.clicked.connect(self._remove)
        remove = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.list)
        remove.setContext(Qt.ShortcutContext.WidgetShortcut)
        remove.activated.connect(self._remove)
        self._show_chosen()

    @property
    def message(self) -> str:
        """The sentence that is shown, or ''."""
        return self._message.text()

    @property
    def chosen(self) -> list[Run]:
        """The chosen trainings, the newest first."""
        items = sorted(self.list.selectedItems(), key=self.list.indexOfTopLevelItem)
        return [item.data(0, _RUN) for item in items]

    @property
    def is_reading(self) -> bool:
        """Whether records are still being read."""
        return self._reading is not None

    def fill(self) -> None:
        """Read all records again."""
        self.list.clear()
        self._say("")
        self._reading = self._read()
        self._timer.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Read the records: there may be new ones."""
        self.fill()
        super().showEvent(event)

    def done(self, result: int) -> None:
        """Read no more."""
        self._timer.stop()
        self._reading = None
        super().done(result)

    def _read_some(self) -> None:
        if self._reading is None:
            return
        for _ in range(_AT_A_TIME):
            if next(self._reading, self) is self:
                self._reading = None
                self._timer.stop()
                if not self.list.topLevelItemCount():
                    self._say(self.tr("No training yet: the history begins with the first one."))
                return

    def _read(self) -> Iterator[None]:
        damaged = 0
        for number in folder.numbers():
            try:
                self._add(folder.run(number))
            except UserError:
                damaged += 1
            yield
        if damaged:
            text = self.tr("Damaged records that are left out: {count}.")
            self._say(text.format(count=damaged))

    def _add(self, run: Run) -> None:
        record = run.record
        accuracy = record.test_accuracy
        if accuracy is None:
            accuracy = record.validation_accuracy
        texts = [
            str(run.number),
            _local_time(record.started),
            record.recipe_name,
            record.data,
            "" if accuracy is None else percent(accuracy, 2),
            self._fate(record),
        ]
        item = QTreeWidgetItem(texts)
        item.setData(0, _RUN, run)
        item.setToolTip(5, texts[5])
        item.setToolTip(3, record.data)
        self.list.addTopLevelItem(item)
        if self.list.topLevelItemCount() == 1:
            self.list.setCurrentItem(item)

    def _fate(self, record: Record) -> str:
        texts = {
            Fate.RUNNING: self.tr("under way, or cut off"),
            Fate.INTERRUPTED: self.tr("interrupted"),
            Fate.CANCELLED: self.tr("cancelled"),
            Fate.FAILED: self.tr("failed: {reason}"),
            Fate.TRAINED: self.tr("not kept yet"),
            Fate.KEPT: self.tr("kept as {name}"),
            Fate.DISCARDED: self.tr("discarded"),
        }
        return texts[record.fate].format(reason=record.reason, name=record.name)

    def _show_chosen(self) -> None:
        chosen = self.chosen[:MOST]
        self.curves.show_runs(chosen)
        names = curve_colours(colours(self))
        shown = {run.number: names[place] for place, run in enumerate(chosen)}
        for row in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(row)
            assert item is not None
            item.setIcon(0, _swatch(shown.get(item.data(0, _RUN).number, "")))
        rows = differences([run.record for run in chosen])
        if len(chosen) == 1:
            rows = [(name, (value,)) for name, value in self._settings(chosen[0].record)]
        self.table.setColumnCount(1 + len(chosen))
        self.table.setRowCount(len(rows))
        header = [
            self.tr("Setting"),
            *(self.tr("No. {number}").format(number=run.number) for run in chosen),
        ]
        self.table.setHorizontalHeaderLabels(header)
        for row, (name, values) in enumerate(rows):
            for column, text in enumerate((name, *values)):
                self.table.setItem(row, column, QTableWidgetItem(text))
        self.again_button.setEnabled(len(chosen) == 1)
        self.remove_button.setEnabled(bool(chosen))

    def _settings(self, record: Record) -> list[tuple[str, str]]:
        """Return the settings of one training: in what it differs from one without any."""
        nothing = Record("", {}, "", "", -1, "", {}, {}, "")
        return [(name, values[0]) for name, values in differences([record, nothing])]

    def _train_again(self) -> None:
        chosen = self.chosen
        if len(chosen) == 1:
            self.again_chosen.emit(chosen[0].record)

    def _remove(self) -> None:
        try:
            for run in self.chosen:
                folder.remove(run.number)
        except UserError as error:
            self.fill()
            self._say(translated(error))
            return
        self.fill()

    def _say(self, sentence: str) -> None:
        self._message.setText(sentence)
        self._message.setVisible(bool(sentence))

    def _lay_out(self) -> None:
        below = QSplitter(Qt.Orientation.Horizontal)
        below.addWidget(self.curves)
        below.addWidget(self.table)
        below.setSizes([560, 400])
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.addWidget(self.list)
        parts.addWidget(below)
        parts.setSizes([240, 340])
        parts.setChildrenCollapsible(False)
        below.setChildrenCollapsible(False)
        for column, width in enumerate((64, 150, 90, 190, 90)):
            self.list.setColumnWidth(column, width)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setStretchLastSection(True)
        buttons = QHBoxLayout()
        buttons.addWidget(self.again_button)
        buttons.addWidget(self.remove_button)
        buttons.addStretch(1)
        close = QPushButton(self.tr("Close"))
        close.clicked.connect(self.close)
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.addWidget(parts, stretch=1)
        layout.addWidget(self._message)
        layout.addLayout(buttons)


def _local_time(started: str) -> str:
    """Return a time in UTC as the user's clock and language write it."""
    time = QDateTime.fromString(started, Qt.DateFormat.ISODate)
    return QLocale().toString(time.toLocalTime(), QLocale.FormatType.ShortFormat)


def _swatch(colour: str) -> QIcon:
    """Return a square in a training's colour; an empty icon for ''."""
    pixmap = QPixmap(QSize(14, 14))
    pixmap.fill(Qt.GlobalColor.transparent)
    if colour:
        # A rim, so that it is seen on the colour of a chosen row.
        painter = QPainter(pixmap)
        painter.fillRect(pixmap.rect(), Qt.GlobalColor.white)
        painter.fillRect(pixmap.rect().adjusted(2, 2, -2, -2), QColor(colour))
        painter.end()
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)  # Qt would tint it
    return icon
