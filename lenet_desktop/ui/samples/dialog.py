"""The dialog in which the person's own samples are seen, relabelled, deleted and exchanged."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QPalette, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from lenet_desktop.drawing.drawing_file import STROKE_SUFFIXES
from lenet_desktop.ui.answer.answer_texts import are_digits
from lenet_desktop.ui.samples.class_table import ClassTable
from lenet_desktop.ui.samples.no_samples import NoSamples
from lenet_desktop.ui.samples.samples_file import SamplesFile
from lenet_desktop.ui.samples.texts import about_import
from lenet_desktop.ui.samples.thumbnails import Thumbnails
from lenet_desktop.ui.samples.view import SamplesView
from lenet_desktop.ui.translated import translated
from lenet_desktop.ui.window.file_dialogs import Purpose, ask_open_name, ask_save_name

if TYPE_CHECKING:
    from lenet_desktop.data.own_samples import OwnSample, OwnSamples
    from lenet_desktop.data.teaching.exchange import Imported


class SamplesDialog(QDialog):
    """Shows the samples of the classes of the model in use. The pad stays usable.

    Signals:
        practice_chosen (): the person wants to practise.
        learning_chosen (): a model is to learn from the samples.
        redraw_chosen (list[OwnSample]): the person wants to draw these again.

    Attributes:
        file: the samples.
        table: the classes, with the number of their samples.
        view: the pictures.
        relabel_menu: the classes that the selected samples may be.
        delete_action, redraw_action, undo_action: also in the menu of the pictures.
    """

    practice_chosen = Signal()
    learning_chosen = Signal()
    redraw_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("My samples"))
        self.setModal(False)
        self.resize(880, 560)
        self.file = SamplesFile(self)
        self._thumbnails = Thumbnails(self)
        self.table = ClassTable()
        self.view = SamplesView(self._thumbnails)
        self._hint = QLabel()
        self._hint.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._hint.setTextFormat(Qt.TextFormat.PlainText)
        self._hint.setWordWrap(True)
        self._message = QLabel()
        self._message.setWordWrap(True)
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self._message.setAccessibleDescription(self.tr("Message"))
        self.no_samples = NoSamples()
        self.no_samples.practice_button.clicked.connect(self.practice_chosen)
        self._add_actions()
        self._lay_out()
        self._connect()
        self._to_select: list[OwnSample] = []
        self._is_notice_told = False
        self._say("")

    @property
    def message(self) -> str:
        """The sentence that is shown, or ''."""
        return self._message.text()

    def show_classes(self, classes: tuple[str, ...]) -> None:
        """Show the samples of a set of classes."""
        if classes != self.file.classes:
            self.relabel_menu.clear()
            for name in classes:
                action = self.relabel_menu.addAction(name.replace("&", "&&"))
                action.triggered.connect(lambda _checked, name=name: self.relabel(name))
            self._say("")
            self._is_notice_told = False
            is_hand = are_digits(classes)
            self.table.setColumnHidden(2, not is_hand)
            self.learn_button.setText(
                self.tr("&Learn my hand") if is_hand else self.tr("&Learn these classes")
            )
            self.learn_button.setToolTip(
                self.tr(
                    "Train the model in use with them; one in four is held out and tells if it "
                    "helps"
                )
                if is_hand
                else self.tr("Train a model that reads these classes with them, in seconds")
            )
        self.file.open(classes)

    def relabel(self, label: str) -> None:
        """Give the selected samples another label; they stay selected."""
        self.file.relabel(self.view.selected(), label)

    def delete(self) -> None:
        """Delete the selected samples; the next one is selected."""
        selected = self.view.selected()
        if not selected:
            return
        shown = self._shown()
        gone = set(selected)
        last = max(row for row, sample in enumerate(shown) if sample in gone)
        rest = [each for each in shown[last + 1 :] if each not in gone]
        rest = rest or [each for each in reversed(shown) if each not in gone]
        self.file.delete(selected, rest[:1])

    def ask_export(self) -> None:
        """Ask for a file, and write the selected samples to it; all that are shown if none is."""
        samples = self.view.selected() or self._shown()
        name = self.tr("Stroke files ({suffixes})").format(suffixes="*.jsonl")
        filters: dict[str, tuple[str, ...]] = {name: STROKE_SUFFIXES}
        title = self.tr("Export samples")
        start = self.tr("my samples") + STROKE_SUFFIXES[0]
        path = ask_save_name(self, title, start, filters, Purpose.DRAWING)
        if path is not None:
            self.file.export_to(path, samples)

    def ask_import(self) -> None:
        """Ask for a stroke file, and add its drawings."""
        filters = (
            self.tr("Stroke files ({suffixes})").format(suffixes="*.jsonl *.json"),
            self.tr("All files (*)"),
        )
        title = self.tr("Import samples")
        path = ask_open_name(self, title, ";;".join(filters), Purpose.DRAWING)
        if path is not None:
            self._say(self.tr("Importing {name} …").format(name=path.name))
            self.file.import_from(path)

    def shut_down(self) -> None:
        """End the threads, and wait for them."""
        self._thumbnails.stop()
        self.file.stop()

    # Building the dialog

    def _add_actions(self) -> None:
        self.relabel_menu = QMenu(self.tr("It &is"), self)
        self.redraw_action = QAction(self.tr("Draw a&gain"), self)
        self.delete_action = QAction(self.tr("&Delete"), self)
        self.delete_action.setShortcuts([QKeySequence("Del"), QKeySequence("Backspace")])
        self.undo_action = QAction(self.tr("&Undo"), self)
        self.undo_action.setShortcut(QKeySequence("Ctrl+Z"))
        self.view.addAction(self.relabel_menu.menuAction())
        self.view.addActions([self.redraw_action, self.delete_action])
        self.addAction(self.undo_action)
        self.redraw_action.triggered.connect(lambda: self.redraw_chosen.emit(self.view.selected()))
        self.delete_action.triggered.connect(lambda: self.delete())
        self.undo_action.triggered.connect(lambda: self.file.undo())

    def _lay_out(self) -> None:
        page = QWidget()
        across = QHBoxLayout(page)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(10)
        across.addWidget(self.table)
        across.addWidget(self.view, stretch=1)
        self._page = page
        self._pages = QStackedWidget()
        self._pages.addWidget(page)  # shown, without samples, until the file is read
        self._pages.addWidget(self.no_samples)
        self._samples: Sequence[OwnSample] = ()
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(self._pages, stretch=1)
        layout.addWidget(self._hint)
        layout.addWidget(self._message)
        layout.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        self.relabel_button = QPushButton(self.relabel_menu.title())
        self.relabel_button.setMenu(self.relabel_menu)
        self.relabel_button.setToolTip(self.tr("Change the class; a digit can be typed, too"))
        self.redraw_button = QPushButton(self.redraw_action.text())
        self.redraw_button.setToolTip(self.tr("Draw the selected samples again on the pad"))
        self.redraw_button.clicked.connect(self.redraw_action.trigger)
        self.delete_button = QPushButton(self.delete_action.text())
        self.delete_button.setToolTip(QKeySequence("Del").toString(_NATIVE))
        self.delete_button.clicked.connect(self.delete_action.trigger)
        self.undo_button = QPushButton(self.undo_action.text())
        self.undo_button.setToolTip(QKeySequence("Ctrl+Z").toString(_NATIVE))
        self.undo_button.clicked.connect(self.undo_action.trigger)
        self.export_button = QPushButton(self.tr("&Export…"))
        self.export_button.setToolTip(
            self.tr("Write the selected samples, or all that are shown, to a stroke file")
        )
        self.export_button.clicked.connect(self.ask_export)
        self.import_button = QPushButton(self.tr("I&mport…"))
        self.import_button.setToolTip(self.tr("Add the drawings of a stroke file"))
        self.import_button.clicked.connect(self.ask_import)
        self.practice_button = QPushButton(self.tr("&Practice"))
        self.practice_button.clicked.connect(self.practice_chosen)
        self.learn_button = QPushButton(self.tr("&Learn my hand"))
        self.learn_button.clicked.connect(self.learning_chosen)
        close = QPushButton(self.tr("&Close"))
        close.clicked.connect(self.close)
        self._for_samples = (
            self.relabel_button,
            self.redraw_button,
            self.delete_button,
            self.export_button,
            self.practice_button,
            self.learn_button,
        )
        buttons = QHBoxLayout()
        for button in (
            self.relabel_button,
            self.redraw_button,
            self.delete_button,
            self.undo_button,
            self.export_button,
            self.import_button,
        ):
            button.setAutoDefault(False)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the list
            buttons.addWidget(button)
        buttons.addStretch(1)
        for button in (self.practice_button, self.learn_button, close):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        return buttons

    def _connect(self) -> None:
        self.table.chosen.connect(lambda: self._fill())
        self.view.selection_changed.connect(self._enable)
        self.view.typed.connect(self._take_typed)
        file = self.file
        file.read.connect(self._take)
        file.deleted.connect(self._say_deleted)
        file.relabelled.connect(self._say_relabelled)
        file.undone.connect(lambda: self._say(self.tr("Undone.")))
        file.exported.connect(self._say_exported)
        file.imported.connect(self._say_imported)
        file.failed.connect(self._say)

    # What is shown

    def _take(self, read: "OwnSamples") -> None:
        """Show what was read; what is selected stays so."""
        classes = self.file.classes
        # A file that somebody changed may hold others.
        others = sorted({each.label for each in read.samples} - set(classes))
        self.table.show_counts((*classes, *others), read.samples)
        # By their lines: what was relabelled is another object each time it is read.
        lines = {each.line for each in self._to_select or self.view.selected()}
        self._to_select = []
        place = {label: number for number, label in enumerate((*classes, *others))}
        self._samples = sorted(read.samples, key=lambda each: place[each.label])
        self._fill([each for each in self._samples if each.line in lines])
        if read.notice and not self._is_notice_told:
            self._is_notice_told = True
            self._say(translated(read.notice))

    def _fill(self, selected: "Sequence[OwnSample]" = ()) -> None:
        """List the samples of the chosen class."""
        shown = self._shown()
        top = self.view.verticalScrollBar().value()
        self.view.samples.show(shown)
        if selected:
            self.view.verticalScrollBar().setValue(top)
        self.view.select(selected)
        page = self._page if self._samples else self.no_samples
        if page is not self._pages.currentWidget():
            self._pages.setCurrentWidget(page)
            self._set_focus()
        for button in self._for_samples:
            button.setVisible(bool(self._samples))
        self._hint.setVisible(bool(self._samples))
        self._enable()

    def _set_focus(self) -> None:
        is_empty = self._pages.currentWidget() is self.no_samples
        (self.no_samples if is_empty else self.view).setFocus()

    def _shown(self) -> "list[OwnSample]":
        label = self.table.label
        return [each for each in self._samples if label is None or each.label == label]

    def _enable(self) -> None:
        count = len(self.view.selectedIndexes())
        for thing in (
            self.relabel_button, self.redraw_button, self.delete_button,
            self.redraw_action, self.delete_action, self.relabel_menu.menuAction(),
        ):  # fmt: skip
            thing.setEnabled(count > 0)
        self.undo_button.setVisible(self.file.can_undo)
        self.undo_action.setEnabled(self.file.can_undo)
        hint = self.tr(
            "Samples with a dot are held out: they are never trained on, so they test honestly."
        )
        if not are_digits(self.file.classes):
            hint = self.tr("Classes of your own are learned from all of their drawings.")
        if count:
            chosen = self.tr("Selected: {count}.").format(count=f"{count:,}")
            hint = f"{chosen} {hint}"
        self._hint.setText(hint)

    def _take_typed(self, text: str) -> None:
        if text in self.file.classes:
            self.relabel(text)

    def _say(self, sentence: str) -> None:
        self._message.setText(sentence)
        self._message.setVisible(bool(sentence))

    def _say_deleted(self, count: int, then_select: "list[OwnSample]") -> None:
        self._to_select = then_select
        self._say(self.tr("Deleted: {count}.").format(count=f"{count:,}"))

    def _say_relabelled(self, samples: "list[OwnSample]") -> None:
        self._to_select = samples
        self._say(self.tr("Relabelled: {count}.").format(count=f"{len(samples):,}"))

    def _say_exported(self, path: Path) -> None:
        self._say(self.tr("Exported to {path}").format(path=path))

    def _say_imported(self, imported: "Imported") -> None:
        self._say(about_import(imported))

    # Qt's events

    def showEvent(self, event: QShowEvent) -> None:
        """Show the samples that are on the disk now."""
        self._say("")
        self._is_notice_told = False
        self._set_focus()
        super().showEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Look again: another program may have added a sample meanwhile."""
        if event.type() is QEvent.Type.ActivationChange and self.isActiveWindow():
            self.file.read_again()
        super().changeEvent(event)


_NATIVE = QKeySequence.SequenceFormat.NativeText
