"""Real trainings on the starter digits."""

import dataclasses
import itertools
import math
import threading
import time
from pathlib import Path

import pytest
import torch
from torch.nn import functional as F  # noqa: N812

from lenet_desktop import paths
from lenet_desktop.data.labelled import TrainingData
from lenet_desktop.data.starter import starter_digits
from lenet_desktop.models import model_file
from lenet_desktop.models.lenet import LeNet
from lenet_desktop.models.model_card import ModelCard
from lenet_desktop.models.model_file import Model
from lenet_desktop.training.loop import train
from lenet_desktop.training.progress import TrainingError
from lenet_desktop.training.recipe import RECIPES, Recipe, suited_to
from trainings import BUSY, PLAIN, accuracy, few_digits, finish, same_weights, to_the_end


@pytest.fixture(scope="module")
def few() -> TrainingData:
    return few_digits()


@pytest.fixture(scope="module")
def digits() -> TrainingData:
    return starter_digits()


def test_quick_reads_95_percent_of_the_starter_digits(digits: TrainingData) -> None:
    recipe = suited_to(RECIPES["quick"], len(digits.train))
    records, model = to_the_end(train(recipe, digits))
    assert accuracy(model, digits.test) >= 0.95
    assert model.card.test_accuracy == pytest.approx(accuracy(model, digits.test))
    assert model.card.tested_on == "starter digits"
    assert model.card.architecture == "lenet"
    assert model.card.recipe["epochs"] == 12
    assert "3,500 digits to train, 1,750 synthetic pen digits, 625 synth" in model.card.data
    assert "LeCun" in model.card.data
    assert not model.network.training

    steps = records[-1].steps
    images_per_epoch = len(digits.train) + recipe.pen_digits + recipe.outliers
    assert steps == 12 * math.ceil(images_per_epoch / recipe.batch_size)
    losses = [loss for record in records for loss in record.losses]
    assert len(losses) == steps == records[-1].step
    assert losses[-1] < losses[0]
    ends = [record for record in records if record.validation_accuracy is not None]
    assert [record.epoch for record in ends] == list(range(1, 13))
    best = max(record.validation_accuracy or 0 for record in ends)
    assert model.card.validation_accuracy == best == records[-1].best_validation_accuracy
    assert records[-1].remaining_seconds == 0
    assert all(a.step <= b.step for a, b in itertools.pairwise(records))


def test_the_result_depends_on_the_seed_and_not_on_the_threads(few: TrainingData) -> None:
    recipe = dataclasses.replace(BUSY, epochs=2, batch_size=200)  # two shards
    first = finish(train(recipe, few, threads=1))
    for threads in (0, 1, 2, 3):
        assert same_weights(first, finish(train(recipe, few, threads=threads))), threads
    assert not same_weights(first, finish(train(dataclasses.replace(recipe, seed=1), few)))


def test_global_state_of_torch_is_left_alone(few: TrainingData) -> None:
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    finish(train(dataclasses.replace(BUSY, epochs=1), few))
    assert torch.equal(state, torch.get_rng_state())
    assert torch.get_num_threads() == threads


@pytest.mark.parametrize("name", ["sgd", "adam", "adamw"])
def test_a_plain_pytorch_loop_gives_the_same_losses(few: TrainingData, name: str) -> None:
    """One batch holds all images, so their order does not matter."""
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


def test_closing_cancels_and_ends_all_threads(digits: TrainingData) -> None:
    before = threading.active_count()
    training = train(RECIPES["quick"], digits)
    # At first the synthetic images are drawn.
    while next(training).step == 0:
        pass
    assert threading.active_count() > before
    training.close()
    assert threading.active_count() == before
    with pytest.raises(StopIteration):
        next(training)


