"""Training for real, on the starter digits."""

import dataclasses
import itertools
import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import torch
from torch.nn import functional as F  # noqa: N812

import lenet_desktop
from lenet_desktop import paths
from lenet_desktop.data.labelled import TrainingData
from lenet_desktop.data.starter import starter_digits
from lenet_desktop.models import model_file
from lenet_desktop.models.lenet import LeNet
from lenet_desktop.models.model_card import ModelCard
from lenet_desktop.models.model_file import Model
from lenet_desktop.training.loop import train
from lenet_desktop.training.progress import TrainingError, TrainingProgress
from lenet_desktop.training.recipe import RECIPES, Recipe, learning_rate_at, suited_to

# Everything that draws by chance or remembers: distortions, dropout, batch norm, averages,
# synthetic digits drawn anew.
BUSY = Recipe(
    "busy",
    architecture="lenet-variant",
    options={"dropout": 0.1, "batch_norm": True},
    augmentation="strong",
    ema_decay=0.9,
    label_smoothing=0.05,
    pen_digits=100,
    redrawn=True,
    epochs=4,
)


@pytest.fixture(scope="module")
def data() -> TrainingData:
    return starter_digits()


def a_few() -> TrainingData:
    """Every fourth of the digits, where speed matters more than what is learned."""
    data = starter_digits()
    train, validation, test = (
        part.take(slice(None, None, 4)) for part in (data.train, data.validation, data.test)
    )
    return dataclasses.replace(data, train=train, validation=validation, test=test)


@pytest.fixture(scope="module")
def few() -> TrainingData:
    return a_few()


def finish(training: Generator[TrainingProgress, None, Model]) -> Model:
    return to_the_end(training)[1]


def to_the_end(
    training: Generator[TrainingProgress, None, Model],
) -> tuple[list[TrainingProgress], Model]:
    records = []
    while True:
        try:
            records.append(next(training))
        except StopIteration as end:
            return records, end.value


def same_weights(one: Model, other: Model) -> bool:
    mine, theirs = one.network.state_dict(), other.network.state_dict()
    return mine.keys() == theirs.keys() and all(torch.equal(mine[k], theirs[k]) for k in mine)


def accuracy(model: Model, data: TrainingData) -> float:
    with torch.inference_mode():
        logits = model.network(data.test.images.unsqueeze(1) / 255)
    return float((logits.argmax(1) == data.test.labels).double().mean())


def test_starter_digits_are_learned_to_95_percent(data: TrainingData) -> None:
    recipe = suited_to(RECIPES["quick"], len(data.train))
    records, model = to_the_end(train(recipe, data))
    assert accuracy(model, data) >= 0.95
    assert model.card.test_accuracy == pytest.approx(accuracy(model, data))
    assert model.card.architecture == "lenet"
    assert model.card.recipe["epochs"] == 12
    assert "LeCun" in model.card.data
    assert not model.network.training

    steps = records[-1].steps
    each = len(data.train) + recipe.pen_digits + recipe.outliers
    assert steps == 12 * math.ceil(each / recipe.batch_size)
    losses = [loss for record in records for loss in record.losses]
    assert len(losses) == steps == records[-1].step
    assert losses[-1] < losses[0]
    ends = [record for record in records if record.validation_accuracy is not None]
    assert [record.epoch for record in ends] == list(range(1, 13))
    best = max(record.validation_accuracy or 0 for record in ends)
    assert model.card.validation_accuracy == best == records[-1].best_validation_accuracy
    assert records[-1].remaining_seconds == 0
    assert all(a.step <= b.step for a, b in itertools.pairwise(records))


def test_a_model_survives_its_file(few: TrainingData, tmp_path: Path) -> None:
    model = finish(train(dataclasses.replace(BUSY, epochs=1), few))
    model_file.save(model, tmp_path / "model.safetensors")
    again = model_file.load(tmp_path / "model.safetensors")
    assert same_weights(model, again)
    assert again.card == model.card


