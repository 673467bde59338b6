"""The training dialog, used as a person uses it: with clicks and keys."""

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from hands import ANSWER_MS, LOADING_MS, Answers
from lenet_desktop import paths
from lenet_desktop.data.sources import MNIST_FILES, STARTER, mnist_cache
from lenet_desktop.drawing.stroke_file import read_strokes
from lenet_desktop.models import library, model_file
from lenet_desktop.ui.app import make_window
from lenet_desktop.ui.self_test import close_and_delete, play_strokes
from lenet_desktop.ui.training.dialog import TrainingDialog
from lenet_desktop.ui.window.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton
STARTER_DIGITS = "starter digits (5,000 of MNIST)"


@pytest.fixture
def device() -> str:
    """The device that the window reads on."""
    return "cpu"


@pytest.fixture
def window(qtbot, device) -> Iterator[MainWindow]:
    # Not given to qtbot to close: it would do so before the training is shut down.
    window = make_window(device=device)
    window.show()
    window.start()
    qtbot.waitUntil(lambda: not window.is_loading, timeout=LOADING_MS)
    yield window
    close_and_delete(window)


@pytest.fixture
def dialog(qtbot, window) -> TrainingDialog:
    """The dialog, without synthetic images: drawing them takes most of a short training."""
    return open_dialog(qtbot, window)


def open_dialog(qtbot, window) -> TrainingDialog:
    qtbot.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert window.training is not None
    qtbot.waitUntil(window.training.isVisible)
    window.training.options.pen_digits.setChecked(False)
    return window.training


@pytest.fixture
def long_training(qtbot, dialog) -> TrainingDialog:
    """A training that is under way and would take minutes."""
    dialog.options.epochs.setValue(1000)
    qtbot.mouseClick(dialog.train_button, LEFT)
    qtbot.waitUntil(lambda: dialog.plot.steps > 3, timeout=LOADING_MS)
    return dialog


@pytest.fixture
def one_epoch(qtbot, long_training) -> TrainingDialog:
    """A training that is under way and has a complete epoch."""
    qtbot.waitUntil(lambda: long_training.plot.epochs >= 1, timeout=LOADING_MS)
    return long_training


def wait_for_the_end(qtbot, dialog: TrainingDialog) -> None:
    qtbot.waitUntil(lambda: not dialog.is_training, timeout=LOADING_MS)


def train_to_the_end(qtbot, dialog: TrainingDialog, epochs: int = 1) -> None:
    dialog.options.epochs.setValue(epochs)
    qtbot.mouseClick(dialog.train_button, LEFT)
    wait_for_the_end(qtbot, dialog)


def checkpoints(home: Path) -> list[Path]:
    return sorted((home / "cache" / "training").glob("*.checkpoint"))


def draw(qtbot, window: MainWindow, digit: str) -> str:
    records = read_strokes(paths.resource("demo-strokes.jsonl"))
    window.canvas.clear()
    play_strokes(window.canvas, next(r for r in records if r.label == digit).strokes)
    qtbot.waitUntil(window.is_answered)
    return window.panel.digit


def checksum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_one_click_trains_on_starter_digits_if_mnist_is_missing(qtbot, dialog):
    assert "starter digits" in dialog.options.data.currentText()
    assert dialog.mnist.button.isVisible()
    assert not dialog.options.isVisible()
    train_to_the_end(qtbot, dialog, epochs=2)
    assert dialog.plot.steps % 2 == 0 and dialog.plot.steps >= 20
    assert dialog.plot.epochs == 2
    assert dialog.outcome is not None
    assert dialog.keep_button.isVisible()
    assert not dialog.train_button.isVisible()
    assert "test digits of starter digits" in dialog.comparison.verdict


def test_the_champion_reads_while_a_challenger_trains(qtbot, window, long_training):
    before = long_training.plot.steps
    assert draw(qtbot, window, "3") == "3"
    assert draw(qtbot, window, "8") == "8"
    qtbot.waitUntil(lambda: long_training.plot.steps > before + 3, timeout=30_000)


