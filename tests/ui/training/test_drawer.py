"""The drawer: opening and closing it, and closing the window at any moment."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from drawers import (
    Records,
    checkpoints,
    click,
    train_to_the_end,
    wait_for_the_end,
)
from hands import ANSWER_MS, LOADING_MS, Answers, activate, press_key
from lenet_desktop.models import library
from lenet_desktop.ui.training.drawer import TrainingDrawer
from lenet_desktop.ui.training.run import Phase
from lenet_desktop.ui.window.main_window import MainWindow

Open = Callable[..., MainWindow]
UNDER_WAY = "A training is under way."
UNDECIDED = "The trained model is not saved."


def close_button(drawer: TrainingDrawer) -> QToolButton:
    (button,) = (b for b in drawer.findChildren(QToolButton) if "Close" in b.accessibleName())
    return button


def test_the_drawer_hides_while_the_training_goes_on(
    qtbot: QtBot, window: MainWindow, long_training: TrainingDrawer, records: Records
) -> None:
    drawer = long_training
    notice = drawer.notice
    assert window.focusWidget() is drawer.during.pause_button
    click(close_button(drawer), qtbot)
    assert not drawer.isVisible()
    assert drawer.is_training
    assert window.focusWidget() is window.canvas
    steps = records.steps
    qtbot.waitUntil(lambda: records.steps > steps, timeout=LOADING_MS)
    assert window.actions_.train.iconText().startswith("Training ")
    for shown in (True, False, True):
        press_key(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
        assert drawer.isVisible() == shown
    assert drawer.during.isVisible()
    assert drawer.notice == notice
    click(drawer.during.cancel_button, qtbot)
    wait_for_the_end(drawer, qtbot)
    assert window.actions_.train.iconText() == "Train"


def test_in_a_narrow_window_the_drawer_is_a_tab(
    qtbot: QtBot, window: MainWindow, drawer: TrainingDrawer
) -> None:
    window.resize(900, 600)
    qtbot.waitUntil(lambda: not window.panel.isVisible())
    assert drawer.isVisible()
    bottom = drawer.before.train_button
    assert bottom.visibleRegion().boundingRect() == bottom.rect()
    train_to_the_end(drawer, qtbot)
    assert drawer.after.isVisible()


# Closing the window


def test_closing_in_the_middle_asks_first(
    qtbot: QtBot, window: MainWindow, home: Path, one_epoch: TrainingDrawer
) -> None:
    answers = Answers("Keep training", "Throw it away")
    window.close()
    assert window.isVisible()
    assert one_epoch.is_training
    window.close()
    assert answers.asked == [UNDER_WAY] * 2
    assert answers.defaults == ["Continue next time"] * 2, "Enter throws nothing away"
    assert not window.isVisible()
    assert not one_epoch.is_training
    assert checkpoints(home) == []


def test_quitting_in_the_middle_continues_next_time(
    qtbot: QtBot, window: MainWindow, home: Path, one_epoch: TrainingDrawer, open_window: Open
) -> None:
    answers = Answers("Continue next time")
    seed = one_epoch.run.job.recipe.seed
    window.close()
    assert answers.asked == [UNDER_WAY]
    assert not window.isVisible()
    assert window.session.recognition.isFinished()
    assert len(checkpoints(home)) == 1

    again = open_window()
    qtbot.waitUntil(lambda: "was interrupted: " in again.message, timeout=ANSWER_MS)
    assert " of 1000 epochs are complete" in again.message
    click(again.pill._action, qtbot)
    drawer = again.training
    assert drawer is not None
    assert drawer.isVisible()
    records = Records(drawer.run)
    interrupted = drawer.before.interrupted
    qtbot.waitUntil(interrupted.isVisible, timeout=ANSWER_MS)
    click(interrupted.go_on_button, qtbot)
    qtbot.waitUntil(lambda: records.epochs >= 1, timeout=LOADING_MS)
    assert drawer.run.job.recipe.seed == seed
    assert records.steps < records.records[-1].step, "no epoch is trained again"
    click(drawer.during.cancel_button, qtbot)
    wait_for_the_end(drawer, qtbot)
    qtbot.waitUntil(lambda: not drawer.run.cut_off.is_looking, timeout=ANSWER_MS)
    assert not interrupted.isVisible()
    assert checkpoints(home) == []


def test_before_the_first_epoch_is_complete_there_is_nothing_to_continue(
    qtbot: QtBot, window: MainWindow, home: Path, drawer: TrainingDrawer
) -> None:
    drawer.before.options.use_recipe("thorough")  # it draws images before the first epoch
    answers = Answers("Keep training", "Throw it away")
    click(drawer.before.train_button, qtbot)
    window.close()
    assert drawer.is_training
    window.close()
    assert answers.defaults == ["Keep training"] * 2
    assert answers.asked == [UNDER_WAY] * 2
    assert not drawer.is_training
    assert checkpoints(home) == []


@pytest.mark.parametrize("answer", ["Save and quit", "Quit without saving"])
def test_a_model_that_is_not_saved_can_be_saved_on_closing(
    qtbot: QtBot, window: MainWindow, home: Path, drawer: TrainingDrawer, answer: str
) -> None:
    train_to_the_end(drawer, qtbot)
    name = drawer.after.name.text()
    answers = Answers("Keep it open", answer)
    window.close()
    assert window.isVisible()
    assert drawer.run.phase is Phase.AFTER
    window.close()
    assert answers.asked == [UNDECIDED] * 2
    assert answers.defaults == ["Save and quit"] * 2
    assert not window.isVisible()
    saved = [kept.card.name for kept in library.kept_models()]
    assert saved == ([name] if answer == "Save and quit" else [])
    assert checkpoints(home) == []


def test_a_name_that_is_taken_keeps_the_window_open(
    qtbot: QtBot, window: MainWindow, drawer: TrainingDrawer
) -> None:
    train_to_the_end(drawer, qtbot)
    library.keep(drawer.outcome.challenger, "taken")
    drawer.after.name.setText("taken")
    answers = Answers("Save and quit")
    window.close()
    assert answers.asked == [UNDECIDED]
    assert window.isVisible()
    assert "already" in drawer.after.decision.complaint
    drawer.run.discard()


def test_a_paused_training_is_called_paused(
    qtbot: QtBot, window: MainWindow, long_training: TrainingDrawer
) -> None:
    click(long_training.during.pause_button, qtbot)
    answers = Answers("Keep it open", "Throw it away")
    window.close()
    assert long_training.run.is_paused
    window.close()
    assert answers.asked == ["A training is paused."] * 2


def test_the_question_is_asked_anew_if_the_training_ends_while_it_is_open(
    qtbot: QtBot, window: MainWindow, drawer: TrainingDrawer
) -> None:
    drawer.before.options.epochs.setValue(1)
    click(drawer.before.train_button, qtbot)
    answers = Answers("Keep it open", when=lambda: not drawer.is_training)
    window.close()
    assert answers.asked == [UNDECIDED]
    assert window.isVisible()
    assert drawer.run.phase is Phase.AFTER


def test_the_window_closes_if_nothing_is_left_to_ask_about(
    qtbot: QtBot, window: MainWindow, long_training: TrainingDrawer
) -> None:
    click(long_training.during.cancel_button, qtbot)
    window.close()  # asks, until the training has been cancelled
    assert not window.isVisible()
    assert long_training.run.phase is Phase.BEFORE


def test_an_unwritable_cache_is_not_offered_to_continue_from(
    qtbot: QtBot, window: MainWindow, home: Path, drawer: TrainingDrawer
) -> None:
    (home / "cache").mkdir(parents=True, exist_ok=True)
    (home / "cache" / "training").write_text("a file where a folder is wanted")
    train_to_the_end(drawer, qtbot)
    answers = Answers("Quit without saving")
    window.close()
    assert answers.asked == [UNDECIDED]


# Keyboard and screen readers


def test_tab_follows_the_page_and_every_stop_has_a_name(
    qtbot: QtBot, window: MainWindow, drawer: TrainingDrawer
) -> None:
    click(drawer.before.options.advanced.button, qtbot)
    activate(window, qtbot)
    stops: list[QWidget] = []
    for _ in range(80):
        press_key(window.focusWidget(), Qt.Key.Key_Tab)
        widget = window.focusWidget()
        if widget in stops:
            break
        if drawer.isAncestorOf(widget):
            stops.append(widget)
    options = drawer.before.options
    for widget in (
        drawer.before.mnist.button, options.data.list, options.data.button,
        options.recipes.cards["quick"], options.epochs, options.batch_size, options.learning_rate,
        options.optimizer, options.schedule, options.weight_decay, options.device,
        options.fixed_seed, options.augmentation, options.pen_digits, options.start,
        options.freeze, drawer.before.train_button,
    ):  # fmt: skip
        assert widget in stops, widget.accessibleName()
    for widget in stops:
        interface = QAccessible.queryAccessibleInterface(widget)
        assert interface.text(QAccessible.Text.Name), widget
        assert interface.role() != QAccessible.Role.NoRole

    reset = options.recipes.cards["quick"].reset_button
    assert stops.index(reset) == stops.index(options.recipes.cards["quick"]) + 1
    page = options.parentWidget()
    inside = [w for w in stops if page.isAncestorOf(w) and w is not reset]
    places = [w.mapTo(page, w.rect().center()) for w in inside]
    assert places == sorted(places, key=lambda at: (at.y() // 12, at.x()))


def test_the_message_is_read_by_screen_readers(qtbot: QtBot, long_training: TrainingDrawer) -> None:
    interface = QAccessible.queryAccessibleInterface(long_training._notice)
    assert interface.text(QAccessible.Text.Name) == "Message about the training"
    assert interface.text(QAccessible.Text.Description).startswith("Training 'quick, changed'")
    click(long_training.during.cancel_button, qtbot)
    wait_for_the_end(long_training, qtbot)