def test_same_seed_same_weights_whatever_the_threads(few: TrainingData) -> None:
    recipe = dataclasses.replace(BUSY, epochs=2)
    first = finish(train(recipe, few, threads=1))
    assert same_weights(first, finish(train(recipe, few, threads=1)))
    assert same_weights(first, finish(train(recipe, few, threads=3)))
    assert not same_weights(first, finish(train(dataclasses.replace(recipe, seed=1), few)))


def test_the_process_is_left_as_it_was(few: TrainingData) -> None:
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    finish(train(dataclasses.replace(BUSY, epochs=1), few))
    assert torch.equal(state, torch.get_rng_state())
    assert torch.get_num_threads() == threads


@pytest.mark.parametrize("name", ["sgd", "adam", "adamw"])
def test_steps_are_those_of_pytorch(few: TrainingData, name: str) -> None:
    """A batch of all digits needs no order, so plain PyTorch can do the same beside it."""
    start = Model(LeNet(), ModelCard("start"))
    recipe = Recipe(
        name,
        optimizer=name,
        learning_rate=0.01,
        schedule="constant",
        batch_size=4096,
        epochs=3,
        weight_decay=0.1,
        label_smoothing=0.1,
    )
    twin = LeNet()
    twin.load_state_dict(start.network.state_dict())
    optimizer = {
        "sgd": lambda w: torch.optim.SGD(w, 0.01, momentum=0.9, nesterov=True, weight_decay=0.1),
        "adam": lambda w: torch.optim.Adam(w, 0.01, weight_decay=0.1),
        "adamw": lambda w: torch.optim.AdamW(w, 0.01, weight_decay=0.1),
    }[name](list(twin.parameters()))
    losses = []
    for _ in range(3):
        optimizer.zero_grad()
        logits = twin(few.train.images.unsqueeze(1) / 255)
        loss = F.cross_entropy(logits, few.train.labels, label_smoothing=0.1)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    with torch.inference_mode():
        logits = twin(few.validation.images.unsqueeze(1) / 255)
        expected = F.cross_entropy(logits, few.validation.labels).item()

    before = {name: value.clone() for name, value in start.network.state_dict().items()}
    records, _ = to_the_end(train(recipe, few, start=start))
    assert [loss for r in records for loss in r.losses] == pytest.approx(losses, rel=1e-4)
    measured = [r.validation_loss for r in records if r.validation_loss is not None]
    assert measured[-1] == pytest.approx(expected, rel=1e-3)
    assert all(torch.equal(before[k], v) for k, v in start.network.state_dict().items())


def test_closing_cancels(data: TrainingData, tmp_path: Path) -> None:
    before = threading.active_count()
    training = train(RECIPES["quick"], data)
    # At first the synthetic digits are drawn.
    while next(training).step == 0:
        pass
    assert threading.active_count() > before
    training.close()
    assert threading.active_count() == before
    with pytest.raises(StopIteration):
        next(training)


def test_stop_keeps_the_best_so_far(data: TrainingData) -> None:
    stop = threading.Event()
    training = train(dataclasses.replace(RECIPES["quick"], epochs=1000), data, stop=stop)
    while next(training).epoch < 5:
        pass
    stop.set()
    records, model = to_the_end(training)
    assert records[-1].step < 10 * records[-1].steps / 1000
    assert accuracy(model, data) > 0.8


def test_a_pause_is_not_counted(data: TrainingData) -> None:
    training = train(RECIPES["quick"], data)
    before = next(training).elapsed_seconds
    began = time.perf_counter()
    time.sleep(1)
    after = next(training).elapsed_seconds
    assert 0 < after - before < time.perf_counter() - began - 0.9
    training.close()


def test_transfer_leaves_frozen_convolutions_alone(few: TrainingData) -> None:
    start = finish(train(dataclasses.replace(BUSY, epochs=1), few))
    before = {name: value.clone() for name, value in start.network.state_dict().items()}
    model = finish(train(BUSY, few, start=start, freeze_convolutions=True))
    for name, value in model.network.state_dict().items():
        frozen = name.startswith(("conv", "norm"))
        assert torch.equal(value, before[name]) == frozen, name
    assert all(torch.equal(v, before[k]) for k, v in start.network.state_dict().items())
    assert model.card.notes["start"] == start.card.name


