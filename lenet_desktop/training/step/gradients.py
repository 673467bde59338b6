"""Gradients from shards of a batch, computed by several threads on the CPU, or processes.

Every thread runs torch on one thread, so none waits at the barriers of a parallel loop. A core that
is busy with other work then slows only its own thread; with torch's own parallel loops, two threads
and one busy core were up to nine times slower than one thread. Shards have a fixed size and their
gradients are added in order, so the result does not depend on the number of threads or processes.
"""

import contextlib
import copy
import ctypes
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self, TypeVar

import torch
from torch import Tensor, nn

from lenet_desktop.models.variants import Dropout
from lenet_desktop.training.step.loader import Batch, Shard
from lenet_desktop.training.step.optimizer import bind_weights, flatten
from lenet_desktop.training.step.processes import ALONE, Processes

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
_NICENESS = 10


class Threads:
    """The threads of a training, as a context manager.

    An accelerator is used by one thread only, the one that drives the training: PyTorch aborts
    when two threads use one of Apple's (pytorch #197805).

    Args:
        device: the device of the networks.
        count: how many threads share the work on the CPU; all available cores when None. With 0
            the thread that drives the training computes alone, as it does on an accelerator.
        low_priority: let other threads and programs run first.
        processes: how many processes share the cores of this machine.

    Attributes:
        pool: threads for work on the CPU, whatever the device.
    """

    def __init__(
        self, device: torch.device, count: int | None, low_priority: bool, processes: int = 1
    ) -> None:
        # Not its type: 'cpu:0' is the tests' stand-in for an accelerator.
        self._is_shared = device == torch.device("cpu") and count != 0
        self.pool = ThreadPoolExecutor(
            count or max(1, available_cores() // processes),
            "training",
            initializer=_start_thread,
            initargs=(low_priority,),
        )

    def map(
        self, function: Callable[[_Item], _Result], items: Iterable[_Item]
    ) -> Iterator[_Result]:
        """Call a function for each item, on the device; return the results in order."""
        return self.pool.map(function, items) if self._is_shared else map(function, items)

    def __enter__(self) -> Self:
        # The small operations of the calling thread must not wait at barriers either.
        self._torch_threads = torch.get_num_threads()
        torch.set_num_threads(1)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.pool.shutdown(cancel_futures=True)
        torch.set_num_threads(self._torch_threads)


class Gradients:
    """Sums of gradients over batches.

    Each shard has a replica of the network of its own. Replicas share the weights, but not the
    statistics of batch normalization, which each gathers from its own shards.

    Args:
        network: the network that is trained.
        weights: its trained weights (P,), see ``gather_weights``.
        compute: the forward and backward pass of one shard: returns the summed loss and the
            gradient of each trained weight.
        threads: the threads that compute the shards.
        shards: the most shards that a batch has.
        processes: the processes that share the shards.
    """

    def __init__(
        self,
        network: nn.Module,
        weights: Tensor,
        compute: Callable[[nn.Module, Shard], tuple[Tensor, Sequence[Tensor]]],
        threads: Threads,
        shards: int,
        processes: Processes = ALONE,
    ) -> None:
        self._network, self._compute, self._threads = network, compute, threads
        self._weights, self._processes = weights, processes
        # A shard of each batch always belongs to the same process, and so does its replica.
        self._own = processes.block(shards)
        self._replicas = [copy.deepcopy(network) for _ in range(shards)]
        for replica in self._replicas:
            bind_weights(replica, weights)

    def sum_of(self, batch: Batch) -> tuple[float, Tensor]:
        """Return the summed loss of a batch and its gradient (P,)."""
        work = list(zip(self._replicas, batch.shards, strict=False))[self._own]
        own = self._weights.new_zeros(self._own.stop - self._own.start, 1 + len(self._weights))
        for row, result in zip(own, self._threads.map(self._compute_shard, work), strict=False):
            row.copy_(result)
        results = self._processes.gather(own)[: len(batch.shards)]
        loss, gradient = 0.0, torch.zeros_like(self._weights)
        for some_loss, some_gradient in zip(results[:, 0].tolist(), results[:, 1:], strict=True):
            loss += some_loss
            gradient += some_gradient
        return loss, gradient

    def average_statistics(self) -> None:
        """Set the batch normalization statistics of network and replicas to the replicas' mean."""
        self._gather_statistics()
        means = self.statistics()
        for name, buffer in self._network.named_buffers():
            buffer.copy_(means.get(name, buffer))
            for replica in self._replicas:
                replica.get_buffer(name).copy_(buffer)

    def statistics(self) -> dict[str, Tensor]:
        """Return the mean of the replicas' batch normalization statistics by name.

        During an epoch each process knows those of its own shards only.
        """
        copies = [dict(replica.named_buffers()) for replica in self._replicas]
        return {
            name: torch.stack([each[name] for each in copies]).mean(0)
            for name, buffer in self._network.named_buffers()
            if buffer.is_floating_point()
        }

    def _gather_statistics(self) -> None:
        """Copy to each replica the statistics of the process that its shards belong to."""
        if self._processes.count == 1:
            return
        for name, buffer in self._network.named_buffers():
            own = buffer.new_zeros(self._own.stop - self._own.start, *buffer.shape)
            for row, replica in zip(own, self._replicas[self._own], strict=False):
                row.copy_(replica.get_buffer(name))
            for row, replica in zip(self._processes.gather(own), self._replicas, strict=False):
                replica.get_buffer(name).copy_(row)

    def _compute_shard(self, work: tuple[nn.Module, Shard]) -> Tensor:
        """Return the summed loss of a shard and its gradient in one vector (1 + P,)."""
        replica, shard = work
        for module in replica.modules():
            if isinstance(module, Dropout):
                module.generator = shard.generator
        loss, gradients = self._compute(replica, shard)
        return torch.cat([loss.detach().view(1), *(flatten(gradient) for gradient in gradients)])


def lower_priority() -> None:
    """Lower the priority of the calling thread, where the system supports it.

    Linux and Windows have priorities for single threads. macOS has no suitable one: its background
    class would keep the training on slow cores even when all others are idle.
    """
    if sys.platform == "win32":
        kernel = ctypes.windll.kernel32
        kernel.GetCurrentThread.restype = ctypes.c_void_p
        below_normal = -1
        kernel.SetThreadPriority(ctypes.c_void_p(kernel.GetCurrentThread()), below_normal)
    elif sys.platform == "linux":
        # On Linux, unlike POSIX, each thread has its own niceness.
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)


def _start_thread(low_priority: bool) -> None:
    torch.set_num_threads(1)
    if low_priority:
        lower_priority()


def available_cores() -> int:
    """Return how many cores this program may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
