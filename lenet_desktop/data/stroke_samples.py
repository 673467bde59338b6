"""Samples made from stroke files, drawn and preprocessed as on the pad."""

import base64
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from lenet_desktop.data.labelled import DatasetError, LabelledImages, TrainingData
from lenet_desktop.drawing.legibility import readable
from lenet_desktop.drawing.picture import read_picture
from lenet_desktop.drawing.preprocess import Sample, preprocess
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.stroke_file import StrokeFileError, StrokeRecord, read_strokes
from lenet_desktop.drawing.strokes import (
    MAX_BRUSH,
    MIN_BRUSH,
    Drawing,
    Ink,
    Points,
    place,
    place_by_hand,
)
from lenet_desktop.errors import Text

_SHOWN_LABEL = 20


@dataclass(frozen=True, eq=False)
class LabelledSamples:
    """Samples to evaluate a model on.

    Unlike ``LabelledImages``, on which a model is trained, they are exactly the recognizer's
    samples, not rounded to 256 levels. A label may be any text: the model should refuse a sample
    whose label is none of its classes.

    Attributes:
        samples: float32 (N, 28, 28), 0 to 1.
        labels: what the writer meant by each, as the name of a class, see ``class_name``.
        writers: who wrote each; '' if unknown.
    """

    samples: NDArray[np.float32]
    labels: tuple[str, ...]
    writers: tuple[str, ...]


def class_name(label: str) -> str:
    """Return a label as the name of a class: without surplus spaces, and in Unicode's form NFC.

    In that form an accented letter is one character. Some programs write it as two, which look the
    same.
    """
    return unicodedata.normalize("NFC", " ".join(label.split()))


def drawing_of(record: StrokeRecord, name: str, seed: int) -> Drawing:
    """Return the drawing of a line of a stroke file: a picture, or strokes on the pad.

    Strokes of this program have their places, brushes and erasers; others are placed by hand.

    Args:
        record: the line.
        name: what messages call it.
        seed: of the place of strokes from another device, see ``place_by_hand``.

    Raises:
        StrokeFileError, PictureError: it is a picture that cannot be read.
    """
    if not record.picture:
        return record.drawing or place_by_hand(record.strokes, seed)
    try:
        content = base64.b64decode(record.picture, validate=True)
    except ValueError as error:
        raise StrokeFileError("{name}: the picture is damaged.", name=name) from error
    return Drawing(picture=read_picture(content, name))


def samples_of_strokes(path: Path) -> LabelledSamples:
    """Draw each line of a stroke file on a pad without a window.

    Strokes from other devices are placed by hand; the number of the line, counted from 0, is the
    seed. Everything else is done as on the pad.

    Raises:
        StrokeFileError, PictureError: the file cannot be read, it is empty, or a drawing has no
            label or no ink.
    """
    samples: list[Sample] = []
    labels: list[str] = []
    writers: list[str] = []
    for number, record in enumerate(read_strokes(path)):
        if record.label is None:
            raise StrokeFileError(
                "{path}, line {line}: the drawing has no label to compare with.",
                path=path,
                line=record.line,
            )
        name = Text("{path}, line {line}", path=path, line=record.line)
        sample = preprocess(rasterize(readable(drawing_of(record, name, number))))
        if sample is None:
            raise StrokeFileError("{name}: the drawing leaves no ink on the pad.", name=name)
        samples.append(sample)
        labels.append(class_name(record.label))
        writers.append(record.writer)
    if not samples:
        raise StrokeFileError("{path} holds no drawing.", path=path)
    return LabelledSamples(np.stack(samples), tuple(labels), tuple(writers))


def join_strokes(data: TrainingData, path: Path, credit: str = "") -> TrainingData:
    """Return the data with a stroke file's drawings added to its training images.

    Each is drawn and preprocessed as on the pad, at a random size and place, with a random brush
    and often as sparse and jagged as drawings made with a mouse. The number of the line is the
    seed. Drawings that leave no ink are skipped.

    Args:
        data: the data; its classes stay as they are.
        path: a stroke file whose labels are names of these classes.
        credit: who made the strokes; it is added to the credit of the data.

    Raises:
        StrokeFileError: the file cannot be read, or holds no drawing that leaves ink.
        DatasetError: a label is missing, or is none of the classes.
    """
    indices = {name: index for index, name in enumerate(data.classes)}
    images, labels = [], []
    for number, record in enumerate(read_strokes(path)):
        if record.label not in indices:
            raise DatasetError(
                "{path}, line {line}: the drawing {labelled}; give it one of the classes of "
                "{data}: {classes}.",
                path=path,
                line=record.line,
                labelled=_labelled(record.label),
                data=data.name,
                classes=_list(data.classes),
            )
        sample = preprocess(_random_hand(record.strokes, (number, 0)))
        if sample is not None:
            images.append((sample * 255 + 0.5).astype(np.uint8))
            labels.append(indices[record.label])
    if not images:
        raise StrokeFileError("{path} holds no drawing to train on.", path=path)
    train = LabelledImages(
        torch.cat([data.train.images, torch.from_numpy(np.stack(images))]),
        torch.cat([data.train.labels, torch.tensor(labels)]),
        data.classes,
    )
    return replace(
        data,
        name=f"{data.name} and {path.stem}",
        test_name=data.test_name or data.name,
        train=train,
        credit=". ".join(filter(None, (data.credit, credit))),
    )


def _labelled(label: str | None) -> Text:
    if label is None:
        return Text("has no label")
    shown = label if len(label) <= _SHOWN_LABEL else f"{label[:_SHOWN_LABEL]}…"
    return Text("is labelled {label!r}", label=shown)


def _list(names: Sequence[str]) -> str:
    return ", ".join(names if len(names) <= 12 else (*names[:10], "…", names[-1]))


def _random_hand(strokes: tuple[Points, ...], seed: tuple[int, int]) -> Ink:
    """Return the ink of a drawing as a person might draw it on the pad, chosen at random."""
    random = np.random.default_rng(seed)
    step = int(random.integers(1, 4))
    kept = [np.concatenate([s[:-1:step], s[-1:]]) for s in strokes]
    if random.random() < 0.3:
        # A mouse moves by whole pixels, and drawings made with it are small.
        pixels = random.uniform(18, 80)
        points = np.concatenate(kept)
        extent = max(float((points.max(axis=0) - points.min(axis=0)).max()), 1e-6)
        kept = [np.round(s * (pixels / extent)).astype(np.float32) for s in kept]
    height = random.uniform(0.15, 0.8)
    # About two of the 20 cells that the digit will fill, like the pencils of MNIST's writers.
    brush = height * 80 * random.lognormal(0, 0.4)
    room = max(0.5 - height / 2 - 0.05, 0)
    centre = tuple((0.5 + random.uniform(-room, room, 2)).tolist())
    brush = float(min(max(brush, MIN_BRUSH), MAX_BRUSH))
    return rasterize(place(kept, height=height, centre=(centre[0], centre[1]), brush=brush))
