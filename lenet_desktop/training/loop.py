"""Training: ``train``, a generator of progress that the window and the command line
both drive.

How a step is done on the processor: the batch is cut into shards of fixed size, a few threads
compute the gradients of one shard each, every thread with a single torch thread of its own, and
the gradients are added in the order of the shards. Nothing waits at the barriers of a parallel
loop, so a core that is busy elsewhere costs its own share and no more (two torch threads beside a
busy core were seen nine times slower than one), and the result does not depend on the number of
threads.

Chance: every draw comes from a generator seeded with the recipe's seed and the place in the
training. No state of the process is touched, and a training resumed from a checkpoint goes on
with the very numbers it would have had.
"""

import copy
import json
import math
import os
import time
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import date
from pathlib import Path
from threading import Event
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 -- the name all of PyTorch's users know

from lenet_desktop.data.labelled import LabelledImages, TrainingData
from lenet_desktop.data.synthetic.mixture import draw_synthetic
from lenet_desktop.evaluation.calibration import calibrated
from lenet_desktop.models.initialization import new_network
from lenet_desktop.models.model_card import ModelCard
from lenet_desktop.models.model_file import Model
from lenet_desktop.models.variants import Dropout
from lenet_desktop.training.augmentation import AUGMENTATIONS, augment
from lenet_desktop.training.checkpoint import is_there, read_checkpoint, write_checkpoint
from lenet_desktop.training.loss import summed_loss
from lenet_desktop.training.optimizer import Optimizer, bind_weights, flat, gather_weights, trained
from lenet_desktop.training.progress import TrainingError, TrainingProgress
from lenet_desktop.training.recipe import RECIPES, Recipe, generator_at, learning_rate_at

__all__ = ["RECIPES", "Recipe", "TrainingError", "TrainingProgress", "train"]

# Smaller shards lose to the cost of calling torch, larger ones to the processor's caches.
_SHARD = 128
_RECORD_SECONDS = 0.04
_SMOOTHING = 0.98
_RUN_AWAY = (
    "The training has run away, its loss is no number any more: train again with a smaller "
    "learning rate."
)


class CheckpointError(TrainingError):
    """A checkpoint that no training can go on from."""


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
) -> Generator[TrainingProgress, None, Model]:
    """Train a network of its own on the data; return the challenger.

    Nothing happens until the first ``next``. Records come 20 to 25 times a second while steps are
    short enough for it. Not calling ``next`` pauses, ``close`` cancels.

    Args:
        recipe: how.
        data: on what. Test digits are looked at once, at the end.
        device: where; the CPU when None.
        start: begin from this model's weights instead of chance; it stays as it is.
        freeze_convolutions: leave convolutions and their normalization as they start.
        teachers: learn from these models' answers, on average, as well as from the labels; they
            stay as they are, and may be of any architecture.
        checkpoint: a file to go on from when it is there, written after every epoch; whoever has
            the model in safety removes it. A training that goes on from it gives bit for bit what
            it would have given undisturbed.
        stop: once set, the training ends after the step at hand and returns the best so far.
        threads: how many share the work on the CPU; all available cores when None. The result
            does not depend on it.

    Returns:
        The weights of the epoch that was best on the validation digits, with their card.

    Raises:
        CheckpointError: the checkpoint belongs to another training or is damaged.
        TrainingError: the loss is no number any more, ``start`` is a network of another kind than
            the recipe asks for, or a teacher has other classes.
    """
    run = _Run(recipe, data, device or torch.device("cpu"), start, freeze_convolutions, teachers)
    before = torch.get_num_threads()
    # The small operations of this thread must not wait at barriers either.
    torch.set_num_threads(1)
    try:
        workers = threads or _available_cores()
        with ThreadPoolExecutor(workers, "training", torch.set_num_threads, (1,)) as run.pool:
            if checkpoint is not None and is_there(checkpoint):
                run.resume(checkpoint)
            stop = stop or Event()
            # Stopped before there is anything to keep, it still ends its first epoch early.
            while run.epoch < recipe.epochs and not (stop.is_set() and run.epoch):
                yield from run.one_epoch(checkpoint, stop)
            challenger = yield from run.challenger()
    finally:
        torch.set_num_threads(before)
    return challenger


