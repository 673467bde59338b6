"""The threads that compute gradients."""

import dataclasses
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import torch
from torch.nn.modules.module import register_module_forward_pre_hook

from lenet_desktop import paths
from lenet_desktop.data.labelled import TrainingData
from lenet_desktop.models import model_file
from lenet_desktop.training.loop import train
from lenet_desktop.training.step.gradients import Threads
from trainings import BUSY, PLAIN, few_digits, finish


@pytest.fixture(scope="module")
def few() -> TrainingData:
    return few_digits()


@contextmanager
def threads_in_networks() -> Iterator[set[int]]:
    """Collect the threads that run any module of any network."""
    seen: set[int] = set()
    handle = register_module_forward_pre_hook(lambda *_: seen.add(threading.get_ident()))
    try:
        yield seen
    finally:
        handle.remove()


@pytest.mark.parametrize("device", ["cuda", "mps", "xpu"])
def test_one_thread_uses_an_accelerator(device: str) -> None:
    """The device is only a name here and need not exist."""
    with Threads(torch.device(device), 4, low_priority=False) as threads:
        used = set(threads.map(lambda _: threading.get_ident(), range(20)))
    assert used == {threading.get_ident()}


def test_a_training_on_an_accelerator_enters_its_networks_from_one_thread(
    few: TrainingData,
) -> None:
    """'cpu:0' stands in for an accelerator: only torch takes it for the CPU."""
    teacher = model_file.load(paths.factory_model())
    recipe = dataclasses.replace(BUSY, epochs=2, batch_size=200)
    with threads_in_networks() as seen:
        finish(train(recipe, few, device=torch.device("cpu:0"), teachers=[teacher], threads=4))
    assert seen == {threading.get_ident()}


def test_with_no_threads_the_calling_thread_computes_everything(few: TrainingData) -> None:
    """That is how an accelerator is used: forward, backward, teachers and validation."""
    teacher = model_file.load(paths.factory_model())
    recipe = dataclasses.replace(BUSY, pen_digits=0, epochs=2, batch_size=200)
    others = set()
    with threads_in_networks() as seen:
        for _ in train(recipe, few, teachers=[teacher], threads=0):
            others |= {t.name for t in threading.enumerate() if t.name.startswith("training")}
    assert seen == {threading.get_ident()}
    assert others == set(), "not even a thread that could touch a tensor"


def test_on_the_cpu_several_threads_compute(few: TrainingData) -> None:
    with threads_in_networks() as seen:
        finish(train(dataclasses.replace(PLAIN, batch_size=200, epochs=10), few, threads=2))
    assert len(seen - {threading.get_ident()}) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="reads a thread's niceness as Linux has it")
@pytest.mark.parametrize(("low_priority", "niceness"), [(True, 10), (False, 0)])
def test_threads_have_low_priority_on_request(
    few: TrainingData, low_priority: bool, niceness: int
) -> None:
    here = os.getpriority(os.PRIO_PROCESS, 0)
    training = train(PLAIN, few, threads=2, low_priority=low_priority)
    while next(training).step == 0:
        pass
    found = {
        os.getpriority(os.PRIO_PROCESS, thread.native_id or 0)
        for thread in threading.enumerate()
        if thread.name.startswith("training")
    }
    training.close()
    assert found == {max(here, niceness)}
    assert os.getpriority(os.PRIO_PROCESS, 0) == here
