"""The recognition thread shows the inside of another network without changing its answers."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from hands import ANSWER_MS, DEMO, LOADING_MS
from lenet_desktop import paths
from lenet_desktop.drawing.strokes import place
from lenet_desktop.inference.inside.reading import InsideReading
from lenet_desktop.inference.recognizer import Recognizer
from lenet_desktop.models.architectures import ARCHITECTURES
from lenet_desktop.models.model_card import ModelCard
from lenet_desktop.models.model_file import Model
from lenet_desktop.ui.workers.recognition import RecognitionWorker


@pytest.fixture
def thread(qtbot: QtBot) -> Iterator[RecognitionWorker]:
    thread = RecognitionWorker(paths.factory_model(), "cpu")
    with qtbot.waitSignal(thread.model_changed, timeout=LOADING_MS):
        thread.start()
    yield thread
    thread.stop()


class Inside:
    """What a thread has read, in order."""

    def __init__(self, thread: RecognitionWorker) -> None:
        self.readings: list[tuple[int, InsideReading]] = []
        self.answers: list[str] = []
        self.failures: list[str] = []
        thread.inside_read.connect(lambda n, reading: self.readings.append((n, reading)))
        thread.recognized.connect(lambda _, answer: self.answers.append(answer.text))
        thread.failed.connect(self.failures.append)


def untrained(architecture: str = "lenet") -> Model:
    network = ARCHITECTURES[architecture](10).eval()
    return Model(network, ModelCard("Step 0 of 9", architecture=architecture))


@pytest.mark.parametrize("architecture", ["lenet", "residual"])
def test_the_layers_are_those_of_the_moment_and_the_answer_is_not(
    thread: RecognitionWorker, qtbot: QtBot, architecture: str
) -> None:
    inside, model = Inside(thread), untrained(architecture)
    thread.reads_inside = True
    thread.switched_off = frozenset({(99, 1), (1, 500)})  # no network here has these
    number = thread.submit(place(DEMO["3"]))
    qtbot.waitUntil(lambda: len(inside.readings) == 1, timeout=ANSWER_MS)
    thread.show_moment(model)
    qtbot.waitUntil(lambda: len(inside.readings) == 2, timeout=ANSWER_MS)
    (_, first), (again, shown) = inside.readings
    assert again == number, "it belongs to the drawing that is on the pad"
    assert inside.answers == ["3"], "the answer is not given again"
    expected = Recognizer(model, "cpu").read_inside(first.sample)
    assert len(shown.values) == len(expected.values)
    assert all(map(np.array_equal, shown.values, expected.values))
    thread.submit(place(DEMO["8"]))
    qtbot.waitUntil(lambda: len(inside.readings) == 3, timeout=ANSWER_MS)
    assert inside.answers == ["3", "8"]
    assert len(inside.readings[2][1].layers) == len(expected.layers)
    thread.show_moment(None)
    qtbot.waitUntil(lambda: len(inside.readings) == 4, timeout=ANSWER_MS)
    assert inside.readings[3][1].prediction.best_class == "8"
    assert not inside.failures


def test_nothing_is_read_while_nobody_looks_inside(thread: RecognitionWorker, qtbot: QtBot) -> None:
    inside = Inside(thread)
    thread.submit(place(DEMO["3"]))
    qtbot.waitUntil(lambda: inside.answers == ["3"], timeout=ANSWER_MS)
    thread.show_moment(untrained())
    thread.submit(place(DEMO["8"]))
    qtbot.waitUntil(lambda: inside.answers == ["3", "8"], timeout=ANSWER_MS)
    assert not inside.readings


def test_a_moment_that_cannot_be_shown_does_not_end_the_thread(
    thread: RecognitionWorker, qtbot: QtBot
) -> None:
    inside, model = Inside(thread), untrained()
    broken = replace(model, card=replace(model.card, classes=("0", "1")))
    with np.errstate(all="ignore"):
        model.network.get_parameter("fc3.bias").data.fill_(float("nan"))
    thread.reads_inside = True
    thread.submit(place(DEMO["3"]))
    qtbot.waitUntil(lambda: len(inside.readings) == 1, timeout=ANSWER_MS)
    thread.show_moment(broken)
    qtbot.waitUntil(lambda: len(inside.failures) == 1, timeout=ANSWER_MS)
    thread.show_moment(None)
    qtbot.waitUntil(lambda: len(inside.readings) == 2, timeout=ANSWER_MS)
