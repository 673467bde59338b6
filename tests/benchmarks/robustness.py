"""Accuracy on MNIST's test digits when they are shifted, turned, scaled, noisy or faint.

python tests/benchmarks/robustness.py MNIST [--tutorial MODEL]

Prints a table: the tutorial LeNet and the factory model on the changed 28x28 images, and
the factory model on the same images after ``preprocess``, as the program reads pictures. Without
--tutorial a model is trained with the recipe of that name first.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from lenet_desktop import paths
from lenet_desktop.data import catalog
from lenet_desktop.data.labelled import TrainingData
from lenet_desktop.drawing.preprocess import preprocess
from lenet_desktop.evaluation import metrics
from lenet_desktop.models import model_file
from lenet_desktop.training.loop import train
from lenet_desktop.training.recipe import RECIPES

Samples = NDArray[np.float32]
Change = Callable[[Image.Image], Image.Image]


def turned(degrees: float) -> Change:
    return lambda image: image.rotate(degrees, Image.Resampling.BILINEAR)


def moved(pixels: int) -> Change:
    return lambda image: image.transform(
        image.size, Image.Transform.AFFINE, (1, 0, -pixels, 0, 1, -pixels)
    )


def scaled(factor: float) -> Change:
    middle = 14 - 14 / factor
    return lambda image: image.transform(
        image.size,
        Image.Transform.AFFINE,
        (1 / factor, 0, middle, 0, 1 / factor, middle),
        Image.Resampling.BILINEAR,
    )


def noisy(strength: float) -> Change:
    random = np.random.default_rng(0)

    def change(image: Image.Image) -> Image.Image:
        values = np.asarray(image) + random.normal(0, strength * 255, (28, 28))
        return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))

    return change


CHANGES: dict[str, Change] = {
    "as they are": lambda image: image,
    "shifted by 2 pixels": moved(2),
    "shifted by 4 pixels": moved(4),
    "turned by 15 degrees": turned(15),
    "turned by 30 degrees": turned(-30),
    "scaled to 70 %": scaled(0.7),
    "scaled to 130 %": scaled(1.3),
    "thinned": lambda image: image.filter(ImageFilter.MinFilter(3)),
    "thickened": lambda image: image.filter(ImageFilter.MaxFilter(3)),
    "noise of 10 %": noisy(0.1),
    "noise of 30 %": noisy(0.3),
    "contrast of 50 %": lambda image: image.point(lambda v: v * 0.5),
    "contrast of 25 %": lambda image: image.point(lambda v: v * 0.25),
}


def normalized(samples: Samples) -> Samples:
    """Return the samples after ``preprocess``; those in which it finds no ink are not changed."""
    result = samples.copy()
    for i, sample in enumerate(samples):
        ink = (sample * 255 + 0.5).astype(np.uint8)
        again = preprocess(ink)
        if again is not None:
            result[i] = again
    return result


def train_tutorial(data: TrainingData) -> model_file.Model:
    steps = train(RECIPES["tutorial"], data, device=torch.device("cpu"))
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mnist", type=Path)
    parser.add_argument("--tutorial", type=Path)
    options = parser.parse_args()
    data = catalog.mnist(options.mnist)
    tutorial = model_file.load(options.tutorial) if options.tutorial else train_tutorial(data)
    factory = model_file.load(paths.factory_model())
    print("| test digits | tutorial LeNet | factory model | factory model, preprocessed |")
    print("|---|---|---|---|")
    for name, change in CHANGES.items():
        images = [np.asarray(change(Image.fromarray(i))) for i in data.test.images.numpy()]
        samples = np.stack(images).astype(np.float32) / np.float32(255)
        shares = [
            metrics.evaluate(model, shown, data.test.names).accuracy
            for model, shown in (
                (tutorial, samples),
                (factory, samples),
                (factory, normalized(samples)),
            )
        ]
        print(f"| {name} | " + " | ".join(f"{share:.2%}" for share in shares) + " |", flush=True)


if __name__ == "__main__":
    main()
