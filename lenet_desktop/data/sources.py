"""The known data sets and their folders. Imports no torch, because the window uses it."""

from collections.abc import Collection
from enum import StrEnum
from pathlib import Path

from lenet_desktop import paths
from lenet_desktop.data.family.sets import FAMILY

STARTER = Path("starter")
"""Stands for the starter digits where other data sets are given by their folders."""


class PicturesAre(StrEnum):
    """How the pictures of a folder become 28x28 samples."""

    DRAWINGS = "drawings"
    """As the pad reads them: the ink is found, cropped and centred."""
    SCALED = "scaled"
    """The whole picture in grey; if most pictures have a bright edge, bright and dark change."""


MNIST_FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
"""The unpacked files of MNIST; each archive has the same name and ends in .gz."""


def training_digits(source: Path, used: int = 0) -> int:
    """Return how many images there are to train on; for a folder, as many as MNIST has.

    Args:
        source: the data.
        used: the most that are used; 0 for all.
    """
    if source in FAMILY:
        count = FAMILY[source].training_images
    else:
        count = 3_500 if source == STARTER else 55_000
    return min(used, count) if used else count


def mnist_is_in(root: Path) -> bool:
    """Return whether a folder holds MNIST, packed or unpacked, in torchvision's layout."""
    raw = root / "MNIST" / "raw"
    try:
        return all((raw / n).is_file() or (raw / f"{n}.gz").is_file() for n in MNIST_FILES)
    except OSError:  # the folder is not readable
        return False


def mnist_root(folder: Path) -> Path:
    """Return the folder above ``MNIST/raw`` if ``folder`` is one of these two, else ``folder``."""
    above = {"MNIST": folder.parent, "raw": folder.parent.parent}.get(folder.name, folder)
    return above if mnist_is_in(above) else folder


def mnist_cache() -> Path:
    """Return the folder that MNIST is downloaded to; it need not exist."""
    return paths.cache_folder() / "datasets"


def find_mnist(besides: Collection[Path] = ()) -> Path | None:
    """Return a folder that holds MNIST: the packaged program's own, the download, or None.

    Args:
        besides: folders to ignore.
    """
    folders = (paths.resource("mnist"), mnist_cache())
    return next((f for f in folders if f not in besides and mnist_is_in(f)), None)
