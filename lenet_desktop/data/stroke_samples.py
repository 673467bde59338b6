"""Samples made of stroke files, drawn and preprocessed as the pad does it."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from lenet_desktop.data.labelled import DatasetError, LabelledImages, TrainingData
from lenet_desktop.drawing.legibility import readable
from lenet_desktop.drawing.preprocess import Sample, preprocess
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.stroke_file import StrokeFileError, read_strokes
from lenet_desktop.drawing.strokes import MAX_BRUSH, MIN_BRUSH, Ink, Points, place, place_by_hand


@dataclass(frozen=True, eq=False)
class LabelledSamples:
    """Samples, float32 (N, 28, 28), 0 to 1, what each was meant to be, and who wrote it."""

    samples: NDArray[np.float32]
    labels: tuple[str, ...]
    writers: tuple[str, ...]


def samples_of_strokes(path: Path) -> LabelledSamples:
    """Play a stroke file on the pad, each line as a person would place it, without a window.

    The line's number, counted from 0, decides where exactly it is placed (``place_by_hand``); the
    pad's own brush draws it and the one preprocess brings it down.

    Raises:
        StrokeFileError: the file cannot be used, or a line has no label.
    """
    samples: list[Sample] = []
    labels: list[str] = []
    writers: list[str] = []
    for number, record in enumerate(read_strokes(path)):
        if record.label is None:
            raise StrokeFileError(f"{path}: drawing {number + 1} has no label to compare with.")
        sample = preprocess(rasterize(readable(place_by_hand(record.strokes, seed=number))))
        if sample is None:
            raise StrokeFileError(f"{path}: drawing {number + 1} leaves no ink on the pad.")
        samples.append(sample)
        labels.append(record.label)
        writers.append(record.writer)
    if not samples:
        raise StrokeFileError(f"{path} holds no drawing.")
    return LabelledSamples(np.stack(samples), tuple(labels), tuple(writers))


def join_strokes(data: TrainingData, path: Path, credit: str = "") -> TrainingData:
    """Add a stroke file's digits to the digits that are trained on.

    Each is drawn with the pad's brush and goes down the pad's road, at a size, a place and a width
    of the brush by chance, often as sparse and as jagged as a mouse leaves it. ``credit`` says
    whose strokes they are, and joins that of the data.

    Raises:
        StrokeFileError: the file cannot be read.
        DatasetError: a label is no digit.
    """
    images, labels = [], []
    for number, record in enumerate(read_strokes(path)):
        if record.label not in set("0123456789"):
            raise DatasetError(f"{path}: drawing {number + 1} is labelled with no digit.")
        sample = preprocess(_by_some_hand(record.strokes, (number, 0)))
        if sample is not None:
            images.append((sample * 255 + 0.5).astype(np.uint8))
            labels.append(int(record.label))
    joined = LabelledImages(
        torch.cat([data.train.images, torch.from_numpy(np.stack(images))]),
        torch.cat([data.train.labels, torch.tensor(labels)]),
    )
    return replace(
        data,
        name=f"{data.name} and {path.stem}",
        train=joined,
        credit=". ".join(filter(None, (data.credit, credit))),
    )


def _by_some_hand(strokes: tuple[Points, ...], seed: tuple[int, int]) -> Ink:
    random = np.random.default_rng(seed)
    step = int(random.integers(1, 4))
    kept = [np.concatenate([s[:-1:step], s[-1:]]) for s in strokes]
    if random.random() < 0.3:
        # A mouse goes from pixel to pixel, and people draw small with it.
        pixels = random.uniform(18, 80)
        points = np.concatenate(kept)
        extent = max(float((points.max(axis=0) - points.min(axis=0)).max()), 1e-6)
        kept = [np.round(s * (pixels / extent)).astype(np.float32) for s in kept]
    height = random.uniform(0.15, 0.8)
    # About two of the 20 cells that the digit will fill, as MNIST's pencils did.
    brush = height * 80 * random.lognormal(0, 0.4)
    room = max(0.5 - height / 2 - 0.05, 0)
    centre = tuple((0.5 + random.uniform(-room, room, 2)).tolist())
    brush = float(min(max(brush, MIN_BRUSH), MAX_BRUSH))
    return rasterize(place(kept, height=height, centre=(centre[0], centre[1]), brush=brush))
