"""A training from its start to its end, driven through the window."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from drawers import (
    Records,
    checkpoints,
    click,
    open_drawer,
    train_to_the_end,
    wait_for_the_end,
)
from hands import ANSWER_MS, LOADING_MS, draw
from lenet_desktop import paths
from lenet_desktop.data.sources import STARTER
from lenet_desktop.errors import UserError
from lenet_desktop.models import library, model_file
from lenet_desktop.training.expected_time import expected_seconds
from lenet_desktop.training.job import Job
from lenet_desktop.ui.settings import Settings
from lenet_desktop.ui.training.drawer import TrainingDrawer
from lenet_desktop.ui.training.run import Phase
from lenet_desktop.ui.window.main_window import MainWindow

Open = Callable[..., MainWindow]


def test_the_champion_reads_while_a_challenger_trains(
    qtbot: QtBot, window: MainWindow, long_training: TrainingDrawer, records: Records
) -> None:
    before = records.steps
    for digit in ("3", "8"):
        window.canvas.clear()
        draw(window, digit, qtbot)
        assert window.panel.digit == digit
    qtbot.waitUntil(lambda: records.steps > before + 3, timeout=LOADING_MS)


def test_pause_and_resume(
    qtbot: QtBot, window: MainWindow, long_training: TrainingDrawer, records: Records
) -> None:
    drawer = long_training
    training = drawer.notice
    assert training.startswith("Training 'quick, changed' on 3,500 digits of starter digits, seed")
    click(drawer.during.pause_button, qtbot)
    assert drawer.during.state.startswith("Paused. ")
    assert drawer.run.is_paused
    assert drawer.run.summary.startswith("Paused ")
    qtbot.wait(300)  # a step may be under way
    steps = records.steps
    qtbot.wait(400)
    assert records.steps == steps
    click(drawer.during.pause_button, qtbot)
    assert not drawer.during.state.startswith("Paused")
    assert drawer.notice == training
    qtbot.waitUntil(lambda: records.steps > steps, timeout=LOADING_MS)


@pytest.mark.parametrize("paused", [False, True])
def test_stop_keeps_the_best_so_far(qtbot: QtBot, one_epoch: TrainingDrawer, paused: bool) -> None:
    if paused:
        click(one_epoch.during.pause_button, qtbot)
    click(one_epoch.during.stop_button, qtbot)
    assert one_epoch.notice == "Finishing with the best model so far …"
    assert one_epoch.run.is_stopping
    assert one_epoch.run.summary == "Finishing"
    one_epoch.run.pause(True)
    assert not one_epoch.run.is_paused, "what is ending cannot be paused"
    wait_for_the_end(one_epoch, qtbot)
    assert one_epoch.notice == ""
    assert one_epoch.run.phase is Phase.AFTER
    assert one_epoch.outcome is not None
    assert one_epoch.outcome.challenger.card.validation_accuracy > 0.2
    one_epoch.run.discard()


def test_a_training_stopped_at_once_still_has_a_measured_accuracy(
    qtbot: QtBot, drawer: TrainingDrawer
) -> None:
    click(drawer.before.train_button, qtbot)
    assert drawer.notice == "Loading the data …"
    click(drawer.during.stop_button, qtbot)
    wait_for_the_end(drawer, qtbot)
    assert drawer.outcome is not None
    assert drawer.outcome.challenger.card.validation_accuracy is not None


@pytest.mark.parametrize("paused", [False, True])
def test_cancel_discards_everything(
    qtbot: QtBot, window: MainWindow, home: Path, one_epoch: TrainingDrawer, paused: bool
) -> None:
    if paused:
        click(one_epoch.during.pause_button, qtbot)
    click(one_epoch.during.cancel_button, qtbot)
    assert one_epoch.notice == "Cancelling …"
    wait_for_the_end(one_epoch, qtbot)
    assert one_epoch.outcome is None
    assert one_epoch.notice == "Cancelled. Nothing has changed."
    assert one_epoch.run.summary == ""
    assert library.kept_models() == []
    assert checkpoints(home) == []
    assert one_epoch.before.train_button.isVisible()


def test_discard_changes_nothing(qtbot: QtBot, window: MainWindow, drawer: TrainingDrawer) -> None:
    chip = window.chip.text()
    train_to_the_end(drawer, qtbot)
    assert drawer.run.summary == "Trained"
    drawer.run.discard()
    assert drawer.notice == "Discarded. The model in use stays."
    assert drawer.outcome is None
    assert library.kept_models() == []
    assert window.chip.text() == chip
    assert drawer.before.isVisible()


def test_a_challenger_is_kept_and_the_factory_model_stays(
    qtbot: QtBot, window: MainWindow, drawer: TrainingDrawer, home: Path
) -> None:
    factory = paths.factory_model().read_bytes()
    train_to_the_end(drawer, qtbot)
    drawer.run.keep("my  first", use=True)
    assert drawer.notice == "Saved as 'my first'."
    qtbot.waitUntil(lambda: "my first" in window.status, timeout=ANSWER_MS)
    (kept,) = library.kept_models()
    assert kept.path.is_relative_to(home)
    assert paths.factory_model().read_bytes() == factory
    assert drawer.outcome is None
    assert checkpoints(home) == []


def test_a_name_that_is_taken_keeps_the_challenger_waiting(
    qtbot: QtBot, drawer: TrainingDrawer
) -> None:
    train_to_the_end(drawer, qtbot)
    assert drawer.outcome is not None
    library.keep(drawer.outcome.challenger, "taken")
    with pytest.raises(UserError, match="already"):
        drawer.run.keep(" Taken ", use=True)
    assert drawer.run.phase is Phase.AFTER


# Seeds


def test_each_training_gets_a_new_seed_unless_one_is_fixed(
    qtbot: QtBot, drawer: TrainingDrawer
) -> None:
    options = drawer.before.options
    seeds = []
    for fixed in (False, False, True):
        if fixed and not options.fixed_seed.isChecked():
            options.advanced.button.click()
            click(options.fixed_seed, qtbot)
            assert options.seed.isVisible()
            options.seed.setValue(7)
        train_to_the_end(drawer, qtbot)
        assert drawer.outcome is not None and drawer.run.job is not None
        seeds.append(drawer.outcome.challenger.card.seed)
        assert drawer.run.job.recipe.seed == seeds[-1]
        drawer.run.discard()
    assert seeds[0] != seeds[1]
    assert seeds[2] == 7


# Starting from the model in use


def test_without_mnist_a_training_learns_on_from_the_model_in_use(
    qtbot: QtBot, drawer: TrainingDrawer
) -> None:
    options = drawer.before.options
    assert options.data_path == STARTER and options.starts_from_model
    options.freeze.setChecked(True)
    train_to_the_end(drawer, qtbot)
    assert drawer.outcome is not None
    factory = model_file.load(paths.factory_model()).network.state_dict()
    trained = drawer.outcome.challenger.network.state_dict()
    assert (trained["conv1.weight"] == factory["conv1.weight"]).all()
    assert (trained["fc3.weight"] != factory["fc3.weight"]).any()
    # One epoch of so few digits from random weights does not get there.
    assert drawer.outcome.challenger.card.test_accuracy > 0.98


def test_mnist_is_trained_on(
    qtbot: QtBot, drawer: TrainingDrawer, records: Records, shared_mnist: Path
) -> None:
    options = drawer.before.options
    options.use_folder(shared_mnist)
    assert not options.starts_from_model
    options.batch_size.setValue(512)
    click(drawer.before.train_button, qtbot)
    qtbot.waitUntil(lambda: records.steps > 40, timeout=LOADING_MS)
    click(drawer.during.stop_button, qtbot)
    wait_for_the_end(drawer, qtbot)
    assert drawer.outcome is not None, drawer.notice
    assert drawer.outcome.comparison.data == "the 10,000 test digits of MNIST"
    assert drawer.outcome.challenger.card.test_accuracy > 0.7


# The champion


def test_a_change_of_the_model_in_use_names_the_champion(
    qtbot: QtBot, window: MainWindow, long_training: TrainingDrawer
) -> None:
    training = long_training.notice
    factory = model_file.load(paths.factory_model())
    other = library.keep(factory, "other")
    window.session.use(other)
    qtbot.waitUntil(lambda: "other" in window.status, timeout=ANSWER_MS)
    assert long_training.notice == (
        "'other' is in use now. The challenger is compared with 'LeNet-5', which was in use when "
        "the training began."
    )
    window.session.use(paths.factory_model())
    qtbot.waitUntil(lambda: "other" not in window.status, timeout=ANSWER_MS)
    assert long_training.notice == training
    click(long_training.during.cancel_button, qtbot)
    wait_for_the_end(long_training, qtbot)


def test_a_notice_that_repeats_is_said_once(
    qtbot: QtBot, drawer: TrainingDrawer, home: Path, records: Records
) -> None:
    (home / "cache").mkdir(parents=True, exist_ok=True)
    (home / "cache" / "training").write_text("a file where a folder is wanted")
    said = QSignalSpy(drawer.run.said)
    train_to_the_end(drawer, qtbot, epochs=3)
    notices = [record.notice for record in records.records if record.notice]
    assert len(notices) == 3 and len(set(notices)) == 1
    assert [said.at(i)[0] for i in range(said.count())].count(notices[0]) == 1
    assert drawer.outcome is not None
    assert not drawer.run.can_continue_later


# A training that was interrupted


def leave(drawer: TrainingDrawer) -> None:
    """Leave the outcome's checkpoint as a killed program does."""
    checkpoint = drawer.run._checkpoint
    assert checkpoint is not None
    checkpoint.leave()
    drawer.run._checkpoint = None
    drawer.run.discard()


