"""Trainings leave their records, whatever becomes of them."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest

from lenet_desktop import paths
from lenet_desktop.data.sources import STARTER
from lenet_desktop.training.history import folder
from lenet_desktop.training.history.folder import HistoryError
from lenet_desktop.training.history.record import MAX_POINTS, Fate, Record
from lenet_desktop.training.history.recorder import Recorder
from lenet_desktop.training.job import Job, LoadedJob
from lenet_desktop.training.progress import TrainingError, TrainingProgress
from lenet_desktop.training.recipe import RECIPES
from trainings import few_digits, finish

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture(scope="module")
def loaded() -> LoadedJob:
    """A job that is trained in a second."""
    recipe = replace(RECIPES["tutorial"], epochs=2)
    loaded = Job(recipe, STARTER, paths.factory_model()).load()
    few = few_digits()
    return replace(loaded, data=few, held_out=few)


def test_a_training_that_ends_leaves_its_record(loaded: LoadedJob) -> None:
    recorder = Recorder(loaded)
    assert folder.run(1).record.fate is Fate.RUNNING, "a killed program leaves a record, too"
    outcome = finish(recorder.watch(loaded.train()))
    record = folder.run(1).record
    assert record.fate is Fate.TRAINED
    assert record.recipe["learning_rate"] == RECIPES["tutorial"].learning_rate
    assert record.images == 200
    assert record.champion == "LeNet-5"
    assert record.test_accuracy == outcome.comparison.challenger.accuracy
    assert record.verdict == outcome.comparison.verdict.value
    assert len(record.curves.epoch_steps) == 2
    assert record.curves.steps[-1] == record.curves.epoch_steps[-1]
    assert record.seconds > 0
    assert "torch" in record.versions
    recorder.end(Fate.KEPT, name="Mine")
    assert folder.run(1).record == replace(record, fate=Fate.KEPT, name="Mine")


def test_an_interrupted_training_goes_on_in_its_record(loaded: LoadedJob, tmp_path: Path) -> None:
    checkpoint = tmp_path / "checkpoint"
    recorder = Recorder(loaded)
    training = recorder.watch(loaded.train(checkpoint=checkpoint))
    for progress in training:
        if progress.validation_accuracy is not None:
            break
    training.close()
    assert folder.run(1).record.fate is Fate.INTERRUPTED
    other = Recorder(
        replace(loaded, job=replace(loaded.job, recipe=RECIPES["quick"])), resumed=True
    )
    assert other.number == 2, "that is another training"
    recorder = Recorder(loaded, resumed=True)
    assert recorder.number == 1
    finish(recorder.watch(loaded.train(checkpoint=checkpoint)))
    record = folder.run(1).record
    assert record.fate is Fate.TRAINED
    assert len(record.curves.epoch_steps) == 2
    assert list(record.curves.steps) == sorted(set(record.curves.steps))


def test_a_failure_is_recorded_with_its_reason(loaded: LoadedJob) -> None:
    def training() -> Iterator[TrainingProgress]:
        yield from itertools.islice(loaded.train(), 3)
        raise TrainingError("The loss became NaN: lower the learning rate.")

    recorder = Recorder(loaded)
    with pytest.raises(TrainingError):
        finish(recorder.watch(training()))
    record = folder.run(1).record
    assert record.fate is Fate.FAILED
    assert record.reason == "The loss became NaN: lower the learning rate."


def test_long_curves_are_thinned(loaded: LoadedJob) -> None:
    recorder = Recorder(loaded)

    def many() -> Iterator[TrainingProgress]:
        for step in range(1, 30_001):
            yield TrainingProgress(
                1, 1, step, 30_000, (1.0,), 1.0, None, None, 0.1, 9.0, 1.0, 1.0, None
            )
        raise TrainingError("the end")

    with pytest.raises(TrainingError):
        finish(recorder.watch(many()))
    curves = folder.run(1).record.curves
    assert MAX_POINTS / 3 < len(curves.steps) <= MAX_POINTS
    assert curves.steps[-1] == 30_000
    assert (paths.history_folder() / "run-0001.json").stat().st_size < 30_000


def test_an_unwritable_folder_does_not_stop_a_training(
    loaded: LoadedJob, closed: Callable[[Path], AbstractContextManager[None]]
) -> None:
    paths.history_folder().mkdir(parents=True)
    with closed(paths.history_folder()):
        recorder = Recorder(loaded)
        outcome = finish(recorder.watch(loaded.train()))
    assert outcome.challenger is not None
    assert recorder.number is None
    assert folder.runs() == []


def test_runs_are_listed_and_removed_and_damaged_ones_are_left_out(loaded: LoadedJob) -> None:
    for _ in range(3):
        Recorder(loaded)
    assert [run.number for run in folder.runs()] == [3, 2, 1]
    (paths.history_folder() / "run-0002.json").write_bytes(b"{")
    assert [run.number for run in folder.runs()] == [3, 1]
    with pytest.raises(HistoryError, match="2 is damaged"):
        folder.run(2)
    folder.remove(3)
    folder.remove(3)
    with pytest.raises(HistoryError, match="no training number 3"):
        folder.run(3)
    assert Recorder(loaded).number == 3


def test_the_oldest_records_make_room(loaded: LoadedJob, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Recorder(loaded).record
    size = len(first.to_bytes())
    monkeypatch.setattr(folder, "_MAX_FOLDER_BYTES", 3 * size + 100)
    for _ in range(6):
        folder.add(first)
    numbers = [run.number for run in folder.runs()]
    assert numbers[0] == 7
    assert len(numbers) <= 4
    assert isinstance(folder.run(7).record, Record)
