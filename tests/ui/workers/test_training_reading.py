"""The network that is trained reads what is on the pad, while it is trained and while it pauses."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from lenet_desktop import paths
from lenet_desktop.data.sources import STARTER
from lenet_desktop.data.starter import starter_digits
from lenet_desktop.drawing.preprocess import Sample
from lenet_desktop.training.job import Job, Outcome
from lenet_desktop.training.progress import TrainingProgress
from lenet_desktop.training.recipe import Recipe
from lenet_desktop.ui.workers.training import ChallengerReading, TrainingWorker
from trainings import PLAIN, same_weights

ENDLESS = Job(Recipe("endless", epochs=1000), STARTER, paths.factory_model())


def a_sample(label: int) -> Sample:
    test = starter_digits().test
    index = int((test.labels == label).nonzero()[0])
    return test.images[index].numpy().astype(np.float32) / 255


class Watched:
    """A worker that watches a sample, and what it said, in order."""

    def __init__(self, job: Job, sample: Sample | None) -> None:
        self.worker = TrainingWorker(job)
        self.records: list[TrainingProgress] = []
        self.readings: list[ChallengerReading] = []
        self.outcomes: list[Outcome] = []
        self.threads: set[bool] = set()
        self.worker.progressed.connect(self.records.extend)
        self.worker.challenger_read.connect(self.readings.append)
        self.worker.challenger_read.connect(
            lambda _: self.threads.add(self.worker.isCurrentThread()),
            Qt.ConnectionType.DirectConnection,
        )
        self.worker.trained.connect(self.outcomes.append)
        self.worker.watch(sample)
        self.worker.start()

    def cancel(self) -> None:
        self.worker.cancel()
        assert self.worker.wait(60_000)


def best(reading: ChallengerReading) -> str:
    return reading.classes[int(reading.probabilities.argmax())]


def test_a_sample_is_read_from_the_noise_to_the_answer(qtbot: QtBot) -> None:
    watched = Watched(ENDLESS, a_sample(7))
    qtbot.waitUntil(lambda: len(watched.readings) > 0, timeout=60_000)
    first = watched.readings[0]
    assert first.probabilities.dtype == np.float32
    assert first.probabilities.shape == (10,)
    assert first.probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert first.probabilities.max() < 0.5
    qtbot.waitUntil(lambda: watched.readings[-1].probabilities[7] > 0.9, timeout=60_000)
    watched.cancel()
    assert watched.threads == {True}, "no other thread may use the device"
    assert len(watched.readings) <= len(watched.records) + 1, "at most once for each record"


def test_the_newest_sample_is_read(qtbot: QtBot) -> None:
    watched = Watched(ENDLESS, a_sample(7))
    qtbot.waitUntil(lambda: bool(watched.readings) and best(watched.readings[-1]) == "7")
    watched.worker.watch(a_sample(0))
    qtbot.waitUntil(lambda: best(watched.readings[-1]) == "0", timeout=60_000)
    watched.worker.watch(None)
    qtbot.waitUntil(lambda: watched.worker.can_continue_later, timeout=60_000)
    count, steps = len(watched.readings), len(watched.records)
    qtbot.waitUntil(lambda: len(watched.records) > steps + 10, timeout=60_000)
    assert len(watched.readings) <= count + 1, "one may have been under way"
    watched.cancel()


def test_a_new_sample_is_read_while_paused(qtbot: QtBot) -> None:
    watched = Watched(ENDLESS, a_sample(7))
    qtbot.waitUntil(lambda: bool(watched.readings) and best(watched.readings[-1]) == "7")
    watched.worker.pause(True)
    qtbot.wait(300)  # the current step ends, and nothing happens any more
    count, steps = len(watched.readings), len(watched.records)
    qtbot.wait(300)
    assert (len(watched.readings), len(watched.records)) == (count, steps)
    for label in (0, 3):
        watched.worker.watch(a_sample(label))
        qtbot.waitUntil(lambda count=count: len(watched.readings) > count, timeout=60_000)
        assert len(watched.readings) == count + 1, "once, since the weights do not change"
        count += 1
    watched.worker.watch(None)
    qtbot.wait(100)
    assert (len(watched.readings), len(watched.records)) == (count, steps)
    watched.worker.pause(False)
    qtbot.waitUntil(lambda: len(watched.records) > steps, timeout=60_000)
    watched.cancel()


def test_cancelled_while_paused_it_ends_at_once(qtbot: QtBot) -> None:
    watched = Watched(ENDLESS, a_sample(7))
    qtbot.waitUntil(lambda: len(watched.readings) > 0, timeout=60_000)
    watched.worker.pause(True)
    watched.worker.watch(a_sample(0))
    watched.cancel()


def test_a_sample_that_cannot_be_read_does_not_end_the_training(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    watched = Watched(replace(ENDLESS, recipe=PLAIN), np.zeros((3, 3), np.float32))
    qtbot.waitUntil(lambda: len(watched.outcomes) == 1, timeout=60_000)
    assert watched.worker.wait(60_000)
    assert watched.readings == []
    assert caplog.text.count("no longer reads along") == 1
    watched.worker.forget()


@pytest.mark.parametrize("device", ["cpu", "cpu:0"])  # 'cpu:0' stands in for an accelerator
def test_a_watched_training_gives_the_same_model(qtbot: QtBot, device: str) -> None:
    challengers = []
    for sample in (None, a_sample(7)):
        job = replace(ENDLESS, recipe=replace(PLAIN, epochs=3), device=device)
        watched = Watched(job, sample)
        qtbot.waitUntil(lambda watched=watched: len(watched.outcomes) == 1, timeout=60_000)
        assert watched.worker.wait(60_000)
        assert bool(watched.readings) == (sample is not None)
        challengers.append(watched.outcomes[0].challenger)
        watched.worker.forget()
    assert same_weights(*challengers)
    assert challengers[0].card == challengers[1].card