def test_starting_from_another_kind_of_network_is_refused(few: TrainingData) -> None:
    start = Model(LeNet(), ModelCard("mine"))
    with pytest.raises(TrainingError, match="'mine' cannot be trained on with this recipe"):
        next(train(BUSY, few, start=start))


def test_a_student_takes_after_its_teacher(few: TrainingData) -> None:
    """One who calls every digit by the next one's name is believed, against the labels."""
    teacher = model_file.load(paths.factory_model())
    last = teacher.network.get_submodule("fc3")
    last.load_state_dict({name: value.roll(1, 0) for name, value in last.state_dict().items()})
    before = {name: value.clone() for name, value in teacher.network.state_dict().items()}
    assert accuracy(teacher, few) < 0.05
    recipe = dataclasses.replace(BUSY, outliers=100, architecture="lenet", options={})
    student = finish(train(recipe, few, teachers=[teacher]))
    assert accuracy(student, few) < 0.3
    assert accuracy(finish(train(recipe, few)), few) > 0.5
    assert student.card.notes["teachers"] == [teacher.card.name]
    assert all(torch.equal(v, before[k]) for k, v in teacher.network.state_dict().items())
    assert same_weights(student, finish(train(recipe, few, teachers=[teacher], threads=1)))


def test_a_teacher_of_something_else_is_refused(few: TrainingData) -> None:
    teacher = Model(LeNet(2), ModelCard("of letters", classes=("a", "b")))
    with pytest.raises(TrainingError, match="'of letters' cannot teach"):
        next(train(BUSY, few, teachers=[teacher]))


def test_a_last_step_that_runs_away_is_said(data: TrainingData) -> None:
    """No later step's loss would tell; a network whose answers are no numbers is no challenger."""
    recipe = Recipe(
        "wild",
        optimizer="sgd",
        learning_rate=10.0,
        schedule="constant",
        weight_decay=1.0,
        batch_size=1500,
        epochs=1,
    )
    with pytest.raises(TrainingError, match="smaller learning rate"):
        finish(train(recipe, data))


def test_stopped_while_digits_are_drawn_it_takes_no_further_step(few: TrainingData) -> None:
    stop = threading.Event()
    training = train(dataclasses.replace(BUSY, pen_digits=8000), few, stop=stop)
    for record in training:
        if record.epoch == 1 and record.validation_accuracy is not None:
            break
    steps = next(training).step  # the second epoch's digits are being drawn
    stop.set()
    records, _ = to_the_end(training)
    assert {record.step for record in records} <= {steps}


def test_running_away_is_said(few: TrainingData) -> None:
    recipe = Recipe("wild", optimizer="sgd", learning_rate=10.0, schedule="constant")
    with pytest.raises(TrainingError, match="smaller learning rate"):
        finish(train(recipe, few))


