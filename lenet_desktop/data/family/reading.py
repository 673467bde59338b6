"""Read the data sets of MNIST's family from their files."""

import bz2
import string
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from lenet_desktop.data.family.sets import DataSet
from lenet_desktop.data.idx import parse_idx, read_packed, unpack
from lenet_desktop.data.labelled import DatasetError, LabelledImages, TrainingData, split_by_class
from lenet_desktop.data.published import published
from lenet_desktop.regular_file import read_regular

_SIZE = 28
# USPS has 16x16 digits that reach the edges; MNIST's are scaled to this size in 28x28.
_USPS_SIZE, _BOX_SIZE = 16, 20
_MAX_USPS_BYTES = 50_000_000
_MAX_MEMBER_BYTES = 200_000_000
_BYTES, _INTS = 8, 12

_Part = tuple[Tensor, Tensor]


def read_set(data: DataSet, root: Path) -> TrainingData:
    """Read a data set; a part of its training images becomes the validation images.

    Args:
        data: which one.
        root: the folder of all data sets. Nothing is written there.

    Raises:
        DatasetError: it is missing, damaged or cannot be read, or this program is damaged.
    """
    if not data.is_in(root):
        raise DatasetError(
            "{name} is not on this computer: download it, or train on other data.", name=data.name
        )
    folder = (root / data.files[0]).parent
    names = published(data.published).classes
    if data.key == "emnist-letters":
        names = tuple(string.ascii_lowercase)
    try:
        match data.key:
            case "emnist-letters" | "emnist-balanced":
                train, test = _emnist(folder, data)
            case "qmnist":
                train, test = (
                    _qmnist(folder, "train", data.train),
                    _qmnist(folder, "test", data.test),
                )
            case "usps":
                train, test = _usps(folder / "usps.bz2"), _usps(folder / "usps.t.bz2")
            case _:
                train, test = _mnist(folder, "train", data.train), _mnist(folder, "t10k", data.test)
        everything, tested = LabelledImages(*train, names), LabelledImages(*test, names)
        smallest = int(torch.bincount(everything.labels, minlength=len(names)).min())
        validation, rest = split_by_class(everything, min(data.validation, smallest // 2))
        if not len(validation) or not len(tested):
            raise ValueError("a class has too few images")
    except OSError as error:
        reason = error.strerror or str(error)
        raise DatasetError(
            "{name} in {folder} could not be read: {reason}.",
            name=data.name,
            folder=folder,
            reason=reason,
        ) from error
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DatasetError(
            "{name} in {folder} is damaged: delete its files there and download it again.",
            name=data.name,
            folder=folder,
        ) from error
    return TrainingData(data.name, f"{data.name} by {data.credit}, {data.licence}", rest,
                        validation, tested)  # fmt: skip


def _part(images: NDArray[np.uint8], labels: NDArray[np.int_]) -> _Part:
    if len(images) != len(labels):
        raise ValueError("there are not as many labels as images")
    return torch.from_numpy(images), torch.from_numpy(labels.astype(np.int64))


def _mnist(folder: Path, part: str, most: int) -> _Part:
    images, labels = f"{part}-images-idx3-ubyte", f"{part}-labels-idx1-ubyte"
    return _part(
        parse_idx(_packed(folder, images, most), images, (most, _SIZE, _SIZE)),
        parse_idx(_packed(folder, labels, most), labels, (most,)),
    )


def _qmnist(folder: Path, part: str, most: int) -> _Part:
    images, labels = f"qmnist-{part}-images-idx3-ubyte", f"qmnist-{part}-labels-idx2-int"
    # Each image has eight numbers: the class is the first, the others say who wrote it.
    return _part(
        parse_idx(_packed(folder, images, most), images, (most, _SIZE, _SIZE)),
        parse_idx(_packed(folder, labels, most), labels, (most, 8), _INTS)[:, 0],
    )


def _packed(folder: Path, name: str, most: int) -> bytes:
    return read_packed(folder, name, 16 + most * _SIZE * _SIZE)


def _emnist(folder: Path, data: DataSet) -> tuple[_Part, _Part]:
    """Read a part of EMNIST from its archive; its images are stored with x and y exchanged."""
    split = data.key.removeprefix("emnist-")
    first = 1 if split == "letters" else 0  # the label of the first class
    parts = []
    with zipfile.ZipFile(folder / "gzip.zip") as archive:
        for part, most in (("train", data.train), ("test", data.test)):
            name = f"emnist-{split}-{part}"
            images = parse_idx(
                _member(archive, f"{name}-images-idx3-ubyte"), name, (most, _SIZE, _SIZE)
            )
            labels = parse_idx(_member(archive, f"{name}-labels-idx1-ubyte"), name, (most,))
            upright = np.ascontiguousarray(images.transpose(0, 2, 1))
            parts.append(_part(upright, labels.astype(np.int64) - first))
    return parts[0], parts[1]


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(f"gzip/{name}.gz") as file:
        return unpack(file.read(_MAX_MEMBER_BYTES), name, _MAX_MEMBER_BYTES)


def _usps(path: Path) -> _Part:
    """Read USPS in the text format of LIBSVM: a label from 1, then 256 values 'place:value'.

    The values are from -1 to 1. The digits are enlarged to the size that MNIST's have.
    """
    packed = BytesIO(read_regular(path, _MAX_USPS_BYTES))
    with bz2.BZ2File(packed) as file:
        try:
            content = file.read(_MAX_USPS_BYTES + 1)
        except OSError as error:  # bz2's error for damage
            raise ValueError(f"{path.name} is damaged") from error
    if len(content) > _MAX_USPS_BYTES:
        raise ValueError(f"{path.name} has the wrong length")
    images, labels = [], []
    for line in content.decode("ascii").splitlines():
        label, *entries = line.split()
        values = np.array([float(entry.partition(":")[2]) for entry in entries])
        if len(values) != _USPS_SIZE**2 or not (np.abs(values) <= 1).all():
            raise ValueError(f"{path.name} has a line of another format")
        small = ((values + 1) / 2 * 255).astype(np.uint8).reshape(_USPS_SIZE, _USPS_SIZE)
        box = Image.fromarray(small).resize((_BOX_SIZE, _BOX_SIZE), Image.Resampling.BILINEAR)
        images.append(np.pad(np.asarray(box), (_SIZE - _BOX_SIZE) // 2))
        labels.append(int(label) - 1)
    if not images:
        raise ValueError(f"{path.name} is empty")
    return _part(np.stack(images), np.array(labels))
