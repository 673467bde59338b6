"""The data sets that a model can be trained on.

The starter digits are part of the program, so that training works without a network. MNIST is
read from a folder in torchvision's layout; it can be downloaded, and the packaged program
includes it. Its family is downloaded by name. Any other folder has one subfolder of pictures for
each class.
"""

from pathlib import Path

import torch

from lenet_desktop.data.family.reading import read_set
from lenet_desktop.data.family.sets import FAMILY
from lenet_desktop.data.idx import read_idx
from lenet_desktop.data.image_folder import (
    Progress,
    list_pictures,
    read_few,
    read_pictures,
    train_count,
)
from lenet_desktop.data.labelled import DatasetError, LabelledImages, TrainingData, split_by_class
from lenet_desktop.data.published import published_mnist
from lenet_desktop.data.sources import STARTER, PicturesAre, mnist_cache, mnist_is_in
from lenet_desktop.data.starter import starter_digits

CREDIT = "MNIST by Y. LeCun, C. Cortes and C. Burges, CC BY-SA 3.0"

_VALIDATION_DIGITS_PER_CLASS = 500


class DamagedMnistError(DatasetError):
    """A folder has all files of MNIST, but at least one is damaged.

    Attributes:
        root: the folder, as it was given to ``mnist``.
    """

    def __init__(self, root: Path) -> None:
        super().__init__(
            "The MNIST in {root} is damaged: download MNIST again, or train on the starter digits.",
            root=root,
        )
        self.root = root


def load(
    source: Path,
    pictures: PicturesAre = PicturesAre.DRAWINGS,
    progress: Progress | None = None,
) -> TrainingData:
    """Load a data set.

    Args:
        source: ``STARTER``, a key of ``FAMILY``, a folder that holds MNIST, or one of pictures.
        pictures: how pictures become samples.
        progress: is told how many pictures of a folder are read.

    Raises:
        DatasetError: the data set is missing or cannot be read.
    """
    if source == STARTER:
        return starter_digits()
    if source in FAMILY:
        return read_set(FAMILY[source], mnist_cache())
    if mnist_is_in(source):
        return mnist(source)
    return read_pictures(list_pictures(source, progress), pictures, progress)


def preview(
    source: Path, pictures: PicturesAre, count: int, progress: Progress | None = None
) -> tuple[LabelledImages, int, int]:
    """Return a few samples of a data set, and how many images it has: in all, and to train on.

    Of a folder of pictures only these are read; see ``load`` for the arguments and errors.
    """
    if source == STARTER or source in FAMILY or mnist_is_in(source):
        data = load(source)
        size = len(data.train) + len(data.validation) + len(data.test)
        return data.train.few(count), size, len(data.train)
    found = list_pictures(source, progress)
    return read_few(found, pictures, count, progress), len(found), train_count(found)


def mnist(root: Path) -> TrainingData:
    """Read MNIST: 55,000 training, 5,000 validation (500 per class) and 10,000 test digits.

    Args:
        root: what torchvision calls root; the files are in ``MNIST/raw`` below it. Nothing is
            written there.

    Raises:
        DatasetError: the folder does not hold MNIST, a file cannot be read, or this program is
            damaged.
        DamagedMnistError: a file is damaged.
    """
    if not mnist_is_in(root):
        raise DatasetError(
            "There is no MNIST in {root}: choose the folder that holds MNIST/raw with its "
            "four files, download MNIST, or train on the starter digits.",
            root=root,
        )
    classes = published_mnist().classes
    try:
        everything = _read(root, "train", 60_000, classes)
        test = _read(root, "t10k", 10_000, classes)
    except OSError as error:
        reason = error.strerror or str(error)
        raise DatasetError(
            "MNIST in {root} could not be read: {reason}.", root=root, reason=reason
        ) from error
    except ValueError as error:
        raise DamagedMnistError(root) from error
    validation, train = split_by_class(everything, _VALIDATION_DIGITS_PER_CLASS)
    return TrainingData("MNIST", CREDIT, train, validation, test)


def _read(root: Path, part: str, count: int, classes: tuple[str, ...]) -> LabelledImages:
    raw = root / "MNIST" / "raw"
    images = read_idx(raw, f"{part}-images-idx3-ubyte", (count, 28, 28))
    labels = read_idx(raw, f"{part}-labels-idx1-ubyte", (count,))
    return LabelledImages(torch.from_numpy(images), torch.from_numpy(labels).long(), classes)
