"""What to do with the challenger: its name, and three buttons."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from lenet_desktop.models.model_card import MAX_NAME
from lenet_desktop.ui.style.theme import colours
from lenet_desktop.ui.training.after.verdict import breakable
from lenet_desktop.ui.training.primary_button import PrimaryButton


class Decision(QWidget):
    """Asks for a name, and whether to save and use, save or discard the challenger.

    Enter in the name is a click on the filled button.

    Signals:
        kept (bool): the challenger is to be saved, and is to be used from now on.
        discarded (): it is to be discarded.
    """

    kept = Signal(bool)
    discarded = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.name = QLineEdit()
        self.name.setMaxLength(MAX_NAME)
        self.name.setAccessibleName(self.tr("Name of the model"))
        self._complaint = QLabel()
        self._complaint.setTextFormat(Qt.TextFormat.PlainText)
        self._complaint.setWordWrap(True)
        self._complaint.hide()
        self.use_button = PrimaryButton(self.tr("Save and &use"))
        self.save_button = PrimaryButton(self.tr("Save &only"), filled=False)
        self.discard_button = QPushButton(self.tr("&Discard"))
        self.discard_button.setMinimumHeight(self.use_button.minimumHeight())
        self.use_button.setToolTip(self.tr("Save the challenger, and read with it from now on"))
        self.save_button.setToolTip(
            self.tr("Save the challenger among your models; the model in use stays")
        )
        self.discard_button.setToolTip(self.tr("Delete the challenger; the model in use stays"))
        self._default: PrimaryButton = self.save_button
        self._lay_out()
        self._recolour()
        self.name.textEdited.connect(lambda _: self.complain(""))
        self.name.returnPressed.connect(lambda: self._default.click())
        self.use_button.clicked.connect(lambda: self.kept.emit(True))
        self.save_button.clicked.connect(lambda: self.kept.emit(False))
        self.discard_button.clicked.connect(self.discarded)

    @property
    def complaint(self) -> str:
        """Why the challenger was not saved, or ''."""
        return self.name.accessibleDescription()

    @property
    def default_button(self) -> QPushButton:
        """The button that Enter clicks."""
        return self._default

    def ask(self, name: str, *, is_better: bool) -> None:
        """Ask what to do.

        Args:
            name: the suggested name.
            is_better: whether the challenger is better than the champion. If not, Enter does not
                replace the model in use.
        """
        self.name.setText(name)
        self.name.selectAll()
        self.complain("")
        self._default = self.use_button if is_better else self.save_button
        for button in (self.use_button, self.save_button):
            button.set_filled(button is self._default)

    @property
    def advises_use(self) -> bool:
        """Whether Enter saves the challenger and uses it."""
        return self._default is self.use_button

    def complain(self, sentence: str) -> None:
        """Show below the name why the challenger was not saved, or nothing for ''."""
        self._complaint.setText(breakable(sentence))
        self._complaint.setVisible(bool(sentence))
        self.name.setAccessibleDescription(sentence)

    def _lay_out(self) -> None:
        label = QLabel(self.tr("&Name"))
        label.setBuddy(self.name)
        names, buttons = QHBoxLayout(), QHBoxLayout()
        names.addWidget(label)
        names.addWidget(self.name, stretch=1)
        for button in (self.discard_button, self.save_button, self.use_button):
            # Enter clicks the button that has the focus.
            button.setAutoDefault(True)
            buttons.addWidget(button, stretch=1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(names)
        layout.addWidget(self._complaint)
        layout.addLayout(buttons)

    def _recolour(self) -> None:
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, QColor(colours(self).error))
        self._complaint.setPalette(palette)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        if event.type() is QEvent.Type.PaletteChange:
            self._recolour()
        super().changeEvent(event)
