"""The published facts about data sets: their archives with MD5 sums, their mirrors and classes.

They are read from torchvision's source, because importing torchvision takes 1.4 s and
100 MB, and fails where its build does not match torch's. The packaged program does not contain
torchvision: its build writes the same facts to ``resources/datasets.json``.
"""

import ast
import hashlib
import json
import string
from collections.abc import Iterable
from contextlib import suppress
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

# The sizes in bytes of the archives of other data sets, for the progress of a download. torchvision
# has no sizes, so they are not compared with what arrives.
_EXPECTED_SIZES = {
    "FashionMNIST": (26_421_880, 29_515, 4_422_102, 5_148),
    "KMNIST": (18_165_135, 29_497, 3_041_136, 5_120),
    "EMNIST": (561_753_746,),
    "QMNIST": (9_704_059, 463_024, 9_742_279, 526_800),
    "USPS": (6_579_383, 1_831_726),
}


@dataclass(frozen=True)
class Archive:
    """One file to download.

    Attributes:
        file: its name.
        size: in bytes; only roughly where there is no SHA-256 sum.
        md5, sha256: its sums in hexadecimal digits. The SHA-256 sum is '' for all data sets but
            MNIST, because torchvision has none: MD5 detects damage, but not a forged file.
    """

    file: str
    size: int
    md5: str
    sha256: str = ""

    @property
    def max_bytes(self) -> int:
        """More than this is the wrong file."""
        return self.size if self.sha256 else 2 * self.size + 1_000_000

    def is_whole(self, content: bytes | bytearray) -> bool:
        """Return whether this is the content of the archive, by all that is known of it."""
        if hashlib.md5(content, usedforsecurity=False).hexdigest() != self.md5:
            return False
        return not self.sha256 or (
            len(content) == self.size and hashlib.sha256(content).hexdigest() == self.sha256
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

    @property
    def bytes(self) -> int:
        """The size of all archives together."""
        return sum(archive.size for archive in self.archives)


def published_mnist() -> Published:
    """Return the facts about MNIST from the packaged program's file or from torchvision.

    Raises:
        DatasetError: neither can be used.
    """
    return published("MNIST")


def published(name: str) -> Published:
    """Return the facts about a data set from the packaged program's file or from torchvision.

    Args:
        name: the name of its class in ``torchvision.datasets``; EMNIST's classes are those of its
            part 'balanced'.

    Raises:
        DatasetError: neither can be used.
    """
    try:
        facts = paths.resource("datasets.json")
        return _from_json(facts.read_bytes(), name) if facts.is_file() else from_torchvision(name)
    except (OSError, ValueError, TypeError, KeyError, SyntaxError) as error:
        raise DatasetError(
            "{name} cannot be used, since a part of this program is missing or damaged: install it "
            "again, or train on the starter digits.",
            name=name,
        ) from error


def facts_file() -> str:
    """Return the content of ``resources/datasets.json``: what torchvision knows."""
    names = ("MNIST", *_EXPECTED_SIZES)
    return json.dumps({name: asdict(from_torchvision(name)) for name in names}, indent=2) + "\n"


def _from_json(content: bytes, name: str) -> Published:
    values = json.loads(content)[name]
    archives = tuple(Archive(**archive) for archive in values["archives"])
    return Published(archives, tuple(values["mirrors"]), tuple(values["classes"]))


def from_torchvision(name: str) -> Published:
    """Return the facts in the source of a class of ``torchvision.datasets``; nothing is imported.

    Raises:
        OSError, ValueError, KeyError, SyntaxError: the source is missing or not as expected.
    """
    known = _class_attributes(
        "torchvision", f"datasets/{'usps' if name == 'USPS' else 'mnist'}.py", name
    )
    match name:
        case "EMNIST":
            addresses = [(known["url"], known["md5"])]
            every = set(string.digits + string.ascii_letters)
            classes: Iterable[str] = sorted(every - known["_merged_classes"])
        case "QMNIST":
            addresses = [*known["resources"]["train"], *known["resources"]["test"]]
            classes = known["classes"]
        case "USPS":
            addresses = [(url, md5) for url, _, md5 in known["split_list"].values()]
            classes = string.digits
        case _:
            addresses, classes = known["resources"], known["classes"]
    files = [address.rpartition("/") for address, _ in addresses]
    folders = {f"{folder}/" for folder, slash, _ in files if slash}
    archives = []
    for number, (_, md5) in enumerate(addresses):
        file = files[number][2]
        if name == "MNIST":
            size, sha256 = _SIZES_AND_SHA256[file]
        else:
            size, sha256 = _EXPECTED_SIZES[name][number], ""
        archives.append(Archive(file, size, md5, sha256))
    return Published(
        tuple(archives),
        tuple(
            sorted(
                folders or known["mirrors"], key=lambda mirror: not mirror.startswith("https://")
            )
        ),
        tuple(each.split(" - ")[0] for each in classes),  # such as "0 - zero"
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
                    case (
                        ast.Assign(targets=[ast.Name(id=attribute)], value=ast.expr() as value)
                        | ast.AnnAssign(target=ast.Name(id=attribute), value=ast.expr() as value)
                    ):
                        with suppress(ValueError):  # it is not a literal
                            attributes[attribute] = ast.literal_eval(value)
    return attributes
