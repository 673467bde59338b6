"""A folder of pictures with one subfolder for each class, as torchvision's ImageFolder has it.

The classes are the subfolders in alphabetical order. Pictures may lie deeper inside them. Unlike
torchvision, hidden subfolders are left out, and pictures that cannot be read.
"""

import math
import os
import unicodedata
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageOps

from lenet_desktop.data.labelled import DatasetError, LabelledImages, TrainingData
from lenet_desktop.data.sources import PicturesAre
from lenet_desktop.drawing.picture import DECODER_ERRORS, PictureError, read_picture
from lenet_desktop.drawing.preprocess import SAMPLE_SIZE, preprocess
from lenet_desktop.errors import NO_TEXT, Text
from lenet_desktop.models.model_card import check_classes
from lenet_desktop.regular_file import read_regular

MOST_PICTURES = 1_000_000
# Those of torchvision that the pad reads too.
_SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp")
_FORMATS = ("PNG", "JPEG", "BMP", "TIFF", "WEBP")
_MAX_BYTES, _MAX_PIXELS = 100 * 2**20, 90_000_000
# Names of folders that hold a part of a data set, not a class.
_PARTS = {"train", "training", "test", "testing", "val", "valid", "validation"}
# Of each class, this share is for validation, and as much for the test.
_HELD_OUT = 0.15
_FEWEST = 3
_BATCH = 64

Progress = Callable[[int, int], None]
"""Is told how many of how many pictures are read; it may raise an error to stop the reading."""


@dataclass(frozen=True)
class PictureFolder:
    """The pictures in a folder, not read yet.

    Attributes:
        folder: the folder.
        classes: the names of the classes.
        files: the pictures of each class, sorted.
    """

    folder: Path
    classes: tuple[str, ...]
    files: tuple[tuple[Path, ...], ...]

    def __len__(self) -> int:
        return sum(map(len, self.files))


def list_pictures(folder: Path, progress: Progress | None = None) -> PictureFolder:
    """Find the classes and pictures in a folder.

    Raises:
        DatasetError: the folder cannot be read, has no pictures, or its classes cannot be used.
    """
    try:
        found = sorted(
            entry.name
            for entry in os.scandir(folder)
            if entry.is_dir() and not entry.name.startswith(".")
        )
    except OSError as error:
        raise DatasetError(
            "The folder {folder} cannot be read: {reason}.",
            folder=folder,
            reason=error.strerror or error,
        ) from error
    files: list[tuple[Path, ...]] = []
    for name in found:
        files.append(tuple(_pictures_below(folder / name)))
        if progress is not None:
            progress(0, 0)
    count = sum(map(len, files))
    if not count:
        raise DatasetError(
            "There is no MNIST in {folder}, and no subfolder with pictures: choose the folder that "
            "holds MNIST/raw, or one with a subfolder of pictures for each class.",
            folder=folder,
        )
    if count > MOST_PICTURES:
        raise DatasetError(
            "{folder} has {count} pictures, but at most {most} can be used: choose a smaller one.",
            folder=folder,
            count=f"{count:,}",
            most=f"{MOST_PICTURES:,}",
        )
    _check_names(folder, found)
    for name, pictures in zip(found, files, strict=True):
        _check_count(folder, name, len(pictures))
    # The same letter can be written in two ways, such as é as one character or as two.
    return PictureFolder(folder, tuple(map(_as_class, found)), tuple(files))


