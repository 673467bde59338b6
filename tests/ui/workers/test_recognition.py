"""The recognition thread reads the newest drawing, and no drawing or model ends it."""

import math
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

import lenet_desktop
from hands import ANSWER_MS, DEMO, LOADING_MS
from lenet_desktop import paths
from lenet_desktop.drawing.strokes import Drawing, Stroke, place
from lenet_desktop.models import model_file
from lenet_desktop.ui.workers.recognition import ModelInUse, RecognitionWorker

DRAWINGS = {label: place(strokes) for label, strokes in DEMO.items()}


class Heard:
    """The signals of a thread, in order."""

    def __init__(self, thread: RecognitionWorker) -> None:
        self.answers: list[tuple[int, str | None]] = []
        self.models: list[ModelInUse] = []
        self.notices: list[str] = []
        self.failures: list[str] = []
        thread.recognized.connect(
            lambda number, answer: self.answers.append((number, answer and answer.text))
        )
        thread.model_changed.connect(self.models.append)
        thread.noticed.connect(self.notices.append)
        thread.failed.connect(self.failures.append)


@pytest.fixture
def make_thread() -> Iterator[Callable[..., tuple[RecognitionWorker, Heard]]]:
    threads: list[RecognitionWorker] = []

    def make_thread(
        model: Path | None = None, device: str = "cpu"
    ) -> tuple[RecognitionWorker, Heard]:
        threads.append(RecognitionWorker(model or paths.factory_model(), device))
        return threads[-1], Heard(threads[-1])

    yield make_thread
    for thread in threads:
        thread.stop()


@pytest.fixture
def ready(
    make_thread: Callable[..., tuple[RecognitionWorker, Heard]], qtbot: QtBot
) -> tuple[RecognitionWorker, Heard]:
    """A thread that waits for drawings."""
    thread, heard = make_thread()
    with qtbot.waitSignal(thread.model_changed, timeout=LOADING_MS):
        thread.start()
    return thread, heard


@pytest.fixture
def bad_model(tmp_path: Path) -> Path:
    path = tmp_path / "bad.safetensors"
    path.write_bytes(b"no model" * 100)
    return path


def test_a_loaded_model_is_signalled(ready: tuple[RecognitionWorker, Heard]) -> None:
    _, heard = ready
    (model,) = heard.models
    assert model.path == paths.factory_model()
    assert model.device == "cpu"
    assert "cpu" in model.devices
    assert model.card.architecture == "lenet"
    assert not heard.notices
    assert not heard.failures


def test_each_drawing_gets_the_answer_of_its_number(
    ready: tuple[RecognitionWorker, Heard], qtbot: QtBot
) -> None:
    thread, heard = ready
    for label, ink in DRAWINGS.items():
        with qtbot.waitSignal(thread.recognized, timeout=ANSWER_MS):
            assert thread.submit(ink) == int(label) + 1
    assert heard.answers == [(int(label) + 1, label) for label in DRAWINGS]


def test_a_drawing_without_ink_gets_the_answer_none(
    ready: tuple[RecognitionWorker, Heard], qtbot: QtBot
) -> None:
    thread, heard = ready
    with qtbot.waitSignal(thread.recognized, timeout=ANSWER_MS):
        thread.submit(Drawing())
    assert heard.answers == [(1, None)]


def test_a_newer_drawing_replaces_one_that_waits(
    ready: tuple[RecognitionWorker, Heard], qtbot: QtBot
) -> None:
    thread, heard = ready
    for _ in range(60):
        for ink in DRAWINGS.values():
            last = thread.submit(ink)
    qtbot.waitUntil(lambda: heard.answers[-1:] == [(last, "9")], timeout=ANSWER_MS)
    numbers = [number for number, _ in heard.answers]
    assert numbers == sorted(set(numbers)), "never twice, never back"
    assert all(guess == str((number - 1) % 10) for number, guess in heard.answers)
    assert len(numbers) < last / 3


def test_only_the_last_drawing_made_while_the_model_loads_is_read(
    make_thread: Callable[..., tuple[RecognitionWorker, Heard]], qtbot: QtBot
) -> None:
    thread, heard = make_thread()
    for label in "123":
        thread.submit(DRAWINGS[label])
    with qtbot.waitSignal(thread.recognized, timeout=LOADING_MS):
        thread.start()
    assert heard.answers == [(3, "3")]
    assert len(heard.models) == 1


