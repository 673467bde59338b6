"""The page during a training: what it says in each state, and its buttons."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAccessible
from pytestqt.qtbot import QtBot

from drawers import Records, click, wait_for_the_end
from hands import LOADING_MS
from lenet_desktop.ui.training.drawer import TrainingDrawer
from lenet_desktop.ui.training.during.time_left import time_left
from lenet_desktop.ui.window.main_window import MainWindow


def test_it_says_paused_while_paused_and_how_long_it_takes_otherwise(
    one_epoch: TrainingDrawer, qtbot: QtBot
) -> None:
    page = one_epoch.during
    assert page.state.endswith(" left")
    click(page.pause_button, qtbot)
    assert page.state.startswith("Paused. About ")
    assert page.pause_button.text() == "&Resume"
    click(page.pause_button, qtbot)
    assert page.state.startswith("About ")
    assert page.pause_button.text() == "&Pause"


def test_no_step_is_done_while_paused(
    one_epoch: TrainingDrawer, records: Records, qtbot: QtBot
) -> None:
    click(one_epoch.during.pause_button, qtbot)
    steps = -1
    while steps != records.steps:  # the step under way, on a busy computer
        steps, figures = records.steps, one_epoch.during.figures.texts
        qtbot.wait(300)
    qtbot.wait(300)
    assert records.steps == steps
    assert one_epoch.during.figures.texts == figures


def test_stopping_keeps_the_best_model(one_epoch: TrainingDrawer, qtbot: QtBot) -> None:
    page = one_epoch.during
    click(page.stop_button, qtbot)
    assert not page.pause_button.isEnabled()
    assert not page.stop_button.isEnabled()
    assert page.cancel_button.isEnabled()
    wait_for_the_end(one_epoch, qtbot)
    assert one_epoch.outcome is not None
    assert one_epoch.after.isVisible()


def test_cancelling_discards_it(one_epoch: TrainingDrawer, qtbot: QtBot) -> None:
    click(one_epoch.during.cancel_button, qtbot)
    assert not one_epoch.during.cancel_button.isEnabled()
    wait_for_the_end(one_epoch, qtbot)
    assert one_epoch.outcome is None
    assert one_epoch.notice == "Cancelled. Nothing has changed."


def test_figures_curves_and_progress_are_those_of_the_training(
    one_epoch: TrainingDrawer, records: Records, qtbot: QtBot
) -> None:
    page = one_epoch.during
    click(page.pause_button, qtbot)
    qtbot.wait(150)
    assert (page.plot.steps, page.plot.epochs) == (records.steps, records.epochs)
    last = records.records[-1]
    assert page.figures.texts["Epoch"] == f"{last.epoch} of 1000"
    assert page.figures.texts["Best validation accuracy"].endswith(" %")
    assert f"{last.learning_rate:.5f}" in page.figures.texts.values()


@pytest.mark.parametrize("height", [600, 760])
def test_the_buttons_are_visible_in_a_low_window(
    window: MainWindow, long_training: TrainingDrawer, qtbot: QtBot, height: int
) -> None:
    window.setMinimumSize(1, 1)
    window.resize(900, height)
    if window.strip.isHidden():
        window.actions_.network.trigger()
    qtbot.wait(50)
    for button in (
        long_training.during.pause_button,
        long_training.during.stop_button,
        long_training.during.cancel_button,
    ):
        corner = button.mapTo(window, QPoint(button.width(), button.height()))
        assert window.rect().contains(corner)
        assert button.visibleRegion().boundingRect() == button.rect()


def test_the_plot_tells_its_newest_figures_to_a_screen_reader(
    one_epoch: TrainingDrawer, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: one_epoch.during.plot.epochs > 0, timeout=LOADING_MS)
    interface = QAccessible.queryAccessibleInterface(one_epoch.during.plot)
    assert interface.role() is QAccessible.Role.Graphic
    assert interface.text(QAccessible.Text.Name) == (
        "Loss and validation error over the training's steps"
    )
    value = interface.text(QAccessible.Text.Value)
    for figure in ("Training loss 0.", "Validation loss 0.", "Validation error "):
        assert figure in value


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1, "A few seconds left"),
        (7.2, "About 7 s left"),
        (42, "About 40 s left"),
        (600, "About 10 min left"),
        (9000, "About 2 h left"),
    ],
)
def test_times_are_rounded_as_a_person_would(seconds: float, text: str) -> None:
    assert time_left(seconds) == text
