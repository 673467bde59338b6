"""The training loop.

Synthetic images, shards, averaged weights, checkpoints and progress are in files of their own.
Random numbers come from generators seeded with the recipe's seed and the step
(``recipe.generator_at``): global random state is not used, and a resumed training draws the same
numbers as an uninterrupted one.
"""

import math
from collections.abc import Generator, Sequence
from functools import partial
from pathlib import Path
from threading import Event

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 -- PyTorch's usual name for it

from lenet_desktop.data.labelled import LabelledImages, TrainingData
from lenet_desktop.errors import Text
from lenet_desktop.models.model_file import Model
from lenet_desktop.training.challenger import challenger
from lenet_desktop.training.checkpoint import is_there, training_id
from lenet_desktop.training.film.film import Film
from lenet_desktop.training.meter import Meter
from lenet_desktop.training.progress import TrainingError, TrainingProgress
from lenet_desktop.training.recipe import Recipe, learning_rate_at, suited_to_classes
from lenet_desktop.training.state import TrainingState, first_network
from lenet_desktop.training.step.gradients import Gradients, Threads
from lenet_desktop.training.step.live_reader import LiveReader
from lenet_desktop.training.step.loader import Loader, Shard, to_samples
from lenet_desktop.training.step.loss import Teachers, summed_loss
from lenet_desktop.training.step.optimizer import trained_weights
from lenet_desktop.training.step.processes import ALONE, Processes

_VALIDATION_BATCH = 500
_DIVERGED = "The loss became NaN: lower the learning rate and train again."