class _Run:
    """One training: all that changes from step to step."""

    pool: ThreadPoolExecutor

    def __init__(
        self,
        recipe: Recipe,
        data: TrainingData,
        device: torch.device,
        start: Model | None,
        freeze_convolutions: bool,
        teachers: Sequence[Model],
    ) -> None:
        self._recipe, self._data, self._device = recipe, data, device
        self._images, self._labels = data.train.images.to(device), data.train.labels.to(device)
        self._count = len(data.train) + recipe.pen_digits + recipe.outliers
        self._steps_an_epoch = math.ceil(self._count / recipe.batch_size)
        self._start_name = None if start is None else start.card.name
        self._teacher_names = [teacher.card.name for teacher in teachers]
        self._origin = {
            "recipe": asdict(recipe),
            "data": [data.name, len(data.train), len(data.validation)],
            "device": device.type,
            "start": None if start is None else asdict(start.card),
            "freeze_convolutions": freeze_convolutions,
            "teachers": [asdict(teacher.card) for teacher in teachers],
        }
        self._teachers: list[nn.Module] = []
        for teacher in teachers:
            if teacher.card.classes != data.classes:
                raise TrainingError(
                    f"The model '{teacher.card.title}' cannot teach here: its classes are not "
                    "those of the data."
                )
            network = copy.deepcopy(teacher.network).eval().to(device)
            self._teachers.append(network.to(memory_format=torch.channels_last))
        # A fifth faster than the default layout on processors, and harmless elsewhere.
        network = (
            _first_network(recipe, start, data.classes)
            .to(device)
            .to(memory_format=torch.channels_last)
        )
        self._network = network.train()
        for module in network.modules():
            if freeze_convolutions and isinstance(module, nn.Conv2d | nn.BatchNorm2d):
                module.eval().requires_grad_(False)
        self._shard = _SHARD if device.type == "cpu" else recipe.batch_size
        # None that would never see a digit, and dilute what batch normalization has seen.
        shards = math.ceil(min(recipe.batch_size, self._count) / self._shard)
        self._weights = gather_weights(network)
        # Copies that share the weights; each has statistics of batch normalization of its own.
        self._replicas = [copy.deepcopy(network) for _ in range(shards)]
        for replica in self._replicas:
            bind_weights(replica, self._weights)
        self._optimizer = Optimizer(recipe.optimizer, self._weights, recipe.weight_decay)
        # What is validated and returned: the averaged weights, or a copy of the latest.
        self._judged = copy.deepcopy(network).eval()
        self._judged_weights = gather_weights(self._judged)

        self.epoch = self._step = 0
        self._best, self._best_epoch = copy.deepcopy(self._judged.state_dict()), 0
        self._best_score: tuple[float, float] | None = None
        self._losses: list[float] = []
        self._smoothed: float | None = None
        self._complete = False  # until what is synthetic has joined the digits
        self._elapsed = self._drawn = 0.0
        self._resumed = self._recorded = time.perf_counter()

    def one_epoch(
        self, checkpoint: Path | None, stop: Event
    ) -> Generator[TrainingProgress, None, None]:
        """Train for one more epoch, judge it, and write the checkpoint."""
        if self._recipe.redrawn or not self._complete:
            yield from self._draw_synthetic(stop)
            if stop.is_set() and self.epoch:
                return
        order = torch.randperm(
            len(self._labels), generator=generator_at(self._recipe, 1, self.epoch)
        )
        for batch in torch.split(order.to(self._device), self._recipe.batch_size):
            self._one_step(batch)
            if time.perf_counter() - self._recorded >= _RECORD_SECONDS:
                yield from self._record()
            if stop.is_set():
                break
        self.epoch += 1
        self._bring_judged_up_to_date()
        loss, accuracy = yield from self._measure(self._data.validation)
        if not math.isfinite(loss):
            raise TrainingError(_RUN_AWAY)
        if self._best_score is None or (accuracy, -loss) > self._best_score:
            self._best_score, self._best_epoch = (accuracy, -loss), self.epoch
            self._best = copy.deepcopy(self._judged.state_dict())
        notice = "" if checkpoint is None or stop.is_set() else self._write(checkpoint)
        yield from self._record(loss, accuracy, notice)

    def challenger(self) -> Generator[TrainingProgress, None, Model]:
        """Measure the best weights on the test digits, and write their card."""
        self._judged.load_state_dict(self._best)
        _, accuracy = yield from self._measure(self._data.test)
        recipe, data = self._recipe, self._data
        card = ModelCard(
            name=f"LeNet, {recipe.name}, {data.name}",
            architecture=recipe.architecture,
            options=recipe.options,
            classes=data.classes,
            data=f"{data.name}, {len(data.train):,} digits to train{_added(recipe)}. {data.credit}",
            recipe=asdict(recipe),
            seed=recipe.seed,
            trained=date.today().isoformat(),
            validation_accuracy=self._best_score[0] if self._best_score else None,
            test_accuracy=accuracy,
            notes={
                "epoch": self._best_epoch,
                "device": self._device.type,
                "torch": torch.__version__,
                "start": self._start_name,
                "freeze_convolutions": self._origin["freeze_convolutions"],
                "teachers": self._teacher_names,
            },
        )
        # Built anew, so that nothing of the training stays in memory behind its weights.
        network = _first_network(recipe, None, data.classes)
        network.load_state_dict(self._best)
        return calibrated(
            Model(network.eval(), card),
            data.validation,
            pen_digits=recipe.pen_digits > 0,
            outliers=recipe.outliers > 0,
        )

    def resume(self, checkpoint: Path) -> None:
        """Go on from a checkpoint.

        Raises:
            CheckpointError: it is damaged, or of another training.
        """
        try:
            state, tensors = read_checkpoint(checkpoint)
            same = state["origin"] == json.loads(json.dumps(self._origin))
            if same:
                self._take_up(state, tensors)
        except (ValueError, KeyError, TypeError, RuntimeError) as error:
            raise CheckpointError(
                f"The checkpoint {checkpoint} is damaged: delete it and train anew."
            ) from error
        if not same:
            raise CheckpointError(
                f"The checkpoint {checkpoint} belongs to another training: delete it, or train "
                "with the recipe and the data that it was written with."
            )

    def _take_up(self, state: dict[str, Any], tensors: dict[str, Tensor]) -> None:
        self._network.load_state_dict(_below("network.", tensors))
        self._judged.load_state_dict(_below("judged.", tensors))
        self._best = _below("best.", tensors)
        for name, value in self._optimizer.state.items():
            value.copy_(tensors[f"optimizer.{name}"])
        for replica in self._replicas:
            replica.load_state_dict(self._network.state_dict())
        self.epoch, self._step = state["epoch"], state["epoch"] * self._steps_an_epoch
        self._best_epoch, self._best_score = state["best_epoch"], tuple(state["best_score"])
        self._smoothed = state["smoothed"]
        self._elapsed, self._drawn = state["elapsed"], state["drawn"]

    def _write(self, checkpoint: Path) -> str:
        """Write a checkpoint; give a sentence when that failed, which need not end a training."""
        tensors = {
            **{f"network.{name}": value for name, value in self._network.state_dict().items()},
            **{f"judged.{name}": value for name, value in self._judged.state_dict().items()},
            **{f"best.{name}": value for name, value in self._best.items()},
            **{f"optimizer.{name}": value for name, value in self._optimizer.state.items()},
        }
        state = {
            "origin": self._origin,
            "epoch": self.epoch,
            "best_epoch": self._best_epoch,
            "best_score": self._best_score,
            "smoothed": self._smoothed,
            "elapsed": self._elapsed,
            "drawn": self._drawn,
        }
        try:
            write_checkpoint(checkpoint, state, tensors)
        except OSError as error:
            reason = error.strerror or str(error)
            return f"The checkpoint could not be written to {checkpoint}: {reason}."
        return ""

    def _draw_synthetic(self, stop: Event) -> Generator[TrainingProgress, None, None]:
        """Draw what the recipe adds to the digits, a part at a time, until it is to stop."""
        real, before = len(self._data.train), self._elapsed
        images, labels = [self._images[:real]], [self._labels[:real]]
        epoch = self.epoch if self._recipe.redrawn else 0
        parts = draw_synthetic(
            self._recipe.pen_digits,
            self._recipe.outliers,
            seed=self._recipe.seed,
            epoch=epoch,
            pool=self.pool,
        )
        for some_images, some_labels in parts:
            images.append(some_images.to(self._device))
            labels.append(some_labels.to(self._device))
            yield from self._record()
            if stop.is_set():
                break
        self._images, self._labels = torch.cat(images), torch.cat(labels)
        self._drawn, self._complete = self._drawn + self._elapsed - before, True

    def _one_step(self, batch: Tensor) -> None:
        recipe = self._recipe
        shards = torch.split(batch, self._shard)
        results = self.pool.map(self._gradient, range(len(shards)), shards)
        loss, gradient = 0.0, torch.zeros_like(self._weights)
        for some_loss, some_gradient in results:
            loss += some_loss / len(batch)
            gradient.add_(some_gradient, alpha=1 / len(batch))
        if not math.isfinite(loss):
            raise TrainingError(_RUN_AWAY)
        rate = learning_rate_at(recipe, self._step, self._steps)
        self._optimizer.step(gradient, rate, self._step + 1)
        self._step += 1
        if recipe.ema_decay:
            # At first the average has seen little: it must not hang on to the start.
            kept = min(recipe.ema_decay, (1 + self._step) / (10 + self._step))
            self._judged_weights.lerp_(self._weights, 1 - kept)
        self._losses.append(loss)
        if self._smoothed is None:
            self._smoothed = loss
        # Quick to follow at first, when the loss falls fast and there is little to smooth.
        weight = max(1 - _SMOOTHING, 9 / (10 + self._step))
        self._smoothed += weight * (loss - self._smoothed)

    def _gradient(self, shard: int, chosen: Tensor) -> tuple[float, Tensor]:
        """Give the sum of the losses of some training digits, and its gradient."""
        recipe, replica = self._recipe, self._replicas[shard]
        chance = generator_at(recipe, 2, self._step, shard)
        samples = _samples(self._images[chosen])
        distortion = AUGMENTATIONS[recipe.augmentation]
        # Synthetic digits are as varied as they should be: distorting them again costs accuracy.
        real = chosen < len(self._data.train)
        if distortion is not None and bool(real.any()):
            samples[real] = augment(samples[real], distortion, chance)
        for module in replica.modules():
            if isinstance(module, Dropout):
                module.generator = chance
        with torch.no_grad():
            answers = [teacher(samples) for teacher in self._teachers]
            teacher_logits = torch.stack(answers).mean(0) if answers else None
        loss = summed_loss(replica(samples), self._labels[chosen], recipe, teacher_logits)
        gradients = torch.autograd.grad(loss, trained(replica))
        return loss.item(), torch.cat([flat(gradient) for gradient in gradients])

    def _bring_judged_up_to_date(self) -> None:
        """Bring the statistics of batch normalization together, and the judged weights along."""
        copies = [dict(replica.named_buffers()) for replica in self._replicas]
        for name, buffer in self._network.named_buffers():
            if buffer.is_floating_point():
                buffer.copy_(torch.stack([each[name] for each in copies]).mean(0))
            for each in copies:
                each[name].copy_(buffer)
        judged = dict(self._judged.named_buffers())
        for name, buffer in self._network.named_buffers():
            judged[name].copy_(buffer)
        if not self._recipe.ema_decay:
            self._judged_weights.copy_(self._weights)

    def _measure(
        self, digits: LabelledImages
    ) -> Generator[TrainingProgress, None, tuple[float, float]]:
        """Give the mean loss and the accuracy of the judged network."""
        loss, right = 0.0, 0
        chunks = (torch.split(digits.images, 500), torch.split(digits.labels, 500))
        for some_loss, some_right in self.pool.map(self._measure_some, *chunks):
            loss, right = loss + some_loss, right + some_right
            if time.perf_counter() - self._recorded >= _RECORD_SECONDS:
                yield from self._record()
        return loss / len(digits), right / len(digits)

    def _measure_some(self, images: Tensor, labels: Tensor) -> tuple[float, int]:
        labels = labels.to(self._device)
        with torch.inference_mode():
            logits = self._judged(_samples(images.to(self._device)))
            loss = F.cross_entropy(logits, labels, reduction="sum")
        return loss.item(), int((logits.argmax(1) == labels).sum())

    @property
    def _steps(self) -> int:
        return self._steps_an_epoch * self._recipe.epochs

    def _record(
        self, loss: float | None = None, accuracy: float | None = None, notice: str = ""
    ) -> Iterator[TrainingProgress]:
        """Yield where the training stands; the time until it is asked to go on is a pause."""
        recipe = self._recipe
        self._elapsed += time.perf_counter() - self._resumed
        done = self._step / self._steps_an_epoch
        # Drawing synthetic digits says nothing of how long the steps take.
        spent = max(self._elapsed - self._drawn, 1e-6)
        to_come = self._elapsed if recipe.redrawn else spent
        yield TrainingProgress(
            epoch=max(1, math.ceil(self._step / self._steps_an_epoch)),
            epochs=recipe.epochs,
            step=self._step,
            steps=self._steps,
            losses=tuple(self._losses),
            smoothed_loss=self._smoothed,
            validation_loss=loss,
            validation_accuracy=accuracy,
            learning_rate=learning_rate_at(recipe, max(0, self._step - 1), self._steps),
            digits_per_second=done * self._count / spent,
            elapsed_seconds=self._elapsed,
            remaining_seconds=to_come * (self._steps - self._step) / max(1, self._step),
            best_validation_accuracy=self._best_score[0] if self._best_score else None,
            notice=notice,
        )
        self._losses.clear()
        self._resumed = self._recorded = time.perf_counter()


