"""What the film of a training costs: 'quick' on all of MNIST with and without it.

    python tests/benchmarks/film.py --data ../shared/mnist

Both trainings run in this process, a few steps of one and then of the other, so that whatever else
the machine does slows both alike. Printed are the ratios of their wall and CPU times, the share of
the CPU time that is spent in the film itself, the film's memory, and what one look at a moment
takes.
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


def race(recipe: Recipe, data: TrainingData, film: Film) -> tuple[float, float]:
    """Train with and without the film, a few steps of one and then of the other.

    Return the ratios of wall and CPU time, until the end of the last epoch.
    """
    filmed, plain = train(recipe, data, film=film), train(recipe, data)
    wall, cpu = {filmed: 0.0, plain: 0.0}, {filmed: 0.0, plain: 0.0}
    running = [filmed, plain]
    while running:
        for training in list(running):
            began, began_cpu = time.perf_counter(), time.process_time()
            record = next(training)
            wall[training] += time.perf_counter() - began
            cpu[training] += time.process_time() - began_cpu
            # The evaluation on the test digits and the calibration are no training.
            if record.step == record.steps and record.validation_accuracy is not None:
                running.remove(training)
        running.reverse()
    filmed.close()
    plain.close()
    print(
        f"with {wall[filmed]:.1f} s ({cpu[filmed]:.1f} s of CPU time), "
        f"without {wall[plain]:.1f} s ({cpu[plain]:.1f} s)",
        flush=True,
    )
    return wall[filmed] / wall[plain], cpu[filmed] / cpu[plain]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/mnist"))
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--network", default="lenet", help="'residual' for the largest one")
    parser.add_argument("--epochs", type=int, default=RECIPES["quick"].epochs)
    options = parser.parse_args()
    data = mnist(options.data)
    recipe = replace(RECIPES["quick"], architecture=options.network, epochs=options.epochs)
    ratios: list[tuple[float, float]] = []
    spent: list[float] = []
    for _ in range(options.repeats):
        film = TimedFilm()
        began = time.process_time()
        ratios.append(race(recipe, data, film))
        # Half of the time is the other training's.
        spent.append(film.seconds / (time.process_time() - began) * 2)
    wall_ratio, cpu_ratio = (statistics.median(each) for each in zip(*ratios, strict=True))
    print(f"with / without: {wall_ratio:.3f} wall, {cpu_ratio:.3f} CPU (medians)")
    print(f"share of the CPU time in the film: {statistics.median(spent):.3%}")
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