def test_pause_and_resume(qtbot, long_training):
    qtbot.mouseClick(long_training.pause_button, LEFT)
    assert "Resume" in long_training.pause_button.text()
    qtbot.wait(300)  # a step may be under way
    steps = long_training.plot.steps
    qtbot.wait(500)
    assert long_training.plot.steps == steps
    qtbot.mouseClick(long_training.pause_button, LEFT)
    qtbot.waitUntil(lambda: long_training.plot.steps > steps, timeout=30_000)


@pytest.mark.parametrize("paused", [False, True])
def test_stop_keeps_the_best_so_far(qtbot, one_epoch, paused):
    long_training = one_epoch
    if paused:
        qtbot.mouseClick(long_training.pause_button, LEFT)
    qtbot.mouseClick(long_training.stop_button, LEFT)
    wait_for_the_end(qtbot, long_training)
    assert long_training.outcome is not None
    assert long_training.outcome.challenger.card.validation_accuracy > 0.2


@pytest.mark.parametrize("paused", [False, True])
def test_cancel_discards_everything(qtbot, long_training, paused):
    if paused:
        qtbot.mouseClick(long_training.pause_button, LEFT)
    qtbot.mouseClick(long_training.cancel_button, LEFT)
    wait_for_the_end(qtbot, long_training)
    assert long_training.outcome is None
    assert "Cancelled" in long_training.notice
    assert library.kept_models() == []
    assert long_training.train_button.isVisible()


def test_keep_reads_with_the_challenger_and_leaves_the_factory_model(qtbot, window, dialog, home):
    factory = checksum(paths.factory_model())
    train_to_the_end(qtbot, dialog)
    dialog.name.setText("my first")
    qtbot.mouseClick(dialog.keep_button, LEFT)
    qtbot.waitUntil(lambda: "my first" in window.status)
    (kept,) = library.kept_models()
    assert kept.card.name == "my first"
    assert kept.path.is_relative_to(home)
    assert checksum(paths.factory_model()) == factory
    assert dialog.outcome is None

    # It is remembered, and the factory model is one menu entry away.
    again = make_window()
    again.start()
    qtbot.waitUntil(lambda: "my first" in again.status, timeout=30_000)
    again.model_menu.factory_action.trigger()
    qtbot.waitUntil(lambda: "my first" not in again.status)
    close_and_delete(again)


def test_a_name_that_is_taken_keeps_the_challenger_waiting(qtbot, dialog):
    train_to_the_end(qtbot, dialog)
    assert dialog.outcome is not None
    library.keep(dialog.outcome.challenger, "taken")
    dialog.name.setText(" Taken ")
    qtbot.mouseClick(dialog.keep_button, LEFT)
    assert "already" in dialog.notice
    assert dialog.outcome is not None
    qtbot.mouseClick(dialog.discard_button, LEFT)


def test_discard_changes_nothing(qtbot, window, dialog):
    status = window.status
    train_to_the_end(qtbot, dialog)
    qtbot.mouseClick(dialog.discard_button, LEFT)
    assert dialog.outcome is None
    assert library.kept_models() == []
    assert window.status == status
    assert dialog.train_button.isVisible()


def test_enter_does_not_keep_a_worse_model(qtbot, dialog):
    train_to_the_end(qtbot, dialog)
    assert "worse" in dialog.comparison.verdict
    assert dialog.discard_button.isDefault()
    assert not dialog.keep_button.isDefault()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.outcome is None
    assert library.kept_models() == []
    assert dialog.train_button.isDefault()


def test_the_loss_can_be_looked_at_before_the_choice(qtbot, dialog):
    train_to_the_end(qtbot, dialog)
    assert dialog.comparison.isVisible()
    qtbot.mouseClick(dialog.curve_button, LEFT)
    assert dialog.plot.isVisible()
    assert not dialog.comparison.isVisible()
    assert dialog._save_picture_button.isVisible()
    assert dialog._save_csv_button.isEnabled()
    qtbot.mouseClick(dialog.curve_button, LEFT)
    assert dialog.comparison.isVisible()
    qtbot.mouseClick(dialog.discard_button, LEFT)
    assert not dialog.curve_button.isVisible()


