"""A second model reads each drawing after the one in use."""

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from hands import ANSWER_MS, DEMO, LOADING_MS
from lenet_desktop import paths
from lenet_desktop.drawing.strokes import Drawing, place
from lenet_desktop.inference.numbers import NumberReading
from lenet_desktop.models import model_file
from lenet_desktop.models.model_file import Model
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.settings import Settings
from lenet_desktop.ui.workers.recognition import RecognitionWorker

DRAWINGS = {label: place(strokes) for label, strokes in DEMO.items()}


class Heard:
    """The signals of a thread, in the order in which they were sent."""

    def __init__(self, thread: RecognitionWorker) -> None:
        self.all: list[tuple[str, object]] = []
        self.challengers: list[str] = []
        self.failures: list[str] = []
        thread.recognized.connect(lambda number, _: self.all.append(("champion", number)))
        thread.challenger_recognized.connect(self._take)
        thread.challenger_changed.connect(lambda name, _: self.challengers.append(name))
        thread.failed.connect(self.failures.append)

    def _take(self, number: int, answer: NumberReading | None) -> None:
        self.all.append(("challenger", number))
        self.answer = answer


@pytest.fixture
def ready(qtbot: QtBot) -> Iterator[tuple[RecognitionWorker, Heard]]:
    """A thread that waits for drawings."""
    thread = RecognitionWorker(paths.factory_model(), "cpu")
    heard = Heard(thread)
    with qtbot.waitSignal(thread.model_changed, timeout=LOADING_MS):
        thread.start()
    yield thread, heard
    thread.stop()


@pytest.fixture
def letters() -> Model:
    """A model that reads the letters a to j where the factory model reads digits."""
    model = model_file.load(paths.factory_model())
    return replace(model, card=replace(model.card, name="letters", classes=tuple("abcdefghij")))


def try_beside(thread: RecognitionWorker, challenger: Path | Model | None, qtbot: QtBot) -> None:
    with qtbot.waitSignal(thread.challenger_changed, timeout=ANSWER_MS):
        thread.try_beside(challenger)


def read(thread: RecognitionWorker, drawing: Drawing, qtbot: QtBot) -> None:
    with qtbot.waitSignal(thread.challenger_recognized, timeout=ANSWER_MS):
        thread.submit(drawing)


@pytest.mark.parametrize("kind", ["a model", "a file"])
def test_the_challenger_answers_after_the_champion(
    ready: tuple[RecognitionWorker, Heard], letters: Model, kind: str, tmp_path: Path, qtbot: QtBot
) -> None:
    thread, heard = ready
    path = tmp_path / "letters.safetensors"
    model_file.save(letters, path)
    try_beside(thread, letters if kind == "a model" else path, qtbot)
    assert heard.challengers == ["letters"]
    read(thread, DRAWINGS["4"], qtbot)
    assert heard.all == [("champion", 1), ("challenger", 1)]
    assert heard.answer is not None
    assert heard.answer.text == "e"

    try_beside(thread, None, qtbot)
    assert heard.challengers == ["letters", ""]
    with qtbot.waitSignal(thread.recognized, timeout=ANSWER_MS):
        thread.submit(DRAWINGS["5"])
    qtbot.wait(50)
    assert heard.all[2:] == [("champion", 2)]


def test_a_blank_drawing_has_no_answer_of_the_challenger(
    ready: tuple[RecognitionWorker, Heard], letters: Model, qtbot: QtBot
) -> None:
    thread, heard = ready
    try_beside(thread, letters, qtbot)
    with qtbot.waitSignal(thread.recognized, timeout=ANSWER_MS):
        thread.submit(Drawing())
    read(thread, DRAWINGS["4"], qtbot)
    assert heard.all == [("champion", 1), ("champion", 2), ("challenger", 2)]


def test_every_newest_drawing_is_answered_by_both(
    ready: tuple[RecognitionWorker, Heard], letters: Model, qtbot: QtBot
) -> None:
    thread, heard = ready
    try_beside(thread, letters, qtbot)
    for _ in range(20):
        for drawing in DRAWINGS.values():
            last = thread.submit(drawing)
    qtbot.waitUntil(lambda: heard.all[-1:] == [("challenger", last)], timeout=ANSWER_MS)
    champions, challengers = (
        [number for who, number in heard.all if who == wanted]
        for wanted in ("champion", "challenger")
    )
    assert champions == challengers == sorted(set(champions)), "never twice, never back"
    assert heard.answer is not None
    assert heard.answer.text == "j"


