"""The processes of a training that PyTorch's launcher ``torchrun`` has started.

Each process computes some of the shards of a batch, draws some of the synthetic images and
validates on some of the images; then all gather what each has computed. Every sum is taken over
gathered rows in a fixed order, so the result does not depend on the number of processes. Only
tensors travel, texts as bytes: nothing is unpickled.
"""

import contextlib
import json
import math
import os
import platform
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from lenet_desktop.errors import UserError
from lenet_desktop.training.progress import TrainingError

if TYPE_CHECKING:
    from torch.distributed.distributed_c10d import Store

_LAUNCHED = ("RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT")
_PATIENCE = timedelta(minutes=10)


class ProcessLostError(TrainingError):
    """Another process of the training has ended or cannot be reached."""

    def __init__(self) -> None:
        super().__init__(
            "Another process of the training has ended: run the same command again to continue."
        )


@dataclass(frozen=True)
class Processes:
    """This process among those of a training. All must call the same methods in the same order.

    The default is a process on its own, for which every method does nothing or next to nothing.

    Attributes:
        rank: the number of this process, from 0; only process 0 writes and prints.
        count: how many processes there are, on all machines.
        here: how many of them are on this machine, at least 1.
        is_launched: whether ``torchrun`` or another launcher has started it.
    """

    rank: int = 0
    count: int = 1
    here: int = 1
    is_launched: bool = False

    @property
    def is_first(self) -> bool:
        """Whether this is the process that writes and prints."""
        return self.rank == 0

    def block(self, total: int) -> slice:
        """Return which of ``total`` items are this process's; the last blocks may be too long."""
        size = math.ceil(total / self.count)
        return slice(self.rank * size, (self.rank + 1) * size)

    def gather(self, rows: Tensor) -> Tensor:
        """Return the rows (N, ...) of all processes in order, (count * N, ...)."""
        if self.count == 1:
            return rows
        everything = rows.new_empty(self.count * len(rows), *rows.shape[1:])
        with _lost():
            torch.distributed.all_gather(list(everything.chunk(self.count)), rows)
        return everything

    def add_up(self, values: Tensor) -> None:
        """Replace a contiguous tensor by its sum over all processes."""
        if self.count > 1:
            with _lost():
                torch.distributed.all_reduce(values)

    def copy_first(self, values: Tensor) -> None:
        """Replace a tensor by that of process 0."""
        if self.count > 1:
            of_first = values.contiguous()
            with _lost():
                torch.distributed.broadcast(of_first, 0)
            values.copy_(of_first)

    def texts(self, text: str) -> list[str]:
        """Return the text of every process, in order."""
        content = torch.frombuffer(bytearray(text.encode() + b" "), dtype=torch.uint8)
        longest = int(self.gather(torch.tensor([len(content)])).max())
        padded = torch.full((1, longest), ord(" "), dtype=torch.uint8)
        padded[0, : len(content)] = content
        return [bytes(row.tolist()).decode().rstrip(" ") for row in self.gather(padded)]

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """If the block raises a UserError in one process, raise its sentence in all of them.

        Raises:
            TrainingError: with several processes; one on its own raises the error itself.
        """
        failure: UserError | None = None
        try:
            yield
        except UserError as error:
            if self.count == 1:
                raise
            failure = error
        if self.count == 1:
            return
        sentences = self.texts("" if failure is None else str(failure))
        where = self.texts(f"process {self.rank} on {platform.node()}")
        failed = [(place, said) for place, said in zip(where, sentences, strict=True) if said]
        if len(failed) == self.count and len(set(sentences)) == 1:
            raise TrainingError("{sentence}", sentence=sentences[0]) from failure
        if failed:
            place, said = failed[0]
            raise TrainingError("In {place}: {sentence}", place=place, sentence=said) from failure

    def check_same(self, training: dict[str, Any]) -> None:
        """Check that all processes have the same training, see ``training_id``.

        Raises:
            TrainingError: they have not; in all processes.
        """
        trainings = [json.loads(each) for each in self.texts(json.dumps(training))]
        differing = {
            name.replace("_", " ")
            for each in trainings
            for name in each.keys() | training.keys()
            if each.get(name) != trainings[0].get(name)
        }
        if differing:
            raise TrainingError(
                "The processes of the training differ in: {what}; start all with the same command, "
                "data and version.",
                what=", ".join(sorted(differing)),
            )


ALONE = Processes()
"""A process that trains on its own."""


@contextlib.contextmanager
def launched_processes() -> Iterator[Processes]:
    """Join the processes that were launched together with this one; ALONE if there are none.

    The launcher says in environment variables who is where:
    https://docs.pytorch.org/docs/stable/elastic/run.html. Tensors on the CPU travel by gloo, those
    on GPUs by nccl.

    Raises:
        TrainingError: the other processes cannot be reached, or PyTorch comes without them.
    """
    if not all(name in os.environ for name in _LAUNCHED):
        yield ALONE
        return
    if not torch.distributed.is_available():
        raise TrainingError("This PyTorch cannot train with several processes: start one alone.")
    from torch.distributed.rendezvous import rendezvous

    has_nccl = torch.cuda.is_available() and torch.distributed.is_nccl_available()
    try:
        store, rank, count = next(rendezvous("env://", timeout=_PATIENCE))
        torch.distributed.init_process_group(
            "cpu:gloo,cuda:nccl" if has_nccl else "gloo",
            timeout=_PATIENCE,
            store=_meeting_place(store, rank, count),
            rank=rank,
            world_size=count,
        )
        here = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
    except (RuntimeError, ValueError) as error:
        raise TrainingError(
            "The processes of the training cannot reach each other: start all with the same "
            "command, data and version."
        ) from error
    try:
        yield Processes(
            rank,
            count,
            max(1, here),
            is_launched=True,
        )
    finally:
        torch.distributed.destroy_process_group()


def _meeting_place(store: "Store", rank: int, count: int) -> "Store":
    """Return a part of the launcher's store where only the processes of this start meet.

    After a restart ``torchrun`` keeps its store, and a process could find there the address of one
    that was killed. So each announces itself under a new name, and process 0 tells every name that
    it finds where to meet, until all have come.
    """
    from torch.distributed.distributed_c10d import PrefixStore

    name = secrets.token_hex(8)
    if rank != 0:
        store.set(f"process {rank}", name)
        place = store.get(f"place for {name}").decode()  # waits for it
        store.set(f"{place} {rank}", "here")
        return PrefixStore(place, store)
    missing, began = set(range(1, count)), time.monotonic()
    while missing:
        for other in sorted(missing):
            if store.check([f"{name} {other}"]):
                missing.remove(other)
            elif store.check([f"process {other}"]):
                store.set(f"place for {store.get(f'process {other}').decode()}", name)
        if time.monotonic() - began > _PATIENCE.total_seconds():
            raise RuntimeError(f"missing processes: {sorted(missing)}")
        time.sleep(0.01)
    return PrefixStore(name, store)


def use_own_gpu() -> None:
    """Make 'cuda' mean the GPU of this process: the first process of a machine has its first one.

    Raises:
        TrainingError: there are fewer GPUs than processes on this machine.
    """
    number, found = int(os.environ.get("LOCAL_RANK", "0")), torch.cuda.device_count()
    if number >= found:
        raise TrainingError(
            "There are {found} GPUs for more processes: start one process per GPU, or add "
            "'--device cpu'.",
            found=found,
        )
    torch.cuda.set_device(number)


@contextlib.contextmanager
def _lost() -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:
        raise ProcessLostError from error
