"""The training drawer in its window, and trainings under way."""

import pytest
from pytestqt.qtbot import QtBot

from drawers import Records, click, open_drawer
from hands import LOADING_MS
from lenet_desktop.ui.training.drawer import TrainingDrawer
from lenet_desktop.ui.window.main_window import MainWindow


@pytest.fixture
def drawer(window: MainWindow, qtbot: QtBot) -> TrainingDrawer:
    """The drawer of ``window``, open."""
    return open_drawer(window, qtbot)


@pytest.fixture
def records(drawer: TrainingDrawer) -> Records:
    """The progress of the drawer's trainings."""
    return Records(drawer.run)


@pytest.fixture
def long_training(drawer: TrainingDrawer, records: Records, qtbot: QtBot) -> TrainingDrawer:
    """A training that is under way and would take minutes."""
    drawer.before.options.epochs.setValue(1000)
    drawer.before.train_button.setFocus()
    click(drawer.before.train_button, qtbot)
    qtbot.waitUntil(lambda: records.steps > 3, timeout=LOADING_MS)
    return drawer


@pytest.fixture
def one_epoch(long_training: TrainingDrawer, records: Records, qtbot: QtBot) -> TrainingDrawer:
    """A training that is under way and has a complete epoch."""
    qtbot.waitUntil(lambda: records.epochs >= 1, timeout=LOADING_MS)
    return long_training