def test_the_plot_is_saved_while_it_trains(long_training):
    assert long_training._save_csv_button.isEnabled()
    assert long_training._save_picture_button.isEnabled()


# Closing


def test_closing_in_the_middle_asks_first(qtbot, home, one_epoch):
    answers = Answers("Cancel", "Throw it away")
    one_epoch.close()
    assert one_epoch.isVisible()
    assert one_epoch.is_training
    qtbot.keyClick(one_epoch, Qt.Key.Key_Escape)
    assert answers.asked == ["A training is under way."] * 2
    assert answers.defaults == ["Continue next time"] * 2, "Enter throws nothing away"
    assert not one_epoch.isVisible()
    assert not one_epoch.is_training
    assert checkpoints(home) == []


def test_quitting_in_the_middle_continues_next_time(qtbot, window, home, one_epoch):
    answers = Answers("Continue next time")
    window.close()
    assert answers.asked == ["A training is under way."]
    assert not window.isVisible()
    assert not one_epoch.is_training
    assert window.session.recognition.isFinished()
    assert len(checkpoints(home)) == 1

    again = make_window()
    again.show()
    again.start()
    qtbot.waitUntil(lambda: not again.is_loading, timeout=LOADING_MS)
    dialog = open_dialog(qtbot, again)
    assert dialog.go_on_button.isVisible()
    assert dialog.go_on_button.text() == "Cont&inue 'quick, changed'"
    qtbot.mouseClick(dialog.go_on_button, LEFT)
    qtbot.waitUntil(lambda: dialog.plot.epochs >= 1, timeout=LOADING_MS)
    assert dialog.plot._before > 0, "the epochs before the quitting are not trained again"
    qtbot.mouseClick(dialog.cancel_button, LEFT)
    wait_for_the_end(qtbot, dialog)
    assert not dialog.go_on_button.isVisible()
    assert checkpoints(home) == []
    close_and_delete(again)


def test_before_the_first_epoch_is_complete_there_is_nothing_to_continue(qtbot, home, dialog):
    dialog.options.pen_digits.setChecked(True)  # drawing them comes before the first epoch
    answers = Answers("Cancel", "Throw it away")
    qtbot.mouseClick(dialog.train_button, LEFT)
    dialog.close()
    assert dialog.is_training
    dialog.close()
    assert answers.defaults == ["Cancel"] * 2
    assert answers.offered == [["Cancel", "Throw it away"]] * 2
    assert not dialog.is_training
    assert checkpoints(home) == []


def test_a_model_that_is_neither_kept_nor_discarded_can_wait_until_next_time(qtbot, home, dialog):
    train_to_the_end(qtbot, dialog)
    verdict = dialog.comparison.verdict
    answers = Answers("Continue next time")
    dialog.close()
    assert answers.asked == ["The trained model was neither kept nor discarded."]
    assert len(checkpoints(home)) == 1
    dialog.show()
    qtbot.mouseClick(dialog.go_on_button, LEFT)
    wait_for_the_end(qtbot, dialog)
    assert dialog.plot.steps == 0, "nothing is trained again"
    assert dialog.comparison.verdict == verdict
    qtbot.mouseClick(dialog.discard_button, LEFT)
    assert checkpoints(home) == []


def test_an_outcome_that_arrives_while_the_question_is_open_is_asked_about_too(qtbot, dialog):
    dialog.options.epochs.setValue(1)
    qtbot.mouseClick(dialog.train_button, LEFT)
    answers = Answers("Throw it away", "Cancel", when=lambda: not dialog.is_training)
    dialog.close()
    assert answers.asked == [
        "A training is under way.",
        "The trained model was neither kept nor discarded.",
    ]
    assert dialog.isVisible()
    assert dialog.outcome is not None
    qtbot.mouseClick(dialog.discard_button, LEFT)


def test_an_unwritable_cache_is_not_offered_to_continue_from(qtbot, home, dialog):
    (home / "cache").mkdir(parents=True, exist_ok=True)
    (home / "cache" / "training").write_text("a file where a folder is wanted")
    train_to_the_end(qtbot, dialog)
    assert dialog.outcome is not None
    answers = Answers("Throw it away")
    dialog.close()
    assert answers.offered == [["Cancel", "Throw it away"]]


