"""Digits to learn from, as tensors in memory.

The starter digits travel inside the program, so that training works with no network. MNIST is
read from a folder in the layout of torchvision, by torchvision.

Both are cut into three parts: the network is fitted on the first, whatever is to be chosen is
chosen on the second, and the third only reports.
"""

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import torch
from torch import Tensor

from lenet_desktop import paths

CREDIT = "MNIST by Y. LeCun, C. Cortes and C. Burges, CC BY-SA 3.0"

# The names of MNIST's four files and the MD5 sums of their archives, as torchvision knows them;
# its own list would cost an import of 1.4 s.
ARCHIVES = {
    "train-images-idx3-ubyte": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
    "train-labels-idx1-ubyte": "d53e105ee54ea40749a09fcbcd1e9432",
    "t10k-images-idx3-ubyte": "9fb629c4189551a2d022fa330f9573f3",
    "t10k-labels-idx1-ubyte": "ec29112dd5afa0611ce80d1b7f02629c",
}

_VALIDATION_DIGITS_A_CLASS = 500


class DatasetError(Exception):
    """Digits that cannot be had; the message is one sentence for the user that says what to do."""


@dataclass(frozen=True)
class Digits:
    """Labelled samples.

    Attributes:
        images: uint8 (N, 28, 28), 0 paper to 255 full ink.
        labels: int64 (N,), 0 to 9.
    """

    images: Tensor
    labels: Tensor

    def __post_init__(self) -> None:
        count = len(self.labels)
        if self.images.shape != (count, 28, 28) or self.labels.shape != (count,):
            raise ValueError("Digits need images (N, 28, 28) and labels (N,)")
        if self.images.dtype != torch.uint8 or self.labels.dtype != torch.int64:
            raise ValueError("Digits need uint8 images and int64 labels")
        if count and not 0 <= int(self.labels.min()) <= int(self.labels.max()) <= 9:
            raise ValueError("Digits need labels from 0 to 9")

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class TrainingData:
    """Digits to learn from, and digits to be judged by.

    Attributes:
        name: what people call it.
        credit: who made it, and the licence.
        train: what the network is fitted on.
        validation: what epochs, recipes and thresholds are chosen on.
        test: what only reports, and what champion and challenger are compared on.
    """

    name: str
    credit: str
    train: Digits
    validation: Digits
    test: Digits


def starter_digits() -> TrainingData:
    """Give the digits inside the program: 3,500 to train, 500 to choose, 1,000 to test.

    They are the first 500 of each digit in MNIST's training part. ``mnist`` keeps the same 5,000
    for choosing, so a model trained on all of MNIST, such as the factory model, has not trained
    on any of them and can be compared on them with a model trained here.

    Raises:
        DatasetError: the program's own file is damaged.
    """
    try:
        with np.load(paths.resource("starter-digits.npz"), allow_pickle=False) as content:
            images = torch.from_numpy(content["images"])
            labels = torch.from_numpy(content["labels"]).long()
            digits = Digits(images, labels)
            credit = str(content["credit"])
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
        raise DatasetError(
            "The starter digits of this program are missing or damaged: install it again."
        ) from error
    test, rest = _split(digits, 100)
    validation, train = _split(rest, 50)
    return TrainingData("starter digits", credit, train, validation, test)


def mnist_is_in(root: Path) -> bool:
    """Say whether a folder holds MNIST, packed or unpacked, in torchvision's layout."""
    raw = root / "MNIST" / "raw"
    return all((raw / name).is_file() or (raw / f"{name}.gz").is_file() for name in ARCHIVES)


def mnist(root: Path) -> TrainingData:
    """Read MNIST: 55,000 digits to train, 5,000 to choose (500 of each), 10,000 to test.

    Args:
        root: the folder that torchvision calls so; the files are in ``MNIST/raw`` below it.
            Nothing is written there: archives are unpacked in a temporary folder.

    Raises:
        DatasetError: the folder does not hold MNIST, or a file in it is damaged.
    """
    if not mnist_is_in(root):
        raise DatasetError(
            f"There is no MNIST in {root}: choose the folder that holds MNIST/raw with its four "
            "files, download MNIST, or train on the starter digits."
        )
    # Not at the top of the file: it takes 1.4 s, and the starter digits do without it.
    from torchvision.datasets import MNIST

    try:
        with tempfile.TemporaryDirectory(prefix="lenet-desktop-") as unpacked:
            _unpack(root / "MNIST" / "raw", Path(unpacked) / "MNIST" / "raw")
            parts = [MNIST(unpacked, train=train) for train in (True, False)]
        everything, test = (Digits(part.data, part.targets) for part in parts)
    except OSError as error:
        reason = error.strerror or str(error)
        raise DatasetError(f"MNIST in {root} could not be read: {reason}.") from error
    # torchvision checks the files' heads with assertions.
    except (ValueError, TypeError, RuntimeError, AssertionError) as error:
        raise _damaged(root) from error
    if (len(everything), len(test)) != (60_000, 10_000):
        raise _damaged(root)
    validation, train = _split(everything, _VALIDATION_DIGITS_A_CLASS)
    return TrainingData("MNIST", CREDIT, train, validation, test)


def _unpack(raw: Path, into: Path) -> None:
    from torchvision.datasets.utils import extract_archive

    into.mkdir(parents=True)
    for name, expected in ARCHIVES.items():
        archive = raw / f"{name}.gz"
        if (raw / name).is_file():
            (into / name).write_bytes((raw / name).read_bytes())
        elif hashlib.md5(archive.read_bytes(), usedforsecurity=False).hexdigest() != expected:
            raise ValueError(f"{archive} has the wrong MD5 sum")
        else:
            extract_archive(archive, into)


def _damaged(root: Path) -> DatasetError:
    return DatasetError(
        f"The MNIST in {root} is damaged: delete its folder MNIST/raw and download MNIST again."
    )


def _split(digits: Digits, count: int) -> tuple[Digits, Digits]:
    """Take the first ``count`` of each digit; give what was taken and what is left, in order."""
    taken = torch.zeros(len(digits), dtype=torch.bool)
    for digit in range(10):
        taken[(digits.labels == digit).nonzero()[:count, 0]] = True
    return tuple(Digits(digits.images[part], digits.labels[part]) for part in (taken, ~taken))  # type: ignore[return-value]
