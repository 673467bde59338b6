"""Thumbnails are drawn in a thread: the last requested first, and none too many."""

from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from hands import ANSWER_MS
from lenet_desktop.data.own_samples import OwnSample, sample_of
from lenet_desktop.ui.workers import thumbnails
from lenet_desktop.ui.workers.thumbnails import ThumbnailWorker

SIDE = 32


@pytest.fixture
def worker() -> Iterator[ThumbnailWorker]:
    worker = ThumbnailWorker()
    yield worker
    worker.stop()


def sample(number: int = 0) -> OwnSample:
    line = f'{{"label": "1", "strokes": [[[0, 0], [9, {9 + number}]]]}}'
    return sample_of(line.encode(), "a line")


def test_every_request_is_drawn_or_forgotten(worker: ThumbnailWorker, qtbot: QtBot) -> None:
    requested = [sample(number) for number in range(1500)]
    drawn: list[tuple[OwnSample, np.ndarray]] = []
    forgotten: list[OwnSample] = []
    worker.drawn.connect(drawn.extend)
    worker.forgotten.connect(forgotten.extend)
    for each in requested:
        worker.request(each, SIDE)
    qtbot.waitUntil(lambda: len(drawn) + len(forgotten) == 1500, timeout=ANSWER_MS)
    assert {each for each, _ in drawn} | set(forgotten) == set(requested)
    assert requested[-1] not in forgotten
    assert all(ink.shape == (SIDE, SIDE) and ink.any() for _, ink in drawn)


def test_the_last_requested_is_drawn_first(
    worker: ThumbnailWorker, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thumbnails, "_BATCH", 1)
    drawn: list[OwnSample] = []
    worker.drawn.connect(lambda batch: drawn.extend(each for each, _ in batch))
    requested = [sample(number) for number in range(100)]
    with worker._changed:  # it begins when all are there
        worker._waiting = [(each, SIDE) for each in requested[:-1]]
    worker.request(requested[-1], SIDE)
    qtbot.waitUntil(lambda: len(drawn) == 100, timeout=ANSWER_MS)
    assert drawn == requested[::-1]


def test_a_sample_that_cannot_be_drawn_is_blank_and_ends_nothing(
    worker: ThumbnailWorker, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    damaged, sound = OwnSample(b"nonsense", "1", is_held_out=False), sample()
    inks: dict[OwnSample, np.ndarray] = {}
    worker.drawn.connect(inks.update)
    for each in (damaged, sound):
        worker.request(each, SIDE)
    qtbot.waitUntil(lambda: len(inks) == 2, timeout=ANSWER_MS)
    assert not inks[damaged].any()
    assert inks[sound].any()
    assert "a thumbnail could not be drawn" in caplog.text
