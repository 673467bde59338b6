"""What the synthetic digits of 'quick' gain and cost: with and without them, side by side.

python tests/benchmarks/pen_digits.py MNIST PEN [--seeds N]

Trains 'quick' on MNIST both ways, and prints how many of MNIST's validation digits and of
PEN/unipen-validation.jsonl are read, and how many of PEN/letters-validation.jsonl are refused.
"""

import argparse
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from lenet_desktop.data import catalog
from lenet_desktop.data.labelled import TrainingData
from lenet_desktop.data.stroke_samples import LabelledSamples, samples_of_strokes
from lenet_desktop.evaluation.metrics import evaluate
from lenet_desktop.models.model_file import Model
from lenet_desktop.training.loop import train
from lenet_desktop.training.recipe import RECIPES, Recipe


def trained(recipe: Recipe, data: TrainingData) -> tuple[Model, float]:
    began, training = time.perf_counter(), train(recipe, data)
    while True:
        try:
            next(training)
        except StopIteration as end:
            return end.value, time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mnist", type=Path)
    parser.add_argument("pen", type=Path)
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    data = catalog.mnist(options.mnist)
    pen = samples_of_strokes(options.pen / "unipen-validation.jsonl")
    letters = samples_of_strokes(options.pen / "letters-validation.jsonl")
    validation = LabelledSamples(
        data.validation.images.numpy().astype(np.float32) / np.float32(255),
        tuple(str(label) for label in data.validation.labels.tolist()),
        (),
    )
    seconds: dict[str, list[float]] = {}
    for seed in range(options.seeds):
        recipe = replace(RECIPES["quick"], seed=seed)
        without = replace(recipe, pen_digits=0, outliers=0)
        for name, which in (("with", recipe), ("without", without)):
            model, taken = trained(which, data)
            seconds.setdefault(name, []).append(taken)
            of_mnist, of_pen, of_letters = (
                evaluate(model, some.samples, some.labels) for some in (validation, pen, letters)
            )
            print(
                f"{name:<8} MNIST {of_mnist.accuracy:.2%}   UNIPEN {of_pen.accuracy:.2%}, "
                f"{of_pen.refused_share:.1%} refused   letters refused "
                f"{of_letters.others_refused_share:.1%}   {taken:.1f} s",
                flush=True,
            )
    ratio = np.median(seconds["with"]) / np.median(seconds["without"])
    print(f"time with them: {ratio:.2f} times that without")


if __name__ == "__main__":
    main()