def test_a_discarded_drawing_is_not_read(
    make_thread: Callable[..., tuple[RecognitionWorker, Heard]], qtbot: QtBot
) -> None:
    thread, heard = make_thread()
    thread.submit(DRAWINGS["1"])
    assert thread.submit(DRAWINGS["2"]) == 2
    assert thread.discard() == 2
    with qtbot.waitSignal(thread.model_changed, timeout=LOADING_MS):
        thread.start()
    with qtbot.waitSignal(thread.recognized, timeout=ANSWER_MS):
        thread.submit(DRAWINGS["3"])
    assert heard.answers == [(3, "3")]


# Drawings that cannot be read


def not_a_drawing(kind: str) -> Drawing:
    """Return an invalid drawing, on which the drawing code fails."""
    if kind == "a picture of another type":
        return Drawing(picture=np.full((5, 3), "ink"))
    return Drawing((Stroke(np.zeros((0, 2), np.float32)),))


@pytest.mark.parametrize("kind", ["a picture of another type", "a stroke without points"])
def test_a_drawing_that_raises_is_reported_in_one_sentence_and_the_next_one_is_read(
    ready: tuple[RecognitionWorker, Heard], qtbot: QtBot, kind: str
) -> None:
    thread, heard = ready
    thread.reads_stages = True
    with qtbot.waitSignal(thread.failed, timeout=ANSWER_MS):
        thread.submit(not_a_drawing(kind))
    (sentence,) = heard.failures
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert heard.answers == [(1, None)], "an old answer must not stand for this drawing"
    with qtbot.waitSignal(thread.recognized, timeout=ANSWER_MS):
        thread.submit(DRAWINGS["7"])
    assert heard.answers[-1] == (2, "7")
    assert len(heard.failures) == 1
    assert thread.isRunning()


def test_a_network_that_gives_nan_is_reported_in_one_sentence_and_another_model_reads(
    ready: tuple[RecognitionWorker, Heard], qtbot: QtBot
) -> None:
    thread, heard = ready
    assert thread._reader is not None
    weight = next(thread._reader.recognizer._network.parameters())
    weight.data.fill_(math.nan)
    with qtbot.waitSignal(thread.failed, timeout=ANSWER_MS):
        thread.submit(DRAWINGS["7"])
    assert heard.failures[0].endswith(".")
    with qtbot.waitSignal(thread.model_changed, timeout=ANSWER_MS):
        thread.use(paths.factory_model())
    with qtbot.waitSignal(thread.recognized, timeout=ANSWER_MS):
        thread.submit(DRAWINGS["7"])
    assert heard.answers[-1] == (2, "7")


# Models and devices


def test_a_bad_model_leaves_the_one_in_use(
    ready: tuple[RecognitionWorker, Heard], qtbot: QtBot, bad_model: Path
) -> None:
    thread, heard = ready
    with qtbot.waitSignal(thread.failed, timeout=ANSWER_MS):
        thread.use(bad_model)
    assert str(bad_model) in heard.failures[0]
    with qtbot.waitSignal(thread.recognized, timeout=ANSWER_MS):
        thread.submit(DRAWINGS["7"])
    assert heard.answers == [(1, "7")]
    assert len(heard.models) == len(heard.failures) == 1


@pytest.mark.parametrize("kind", ["missing", "bad"])
def test_if_the_first_model_cannot_be_used_the_factory_model_is(
    make_thread: Callable[..., tuple[RecognitionWorker, Heard]],
    qtbot: QtBot,
    bad_model: Path,
    kind: str,
) -> None:
    path = bad_model if kind == "bad" else bad_model.with_name("missing.safetensors")
    thread, heard = make_thread(path)
    with qtbot.waitSignal(thread.model_changed, timeout=LOADING_MS):
        thread.start()
    assert len(heard.failures) == 1
    assert str(path) in heard.failures[0]
    assert heard.models[0].path == paths.factory_model()


def test_a_path_that_no_file_can_have_is_reported_in_one_sentence(
    ready: tuple[RecognitionWorker, Heard], qtbot: QtBot
) -> None:
    thread, heard = ready
    with qtbot.waitSignal(thread.failed, timeout=ANSWER_MS):
        thread.use(Path("a\0b"), "cpu")
    assert "cannot be used: embedded null byte." in heard.failures[0]
    with qtbot.waitSignal(thread.recognized, timeout=ANSWER_MS):
        thread.submit(DRAWINGS["7"])
    assert heard.answers == [(1, "7")]