# The device


@pytest.mark.parametrize("device", ["cpu:0"])  # only torch treats it as the same device as 'cpu'
def test_the_pad_reads_on_the_cpu_while_a_training_uses_the_device(qtbot, window, dialog):
    dialog.options.device.addItem("cpu:0")
    dialog.options.device.setCurrentText("cpu:0")
    assert window.session.model.device == "cpu:0"
    dialog.options.epochs.setValue(1000)
    qtbot.mouseClick(dialog.train_button, LEFT)
    assert not dialog._thread.isRunning(), "not before the pad has left the device"
    qtbot.waitUntil(lambda: dialog.plot.steps > 3, timeout=LOADING_MS)
    assert window.session.model.device == "cpu"
    assert draw(qtbot, window, "3") == "3"
    qtbot.mouseClick(dialog.cancel_button, LEFT)
    wait_for_the_end(qtbot, dialog)
    qtbot.waitUntil(lambda: window.session.model.device == "cpu:0", timeout=ANSWER_MS)
    assert draw(qtbot, window, "8") == "8"


# The outcome


def test_a_change_of_the_champion_during_the_training_is_reported(qtbot, window, dialog, home):
    train_to_the_end(qtbot, dialog)
    assert dialog.outcome is not None
    other = library.keep(dialog.outcome.challenger, "other")
    window.session.use(other)
    qtbot.waitUntil(lambda: "other" in window.status)
    assert "Another model is in use" in dialog.notice
    qtbot.mouseClick(dialog.discard_button, LEFT)


def test_a_mistake_is_shown_on_the_pad(qtbot, window, dialog):
    train_to_the_end(qtbot, dialog)
    assert dialog.outcome is not None
    mistakes = dialog.comparison.mistakes
    first = dialog.outcome.comparison.mistakes[0]
    place = mistakes.visualItemRect(mistakes.item(0)).center()
    qtbot.mouseClick(mistakes.viewport(), LEFT, pos=place)
    qtbot.waitUntil(window.is_answered)
    shown = window.panel.sample.sample
    assert shown is not None
    assert abs(shown.astype(float) - first.image).mean() < 12

    # A double click is one step to undo, too.
    steps = window.canvas.undo_stack.count()
    place = mistakes.visualItemRect(mistakes.item(1)).center()
    qtbot.mouseClick(mistakes.viewport(), LEFT, pos=place)
    qtbot.mouseDClick(mistakes.viewport(), LEFT, pos=place)
    assert window.canvas.undo_stack.count() == steps + 1
    qtbot.mouseClick(dialog.discard_button, LEFT)


def test_the_numbers_of_the_plot_are_saved(qtbot, monkeypatch, dialog, tmp_path):
    train_to_the_end(qtbot, dialog, epochs=2)
    qtbot.mouseClick(dialog.discard_button, LEFT)
    (tmp_path / "plot.png").write_bytes(b"an older file")
    for name in ("plot.csv", "plot.png"):
        path = str(tmp_path / name)
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, path=path: (path, ""))
        button = dialog._save_csv_button if name.endswith("csv") else dialog._save_picture_button
        qtbot.mouseClick(button, LEFT)
    rows = (tmp_path / "plot.csv").read_text().splitlines()
    assert rows[0].startswith("step,training_loss")
    assert len(rows) == 1 + dialog.plot.steps
    assert (tmp_path / "plot.png").read_bytes().startswith(b"\x89PNG")
    path = str(tmp_path / "plot.csv" / "no folder")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (path, ""))
    for button in (dialog._save_csv_button, dialog._save_picture_button):
        dialog._notice.clear()
        qtbot.mouseClick(button, LEFT)
        assert "cannot be written" in dialog.notice