def test_stop_returns_the_best_model_so_far(digits: TrainingData) -> None:
    stop = threading.Event()
    training = train(Recipe("endless", batch_size=64, epochs=1000), digits, stop=stop)
    while next(training).epoch < 4:
        pass
    stop.set()
    records, model = to_the_end(training)
    assert records[-1].step < 10 * records[-1].steps / 1000
    assert accuracy(model, digits.test) > 0.8


def test_stop_in_the_first_epoch_still_returns_a_model(digits: TrainingData) -> None:
    stop = threading.Event()
    stop.set()
    records, model = to_the_end(
        train(Recipe("endless", batch_size=64, epochs=1000), digits, stop=stop)
    )
    assert {record.step for record in records} == {0, 1}
    assert model.card.validation_accuracy == records[-1].best_validation_accuracy is not None


def test_a_pause_is_not_counted(digits: TrainingData) -> None:
    training = train(Recipe("endless", batch_size=64, epochs=1000), digits)
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


@pytest.mark.parametrize(
    ("start", "message"),
    [
        (Model(LeNet(), ModelCard("mine")), "'mine' cannot be trained further with this recipe"),
        (Model(LeNet(2), ModelCard("ab", classes=("a", "b"))), "'ab' has other classes than the"),
    ],
)
def test_a_start_that_does_not_fit_is_refused(
    few: TrainingData, start: Model, message: str
) -> None:
    with pytest.raises(TrainingError, match=message):
        next(train(BUSY, few, start=start))


def test_a_student_learns_from_its_teacher(digits: TrainingData) -> None:
    """A teacher that takes every digit for the next one outweighs the labels."""
    teacher = model_file.load(paths.factory_model())
    last = teacher.network.get_submodule("fc3")
    last.load_state_dict({name: value.roll(1, 0) for name, value in last.state_dict().items()})
    before = {name: value.clone() for name, value in teacher.network.state_dict().items()}
    recipe = dataclasses.replace(PLAIN, outliers=50)
    assert accuracy(teacher, digits.test) < 0.05
    student = finish(train(recipe, digits, teachers=[teacher]))
    assert accuracy(student, digits.test) < 0.3
    assert accuracy(finish(train(recipe, digits)), digits.test) > 0.8
    assert student.card.notes["teachers"] == [teacher.card.name]
    assert all(torch.equal(v, before[k]) for k, v in teacher.network.state_dict().items())


def test_a_teacher_with_other_classes_is_refused(few: TrainingData) -> None:
    teacher = Model(LeNet(2), ModelCard("of letters", classes=("a", "b")))
    with pytest.raises(TrainingError, match="'of letters' cannot be a teacher"):
        next(train(BUSY, few, teachers=[teacher]))


@pytest.mark.parametrize("batch_size", [32, 4096])
def test_a_loss_that_becomes_nan_ends_the_training(few: TrainingData, batch_size: int) -> None:
    """With one step an epoch no later step's loss shows it, only the validation loss does."""
    recipe = Recipe(
        "diverging",
        optimizer="sgd",
        learning_rate=10.0,
        schedule="constant",
        weight_decay=1.0,
        batch_size=batch_size,
        epochs=100,
    )
    with pytest.raises(TrainingError, match="The loss became NaN: lower the learning rate"):
        finish(train(recipe, few))


def test_stopped_while_images_are_drawn_it_takes_no_further_step(few: TrainingData) -> None:
    stop = threading.Event()
    training = train(dataclasses.replace(BUSY, pen_digits=4000), few, stop=stop)
    for record in training:
        if record.epoch == 1 and record.validation_accuracy is not None:
            break
    steps = next(training).step  # the second epoch's images are being drawn
    stop.set()
    records, _ = to_the_end(training)
    assert {record.step for record in records} <= {steps}


def test_a_trained_model_survives_its_file(few: TrainingData, tmp_path: Path) -> None:
    model = finish(train(dataclasses.replace(BUSY, epochs=1), few))
    model_file.save(model, tmp_path / "model.safetensors")
    again = model_file.load(tmp_path / "model.safetensors")
    assert same_weights(model, again)
    assert again.card == model.card