def test_a_file_that_cannot_be_used_is_reported_and_the_trial_goes_on(
    ready: tuple[RecognitionWorker, Heard], letters: Model, tmp_path: Path, qtbot: QtBot
) -> None:
    thread, heard = ready
    try_beside(thread, letters, qtbot)
    with qtbot.waitSignal(thread.failed, timeout=ANSWER_MS):
        thread.try_beside(tmp_path / "missing.safetensors")
    assert heard.challengers == ["letters"]
    assert "missing.safetensors" in heard.failures[0]
    with qtbot.waitSignal(thread.challenger_recognized, timeout=ANSWER_MS):
        thread.submit(DRAWINGS["4"])
    assert heard.all == [("champion", 1), ("challenger", 1)]


def test_a_challenger_without_a_finite_answer_is_reported_and_the_champion_reads_on(
    ready: tuple[RecognitionWorker, Heard], letters: Model, qtbot: QtBot
) -> None:
    thread, heard = ready
    next(letters.network.parameters()).data.fill_(math.nan)
    try_beside(thread, letters, qtbot)
    thread.reads_stages = True
    with qtbot.waitSignals(
        [thread.challenger_recognized, thread.stages_read, thread.failed], timeout=ANSWER_MS
    ):
        thread.submit(DRAWINGS["4"])
    assert heard.all == [("champion", 1), ("challenger", 1)]
    assert heard.answer is None
    assert "'letters' gives no finite answer" in heard.failures[0]
    read(thread, DRAWINGS["5"], qtbot)
    assert heard.all[2:] == [("champion", 2), ("challenger", 2)]


def device_of_challenger(thread: RecognitionWorker) -> str:
    assert thread._challenger is not None
    return thread._challenger.recognizer.device


def test_the_challenger_reads_on_the_champions_device(
    ready: tuple[RecognitionWorker, Heard], letters: Model, qtbot: QtBot
) -> None:
    """'cpu:0' stands in for an accelerator: only torch takes it for the CPU."""
    thread, heard = ready
    try_beside(thread, letters, qtbot)
    for device in ("cpu:0", "cpu"):
        with qtbot.waitSignal(thread.model_changed, timeout=ANSWER_MS):
            thread.use(device=device)
        assert device_of_challenger(thread) == device
        read(thread, DRAWINGS["4"], qtbot)
        assert heard.answer is not None
        assert heard.answer.text == "e"
    with qtbot.waitSignal(thread.model_changed, timeout=ANSWER_MS):
        thread.use(device="xla")  # a device that fails: the champion is on the CPU then
    try_beside(thread, letters, qtbot)
    assert device_of_challenger(thread) == "cpu"


def test_a_device_that_is_lent_is_used_by_neither(letters: Model, qtbot: QtBot) -> None:
    session = Session(Settings(), device="cpu:0")
    try:
        with qtbot.waitSignal(session.model_changed, timeout=LOADING_MS):
            session.start()
        with qtbot.waitSignal(session.challenger_changed, timeout=ANSWER_MS):
            session.try_beside(letters)
        assert session.challenger == "letters"
        assert device_of_challenger(session.recognition) == "cpu:0"
        with qtbot.waitSignal(session.device_lent, timeout=ANSWER_MS):
            session.lend_device("cpu:0")
        assert device_of_challenger(session.recognition) == "cpu"
        with qtbot.waitSignal(session.challenger_changed, timeout=ANSWER_MS):
            session.try_beside(letters)
        assert device_of_challenger(session.recognition) == "cpu", "not on the lent device"
        with qtbot.waitSignal(session.model_changed, timeout=ANSWER_MS):
            session.take_device_back()
        assert device_of_challenger(session.recognition) == "cpu:0"
    finally:
        session.stop()


def test_a_challenger_chosen_before_the_model_is_loaded_reads_too(
    letters: Model, qtbot: QtBot
) -> None:
    thread = RecognitionWorker(paths.factory_model(), "cpu")
    heard = Heard(thread)
    thread.try_beside(letters)
    thread.submit(DRAWINGS["4"])
    with qtbot.waitSignal(thread.challenger_recognized, timeout=LOADING_MS):
        thread.start()
    thread.stop()
    assert heard.all == [("champion", 1), ("challenger", 1)]


def test_the_thread_can_be_ended_at_any_time_of_a_trial(
    ready: tuple[RecognitionWorker, Heard], letters: Model
) -> None:
    thread, heard = ready
    for drawing in DRAWINGS.values():
        thread.try_beside(letters)
        thread.submit(drawing)
    thread.stop()
    assert thread.isFinished()
    assert not heard.failures
