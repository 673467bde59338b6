"""The data sets besides MNIST, by name, with their sizes and licences. Imports no torch."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class DataSet:
    """A published data set.

    Attributes:
        key: its name on the command line.
        name: its name, to be shown.
        what: what its images show, as a part of a sentence.
        classes: the number of its classes.
        train, test: the numbers of its published training and test images.
        validation: how many of each class are taken from the training images for validation.
        credit: who made it.
        licence: its licence, or that none is stated.
        published: the name of the class in ``torchvision.datasets`` that knows it.
        files: its files, below the folder of all data sets; those of idx are also found unpacked,
            without '.gz'.
        megabytes: the size of its download.
    """

    key: str
    name: str
    what: str
    classes: int
    train: int
    test: int
    validation: int
    credit: str
    licence: str
    published: str
    files: tuple[str, ...]
    megabytes: float

    @property
    def source(self) -> Path:
        """What stands for it where other data sets are given by their folders."""
        return Path(self.key)

    @property
    def are_digits(self) -> bool:
        """Whether its classes are the ten digits."""
        return self.published in ("QMNIST", "USPS")

    @property
    def training_images(self) -> int:
        """How many images are left to train on."""
        return self.train - self.validation * self.classes

    def is_in(self, root: Path) -> bool:
        """Return whether the folder of all data sets holds it, packed or unpacked."""
        try:
            return all(
                (root / file).is_file() or (root / file.removesuffix(".gz")).is_file()
                for file in self.files
            )
        except OSError:  # the folder is not readable
            return False


_PARTS = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
_EMNIST = "G. Cohen, S. Afshar, J. Tapson and A. van Schaik"
_EMNIST_LICENCE = "no licence stated; made from NIST Special Database 19"


def _idx(folder: str) -> tuple[str, ...]:
    return tuple(f"{folder}/raw/{part}-ubyte.gz" for part in _PARTS)


FAMILY: dict[Path, DataSet] = {
    each.source: each
    for each in (
        DataSet(
            "fashion-mnist",
            "Fashion-MNIST",
            "clothes in 10 classes",
            10,
            60_000,
            10_000,
            500,
            "Zalando SE",
            "MIT",
            "FashionMNIST",
            _idx("FashionMNIST"),
            30.9,
        ),
        DataSet(
            "kmnist",
            "KMNIST",
            "Japanese characters in cursive writing, 10 classes",
            10,
            60_000,
            10_000,
            500,
            "ROIS-DS Center for Open Data in the Humanities",
            "CC BY-SA 4.0",
            "KMNIST",
            _idx("KMNIST"),
            21.2,
        ),
        DataSet(
            "emnist-letters",
            "EMNIST letters",
            "handwritten letters in 26 classes, upper and lower case together",
            26,
            124_800,
            20_800,
            200,
            _EMNIST,
            _EMNIST_LICENCE,
            "EMNIST",
            ("EMNIST/raw/gzip.zip",),
            561.8,
        ),
        DataSet(
            "emnist-balanced",
            "EMNIST balanced",
            "handwritten digits and letters in 47 classes",
            47,
            112_800,
            18_800,
            200,
            _EMNIST,
            _EMNIST_LICENCE,
            "EMNIST",
            ("EMNIST/raw/gzip.zip",),
            561.8,
        ),
        DataSet(
            "qmnist",
            "QMNIST",
            "MNIST's digits made again, with 60,000 test digits",
            10,
            60_000,
            60_000,
            500,
            "C. Yadav and L. Bottou",
            "BSD for its software, none stated for its digits",
            "QMNIST",
            (
                "QMNIST/raw/qmnist-train-images-idx3-ubyte.gz",
                "QMNIST/raw/qmnist-train-labels-idx2-int.gz",
                "QMNIST/raw/qmnist-test-images-idx3-ubyte.gz",
                "QMNIST/raw/qmnist-test-labels-idx2-int.gz",
            ),
            20.4,
        ),
        DataSet(
            "usps",
            "USPS",
            "digits from envelopes, 16x16",
            10,
            7_291,
            2_007,
            50,
            "J. J. Hull, from the LIBSVM data sets",
            "no licence stated",
            "USPS",
            ("usps.bz2", "usps.t.bz2"),
            8.4,
        ),
    )
}
"""The data sets by their sources."""