def test_an_interrupted_training_is_offered_until_it_is_finished(
    qtbot: QtBot, drawer: TrainingDrawer, records: Records
) -> None:
    interrupted = drawer.before.interrupted
    assert not interrupted.isVisible()
    drawer.before.options.use_recipe("tutorial")
    train_to_the_end(drawer, qtbot)
    leave(drawer)
    qtbot.waitUntil(interrupted.isVisible, timeout=ANSWER_MS)
    assert interrupted.text == (
        "The training 'tutorial, changed' was interrupted: 1 of 1 epochs are complete."
    )
    # Another training does not remove it.
    drawer.before.options.use_recipe("quick")
    drawer.before.options.pen_digits.setChecked(False)
    train_to_the_end(drawer, qtbot)
    drawer.run.discard()
    qtbot.waitUntil(interrupted.isVisible, timeout=ANSWER_MS)
    records.records.clear()
    click(interrupted.go_on_button, qtbot)
    wait_for_the_end(drawer, qtbot)
    assert drawer.outcome is not None
    assert drawer.outcome.challenger.card.recipe["name"] == "tutorial, changed"
    assert records.steps == 0, "the epoch was complete"
    drawer.run.discard()
    qtbot.waitUntil(lambda: drawer.run.cut_off.job is None, timeout=ANSWER_MS)
    assert not interrupted.isVisible()


