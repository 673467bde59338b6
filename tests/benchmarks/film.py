"""What the film of a training costs: 'quick' on all of MNIST with and without it, in turn.

    python tests/benchmarks/film.py --data ../shared/mnist

Prints the ratio of the two in wall and in CPU time (the median over the repeats, each of which runs
one after the other in this process, in alternating order), the share of the CPU time that was spent
in the film itself, and the film's memory. On a busy machine the ratios are uncertain by more than
the film costs; the share is not. What one look at a moment takes is printed, too.
"""

import argparse
import statistics
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from lenet_desktop.data.catalog import mnist
from lenet_desktop.data.labelled import TrainingData
from lenet_desktop.training.film.film import Film
from lenet_desktop.training.film.reader import FilmReader
from lenet_desktop.training.film.spacing import MOST
from lenet_desktop.training.loop import train
from lenet_desktop.training.recipe import RECIPES, Recipe


class TimedFilm(Film):
    """A film that measures the CPU time that it takes from the training."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 0.0

    def begin(self, *args: Any) -> None:
        began = time.thread_time()
        super().begin(*args)
        self.seconds += time.thread_time() - began

    def keep_if_due(self, *args: Any) -> None:
        began = time.thread_time()
        super().keep_if_due(*args)
        self.seconds += time.thread_time() - began


def run(recipe: Recipe, data: TrainingData, film: Film | None) -> tuple[float, float]:
    """Train to the end of the last epoch; return seconds of wall and CPU time."""
    wall, cpu = time.perf_counter(), time.process_time()
    for record in train(recipe, data, film=film):
        if record.step == record.steps and record.validation_accuracy is not None:
            break  # the evaluation on the test digits and the calibration are no training
    return time.perf_counter() - wall, time.process_time() - cpu


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/mnist"))
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--network", default="lenet", help="'residual' for the largest one")
    parser.add_argument("--epochs", type=int, default=RECIPES["quick"].epochs)
    options = parser.parse_args()
    data = mnist(options.data)
    recipe = replace(RECIPES["quick"], architecture=options.network, epochs=options.epochs)
    run(replace(recipe, epochs=1), data, None)  # the first training is always slower
    ratios: list[tuple[float, float]] = []
    shares: list[float] = []
    for repeat in range(options.repeats):
        film = TimedFilm()
        order = [None, film] if repeat % 2 else [film, None]
        times = {each: run(recipe, data, each) for each in order}
        (wall, cpu), (plain_wall, plain_cpu) = times[film], times[None]
        ratios.append((wall / plain_wall, cpu / plain_cpu))
        shares.append(film.seconds / cpu)
        print(
            f"with {wall:.1f} s ({cpu:.1f} s CPU), without {plain_wall:.1f} s ({plain_cpu:.1f} s "
            f"CPU); in the film {1000 * film.seconds:.1f} ms",
            flush=True,
        )
    wall_ratio, cpu_ratio = (statistics.median(each) for each in zip(*ratios, strict=True))
    print(f"with / without: {wall_ratio:.3f} wall, {cpu_ratio:.3f} CPU (medians)")
    print(f"share of the CPU time in the film: {statistics.median(shares):.3%}")
    size = sum(moment.bytes for moment in film.moments)
    largest = MOST * max(moment.bytes for moment in film.moments)
    print(
        f"{len(film.moments)} moments, {size / 1e6:.1f} MB; {MOST} moments {largest / 1e6:.1f} MB"
    )
    torch.set_num_threads(1)  # as the window's thread does
    reader, sample = FilmReader(film), np.zeros((28, 28), np.float32)
    for name, look in (
        ("open", lambda moment: reader.open(moment, sample)),
        ("measure", reader.measure),
    ):
        cpu = time.process_time()
        for moment in film.moments:
            look(moment)
        taken = (time.process_time() - cpu) / len(film.moments)
        print(f"{name}: {1000 * taken:.1f} ms of CPU time a moment")


if __name__ == "__main__":
    main()