KILLED = """
import sys
from pathlib import Path
from test_loop import BUSY, a_few, train
for record in train(BUSY, a_few(), checkpoint=Path(sys.argv[1])):
    if record.validation_accuracy is not None:
        print(record.epoch, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
def test_a_killed_training_goes_on_as_if_nothing_had_been(
    few: TrainingData, tmp_path: Path
) -> None:
    checkpoint = tmp_path / "checkpoint"
    here = Path(__file__)
    paths = os.pathsep.join([str(here.parent), str(Path(lenet_desktop.__file__).parents[1])])
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(checkpoint)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": paths},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"1\n"
        assert process.stdout.readline() == b"2\n"
        process.kill()
    assert checkpoint.exists()
    records, resumed = to_the_end(train(BUSY, few, checkpoint=checkpoint))
    assert records[0].step * 4 in (2 * records[0].steps, 3 * records[0].steps)
    assert same_weights(resumed, finish(train(BUSY, few)))
    # Whoever has the model in safety removes it.
    assert checkpoint.exists()


def test_a_checkpoint_of_another_training_is_refused(few: TrainingData, tmp_path: Path) -> None:
    checkpoint = tmp_path / "checkpoint"
    training = train(BUSY, few, checkpoint=checkpoint)
    while next(training).validation_accuracy is None:
        pass
    training.close()
    written = checkpoint.read_bytes()
    with pytest.raises(TrainingError, match="belongs to another training"):
        next(train(dataclasses.replace(BUSY, seed=5), few, checkpoint=checkpoint))
    checkpoint.write_bytes(written[:-100])
    with pytest.raises(TrainingError, match="is damaged"):
        next(train(BUSY, few, checkpoint=checkpoint))


def test_a_checkpoint_that_cannot_be_written_ends_nothing(
    few: TrainingData, tmp_path: Path
) -> None:
    resource = pytest.importorskip("resource", reason="needs a limit on the size of files")
    checkpoint = tmp_path / "checkpoint"
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        records, model = to_the_end(
            train(dataclasses.replace(BUSY, epochs=1), few, checkpoint=checkpoint)
        )
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    notices = [record.notice for record in records if record.notice]
    assert len(notices) == 1
    assert "could not be written" in notices[0]
    assert list(tmp_path.iterdir()) == []
    assert model.card.test_accuracy is not None


def test_a_folder_that_is_closed_to_us_ends_nothing(
    few: TrainingData, tmp_path: Path, closed: Callable[[Path], AbstractContextManager[None]]
) -> None:
    recipe = dataclasses.replace(BUSY, epochs=2)
    with closed(tmp_path / "cache"):
        records, _ = to_the_end(train(recipe, few, checkpoint=tmp_path / "cache" / "checkpoint"))
    notices = {record.notice for record in records if record.notice}
    assert len(notices) == 1
    assert "Permission denied" in notices.pop()


@pytest.mark.parametrize("schedule", ["constant", "cosine", "one-cycle"])
def test_schedules_reach_the_learning_rate_and_come_down(schedule: str) -> None:
    recipe = Recipe("any", schedule=schedule, learning_rate=0.5)
    rates = [learning_rate_at(recipe, step, 100) for step in range(100)]
    assert max(rates) == pytest.approx(0.5)
    assert rates[0] == pytest.approx(0.02 if schedule == "one-cycle" else 0.5)
    assert (rates[-1] < 0.001) == (schedule != "constant")
    assert all(rate > 0 for rate in rates)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"architecture": "vgg"}, "no architecture 'vgg'"),
        ({"architecture": "residual", "options": {"depth": 3}}, "wrong options"),
        ({"architecture": "residual", "options": {"dropout": 1.0}}, "dropout rate"),
        ({"optimizer": "lion"}, "no optimizer 'lion'"),
        ({"schedule": "step"}, "no schedule 'step'"),
        ({"initialization": "zeros"}, "no initialization 'zeros'"),
        ({"augmentation": "mixup"}, "no augmentation 'mixup'"),
        ({"batch_size": 0}, "batch size"),
        ({"batch_size": 64.0}, "batch size"),
        ({"epochs": 1001}, "epochs"),
        ({"seed": -1}, "seed"),
        ({"learning_rate": 0.0}, "learning rate"),
        ({"learning_rate": math.nan}, "learning rate"),
        ({"weight_decay": 2.0}, "weight decay"),
        ({"label_smoothing": 1.0}, "label smoothing"),
        ({"ema_decay": 1.0}, "EMA decay"),
    ],
)
def test_nonsense_makes_no_recipe(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(RECIPES["quick"], **change)


def test_the_tutorial_is_the_classical_loop() -> None:
    recipe = RECIPES["tutorial"]
    assert (recipe.optimizer, recipe.learning_rate, recipe.schedule) == ("adam", 0.001, "constant")
    assert (recipe.batch_size, recipe.epochs, recipe.weight_decay) == (64, 10, 0)
    assert (recipe.initialization, recipe.augmentation) == ("pytorch", "none")
    assert recipe.label_smoothing == recipe.ema_decay == 0