def test_an_interrupted_training_can_be_dismissed(
    qtbot: QtBot, home: Path, drawer: TrainingDrawer
) -> None:
    train_to_the_end(drawer, qtbot)
    leave(drawer)
    interrupted = drawer.before.interrupted
    qtbot.waitUntil(interrupted.isVisible, timeout=ANSWER_MS)
    assert len(checkpoints(home)) == 1
    drawer.before.look_again()  # it may be looking just then
    click(interrupted.dismiss_button, qtbot)
    assert not interrupted.isVisible()
    assert drawer.notice == "The interrupted training 'quick, changed' is dismissed."
    qtbot.waitUntil(lambda: checkpoints(home) == [], timeout=ANSWER_MS)
    drawer.before.look_again()
    qtbot.waitUntil(lambda: not drawer.run.cut_off.is_looking, timeout=ANSWER_MS)
    assert drawer.run.cut_off.job is None


def test_what_is_dismissed_just_before_closing_is_gone(
    qtbot: QtBot, window: MainWindow, home: Path, drawer: TrainingDrawer
) -> None:
    train_to_the_end(drawer, qtbot)
    leave(drawer)
    qtbot.waitUntil(drawer.before.interrupted.isVisible, timeout=ANSWER_MS)
    drawer.before.look_again()
    click(drawer.before.interrupted.dismiss_button, qtbot)
    window.close()
    assert checkpoints(home) == []


def test_a_damaged_checkpoint_does_not_prevent_a_training(
    qtbot: QtBot, drawer: TrainingDrawer, home: Path
) -> None:
    drawer.before.options.fixed_seed.setChecked(True)  # the same training uses it again
    train_to_the_end(drawer, qtbot)
    (checkpoint,) = checkpoints(home)
    leave(drawer)
    for content in (b"junk", checkpoint.read_bytes()[:-200]):
        checkpoint.write_bytes(content)
        click(drawer.before.train_button, qtbot)
        wait_for_the_end(drawer, qtbot)
        assert drawer.outcome is not None, drawer.notice
        drawer.run.discard()
        assert not checkpoint.exists()


# The device


@pytest.mark.parametrize("device", ["cpu:0"])  # only torch treats it as the same device as 'cpu'
def test_the_pad_reads_on_the_cpu_while_a_training_uses_the_device(
    qtbot: QtBot, open_window: Open, device: str
) -> None:
    window = open_window(device=device)
    drawer = open_drawer(window, qtbot)
    records = Records(drawer.run)
    drawer.before.options.device.addItem(device)
    drawer.before.options.device.setCurrentText(device)
    assert window.session.model is not None and window.session.model.device == device
    drawer.before.options.epochs.setValue(1000)
    click(drawer.before.train_button, qtbot)
    assert not drawer.run._thread.isRunning(), "not before the pad has left the device"
    qtbot.waitUntil(lambda: records.steps > 3, timeout=LOADING_MS)
    assert window.session.model.device == "cpu"
    draw(window, "3", qtbot)
    assert window.panel.digit == "3"
    click(drawer.during.cancel_button, qtbot)
    wait_for_the_end(drawer, qtbot)
    qtbot.waitUntil(lambda: window.session.model.device == device, timeout=ANSWER_MS)
    window.canvas.clear()
    draw(window, "8", qtbot)
    assert window.panel.digit == "8"


