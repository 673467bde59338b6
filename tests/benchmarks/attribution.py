"""How faithful the attribution methods are: deletion and insertion curves on MNIST's digits.

python tests/benchmarks/attribution.py MNIST [--part validation|test] [--count 500] [--model MODEL]

The ink of a digit is removed pixel by pixel, those first that speak most for the network's answer,
until the paper is bare; and it comes in the same order. The mean probability of the answer
meanwhile is the area under the curve: a faithful order has a low one when ink is deleted and a high
one when it is inserted (V. Petsiuk, A. Das, K. Saenko, "RISE: Randomized Input Sampling for
Explanation of Black-box Models", BMVC 2018). The baseline is a random order of the same pixels.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from lenet_desktop import paths
from lenet_desktop.data.catalog import mnist
from lenet_desktop.drawing.preprocess import Sample
from lenet_desktop.inference.decision import softmax
from lenet_desktop.inference.inside.attribution import Method
from lenet_desktop.inference.recognizer import Recognizer


def curves(
    recognizer: Recognizer, sample: Sample, target: int, order: NDArray[np.int64]
) -> tuple[float, float]:
    """Return the areas under the deletion and the insertion curve."""
    has_come = np.zeros((len(order) + 1, sample.size), np.float32)
    has_come[:, order] = np.tri(len(order) + 1, len(order), -1)
    inserted = (sample.reshape(-1) * has_come).reshape(-1, *sample.shape)
    both = np.concatenate([sample - inserted, inserted])
    found = softmax(recognizer.logits(both), recognizer.card.temperature)[:, target]
    deletion, insertion = found.reshape(2, -1).mean(axis=1).tolist()
    return deletion, insertion


def at_random(sample: Sample, number: int) -> NDArray[np.int64]:
    """Return the inked pixels in a random order."""
    return np.random.default_rng(number).permutation(np.flatnonzero(sample))


def by_method(
    recognizer: Recognizer, method: Method, sample: Sample, target: int
) -> NDArray[np.int64]:
    """Return the inked pixels, those first that speak most for the target."""
    values = recognizer.attribute(sample, target, method).values.reshape(-1)
    ink = np.flatnonzero(sample)
    return ink[np.argsort(-values[ink], kind="stable")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mnist", type=Path)
    parser.add_argument("--part", choices=("validation", "test"), default="validation")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--model", type=Path, default=paths.factory_model())
    options = parser.parse_args()
    torch.set_num_threads(1)
    recognizer = Recognizer.from_file(options.model, "cpu")
    images = getattr(mnist(options.mnist), options.part).images.numpy()
    chosen = np.random.default_rng(0).permutation(len(images))[: options.count]
    samples = images[chosen].reshape(-1, 28, 28).astype(np.float32) / np.float32(255)
    targets = recognizer.logits(samples).argmax(axis=1).tolist()
    print(f"{len(samples)} {options.part} digits; areas under the curves, 0 to 1")
    print(f"{'order':<22}{'deletion':>9}{'insertion':>10}{'difference':>11}{'ms a digit':>11}")
    for method in (None, *Method):
        areas, seconds = [], 0.0
        for number, (sample, target) in enumerate(zip(samples, targets, strict=True)):
            start = time.perf_counter()
            order = (
                at_random(sample, number)
                if method is None
                else by_method(recognizer, method, sample, target)
            )
            seconds += time.perf_counter() - start
            areas.append(curves(recognizer, sample, target, order))
        deletion, insertion = np.mean(areas, axis=0).tolist()
        print(
            f"{method or 'random':<22}{deletion:>9.3f}{insertion:>10.3f}"
            f"{insertion - deletion:>11.3f}{seconds / len(samples) * 1000:>11.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
