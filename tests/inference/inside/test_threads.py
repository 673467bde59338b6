"""The layers of a network are read while other threads use networks of their own."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest
import torch
from torch import nn

from lenet_desktop.inference.inside.layer_reader import LayerReader
from lenet_desktop.models.architectures import ARCHITECTURES

_READERS = 60


@pytest.fixture(autouse=True)
def threads_take_turns(one_thread: None) -> Iterator[None]:
    """Have Python change threads often: within one reading of the layers."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(interval)


@contextmanager
def in_use(network: nn.Module) -> Iterator[None]:
    """Use a network in another thread meanwhile, as a training does; raise what goes wrong."""
    stop, samples = Event(), torch.zeros(2, 1, 28, 28)

    def use() -> None:
        expected = network(samples)
        while not stop.is_set():
            assert torch.equal(network(samples), expected)

    with ThreadPoolExecutor(1) as pool:
        using = pool.submit(use)
        try:
            yield
        finally:
            stop.set()
        using.result()


def test_another_thread_may_use_another_network() -> None:
    network = ARCHITECTURES["lenet"](10).eval()
    expected = [layer.name for layer in LayerReader(network).layers]
    with in_use(ARCHITECTURES["residual"](10).eval()):
        for _ in range(_READERS):
            assert [layer.name for layer in LayerReader(network).layers] == expected


def test_two_threads_may_read_layers_at_once() -> None:
    networks = [ARCHITECTURES[name](10).eval() for name in ("lenet", "residual")]
    before = nn.Module.__call__

    def read(network: nn.Module) -> set[int]:
        return {len(LayerReader(network).layers) for _ in range(_READERS // 2)}

    with ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(read, networks))
    assert [len(each) for each in counts] == [1, 1]
    assert nn.Module.__call__ is before