def test_training_starts_from_the_model_in_use(qtbot, dialog):
    dialog.options.start.setCurrentIndex(1)
    dialog.options.freeze.setChecked(True)
    train_to_the_end(qtbot, dialog)
    assert dialog.outcome is not None
    factory = model_file.load(paths.factory_model()).network.state_dict()
    trained = dialog.outcome.challenger.network.state_dict()
    assert (trained["conv1.weight"] == factory["conv1.weight"]).all()
    assert (trained["fc3.weight"] != factory["fc3.weight"]).any()
    # One epoch of so few digits from random weights does not get there.
    assert dialog.outcome.challenger.card.test_accuracy > 0.97
    qtbot.mouseClick(dialog.discard_button, LEFT)


def test_a_folder_without_mnist_is_reported(qtbot, dialog, tmp_path):
    dialog.options.use_folder(tmp_path)
    qtbot.mouseClick(dialog.train_button, LEFT)
    qtbot.waitUntil(lambda: not dialog.is_training)
    assert str(tmp_path) in dialog.notice
    assert dialog.train_button.isVisible()


def test_starter_digits_reach_95_percent(qtbot, dialog):
    qtbot.mouseClick(dialog.train_button, LEFT)
    wait_for_the_end(qtbot, dialog)
    assert dialog.outcome is not None
    assert dialog.outcome.challenger.card.test_accuracy >= 0.95
    qtbot.mouseClick(dialog.discard_button, LEFT)


def test_every_option_has_a_tip_and_a_name(dialog):
    options = dialog.options
    for field in (
        options.data, options.recipe, options.epochs, options.batch_size, options.learning_rate,
        options.optimizer, options.schedule, options.augmentation, options.network,
        options.dropout, options.batch_norm, options.weight_decay, options.start, options.freeze,
        options.device, options.seed,
    ):  # fmt: skip
        assert len(field.toolTip()) > 20
        assert field.accessibleName()


def test_the_options_fit_on_a_small_screen(qtbot, dialog):
    dialog.resize(1024, 700 - 40)  # the window's frame takes some
    qtbot.mouseClick(dialog.options_button, LEFT)
    qtbot.wait(50)
    assert dialog.size().toTuple() == (1024, 660)
    for recipe in ("thorough", "tutorial", "quick"):
        dialog.options.use_recipe(recipe)
        for field in (dialog.options.data, dialog.options.device, dialog.options.seed):
            assert field.isVisible()
            assert not field.visibleRegion().isEmpty()
            assert field.visibleRegion().boundingRect() == field.rect()
    qtbot.mouseClick(dialog.options_button, LEFT)
    assert dialog.plot.isVisible()
    assert not dialog.options.isVisible()


def test_a_recipe_fills_the_fields(dialog):
    dialog.options.use_recipe("tutorial")
    job = dialog.options.job(paths.factory_model(), None, None)
    assert job.recipe.name == "tutorial"
    assert (job.recipe.optimizer, job.recipe.learning_rate) == ("adam", 0.001)
    assert (job.recipe.schedule, job.recipe.batch_size, job.recipe.epochs) == ("constant", 64, 10)
    dialog.options.batch_norm.setChecked(True)
    changed = dialog.options.job(paths.factory_model(), None, None).recipe
    assert changed.architecture == "lenet-variant"
    assert changed.name != "tutorial"


def test_repeated_trainings_leave_neither_threads_nor_growth(qtbot, dialog):
    def resident() -> float:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(x.split()[1]) for x in lines if x.startswith("VmRSS")) / 1024

    if not Path("/proc/self/status").exists():
        pytest.skip("the resident size is read from /proc")
    sizes, threads = [], []
    for _ in range(5):
        train_to_the_end(qtbot, dialog)
        qtbot.mouseClick(dialog.discard_button, LEFT)
        sizes.append(resident())
        threads.append(threading.active_count())
    assert threads[-1] <= threads[0]
    # The first few fill caches. A training that stayed in memory would add its 15 MB of images.
    assert sizes[-1] - sizes[1] < 20