# The end


def test_no_signal_comes_after_the_shutdown(qtbot: QtBot, drawer: TrainingDrawer) -> None:
    run = drawer.run
    drawer.before.options.epochs.setValue(1)
    click(drawer.before.train_button, qtbot)
    thread = run._thread
    assert thread is not None
    assert thread.wait(LOADING_MS)
    spies = [
        QSignalSpy(signal)
        for signal in (
            run.said, run.phase_changed, run.progressed, run.trained, run.challenger_read,
            run.summary_changed, run.mnist_damaged, run.cut_off.changed,
        )
    ]  # fmt: skip
    drawer.shut_down()
    QApplication.processEvents()
    QCoreApplication.sendPostedEvents()
    assert [spy.count() for spy in spies] == [0] * len(spies)
    assert drawer.outcome is None
    run.start(Job(drawer.before.options.recipe(), STARTER, paths.factory_model()))
    assert run.phase is Phase.BEFORE, "what is shut down starts no more"


def test_the_speed_of_a_training_is_remembered(
    qtbot: QtBot, long_training: TrainingDrawer, records: Records
) -> None:
    assert Settings().training_speed("cpu") is None
    qtbot.waitUntil(lambda: records.records[-1].elapsed_seconds > 2.5, timeout=LOADING_MS)
    click(long_training.during.cancel_button, qtbot)
    wait_for_the_end(long_training, qtbot)
    speed = Settings().training_speed("cpu")
    assert speed is not None
    # The estimate for what was done is now the time that it took.
    last, job = records.records[-1], long_training.run.job
    assert last is not None and job is not None
    whole = expected_seconds(job.recipe, 3_500, speed) - 1
    assert whole * last.step / last.steps == pytest.approx(last.elapsed_seconds, rel=0.05)


def test_repeated_trainings_leave_neither_threads_nor_growth(
    qtbot: QtBot, drawer: TrainingDrawer
) -> None:
    status = Path("/proc/self/status")
    if not status.exists():
        pytest.skip("the resident size is read from /proc")

    def resident() -> float:
        lines = status.read_text().splitlines()
        return next(int(x.split()[1]) for x in lines if x.startswith("VmRSS")) / 1024

    sizes, threads = [], []
    for _ in range(5):
        train_to_the_end(drawer, qtbot)
        drawer.run.discard()
        qtbot.waitUntil(lambda: not drawer.run.cut_off.is_looking, timeout=ANSWER_MS)
        sizes.append(resident())
        threads.append(threading.active_count())
    assert threads[-1] <= threads[0]
    # The first few fill caches. A training that stayed in memory would add its 15 MB of images.
    assert sizes[-1] - sizes[1] < 20


def test_a_cancellation_at_the_last_moment_leaves_no_outcome(
    qtbot: QtBot, drawer: TrainingDrawer, home: Path
) -> None:
    drawer.run.trained.connect(lambda _: drawer.run.cancel())
    train_to_the_end(drawer, qtbot)
    assert drawer.run.phase is Phase.BEFORE
    assert drawer.outcome is None
    assert drawer.notice == "Cancelled. Nothing has changed."
    assert checkpoints(home) == []


def test_a_training_ends_a_comparison_so_that_its_network_reads_along(
    qtbot: QtBot, window: MainWindow, drawer: TrainingDrawer, letters: Path
) -> None:
    draw(window, "3", qtbot)
    window.session.try_beside(letters)
    qtbot.waitUntil(lambda: window.session.challenger == "letters", timeout=ANSWER_MS)
    drawer.before.options.epochs.setValue(1000)
    drawer.before.train()  # in a narrow window the answer is in front of the button
    qtbot.waitUntil(lambda: window.session.challenger == "", timeout=ANSWER_MS)
    with qtbot.waitSignal(drawer.run.challenger_read, timeout=LOADING_MS):
        pass
    qtbot.waitUntil(lambda: window.panel.bars.others is not None, timeout=ANSWER_MS)
    drawer.run.cancel()
    wait_for_the_end(drawer, qtbot)