def read_pictures(
    pictures: PictureFolder, are: PicturesAre, progress: Progress | None = None
) -> TrainingData:
    """Read all pictures; split each class at random, but always alike, into three parts.

    Args:
        pictures: the pictures.
        are: how they become samples.
        progress: is told how far this is.

    Raises:
        DatasetError: too few pictures of a class can be read.
    """
    paths = [path for some in pictures.files for path in some]
    labels = [label for label, some in enumerate(pictures.files) for _ in some]
    images = np.zeros((len(paths), SAMPLE_SIZE, SAMPLE_SIZE), np.uint8)
    good = np.zeros(len(paths), bool)
    bright = np.zeros(len(paths), bool)
    # Decoders release the interpreter's lock, so that threads share the work.
    with ThreadPoolExecutor(torch.get_num_threads()) as pool:
        for start in range(0, len(paths), _BATCH):
            batch = range(start, min(start + _BATCH, len(paths)))
            if progress is not None:
                progress(start, len(paths))
            read = pool.map(lambda number: _sample_of(paths[number], are), batch)
            for number, sample in zip(batch, read, strict=True):
                if sample is not None:
                    images[number], bright[number] = sample
                    good[number] = True
    if are is PicturesAre.SCALED and bright[good].mean() > 0.5:
        images = 255 - images
    kept = LabelledImages(
        torch.from_numpy(images[good]),
        torch.tensor([label for label, is_good in zip(labels, good, strict=True) if is_good]),
        pictures.classes,
    )
    for label, name in enumerate(pictures.classes):
        _check_count(pictures.folder, name, int((kept.labels == label).sum()))
    name = pictures.folder.resolve().name or str(pictures.folder)
    validation, test, train = _split(kept)
    notice = _notice([path for path, is_good in zip(paths, good, strict=True) if not is_good])
    return TrainingData(name, f"pictures in {name}", train, validation, test, notice=notice)


def train_count(pictures: PictureFolder) -> int:
    """Return how many pictures are trained on if all can be read."""
    return sum(len(some) - 2 * _held_out(len(some)) for some in pictures.files)


def read_few(
    pictures: PictureFolder, are: PicturesAre, count: int, progress: Progress | None = None
) -> LabelledImages:
    """Return up to ``count`` pictures as samples, of as many classes as possible."""
    images: list[NDArray[np.uint8]] = []
    labels: list[int] = []
    bright: list[bool] = []
    most = max(map(len, pictures.files))
    in_turn = [(label, nth) for nth in range(most) for label in range(len(pictures.classes))]
    unread = 0
    for label, nth in in_turn:
        if len(images) == count or unread > count:
            break
        if progress is not None:
            progress(len(images), count)
        if nth < len(pictures.files[label]):
            sample = _sample_of(pictures.files[label][nth], are)
            if sample is None:
                unread += 1
            else:
                images.append(sample[0])
                bright.append(sample[1])
                labels.append(label)
    if not images:
        raise DatasetError(
            "None of the first pictures in {folder} can be read: look at them in another program.",
            folder=pictures.folder,
        )
    stacked = np.stack(images)
    if are is PicturesAre.SCALED and np.mean(bright) > 0.5:
        stacked = 255 - stacked
    return LabelledImages(torch.from_numpy(stacked), torch.tensor(labels), pictures.classes)


def _pictures_below(folder: Path) -> Sequence[Path]:
    found = []
    seen = set()
    for place, below, names in os.walk(folder, followlinks=True):
        below.sort()
        # A link to a folder above would lead round in circles.
        real = os.path.realpath(place)
        if real in seen:
            below.clear()
            continue
        seen.add(real)
        found += [Path(place, n) for n in sorted(names) if n.lower().endswith(_SUFFIXES)]
    return found


def _as_class(name: str) -> str:
    return unicodedata.normalize("NFC", name.strip())


def _check_names(folder: Path, names: Sequence[str]) -> None:
    if {name.lower() for name in names} <= _PARTS:
        raise DatasetError(
            "The subfolders of {folder} are parts of a data set, not classes: choose {one}.",
            folder=folder,
            one=folder / names[0],
        )
    classes = list(map(_as_class, names))
    for name in classes:
        if classes.count(name) > 1:
            raise DatasetError(
                "Two subfolders of {folder} are both named '{name}': put their pictures into one.",
                folder=folder,
                name=name,
            )
    try:
        check_classes(classes)
    except ValueError as error:
        raise DatasetError(
            "The classes in {folder} cannot be used: {reason}.", folder=folder, reason=error.args[0]
        ) from error


