"""Resuming from checkpoints: killed trainings, other trainings, and damaged files."""

import dataclasses
import math
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

import lenet_desktop
from lenet_desktop.data.labelled import LabelledImages, TrainingData
from lenet_desktop.models.lenet import LeNet
from lenet_desktop.models.model_card import ModelCard
from lenet_desktop.models.model_file import Model
from lenet_desktop.training.checkpoint import (
    CheckpointError,
    read_checkpoint,
    training_id,
    write_checkpoint,
)
from lenet_desktop.training.loop import train
from trainings import BUSY, PLAIN, few_digits, finish, same_weights, to_the_end

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def few() -> TrainingData:
    return few_digits()


def first_epoch(training: Any) -> None:
    """Run a training until its first epoch is complete, and cancel it."""
    while next(training).validation_accuracy is None:
        pass
    training.close()


KILLED = """
import sys
from pathlib import Path
from trainings import BUSY, few_digits
from lenet_desktop.training.loop import train
for record in train(BUSY, few_digits(), checkpoint=Path(sys.argv[1])):
    if record.validation_accuracy is not None:
        print(record.epoch, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
def test_a_killed_training_resumes_bit_for_bit(few: TrainingData, tmp_path: Path) -> None:
    checkpoint = tmp_path / "checkpoint"
    folders = (Path(__file__).parents[1] / "fixtures", Path(lenet_desktop.__file__).parents[1])
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(checkpoint)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders))},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"1\n"
        assert process.stdout.readline() == b"2\n"
        process.kill()
    assert checkpoint.exists()
    records, resumed = to_the_end(train(BUSY, few, checkpoint=checkpoint))
    assert records[0].step * 4 in (2 * records[0].steps, 3 * records[0].steps, 4 * records[0].steps)
    assert same_weights(resumed, finish(train(BUSY, few)))
    # The caller removes it once the model is saved.
    assert checkpoint.exists()


def test_a_finished_training_is_resumed_without_training(few: TrainingData, tmp_path: Path) -> None:
    checkpoint = tmp_path / "checkpoint"
    model = finish(train(BUSY, few, checkpoint=checkpoint))
    records, again = to_the_end(train(BUSY, few, checkpoint=checkpoint))
    assert same_weights(model, again)
    assert again.card == model.card
    assert not any(record.losses for record in records)


@pytest.mark.parametrize("what", ["seed", "one pixel", "one label", "start", "teacher"])
def test_a_checkpoint_of_another_training_is_refused(
    few: TrainingData, tmp_path: Path, what: str
) -> None:
    checkpoint = tmp_path / "checkpoint"
    one, other = Model(LeNet(), ModelCard("model")), Model(LeNet(), ModelCard("model"))
    first_epoch(train(PLAIN, few, start=one, teachers=[one], checkpoint=checkpoint))
    images, labels = few.train.images.clone(), few.train.labels.clone()
    if what == "one pixel":
        images[5, 10, 10] ^= 1
    if what == "one label":
        labels[5] = (labels[5] + 1) % 10
    training = train(
        dataclasses.replace(PLAIN, seed=5) if what == "seed" else PLAIN,
        dataclasses.replace(few, train=LabelledImages(images, labels, few.classes)),
        start=other if what == "start" else one,
        teachers=[other if what == "teacher" else one],
        checkpoint=checkpoint,
    )
    with pytest.raises(CheckpointError, match="belongs to another training"):
        next(training)


def test_other_files_are_no_checkpoints(few: TrainingData, tmp_path: Path) -> None:
    path = tmp_path / "checkpoint"
    first_epoch(train(PLAIN, few, checkpoint=path))
    whole = path.read_bytes()
    for content in (b"", b"text", whole[:-100], whole + b"more"):
        path.write_bytes(content)
        with pytest.raises(CheckpointError, match="is damaged"):
            next(train(PLAIN, few, checkpoint=path))
    path.unlink()
    path.mkdir()
    with pytest.raises(CheckpointError, match="is damaged"):
        next(train(PLAIN, few, checkpoint=path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(few: TrainingData, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "checkpoint")
    with pytest.raises(CheckpointError, match="is damaged"):
        next(train(PLAIN, few, checkpoint=tmp_path / "checkpoint"))


NONSENSE = (
    None, True, "x", "", [], {}, -1, 0, 1, 2, 3, 0.5, 2**70, -1e300, 1e300, math.inf, math.nan,
)  # fmt: skip


def with_nonsense(
    random_: random.Random, counters: dict[str, Any], tensors: dict[str, Tensor]
) -> tuple[Any, dict[str, Tensor]]:
    """Return the content of a checkpoint with one change."""
    counters, tensors = dict(counters), dict(tensors)
    name, key = random_.choice(sorted(tensors)), random_.choice(sorted(counters))
    value = tensors[name].clone()
    match random_.choice(("counter", "counter", "counter", "name", "all", "tensor", "numbers")):
        case "counter":
            counters[key] = random_.choice(NONSENSE)
        case "name":
            counters[key + "s"] = counters.pop(key)
        case "all":
            return random_.choice(NONSENSE), tensors
        case "numbers":
            value.view(-1)[0] = random_.choice((1e30, -1e38, math.nan, math.inf, 3))
            tensors[name] = value
        case "tensor":
            del tensors[name]
            tensors |= random_.choice(
                ({}, {name: value.double()}, {name: value.reshape(-1, 1)}, {name + "s": value})
            )
    return counters, tensors


def test_damaged_checkpoints_are_refused_or_trained_on(tmp_path: Path) -> None:
    """200 mutated files, half of them with a right checksum."""
    data, path = few_digits(64, 50), tmp_path / "checkpoint"
    recipe = dataclasses.replace(PLAIN, ema_decay=0.5)
    first_epoch(train(recipe, data, checkpoint=path))
    whole, random_ = path.read_bytes(), random.Random(0)
    training = training_id(recipe, data, CPU, None, False, [])
    counters, tensors = read_checkpoint(path, training)
    refused = trained = 0
    for number in range(200):
        if number % 2:
            content = bytearray(whole)
            # Mutate the header, where most can go wrong, as often as all the numbers.
            end = random_.choice((3000, len(whole)))
            for _ in range(random_.randint(1, 4)):
                content[random_.randrange(end)] ^= random_.randint(1, 255)
            path.write_bytes(content)
        else:
            write_checkpoint(path, training, *with_nonsense(random_, counters, tensors))
        try:
            finish(train(recipe, data, checkpoint=path, threads=0))
            trained += 1
        except CheckpointError:
            refused += 1
    assert refused > 150
    assert trained > 5


def test_a_checkpoint_that_cannot_be_written_does_not_stop_a_training(
    few: TrainingData, tmp_path: Path
) -> None:
    resource = pytest.importorskip("resource", reason="needs a limit on the size of files")
    checkpoint = tmp_path / "checkpoint"
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        records, model = to_the_end(
            train(dataclasses.replace(PLAIN, epochs=1), few, checkpoint=checkpoint)
        )
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    notices = [record.notice for record in records if record.notice]
    assert len(notices) == 1
    assert "could not be written" in notices[0]
    assert list(tmp_path.iterdir()) == []
    assert model.card.test_accuracy is not None


def test_a_folder_without_access_does_not_stop_a_training(
    few: TrainingData, tmp_path: Path, closed: Callable[[Path], AbstractContextManager[None]]
) -> None:
    with closed(tmp_path / "cache"):
        records, _ = to_the_end(train(PLAIN, few, checkpoint=tmp_path / "cache" / "checkpoint"))
    notices = {record.notice for record in records if record.notice}
    assert len(notices) == 1
    assert "Permission denied" in notices.pop()
