"""A user's actions in the training drawer, and waiting for a training."""

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QCheckBox
from pytestqt.qtbot import QtBot

from hands import LEFT, LOADING_MS, activate, press_key
from lenet_desktop.training.progress import TrainingProgress
from lenet_desktop.ui.training.drawer import TrainingDrawer
from lenet_desktop.ui.training.run import TrainingRun
from lenet_desktop.ui.window.main_window import MainWindow


def open_drawer(window: MainWindow, qtbot: QtBot) -> TrainingDrawer:
    """Open the drawer, without synthetic images: drawing them takes most of a short training."""
    activate(window, qtbot)
    press_key(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    drawer = window.training
    assert drawer is not None
    qtbot.waitUntil(drawer.isVisible)
    drawer.before.options.pen_digits.setChecked(False)
    return drawer


def click(button: QAbstractButton, qtbot: QtBot) -> None:
    """Click a button that can be clicked."""
    assert button.isVisible() and button.isEnabled(), button.text()
    # A check box takes clicks on its box and its text only.
    at = QPoint(8, button.height() // 2) if isinstance(button, QCheckBox) else QPoint()
    qtbot.mouseClick(button, LEFT, pos=at)


def wait_for_the_end(drawer: TrainingDrawer, qtbot: QtBot) -> None:
    """Wait until no training is under way."""
    qtbot.waitUntil(lambda: not drawer.is_training, timeout=LOADING_MS)


def train_to_the_end(drawer: TrainingDrawer, qtbot: QtBot, epochs: int = 1) -> None:
    """Train and wait for the outcome."""
    drawer.before.options.epochs.setValue(epochs)
    click(drawer.before.train_button, qtbot)
    wait_for_the_end(drawer, qtbot)


def checkpoints(home: Path) -> list[Path]:
    """Return the checkpoints of all trainings."""
    return sorted((home / "cache" / "training").glob("*.checkpoint"))


class Records:
    """The progress records of a run from now on.

    Attributes:
        records: the records.
    """

    def __init__(self, run: TrainingRun) -> None:
        self.records: list[TrainingProgress] = []
        run.progressed.connect(self.records.extend)

    @property
    def steps(self) -> int:
        """How many steps were done."""
        return sum(len(record.losses) for record in self.records)

    @property
    def epochs(self) -> int:
        """How many epochs are complete."""
        return sum(record.validation_accuracy is not None for record in self.records)
