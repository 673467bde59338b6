"""The data sets that a training can use, and where they are.

The starter digits travel inside the program, so that training works without a network. MNIST is
read from a folder in torchvision's layout, and can be downloaded; the packaged program brings it
along.
"""

from collections.abc import Collection
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from lenet_desktop import paths
from lenet_desktop.data.idx import read_idx
from lenet_desktop.data.labelled import DatasetError, LabelledImages, TrainingData, split_by_class
from lenet_desktop.data.sources import STARTER
from lenet_desktop.data.starter import starter_digits

CREDIT = "MNIST by Y. LeCun, C. Cortes and C. Burges, CC BY-SA 3.0"

# MNIST's four files, the MD5 sums and the sizes in bytes of their archives, and where they are to
# be had, as torchvision knows them; its own lists would cost an import of 1.4 s.
ARCHIVES = {
    "train-images-idx3-ubyte": ("f68b3c2dcbeaaa9fbdd348bbdeb94873", 9_912_422),
    "train-labels-idx1-ubyte": ("d53e105ee54ea40749a09fcbcd1e9432", 28_881),
    "t10k-images-idx3-ubyte": ("9fb629c4189551a2d022fa330f9573f3", 1_648_877),
    "t10k-labels-idx1-ubyte": ("ec29112dd5afa0611ce80d1b7f02629c", 4_542),
}

MIRRORS = ("https://ossci-datasets.s3.amazonaws.com/mnist/", "http://yann.lecun.com/exdb/mnist/")

_VALIDATION_DIGITS_A_CLASS = 500


class DamagedMnistError(DatasetError):
    """A folder that looks as if it held MNIST, but cannot be read.

    Attributes:
        root: the folder, as it was given to ``mnist``.
    """

    def __init__(self, root: Path) -> None:
        super().__init__(
            f"The MNIST in {root} is damaged: download MNIST again, or train on the starter digits."
        )
        self.root = root


def mnist_is_in(root: Path) -> bool:
    """Say whether a folder holds MNIST, packed or unpacked, in torchvision's layout."""
    raw = root / "MNIST" / "raw"
    try:
        return all((raw / n).is_file() or (raw / f"{n}.gz").is_file() for n in ARCHIVES)
    except OSError:  # a folder that is closed to us
        return False


def mnist(root: Path) -> TrainingData:
    """Read MNIST: 55,000 digits to train, 5,000 to choose (500 of each), 10,000 to test.

    Args:
        root: the folder that torchvision calls so; the files are in ``MNIST/raw`` below it.
            Nothing is written there.

    Raises:
        DatasetError: the folder does not hold MNIST.
        DamagedMnistError: a file in it is damaged.
    """
    if not mnist_is_in(root):
        raise DatasetError(
            f"There is no MNIST in {root}: choose the folder that holds MNIST/raw with its four "
            "files, download MNIST, or train on the starter digits."
        )
    raw = root / "MNIST" / "raw"
    try:
        everything, test = (
            LabelledImages(
                torch.from_numpy(_read(raw, f"{part}-images-idx3-ubyte", 3)),
                torch.from_numpy(_read(raw, f"{part}-labels-idx1-ubyte", 1)).long(),
            )
            for part in ("train", "t10k")
        )
    except OSError as error:
        reason = error.strerror or str(error)
        raise DatasetError(f"MNIST in {root} could not be read: {reason}.") from error
    except ValueError as error:
        raise DamagedMnistError(root) from error
    if (len(everything), len(test)) != (60_000, 10_000):
        raise DamagedMnistError(root)
    validation, train = split_by_class(everything, _VALIDATION_DIGITS_A_CLASS)
    return TrainingData("MNIST", CREDIT, train, validation, test)


def _read(raw: Path, name: str, dimensions: int) -> NDArray[np.uint8]:
    return read_idx(raw, name, dimensions, ARCHIVES[name][0])


def mnist_cache() -> Path:
    """Give the folder that ``download_mnist`` fills when it is told no other."""
    return paths.cache_folder() / "datasets"


def find_mnist(besides: Collection[Path] = ()) -> Path | None:
    """Give a folder that holds MNIST: the packaged program's own or the downloaded one, if any.

    Args:
        besides: folders that will not do.
    """
    folders = (paths.resource("mnist"), mnist_cache())
    return next((f for f in folders if f not in besides and mnist_is_in(f)), None)


def load(source: Path) -> TrainingData:
    """Load the data that a source names: ``STARTER``, or a folder that holds MNIST.

    Raises:
        DatasetError: it is not there, or cannot be read.
    """
    return starter_digits() if source == STARTER else mnist(source)