def _first_network(recipe: Recipe, start: Model | None, classes: tuple[str, ...]) -> nn.Module:
    """Return the network to begin with: a copy of ``start``'s, or one with random weights.

    Raises:
        TrainingError: ``start`` has another architecture than the recipe, or other classes.
    """
    if start is None:
        return new_network(
            recipe.architecture,
            recipe.options,
            len(classes),
            recipe.initialization,
            generator_at(recipe, 0),
        )
    if start.card.classes != classes:
        raise TrainingError(
            f"The model '{start.card.title}' has other classes than the data: start from scratch."
        )
    if (recipe.architecture, recipe.options) != (start.card.architecture, start.card.options):
        raise TrainingError(
            f"The model '{start.card.title}' cannot be trained on with this recipe: choose "
            f"its own architecture, '{start.card.architecture}', or start from scratch."
        )
    return copy.deepcopy(start.network)


def _added(recipe: Recipe) -> str:
    added = ((recipe.pen_digits, "pen digits"), (recipe.outliers, "outliers"))
    return "".join(f", {count:,} synthetic {what}" for count, what in added if count)


def _available_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _samples(images: Tensor) -> Tensor:
    """Give float32 (N, 1, 28, 28), 0 to 1, for uint8 (N, 28, 28)."""
    return images.unsqueeze(1).float().div_(255)


def _below(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
