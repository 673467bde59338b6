"""The training thread: how it ends, and which checkpoint it keeps."""

import json
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from lenet_desktop import paths
from lenet_desktop.data.sources import STARTER
from lenet_desktop.training.job import Job, Outcome
from lenet_desktop.training.progress import TrainingProgress
from lenet_desktop.training.recipe import Recipe
from lenet_desktop.training.resumable import TrainingCheckpoint, left_behind
from lenet_desktop.ui.workers.training import TrainingWorker
from trainings import PLAIN

ENDLESS = Job(Recipe("endless", epochs=1000), STARTER, paths.factory_model())


def start(qtbot: QtBot, job: Job) -> tuple[TrainingWorker, list[TrainingProgress]]:
    """Start a worker and wait for its first record."""
    worker = TrainingWorker(job)
    records: list[TrainingProgress] = []
    worker.progressed.connect(records.extend)
    worker.start()
    qtbot.waitUntil(lambda: len(records) > 0, timeout=60_000)
    return worker, records


def end(worker: TrainingWorker) -> None:
    assert worker.wait(60_000)


def test_a_training_that_was_stopped_continues_where_it_was(qtbot: QtBot) -> None:
    worker, _ = start(qtbot, ENDLESS)
    qtbot.waitUntil(lambda: worker.can_continue_later, timeout=60_000)
    with qtbot.waitSignal(worker.cancelled, timeout=60_000):
        worker.stop_and_leave()
    end(worker)
    assert worker.checkpoint is None
    note = left_behind()
    assert note is not None
    assert Job.from_json(note) == ENDLESS

    again, records = start(qtbot, ENDLESS)
    assert records[0].step * 1000 >= records[0].steps, "an epoch is complete"
    with qtbot.waitSignal(again.cancelled, timeout=60_000):
        again.cancel()
    end(again)
    assert left_behind() is None


def test_a_paused_training_can_be_stopped_and_left(qtbot: QtBot) -> None:
    worker, _ = start(qtbot, ENDLESS)
    qtbot.waitUntil(lambda: worker.can_continue_later, timeout=60_000)
    worker.pause(True)
    worker.stop_and_leave()
    end(worker)
    assert left_behind() is not None


def test_stopped_in_its_first_epoch_a_training_leaves_nothing(qtbot: QtBot, home: Path) -> None:
    worker = TrainingWorker(ENDLESS)
    worker.stop_and_leave()
    with qtbot.waitSignal(worker.cancelled, timeout=60_000):
        worker.start()
    end(worker)
    assert not worker.can_continue_later
    assert left_behind() is None
    assert list((home / "cache" / "training").iterdir()) == []


def test_an_outcome_can_be_restored_until_its_checkpoint_is_removed(qtbot: QtBot) -> None:
    job = Job(PLAIN, STARTER, paths.factory_model())
    accuracies = []
    for _ in range(2):
        worker, outcomes = TrainingWorker(job), list[Outcome]()
        worker.trained.connect(outcomes.append)
        with qtbot.waitSignal(worker.trained, timeout=60_000):
            worker.start()
        end(worker)
        accuracies.append(outcomes[0].challenger.card.test_accuracy)
        assert worker.checkpoint is not None
        worker.checkpoint.leave()
    assert accuracies[0] == accuracies[1]
    assert left_behind() is not None
    worker.forget()
    TrainingCheckpoint(job.to_json()).remove()
    assert left_behind() is None


@pytest.mark.parametrize("content", [b"", b"nonsense"])
def test_a_damaged_checkpoint_is_discarded_and_the_training_begins_anew(
    qtbot: QtBot, content: bytes
) -> None:
    checkpoint = TrainingCheckpoint(ENDLESS.to_json())
    checkpoint.path.write_bytes(content)
    checkpoint.leave()
    worker, records = start(qtbot, ENDLESS)
    assert records[0].epoch == 1
    worker.cancel()
    end(worker)


def test_deeply_nested_notes_are_no_job(home: Path) -> None:
    checkpoint = TrainingCheckpoint(json.dumps(["anything"]))
    checkpoint.path.write_text("left")
    checkpoint.leave()
    checkpoint.path.with_suffix(".json").write_text("[" * 100_000)
    note = left_behind()
    assert note is not None
    assert Job.from_json(note) is None
