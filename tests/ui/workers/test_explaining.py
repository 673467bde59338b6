"""The explaining thread carries out the latest request, and can be stopped at any time."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from hands import ANSWER_MS, DEMO, LOADING_MS
from lenet_desktop import paths
from lenet_desktop.drawing.preprocess import bounding_box, preprocess
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.strokes import Drawing, place
from lenet_desktop.inference.inside.methods import DEFAULT, Method
from lenet_desktop.inference.recognizer import Recognizer
from lenet_desktop.ui.workers.explaining import ExplainingWorker

SEVEN, FOUR = place(DEMO["7"]), place(DEMO["4"])
SAMPLE = preprocess(rasterize(SEVEN))
assert SAMPLE is not None


@pytest.fixture
def worker() -> Iterator[ExplainingWorker]:
    worker = ExplainingWorker(paths.factory_model())
    yield worker
    worker.stop()


def test_it_starts_with_the_first_request(worker: ExplainingWorker, qtbot: QtBot) -> None:
    assert not worker.isRunning()
    with qtbot.waitSignal(worker.attributed, timeout=LOADING_MS) as told:
        number = worker.attribute(SAMPLE, SEVEN, 7)
    assert told.args[0] == number
    found = told.args[1]
    assert (found.method, found.target) == (DEFAULT, 7)
    expected = Recognizer.from_file(paths.factory_model(), "cpu").attribute(SAMPLE, 7)
    np.testing.assert_allclose(found.values, expected.values, atol=1e-4)
    assert told.args[2] == bounding_box(rasterize(SEVEN))


def test_the_latest_request_wins(worker: ExplainingWorker, qtbot: QtBot) -> None:
    told: list[tuple[int, Method]] = []
    worker.attributed.connect(lambda number, found, _: told.append((number, found.method)))
    for _ in range(20):
        for method in Method:
            last = worker.attribute(SAMPLE, SEVEN, 4, method)
    qtbot.waitUntil(lambda: told[-1:] == [(last, method)], timeout=LOADING_MS)
    assert len(told) < last / 3


def test_strokes_are_weighed(worker: ExplainingWorker, qtbot: QtBot) -> None:
    with qtbot.waitSignal(worker.strokes_weighed, timeout=LOADING_MS) as told:
        number = worker.weigh_strokes(FOUR, 4)
    assert told.args[0] == number
    assert len(told.args[1]) == 2
    assert all(change < -0.5 for change in told.args[1])


def test_a_change_grows_and_ends(worker: ExplainingWorker, qtbot: QtBot) -> None:
    grown: list[int] = []
    worker.grown.connect(lambda number, growth, _: grown.append(growth.step))
    with qtbot.waitSignal(worker.ended, timeout=LOADING_MS) as told:
        number = worker.change(SAMPLE, SEVEN, 9)
    assert told.args[0] == number
    assert told.args[1].is_found
    assert told.args[2] == bounding_box(rasterize(SEVEN))
    assert grown == sorted(set(grown))
    assert grown[0] == 1


def test_what_is_cancelled_never_ends(worker: ExplainingWorker, qtbot: QtBot) -> None:
    ended: list[int] = []
    worker.ended.connect(lambda number, *_: ended.append(number))
    with qtbot.waitSignal(worker.grown, timeout=LOADING_MS):
        first = worker.dream(3)
    worker.cancel(first)
    with qtbot.waitSignal(worker.ended, timeout=ANSWER_MS):
        second = worker.dream(1, layer=3)
    worker.cancel(first)  # does nothing to the second, which has ended
    assert ended == [second]


def test_it_ends_at_once_in_the_middle_of_a_dream(worker: ExplainingWorker, qtbot: QtBot) -> None:
    ended: list[int] = []
    worker.ended.connect(lambda number, *_: ended.append(number))
    with qtbot.waitSignal(worker.grown, timeout=LOADING_MS):
        worker.dream(3)
    worker.stop()
    assert worker.isFinished()
    worker.dream(4)
    assert not worker.isRunning()
    assert not ended


def test_an_error_is_told_and_the_next_request_is_carried_out(
    worker: ExplainingWorker, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(worker.failed, timeout=LOADING_MS) as told:
        worker.attribute(SAMPLE, SEVEN, 99)
    assert told.args[0] == "This answer cannot be explained: there is no class 99."
    with qtbot.waitSignal(worker.failed, timeout=ANSWER_MS):
        worker.dream(99, layer=1)
    missing = tmp_path / "missing.safetensors"
    worker.use(missing)
    with qtbot.waitSignal(worker.failed, timeout=ANSWER_MS) as told:
        worker.attribute(SAMPLE, SEVEN, 7)
    assert str(missing) in told.args[0]
    worker.use(paths.factory_model())
    with qtbot.waitSignal(worker.attributed, timeout=ANSWER_MS):
        worker.attribute(SAMPLE, SEVEN, 7)


def test_it_explains_with_the_model_in_use(
    worker: ExplainingWorker, qtbot: QtBot, other_model: Path
) -> None:
    with qtbot.waitSignal(worker.attributed, timeout=LOADING_MS) as told:
        worker.attribute(SAMPLE, SEVEN, 2)
    worker.use(other_model)
    with qtbot.waitSignal(worker.attributed, timeout=ANSWER_MS) as other:
        worker.attribute(SAMPLE, SEVEN, 2)
    assert other.args[1].probability != pytest.approx(told.args[1].probability)


@pytest.fixture
def other_model(tmp_path: Path) -> Path:
    import torch

    from lenet_desktop.models import model_file
    from lenet_desktop.models.architectures import ARCHITECTURES
    from lenet_desktop.models.model_card import ModelCard
    from lenet_desktop.models.model_file import Model

    torch.manual_seed(1)
    card = ModelCard("other", architecture="residual", classes=("a", "b", "c"))
    path = tmp_path / "other.safetensors"
    model_file.save(Model(ARCHITECTURES["residual"](3).eval(), card), path)
    return path


def test_bare_paper_has_no_ink_box(worker: ExplainingWorker, qtbot: QtBot) -> None:
    with qtbot.waitSignal(worker.attributed, timeout=LOADING_MS) as told:
        worker.attribute(np.zeros((28, 28), np.float32), Drawing(), 7)
    assert told.args[2] is None