def train(
    recipe: Recipe,
    data: TrainingData,
    *,
    device: torch.device | None = None,
    start: Model | None = None,
    freeze_convolutions: bool = False,
    teachers: Sequence[Model] = (),
    checkpoint: Path | None = None,
    stop: Event | None = None,
    threads: int | None = None,
    low_priority: bool = False,
    reader: LiveReader | None = None,
    film: Film | None = None,
    processes: Processes = ALONE,
) -> Generator[TrainingProgress, None, Model]:
    """Train a network on the data; yield progress, return the trained model, the challenger.

    Nothing happens until the first ``next``. Records come 20 to 25 times a second while steps are
    short enough. Not calling ``next`` pauses the training, ``close`` cancels it.

    Args:
        recipe: everything that decides the training apart from the data.
        data: the training data. Its test images are used once, at the end; there may be none.
        device: where to train; the CPU when None.
        start: begin with this model's weights instead of random ones; the model is not changed.
        freeze_convolutions: do not train the convolutions and their normalization.
        teachers: learn from the mean logits of these models as well as from the labels; they may be
            of any architecture, and are not changed.
        checkpoint: a file to resume from if it exists, written after every epoch. The caller
            removes it once the model is saved; until then, resuming a finished training returns its
            model without training again. A resumed training gives bit for bit the result of an
            uninterrupted one.
        stop: once set, the training ends after the current step and returns the best so far.
        threads: how many threads share the work on the CPU; all available cores when None, 0 for
            the calling thread alone. The result does not depend on it.
        low_priority: let the threads of the training yield to other threads and programs.
        reader: reads with the network from the first record on, which comes before the first step.
        film: is filled with the moments of this training, the first one before the first record.
        processes: the processes that train together. Each calls ``train`` with the same arguments,
            but without ``stop``, and gets the same model; the first reads and writes the
            checkpoint. The result does not depend on their number.

    Returns:
        The model of the epoch with the best validation accuracy, calibrated, with its card.

    Raises:
        CheckpointError: the checkpoint is damaged or belongs to another training.
        TrainingError: the loss became NaN, ``start`` does not fit the recipe or the data, a
            teacher has other classes, or the processes do not fit together or one has ended.
    """
    device, stop, reader = device or torch.device("cpu"), stop or Event(), reader or LiveReader()
    recipe, notice = suited_to_classes(recipe, data.classes)
    if data.notice:
        notice = (
            Text("{first} {second}", first=data.notice, second=notice) if notice else data.notice
        )
    teacher = Teachers(teachers, data.classes, device)
    network = first_network(recipe, data.classes, start, freeze_convolutions)
    state = TrainingState(network.to(device), recipe)
    loader = Loader(data.train, recipe, device, processes)
    steps = recipe.epochs * len(loader)
    meter = Meter(state, recipe.epochs, steps, loader.images_per_epoch, recipe.redrawn, notice)

    def forward_and_backward(network: nn.Module, shard: Shard) -> tuple[Tensor, Sequence[Tensor]]:
        samples, labels = loader.load(shard)
        logits = network(samples)
        loss = summed_loss(logits, labels, recipe, teacher.logits(samples))
        return loss, torch.autograd.grad(loss, trained_weights(network))

    with Threads(device, threads, low_priority, processes.here) as workers:
        training = training_id(recipe, data, device, start, freeze_convolutions, teachers)
        processes.check_same(training)
        checkpoint = checkpoint if processes.is_first else None
        with processes.together():
            if checkpoint is not None and is_there(checkpoint):
                state.resume(checkpoint, training, len(loader))
        state.copy_first(processes)
        gradients = Gradients(
            state.network,
            state.weights,
            forward_and_backward,
            workers,
            loader.shards_per_batch,
            processes,
        )
        follow = partial(reader.follow, state.ema_network, state.ema_weights, data.classes)
        follow(gradients.statistics)
        if film is not None:
            film.begin(state.ema_network, recipe, data.validation, steps)
            film.keep(state, gradients.statistics)
        yield from meter.report()
        # A stop in the first epoch ends that epoch early, so that there is always a model.
        while state.epoch < recipe.epochs and not (stop.is_set() and state.epoch):
            for _ in loader.draw_synthetic(state.epoch, workers.pool):
                yield from meter.report(is_drawing=True)
                if stop.is_set():
                    break
            if stop.is_set() and state.epoch:
                break
            for batch in loader.batches(state.epoch):
                loss, gradient = gradients.sum_of(batch)
                if not math.isfinite(loss):
                    raise TrainingError(_DIVERGED)
                state.learning_rate = learning_rate_at(recipe, state.step, steps)
                state.optimizer.step(gradient / len(batch), state.learning_rate)
                state.step += 1
                state.update_ema()
                meter.add(loss / len(batch))
                if film is not None:
                    film.keep_if_due(state, gradients.statistics)
                yield from meter.report_if_due()
                if stop.is_set():
                    break
            state.epoch += 1
            gradients.average_statistics()
            state.update_ema_statistics()
            validation_loss, accuracy = yield from _evaluate(
                state.ema_network, data.validation, device, workers, meter, processes
            )
            if not math.isfinite(validation_loss):
                raise TrainingError(_DIVERGED)
            state.keep_if_best(accuracy, validation_loss)
            state.copy_first(processes)
            if checkpoint is not None and not stop.is_set():
                meter.notice = state.write(checkpoint, training) or meter.notice
            yield from meter.report(validation_loss, accuracy)

        if film is not None:
            film.keep(state, gradients.statistics)
        state.ema_network.load_state_dict(state.best_weights)
        follow(dict)
        test_accuracy = None
        if len(data.test):
            _, test_accuracy = yield from _evaluate(
                state.ema_network, data.test, device, workers, meter, processes
            )
        return challenger(
            state, recipe, data, test_accuracy, device, start, freeze_convolutions, teachers
        )


def _evaluate(
    network: nn.Module,
    images: LabelledImages,
    device: torch.device,
    workers: Threads,
    meter: Meter,
    processes: Processes,
) -> Generator[TrainingProgress, None, tuple[float, float]]:
    """Return the mean cross-entropy of a network on labelled images, and its accuracy, 0 to 1."""

    def evaluate_some(start: int) -> tuple[float, int]:
        some = slice(start, start + _VALIDATION_BATCH)
        samples, labels = to_samples(images.images[some].to(device)), images.labels[some].to(device)
        with torch.inference_mode():
            logits = network(samples)
            loss = F.cross_entropy(logits, labels, reduction="sum")
        return loss.item(), int((logits.argmax(1) == labels).sum())

    starts = range(0, len(images), _VALIDATION_BATCH)
    block = processes.block(len(starts))
    own = torch.zeros(block.stop - block.start, 2, dtype=torch.float64)
    for row, result in zip(own, workers.map(evaluate_some, starts[block]), strict=False):
        row.copy_(torch.tensor(result, dtype=own.dtype))
        yield from meter.report_if_due()
    loss, correct = 0.0, 0.0
    for some_loss, some_correct in processes.gather(own).tolist():
        loss, correct = loss + some_loss, correct + some_correct
    return loss / len(images), correct / len(images)
