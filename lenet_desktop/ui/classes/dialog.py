"""The dialog in which classes of one's own are named, and from which they are drawn and learned."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QColor, QKeySequence, QPalette, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from lenet_desktop.errors import UserError
from lenet_desktop.printable import printable
from lenet_desktop.ui.classes.class_list import ClassList
from lenet_desktop.ui.classes.set_file import SetFile
from lenet_desktop.ui.samples.texts import about_import
from lenet_desktop.ui.style.theme import colours
from lenet_desktop.ui.training.primary_button import PrimaryButton
from lenet_desktop.ui.translated import translated
from lenet_desktop.ui.window.file_dialogs import (
    Purpose,
    as_file_name,
    ask_open_name,
    ask_save_name,
)

if TYPE_CHECKING:
    from lenet_desktop.data.own_samples import OwnSamples
    from lenet_desktop.data.teaching.exchange import Imported

# So many characters of the names of a set are shown.
_SHOWN = 48
_PROJECT = ".zip"


class ClassesDialog(QDialog):
    """Names classes, and counts their drawings. The pad stays usable.

    Signals:
        drawing_chosen (tuple[str, ...], dict[str, int]): the person wants to draw: the classes, and
            how many drawings of which of them.
        samples_chosen (tuple[str, ...]): the person wants to see the drawings of these classes.
        learning_chosen (tuple[str, ...]): a model is to learn these classes.

    Attributes:
        file: the sets and their samples.
        sets: chooses a set; the last entry is a new one.
        name: the field for a name, or several with commas between them.
        list: the classes.
    """

    drawing_chosen = Signal(tuple, dict)
    samples_chosen = Signal(tuple)
    learning_chosen = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("New classes"))
        self.setModal(False)
        self.resize(640, 520)
        self.file = SetFile(self)
        self._counts: dict[str, int] = {}
        self._has_looked = False  # for the sets there are
        self.sets = QComboBox()
        self.sets.setAccessibleName(self.tr("Set of classes"))
        self.sets.addItem(self.tr("A new set"), ())
        self.sets.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.name = QLineEdit()
        self.name.setAccessibleName(self.tr("Name of a class"))
        self.name.setPlaceholderText(self.tr("A word, a letter or an emoji; commas for several"))
        self.add_button = QPushButton(self.tr("&Add"))
        self.add_button.setDefault(True)
        self._complaint = _sentence(self.tr("What is wrong with the name"))
        self.list = ClassList()
        self._hint = _sentence(self.tr("What to do next"))
        self._hint.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._message = _sentence(self.tr("Message"))
        self._lay_out()
        self._recolour()
        self._connect()
        self._show()
        self._complain("")
        self._say("")

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of the set that is shown."""
        return self.file.classes

    @property
    def complaint(self) -> str:
        """Why the name cannot be used, or ''."""
        return self._complaint.text()

    @property
    def hint(self) -> str:
        """What to do next."""
        return self._hint.text()

    @property
    def message(self) -> str:
        """The sentence that is shown, or ''."""
        return self._message.text()

    def add(self) -> None:
        """Add the classes whose names were typed."""
        from lenet_desktop.data.teaching.class_sets import with_names

        try:
            classes = with_names(self.classes, self.name.text())
        except UserError as error:
            self._complain(translated(error))
            return
        self.name.clear()
        self._change(classes)
        self.list.choose(())  # the next drawings are of all classes
        self.list.scrollToBottom()
        self.name.setFocus()

    def rename(self, before: str, text: str) -> None:
        """Give a class what the person typed as its name."""
        from lenet_desktop.data.teaching.class_sets import checked_name

        others = [name for name in self.classes if name != before]
        try:
            name = checked_name(text, others)
        except UserError as error:
            self._say(translated(error))
            return
        if name != before:
            self._counts = {
                name if each == before else each: count for each, count in self._counts.items()
            }
            classes = tuple(name if each == before else each for each in self.classes)
            self._change(classes, {before: name})

    def remove(self) -> None:
        """Remove the selected classes from the set. The old set's drawings stay on the disk."""
        selected = self.list.selected
        if selected:
            self._change(tuple(name for name in self.classes if name not in selected))
            self._say(
                self.tr("Removed. Add the names again, and the drawings are back.")
                if any(self._counts.get(name) for name in selected)
                else ""
            )

    def ask_import(self) -> None:
        """Ask for a stroke file, and add its drawings; without classes, its labels as well."""
        filters = (
            self.tr("Stroke files ({suffixes})").format(suffixes="*.jsonl *.json"),
            self.tr("All files (*)"),
        )
        title = self.tr("Import drawings")
        path = ask_open_name(self, title, ";;".join(filters), Purpose.DRAWING)
        if path is not None:
            self._say(self.tr("Importing {name} …").format(name=path.name))
            (self.file.import_from if self.classes else self.file.import_new)(path)

    def ask_save(self) -> None:
        """Ask for a file, and write the set, its drawings and its model to it."""
        filters: dict[str, tuple[str, ...]] = {self._projects(): (_PROJECT,)}
        name = as_file_name(", ".join(self.classes)) or self.tr("classes")
        title = self.tr("Save the project")
        path = ask_save_name(self, title, name + _PROJECT, filters, Purpose.TRAINING)
        if path is not None:
            self.file.save_project(path)

    def ask_open(self) -> None:
        """Ask for a project, and add its set, drawings and model."""
        title = self.tr("Open a project")
        path = ask_open_name(self, title, self._projects(), Purpose.TRAINING)
        if path is not None:
            self._say(self.tr("Opening {name} …").format(name=path.name))
            self.file.open_project(path)

    def _projects(self) -> str:
        return self.tr("Projects of classes ({suffix})").format(suffix=f"*{_PROJECT}")

    def look_again(self) -> None:
        """Read the sets and the drawings that are on the disk now."""
        self.file.read_sets()
        self.file.read_again()

    def shut_down(self) -> None:
        """End the thread once everything is written."""
        self.file.stop()

    # Building the dialog

    def _lay_out(self) -> None:
        label = QLabel(self.tr("&Set"))
        label.setBuddy(self.sets)
        name_label = QLabel(self.tr("&Name"))
        name_label.setBuddy(self.name)
        top, names = QHBoxLayout(), QHBoxLayout()
        top.addWidget(label)
        top.addWidget(self.sets, stretch=1)
        self.open_button = QPushButton(self.tr("&Open…"))
        self.open_button.setToolTip(self.tr("Open a project that was saved, here or elsewhere"))
        self.save_button = QPushButton(self.tr("Sa&ve…"))
        self.save_button.setToolTip(
            self.tr("Save the set, its drawings and its model to one file, to be opened elsewhere")
        )
        for button in (self.open_button, self.save_button):
            button.setAutoDefault(False)
            top.addWidget(button)
        names.addWidget(name_label)
        names.addWidget(self.name, stretch=1)
        names.addWidget(self.add_button)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addLayout(top)
        layout.addLayout(names)
        layout.addWidget(self._complaint)
        layout.addWidget(self.list, stretch=1)
        layout.addWidget(self._hint)
        layout.addWidget(self._message)
        layout.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        self.remove_button = QPushButton(self.tr("&Remove"))
        self.remove_button.setToolTip(self.tr("Remove the selected classes from the set"))
        self.samples_button = QPushButton(self.tr("S&how drawings"))
        self.samples_button.setToolTip(self.tr("See, relabel and delete the drawings"))
        self.import_button = QPushButton(self.tr("I&mport…"))
        self.import_button.setToolTip(
            self.tr("Add the drawings of a stroke file; for a new set its labels are the names")
        )
        self.draw_button = PrimaryButton(self.tr("&Draw"))
        self.draw_button.setToolTip(
            self.tr("The program asks for one drawing after the other; of the selected classes, "
                    "or of all")
        )  # fmt: skip
        self.learn_button = PrimaryButton(self.tr("&Learn"), filled=False)
        self.learn_button.setToolTip(self.tr("Train a model that reads these classes, in seconds"))
        close = QPushButton(self.tr("&Close"))
        close.clicked.connect(self.close)
        buttons = QHBoxLayout()
        for button in (self.remove_button, self.samples_button, self.import_button):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch(1)
        for button in (self.draw_button, self.learn_button, close):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        return buttons

    def _connect(self) -> None:
        self.sets.activated.connect(self._choose_set)
        self.name.textChanged.connect(self._check_name)
        self.add_button.clicked.connect(self.add)
        self.list.renamed.connect(self.rename)
        self.list.dropped.connect(self._take_pictures)
        self.list.itemSelectionChanged.connect(self._enable)
        self.remove_button.clicked.connect(self.remove)
        delete = QAction(self.list)
        delete.setShortcuts([QKeySequence("Del"), QKeySequence("Backspace")])
        delete.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        delete.triggered.connect(self.remove)
        self.list.addAction(delete)
        self.samples_button.clicked.connect(lambda: self.samples_chosen.emit(self.classes))
        self.import_button.clicked.connect(self.ask_import)
        self.open_button.clicked.connect(self.ask_open)
        self.save_button.clicked.connect(self.ask_save)
        self.draw_button.clicked.connect(
            lambda: self.drawing_chosen.emit(self.classes, self._wanted())
        )
        self.learn_button.clicked.connect(lambda: self.learning_chosen.emit(self.classes))
        self.file.read.connect(self._take)
        self.file.sets_read.connect(self._take_sets)
        self.file.opened.connect(self._take_opened)
        self.file.exported.connect(
            lambda path: self._say(self.tr("Saved to {path}").format(path=path))
        )
        self.file.imported.connect(self._say_imported)
        self.file.failed.connect(self._take_failure)

    # The set

    def _change(self, classes: tuple[str, ...], names: dict[str, str] | None = None) -> None:
        self._say("")
        self.file.change(classes, names)
        self._show()

    def _choose_set(self, index: int) -> None:
        self._say("")
        self.name.clear()
        self.file.open(tuple(self.sets.itemData(index)))
        self._counts = {}
        self._show()

    def _take_sets(self, sets: list[tuple[str, ...]]) -> None:
        """List the sets; show the newest one if that which was shown is gone."""
        if self.classes not in sets and (self.classes or not self._has_looked):
            self.file.open(sets[0] if sets else ())
            self._show()
        self._has_looked = True
        self.sets.clear()
        for classes in sets:
            shown = printable(", ".join(classes), _SHOWN)
            text = self.tr("{names} ({count})").format(names=shown, count=len(classes))
            self.sets.addItem(text, classes)
        self.sets.addItem(self.tr("A new set"), ())
        self.sets.setCurrentIndex(sets.index(self.classes) if self.classes else len(sets))

    def _take(self, read: "OwnSamples") -> None:
        self._counts = dict(Counter(each.label for each in read.samples))
        if read.notice:
            self._say(translated(read.notice))
        self._show()

    def _take_opened(self, classes: tuple[str, ...]) -> None:
        """Show a set that was added from a file."""
        self._say(self.tr("Opened."))
        self.file.open(classes)
        self.file.read_sets()
        self._counts = {}
        self._show()

    def _take_pictures(self, label: str, pictures: list[Path]) -> None:
        self._say("")
        self.file.add_pictures(pictures, label)

    def _take_failure(self, sentence: str) -> None:
        self._say(sentence)
        self.file.read_sets()  # a set that was not written is not shown

    def _wanted(self) -> dict[str, int]:
        """Return how many drawings to ask for: of the selected classes, or what is missing."""
        from lenet_desktop.data.teaching.drawings import MIN_DRAWINGS

        selected = self.list.selected
        if selected:
            return dict.fromkeys(selected, MIN_DRAWINGS)
        missing = {name: MIN_DRAWINGS - self._counts.get(name, 0) for name in self.classes}
        missing = {name: count for name, count in missing.items() if count > 0}
        return missing or dict.fromkeys(self.classes, 2)

    # What is shown

    def _show(self) -> None:
        from lenet_desktop.data.teaching.drawings import MIN_DRAWINGS

        counts = {name: self._counts.get(name, 0) for name in self.classes}
        self.list.show_counts(counts, MIN_DRAWINGS)
        short = [name for name, count in counts.items() if count < MIN_DRAWINGS]
        if len(counts) < 2:
            hint = self.tr("Add the names of 2 to 50 classes.")
        elif short:
            hint = self.tr(
                "Each class needs {least} drawings or more: draw them, or drop pictures onto its "
                "name."
            ).format(least=MIN_DRAWINGS)
        else:
            hint = self.tr("Ready to learn. With more drawings it will read better.")
        self._hint.setText(hint)
        is_ready = len(counts) >= 2 and not short
        self.learn_button.setEnabled(is_ready)
        self.learn_button.set_filled(is_ready)
        self.draw_button.set_filled(not is_ready)
        self._check_name(self.name.text())
        self._enable()

    def _enable(self) -> None:
        is_some = bool(self.list.selected)
        self.remove_button.setEnabled(is_some)
        self.draw_button.setText(self.tr("&Draw selected") if is_some else self.tr("&Draw"))
        for button in (self.draw_button, self.save_button):
            button.setEnabled(bool(self.classes))
        self.samples_button.setEnabled(any(self._counts.get(name) for name in self.classes))

    def _check_name(self, text: str) -> None:
        """Say what is wrong with the name while it is typed."""
        from lenet_desktop.data.teaching.class_sets import with_names

        complaint = ""
        if text.strip():
            try:
                with_names(self.classes, text)
            except UserError as error:
                complaint = translated(error)
        self._complain(complaint)

    def _complain(self, sentence: str) -> None:
        self._complaint.setText(sentence)
        self._complaint.setVisible(bool(sentence))
        self.name.setAccessibleDescription(sentence)
        self.add_button.setEnabled(bool(self.name.text().strip()) and not sentence)

    def _say(self, sentence: str) -> None:
        self._message.setText(sentence)
        self._message.setVisible(bool(sentence))

    def _say_imported(self, imported: "Imported") -> None:
        self._say(about_import(imported))

    def _recolour(self) -> None:
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, QColor(colours(self).error))
        self._complaint.setPalette(palette)

    # Qt's events

    def showEvent(self, event: QShowEvent) -> None:
        """Show what is on the disk now."""
        self.look_again()
        self.name.setFocus()
        super().showEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme; look again when another window has been used."""
        if event.type() is QEvent.Type.PaletteChange:
            self._recolour()
        elif event.type() is QEvent.Type.ActivationChange and self.isActiveWindow():
            self.look_again()
        super().changeEvent(event)


def _sentence(name: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setAccessibleDescription(name)
    return label