def _check_count(folder: Path, name: str, count: int) -> None:
    if not count:
        raise DatasetError(
            "The class '{name}' in {folder} is empty: put at least {fewest} pictures into it, or "
            "remove it.",
            name=name,
            folder=folder,
            fewest=_FEWEST,
        )
    if count < _FEWEST:
        raise DatasetError(
            "The class '{name}' in {folder} needs at least {fewest} pictures that can be read, to "
            "train, to validate and to test, but has {count}: add some, or remove it.",
            name=name,
            folder=folder,
            fewest=_FEWEST,
            count=count,
        )


def _split(images: LabelledImages) -> tuple[LabelledImages, LabelledImages, LabelledImages]:
    """Return the images for validation, test and training, in this order."""
    random = torch.Generator().manual_seed(0)
    part = torch.full((len(images),), 2)
    for label in range(len(images.classes)):
        own = (images.labels == label).nonzero()[:, 0]
        own = own[torch.randperm(len(own), generator=random)]
        held_out = _held_out(len(own))
        part[own[:held_out]] = 0
        part[own[held_out : 2 * held_out]] = 1
    validation, test, train = (images.take(part == number) for number in range(3))
    return validation, test, train


def _held_out(count: int) -> int:
    return max(1, round(_HELD_OUT * count))


def _notice(unread: Sequence[Path]) -> Text:
    if not unread:
        return NO_TEXT
    if len(unread) == 1:
        return Text("{path} cannot be read as a picture and is left out.", path=unread[0])
    return Text(
        "{count} pictures cannot be read and are left out; the first is {path}.",
        count=f"{len(unread):,}",
        path=unread[0],
    )


def _sample_of(path: Path, are: PicturesAre) -> tuple[NDArray[np.uint8], bool] | None:
    """Return a picture as uint8 (28, 28), and whether its edge is bright; None if it is unreadable.

    What the pad reads is ink already, whatever the picture's edge was.
    """
    if are is PicturesAre.SCALED:
        return _scaled(path)
    try:
        sample = preprocess(read_picture(path))
    except PictureError:
        return None
    return None if sample is None else ((sample * 255).round().astype(np.uint8), False)


def _scaled(path: Path) -> tuple[NDArray[np.uint8], bool] | None:
    """Return a picture in grey, scaled to 28x28 with its proportions kept."""
    try:
        content = read_regular(path, _MAX_BYTES)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(content), formats=_FORMATS) as image:
                if math.prod(image.size) > _MAX_PIXELS:
                    return None
                image.draft("RGB", (4 * SAMPLE_SIZE, 4 * SAMPLE_SIZE))
                upright = ImageOps.exif_transpose(image)
                if upright.mode.startswith(("I", "F")):  # Pillow cuts 16 bits off at 255
                    deep = np.asarray(upright, np.float64)
                    highest = 65_535 if deep.max() > 255 else 255
                    upright = Image.fromarray((deep / highest * 255).clip(0, 255).astype(np.uint8))
                paper = Image.new("RGBA", upright.size, "white")
                grey = Image.alpha_composite(paper, upright.convert("RGBA")).convert("L")
    except DECODER_ERRORS:
        return None
    scale = SAMPLE_SIZE / max(grey.size)
    size = max(1, round(grey.width * scale)), max(1, round(grey.height * scale))
    small = np.asarray(grey.resize(size, Image.Resampling.BOX if scale < 1
                                   else Image.Resampling.BILINEAR))  # fmt: skip
    edge = np.median(np.concatenate((small[0], small[-1], small[:, 0], small[:, -1])))
    sample = np.full((SAMPLE_SIZE, SAMPLE_SIZE), edge, np.uint8)
    top, left = (SAMPLE_SIZE - size[1]) // 2, (SAMPLE_SIZE - size[0]) // 2
    sample[top : top + size[1], left : left + size[0]] = small
    return sample, bool(edge > 127)
