"""The curves and the film of the training that is over, and saving the curves."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from lenet_desktop.ui.training.during.plot import TrainingPlot
from lenet_desktop.ui.training.film.view import FilmView
from lenet_desktop.ui.training.fold import Fold
from lenet_desktop.ui.translated import translated
from lenet_desktop.ui.window.file_dialogs import as_file_name, ask_save_name

_HEIGHT = 320


class Curves(QWidget):
    """A fold that borrows plot and film from the page on which they grew.

    Args:
        plot: the plot.
        film: the slider below it.

    Signals:
        said (str): one sentence for the user.
    """

    said = Signal(str)

    def __init__(self, plot: TrainingPlot, film: FilmView) -> None:
        super().__init__()
        self._plot, self._film = plot, film
        self._name = ""
        # Where the plot and the film were, in this order: a layout, a place in it, a stretch.
        self._lent_from: list[tuple[QBoxLayout, int, int]] = []
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
        self._below = below
        self.fold = Fold(self.tr("Cur&ves and film"), content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.fold)
        self.fold.opened.connect(self._leave_moment)
        self.picture_button.clicked.connect(self._save_picture)
        self.csv_button.clicked.connect(self._save_csv)

    def borrow(self, name: str) -> None:
        """Show plot and film here, folded; nothing is offered if no step was trained.

        Args:
            name: the name of the model, from which the names of files are made.
        """
        self._name = name
        self.setVisible(self._plot.steps > 0)
        self.fold.button.setChecked(False)
        if self._lent_from:
            return
        for widget in (self._plot, self._film):
            parent = widget.parentWidget()
            home = None if parent is None else parent.layout()
            if isinstance(home, QBoxLayout):
                at = home.indexOf(widget)
                self._lent_from.append((home, at, home.stretch(at)))
        self._inside.addWidget(self._plot)
        self._below.insertWidget(1, self._film)  # between the plot and the buttons

    def give_back(self) -> None:
        """Put plot and film back to where they came from."""
        for widget, (home, at, stretch) in zip(
            (self._plot, self._film), self._lent_from, strict=False
        ):
            home.insertWidget(at, widget, stretch)
        self._lent_from.clear()

    def _leave_moment(self, is_open: bool) -> None:
        """Choose no moment while the slider is hidden."""
        if not is_open:
            self._film.follow()

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