def test_another_model_reads_from_then_on(
    ready: tuple[RecognitionWorker, Heard], qtbot: QtBot, tmp_path: Path
) -> None:
    thread, heard = ready
    model = model_file.load(paths.factory_model())
    card = replace(model.card, name="letters", classes=tuple("abcdefghij"))
    model_file.save(replace(model, card=card), tmp_path / "letters.safetensors")
    with qtbot.waitSignal(thread.model_changed, timeout=ANSWER_MS):
        thread.use(tmp_path / "letters.safetensors", "cpu")
    assert heard.models[-1].card.name == "letters"
    with qtbot.waitSignal(thread.recognized, timeout=ANSWER_MS):
        thread.submit(DRAWINGS["4"])
    assert heard.answers == [(1, "e")]


def test_a_failing_device_is_reported_and_replaced_by_the_cpu(
    ready: tuple[RecognitionWorker, Heard], qtbot: QtBot
) -> None:
    thread, heard = ready
    with qtbot.waitSignal(thread.model_changed, timeout=ANSWER_MS):
        thread.use(paths.factory_model(), "xla")
    assert heard.models[-1].device == "cpu"
    assert "'xla'" in heard.notices[0]
    with qtbot.waitSignal(thread.recognized, timeout=ANSWER_MS):
        thread.submit(DRAWINGS["6"])
    assert heard.answers == [(1, "6")]


def test_a_device_chosen_while_a_bad_model_waits_is_still_used(
    ready: tuple[RecognitionWorker, Heard], qtbot: QtBot, bad_model: Path
) -> None:
    thread, heard = ready
    with qtbot.waitSignal(thread.model_changed, timeout=ANSWER_MS):
        thread.use(bad_model)
        thread.use(device="cpu:0")
    assert str(bad_model) in heard.failures[0]
    assert heard.models[-1].device == "cpu:0"
    assert heard.models[-1].path == paths.factory_model()


def test_another_device_needs_no_file(
    make_thread: Callable[..., tuple[RecognitionWorker, Heard]], qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(paths.factory_model().read_bytes())
    thread, heard = make_thread(path)
    with qtbot.waitSignal(thread.model_changed, timeout=LOADING_MS):
        thread.start()
    path.unlink()
    with qtbot.waitSignal(thread.model_changed, timeout=ANSWER_MS):
        thread.use(device="cpu:0")
    assert heard.models[-1].path == path
    assert not heard.failures


# Its end


def test_the_thread_can_be_ended_while_it_waits(ready: tuple[RecognitionWorker, Heard]) -> None:
    thread, _ = ready
    assert thread.isRunning()
    thread.stop()
    assert thread.isFinished()
    thread.stop()


# Torch is loaded in this process, so the test needs another one.
_STOP_WHILE_TORCH_LOADS = """
import sys, time
from lenet_desktop import paths
from lenet_desktop.ui.workers.recognition import RecognitionWorker

worker = RecognitionWorker(paths.factory_model(), "cpu")
worker.start()
while "torch" not in sys.modules:
    time.sleep(0.001)
print("loading" if sys.modules["torch"].__spec__._initializing else "loaded")
worker.stop()
print("ended" if worker.isFinished() else "running")
"""


def test_the_thread_can_be_ended_while_torch_loads() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _STOP_WHILE_TORCH_LOADS],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(lenet_desktop.__file__).parents[1])},
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "loading\nended\n", "")


def test_the_thread_can_be_ended_while_it_reads(ready: tuple[RecognitionWorker, Heard]) -> None:
    thread, heard = ready
    reading = threading.Event()
    thread.recognized.connect(lambda *_: reading.set(), Qt.ConnectionType.DirectConnection)
    thread.submit(DRAWINGS["8"])
    assert reading.wait(ANSWER_MS / 1000)
    thread.submit(DRAWINGS["9"])
    thread.stop()
    assert thread.isFinished()
    assert not heard.failures


def test_a_stopped_thread_cannot_be_started(
    make_thread: Callable[..., tuple[RecognitionWorker, Heard]], qtbot: QtBot
) -> None:
    thread, heard = make_thread()
    thread.stop()
    thread.start()
    assert thread.wait(LOADING_MS)
    qtbot.wait(1)  # let pending signals arrive
    assert not heard.models
    assert not heard.failures
