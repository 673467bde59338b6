"""The curves of the training that is over, and saving them."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from lenet_desktop.ui.training.during.plot import TrainingPlot
from lenet_desktop.ui.training.fold import Fold
from lenet_desktop.ui.translated import translated
from lenet_desktop.ui.window.file_dialogs import as_file_name, ask_save_name

_HEIGHT = 320


class Curves(QWidget):
    """A fold that borrows the plot from the page on which it grew.

    Args:
        plot: the plot.

    Signals:
        said (str): one sentence for the user.
    """

    said = Signal(str)

    def __init__(self, plot: TrainingPlot) -> None:
        super().__init__()
        self._plot = plot
        self._name = ""
        self._lent_from: tuple[QBoxLayout, int, int] | None = None
        self.picture_button = QPushButton(self.tr("Save as pict&ure…"))
        self.csv_button = QPushButton(self.tr("Save as CS&V…"))
        content = QWidget()
        buttons = QHBoxLayout()
        buttons.addWidget(self.picture_button)
        buttons.addWidget(self.csv_button)
        frame = QWidget()
        frame.setFixedHeight(_HEIGHT)
        self._inside = QVBoxLayout(frame)
        self._inside.setContentsMargins(0, 0, 0, 0)
        below = QVBoxLayout(content)
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(frame)
        below.addLayout(buttons)
        self.fold = Fold(self.tr("Cur&ves"), content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.fold)
        self.picture_button.clicked.connect(self._save_picture)
        self.csv_button.clicked.connect(self._save_csv)

    def borrow(self, name: str) -> None:
        """Show the plot here, folded; nothing is offered if no step was trained.

        Args:
            name: the name of the model, from which the names of files are made.
        """
        self._name = name
        self.setVisible(self._plot.steps > 0)
        self.fold.button.setChecked(False)
        parent = self._plot.parentWidget()
        home = None if parent is None else parent.layout()
        if self._lent_from is None and isinstance(home, QBoxLayout):
            at = home.indexOf(self._plot)
            self._lent_from = home, at, home.stretch(at)
            self._inside.addWidget(self._plot)

    def give_back(self) -> None:
        """Put the plot back to where it came from."""
        if self._lent_from is not None:
            home, at, stretch = self._lent_from
            self._lent_from = None
            home.insertWidget(at, self._plot, stretch)

    def _save_picture(self) -> None:
        self._ask(
            self.tr("Save the curves"),
            ".png",
            {self.tr("Picture (*.png)"): (".png",)},
            self._plot.save_picture,
        )

    def _save_csv(self) -> None:
        self._ask(
            self.tr("Save the numbers"),
            ".csv",
            {self.tr("Table (*.csv)"): (".csv",)},
            self._plot.save_csv,
        )

    def _ask(
        self,
        title: str,
        suffix: str,
        suffixes: dict[str, tuple[str, ...]],
        save: Callable[[Path], None],
    ) -> None:
        path = ask_save_name(self, title, f"{as_file_name(self._name)}{suffix}", suffixes)
        if path is None:
            return
        try:
            save(path)
        except OSError as error:
            reason = translated(error)
            self.said.emit(
                self.tr("{path} cannot be written: {reason}.").format(path=path, reason=reason)
            )
        else:
            self.said.emit(self.tr("Saved {name}").format(name=path.name))
