"""What is published about MNIST: its archives, their MD5 sums, and the mirrors that serve them.

torchvision knows this. Its import takes 1.4 s and 100 MB, so it waits until a download needs it,
in a worker thread. The packaged program does not contain torchvision: its build writes the same
facts to ``resources/datasets.json``.
"""

import hashlib
import json
from dataclasses import asdict, dataclass

from lenet_desktop import paths
from lenet_desktop.data.labelled import DatasetError

# In bytes, for the progress of a download and its limit; torchvision does not have them.
_SIZES = {
    "train-images-idx3-ubyte.gz": 9_912_422,
    "train-labels-idx1-ubyte.gz": 28_881,
    "t10k-images-idx3-ubyte.gz": 1_648_877,
    "t10k-labels-idx1-ubyte.gz": 4_542,
}

MNIST_BYTES = sum(_SIZES.values())
"""The size of all archives of MNIST together."""


@dataclass(frozen=True)
class Archive:
    """One file to download.

    Attributes:
        file: its name.
        size: in bytes.
        md5: its MD5 sum in hexadecimal digits.
    """

    file: str
    size: int
    md5: str

    def is_whole(self, content: bytes | bytearray) -> bool:
        """Return whether this is the content of the archive, by size and MD5 sum."""
        return (
            len(content) == self.size
            and hashlib.md5(content, usedforsecurity=False).hexdigest() == self.md5
        )


@dataclass(frozen=True)
class Published:
    """What is published about a data set.

    Attributes:
        archives: the files that it consists of.
        mirrors: addresses of folders that hold the archives, each ending in a slash.
    """

    archives: tuple[Archive, ...]
    mirrors: tuple[str, ...]

    def to_json(self) -> str:
        """Return the content of ``resources/datasets.json``."""
        return json.dumps({"MNIST": asdict(self)}, indent=2) + "\n"


def published_mnist() -> Published:
    """Return what is published about MNIST, from the packaged program's file or torchvision.

    Raises:
        DatasetError: neither can be used.
    """
    try:
        facts = paths.resource("datasets.json")
        return _from_json(facts.read_bytes()) if facts.is_file() else from_torchvision()
    except (OSError, ImportError, ValueError, TypeError, KeyError) as error:
        raise DatasetError(
            "MNIST cannot be downloaded, since this program is not installed completely: "
            "install it again, or train on the starter digits."
        ) from error


def _from_json(content: bytes) -> Published:
    values = json.loads(content)["MNIST"]
    archives = tuple(Archive(**archive) for archive in values["archives"])
    return Published(archives, tuple(values["mirrors"]))


def from_torchvision() -> Published:
    """Return what torchvision knows about MNIST; this imports torchvision."""
    from torchvision.datasets import MNIST

    archives = tuple(Archive(file, _SIZES[file], md5) for file, md5 in MNIST.resources)
    return Published(archives, tuple(MNIST.mirrors))
