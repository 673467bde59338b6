"""One process of two threads beside two processes of one thread, on all of MNIST.

    python tests/benchmarks/scaling.py --data ../shared/mnist

Both take the same steps with the recipe 'thorough', without validation, in turns that are repeated,
since a machine that does other work as well is never equally fast. Per turn, the digits per second
of the clock and per second of processor time of all processes are printed; then the medians of
their ratios, and the time that two processes spend gathering gradients.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import torch

from lenet_desktop.data.catalog import mnist
from lenet_desktop.training.loop import train
from lenet_desktop.training.recipe import RECIPES
from lenet_desktop.training.step.processes import Processes, launched_processes

WEIGHTS = 61_706
WARM_UP = 20
BARE = 300  # gathers without steps between them


def measure(root: Path, threads: int, steps: int) -> None:
    """Take some steps in this process, and print the time and the part of it spent gathering."""
    gather, taken, gathering, clock, cpu = Processes.gather, 0, 0.0, 0.0, 0.0

    def timed(self: Processes, rows: torch.Tensor) -> torch.Tensor:
        nonlocal taken, gathering, clock, cpu
        if rows.shape[-1] <= WEIGHTS:  # no gradients
            return gather(self, rows)
        began = time.perf_counter()
        result = gather(self, rows)
        now = time.perf_counter()
        gathering += now - began
        taken += 1
        if taken == WARM_UP:
            gathering, clock, cpu = 0.0, now, time.process_time()
        if taken == WARM_UP + steps:
            spent = {"seconds": now - clock, "cpu": time.process_time() - cpu}
            bare = []
            for _ in range(BARE):
                began = time.perf_counter()
                gather(self, rows)
                bare.append(time.perf_counter() - began)
            spent["bare"] = statistics.median(bare)
            print(json.dumps({**spent, "gathering": gathering}), flush=True)
            time.sleep(1)  # the other process may still be reading
            os._exit(0)
        return result

    Processes.gather = timed  # type: ignore[method-assign]
    with launched_processes() as processes:
        for _ in train(RECIPES["thorough"], mnist(root), threads=threads, processes=processes):
            pass


def launch(options: argparse.Namespace, processes: int) -> dict[str, Any]:
    """Train with two cores shared by some processes; return the sums of their processor time."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [sys.executable, __file__, "--data", str(options.data), "--steps", str(options.steps)]
    command += ["--part", str(2 // processes)]
    shared = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port, "WORLD_SIZE": str(processes)}
    running = [
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ | shared | {"RANK": str(rank), "OMP_NUM_THREADS": "1"},
        )
        for rank in range(processes)
    ]
    results = [json.loads(each.communicate()[0].splitlines()[-1]) for each in running]
    digits = options.steps * RECIPES["thorough"].batch_size
    return {**results[0], "cpu": sum(each["cpu"] for each in results), "digits": digits}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=150)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--part", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        measure(options.data, options.part, options.steps)
        return
    clock, cpu, shares, gathers, bare, shards = [], [], [], [], [], []
    for turn in range(options.turns):
        one, two = launch(options, 1), launch(options, 2)
        for name, result in (("1 process of 2 threads", one), ("2 processes of 1 thread", two)):
            print(
                f"turn {turn + 1}, {name}: {result['digits'] / result['seconds']:7,.0f} digits/s, "
                f"{result['digits'] / result['cpu']:7,.0f} per second of processor time, "
                f"gathering {result['gathering'] / result['seconds']:.1%} of the time"
            )
        clock.append(two["digits"] / two["seconds"] * one["seconds"] / one["digits"])
        cpu.append(two["digits"] / two["cpu"] * one["cpu"] / one["digits"])
        shares.append(two["gathering"] / two["seconds"])
        gathers.append(two["gathering"] / options.steps)
        bare.append(two["bare"])
        # Processor time of one shard, of which there are two a step.
        shards.append(one["cpu"] / options.steps / 2)
    print(
        f"2 processes / 1 process: {statistics.median(clock):.2f} by the clock, "
        f"{statistics.median(cpu):.2f} by processor time"
    )
    print(
        f"gathering 2 gradients of {WEIGHTS:,} floats: {statistics.median(bare) * 1e3:.2f} ms, "
        f"with the wait for the slower process {statistics.median(gathers) * 1e3:.2f} ms or "
        f"{statistics.median(shares):.1%} of a step; "
        f"one shard of 128 digits: {statistics.median(shards) * 1e3:.2f} ms of processor time"
    )


if __name__ == "__main__":
    main()