def test_mnist_is_trained_on_through_the_dialog(qtbot, dialog, shared_mnist):
    dialog.options.use_folder(shared_mnist)
    dialog.options.augmentation.setCurrentText("none")
    dialog.options.batch_size.setValue(512)
    train_to_the_end(qtbot, dialog)
    assert dialog.outcome is not None, dialog.notice
    assert "10,000 test digits of MNIST" in dialog.comparison.verdict
    assert dialog.outcome.challenger.card.test_accuracy > 0.9
    qtbot.mouseClick(dialog.discard_button, LEFT)


def test_a_damaged_checkpoint_does_not_prevent_a_training(qtbot, dialog, home):
    """One that was left behind once made every training with these options fail."""
    train_to_the_end(qtbot, dialog)
    (checkpoint,) = (home / "cache" / "training").glob("*.checkpoint")
    # As if the program had been killed while the choice was open.
    dialog._checkpoint.leave()
    dialog._outcome = dialog._checkpoint = None
    dialog._forget_outcome()
    for content in (b"junk", checkpoint.read_bytes()[:-200]):
        checkpoint.write_bytes(content)
        qtbot.mouseClick(dialog.train_button, LEFT)
        wait_for_the_end(qtbot, dialog)
        assert dialog.outcome is not None, dialog.notice
        qtbot.mouseClick(dialog.discard_button, LEFT)
        assert not checkpoint.exists()


def test_mnist_downloaded_meanwhile_is_found_and_choices_are_kept(qtbot, dialog, home):
    assert dialog.mnist.button.isVisible()
    dialog.close()
    raw = mnist_cache() / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name in MNIST_FILES:
        (raw / name).touch()
    dialog.show()
    assert dialog.options.data_path == mnist_cache()
    assert not dialog.mnist.button.isVisible()
    dialog.options.data.setCurrentText(STARTER_DIGITS)
    dialog.close()
    dialog.show()
    assert dialog.options.data_path == STARTER


def test_an_interrupted_training_is_offered(qtbot, dialog):
    assert not dialog.go_on_button.isVisible()
    dialog.options.use_recipe("tutorial")
    train_to_the_end(qtbot, dialog)
    assert dialog.outcome is not None
    # As a killed program leaves it.
    dialog._checkpoint.leave()
    dialog._outcome = dialog._checkpoint = None
    dialog.close()
    dialog.options.use_recipe("quick")
    dialog.show()
    assert dialog.go_on_button.text() == "Cont&inue 'tutorial, changed'"
    # Another training does not remove it.
    train_to_the_end(qtbot, dialog, epochs=1)
    assert not dialog.go_on_button.isVisible()
    qtbot.mouseClick(dialog.discard_button, LEFT)
    qtbot.mouseClick(dialog.go_on_button, LEFT)
    wait_for_the_end(qtbot, dialog)
    assert dialog.outcome.challenger.card.recipe["name"] == "tutorial, changed"
    assert dialog.plot.steps == 0  # the epoch was complete
    qtbot.mouseClick(dialog.discard_button, LEFT)
    assert not dialog.go_on_button.isVisible()


def test_an_outcome_that_comes_after_closing_is_dropped(qtbot, dialog):
    dialog.options.epochs.setValue(1)
    qtbot.mouseClick(dialog.train_button, LEFT)
    assert dialog._thread is not None
    assert dialog._thread.wait(LOADING_MS)
    dialog.shut_down()
    QApplication.processEvents()
    assert dialog.outcome is None
    assert dialog.notice == ""


def test_a_training_stopped_at_once_still_has_a_measured_accuracy(qtbot, dialog):
    qtbot.mouseClick(dialog.train_button, LEFT)
    qtbot.mouseClick(dialog.stop_button, LEFT)
    wait_for_the_end(qtbot, dialog)
    assert dialog.outcome is not None
    assert dialog.outcome.challenger.card.validation_accuracy is not None
    qtbot.mouseClick(dialog.discard_button, LEFT)


def test_an_outcome_that_is_thrown_away_by_closing_leaves_no_checkpoint(qtbot, dialog, home):
    train_to_the_end(qtbot, dialog)
    assert len(checkpoints(home)) == 1
    answers = Answers("Throw it away")
    dialog.close()
    assert answers.defaults == ["Continue next time"]
    assert checkpoints(home) == []
