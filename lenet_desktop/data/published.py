"""The published facts about MNIST: its archives with their MD5 sums, its mirrors and its classes.

They are read from torchvision's source, because importing torchvision takes 1.4 s and
100 MB, and fails where its build does not match torch's. The packaged program does not contain
torchvision: its build writes the same facts to ``resources/datasets.json``.
"""

import ast
import hashlib
import json
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lenet_desktop import paths
from lenet_desktop.data.labelled import DatasetError

# The size in bytes, for the progress and the limit of a download, and the SHA-256 sum of each
# archive. torchvision has the MD5 sums only, which no longer keep out a forged file.
_SIZES_AND_SHA256 = {
    "train-images-idx3-ubyte.gz": (
        9_912_422,
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    ),
    "train-labels-idx1-ubyte.gz": (
        28_881,
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    ),
    "t10k-images-idx3-ubyte.gz": (
        1_648_877,
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    ),
    "t10k-labels-idx1-ubyte.gz": (
        4_542,
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    ),
}

MNIST_BYTES = sum(size for size, _ in _SIZES_AND_SHA256.values())
"""The size of all archives of MNIST together."""


@dataclass(frozen=True)
class Archive:
    """One file to download.

    Attributes:
        file: its name.
        size: in bytes.
        md5, sha256: its sums in hexadecimal digits.
    """

    file: str
    size: int
    md5: str
    sha256: str

    def is_whole(self, content: bytes | bytearray) -> bool:
        """Return whether this is the content of the archive, by its size and both sums."""
        return (
            len(content) == self.size
            and hashlib.md5(content, usedforsecurity=False).hexdigest() == self.md5
            and hashlib.sha256(content).hexdigest() == self.sha256
        )


@dataclass(frozen=True)
class Published:
    """The published facts about a data set.

    Attributes:
        archives: the files of the data set.
        mirrors: addresses of folders that hold the archives, each ending in a slash; those of
            https first.
        classes: the names of its classes, in the order of the labels.
    """

    archives: tuple[Archive, ...]
    mirrors: tuple[str, ...]
    classes: tuple[str, ...]

    def to_json(self) -> str:
        """Return the content of ``resources/datasets.json``."""
        return json.dumps({"MNIST": asdict(self)}, indent=2) + "\n"


def published_mnist() -> Published:
    """Return the facts about MNIST from the packaged program's file or from torchvision.

    Raises:
        DatasetError: neither can be used.
    """
    try:
        facts = paths.resource("datasets.json")
        return _from_json(facts.read_bytes()) if facts.is_file() else from_torchvision()
    except (OSError, ValueError, TypeError, KeyError, SyntaxError) as error:
        raise DatasetError(
            "MNIST cannot be used, since a part of this program is missing or damaged: install it "
            "again, or train on the starter digits."
        ) from error


def _from_json(content: bytes) -> Published:
    values = json.loads(content)["MNIST"]
    archives = tuple(Archive(**archive) for archive in values["archives"])
    return Published(archives, tuple(values["mirrors"]), tuple(values["classes"]))


def from_torchvision() -> Published:
    """Return the facts that ``torchvision.datasets.MNIST`` contains, without importing it."""
    known = _class_attributes("torchvision", "datasets/mnist.py", "MNIST")
    archives = []
    for file, md5 in known["resources"]:
        size, sha256 = _SIZES_AND_SHA256[file]
        archives.append(Archive(file, size, md5, sha256))
    return Published(
        tuple(archives),
        tuple(sorted(known["mirrors"], key=lambda mirror: not mirror.startswith("https://"))),
        tuple(name.split(" - ")[0] for name in known["classes"]),  # such as "0 - zero"
    )


def _class_attributes(package: str, file: str, name: str) -> dict[str, Any]:
    """Return the attributes of a class that its source sets to literals."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"{package} is not installed")
    module = ast.parse((Path(spec.origin).parent / file).read_bytes())
    attributes = {}
    for each in module.body:
        if isinstance(each, ast.ClassDef) and each.name == name:
            for statement in each.body:
                match statement:
                    case ast.Assign(targets=[ast.Name(id=attribute)], value=value):
                        attributes[attribute] = ast.literal_eval(value)
    return attributes
