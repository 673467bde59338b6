"""Digits to learn from, as tensors in memory.

The starter digits travel inside the program, so that training works with no network. MNIST is
read from a folder in the layout of torchvision, and can be downloaded; the packaged program brings
it along.

Both are cut into three parts: the network is fitted on the first, whatever is to be chosen is
chosen on the second, and the third only reports.
"""

import gzip
import hashlib
from collections.abc import Collection, Generator, Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Thread
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen
from zipfile import BadZipFile

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lenet_desktop import paths
from lenet_desktop.atomic_write import replace_file, sweep

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
_CHUNK_BYTES = 64 * 1024
_TELL_SECONDS = 0.1


class DatasetError(Exception):
    """Digits that cannot be had; the message is one sentence for the user that says what to do."""


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
        with (
            paths.resource("starter-digits.npz").open("rb") as file,
            np.load(file, allow_pickle=False) as content,
        ):
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
            Digits(
                torch.from_numpy(_read_idx(raw, f"{part}-images-idx3-ubyte", 3)),
                torch.from_numpy(_read_idx(raw, f"{part}-labels-idx1-ubyte", 1)).long(),
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
    validation, train = _split(everything, _VALIDATION_DIGITS_A_CLASS)
    return TrainingData("MNIST", CREDIT, train, validation, test)


@dataclass(frozen=True)
class DownloadProgress:
    """How much of a download is there: bytes so far, of how many in all."""

    bytes: int
    total: int


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


def download_mnist(
    root: Path | None = None, *, mirrors: Sequence[str] = MIRRORS, timeout: float = 10.0
) -> Generator[DownloadProgress, None, Path]:
    """Download MNIST, 11.6 MB, into the layout of torchvision; return ``root``.

    Closing the generator cancels; there are records several times a second even while the server
    is silent. Only whole archives with the right MD5 sum are ever written; those that are there
    already, from a download that was cut short, are not fetched again. What is damaged is replaced,
    and unpacked files that differ from their archives are removed.

    Args:
        root: where to; ``mnist_cache()`` when None.
        mirrors: addresses to try in turn, each ending in a slash.
        timeout: seconds of silence after which a server is given up.

    Raises:
        DatasetError: no mirror gave what was wanted, or it could not be written.
    """
    root = mnist_cache() if root is None else root
    total = sum(size for _, size in ARCHIVES.values())
    done = 0
    sweep(root / "MNIST" / "raw")
    for name, (md5, size) in ARCHIVES.items():
        archive = root / "MNIST" / "raw" / f"{name}.gz"
        try:
            if not (archive.is_file() and _md5(archive.read_bytes()) == md5):
                content = yield from _from_any_mirror(mirrors, archive.name, timeout, done, total)
                replace_file(archive, content)
            _remove_damaged(archive.with_suffix(""), archive)
        except OSError as error:
            reason = error.strerror or str(error)
            raise DatasetError(
                f"MNIST could not be written to {root}: {reason}. Make room and try again, or "
                "train on the starter digits."
            ) from error
        done += size
        yield DownloadProgress(done, total)
    return root


def _remove_damaged(unpacked: Path, archive: Path) -> None:
    """Remove an unpacked file that is not what its archive holds: it would be read instead."""
    if unpacked.is_file() and unpacked.read_bytes() != gzip.decompress(archive.read_bytes()):
        unpacked.unlink()


def _from_any_mirror(
    mirrors: Sequence[str], file: str, timeout: float, done: int, total: int
) -> Generator[DownloadProgress, None, bytes]:
    md5, size = ARCHIVES[file.removesuffix(".gz")]
    reason = "there is no address to try"
    for mirror in mirrors:
        content = bytearray()
        yield DownloadProgress(done, total)
        try:
            for chunk in _chunks(mirror + file, timeout):
                content += chunk
                # One byte more than expected is enough to know that it is something else.
                if len(content) > size:
                    break
                yield DownloadProgress(done + len(content), total)
        except HTTPError as error:
            reason = f"the server answered {error.code}"
        except TimeoutError:
            reason = "the server stopped answering"
        except URLError as error:
            silent = isinstance(error.reason, TimeoutError)
            reason = "the server did not answer" if silent else "no server could be reached"
        except (OSError, HTTPException):
            reason = "the connection broke off"
        else:
            if _md5(content) == md5:
                return bytes(content)
            cut_off = len(content) < size
            reason = "the file came cut off" if cut_off else "the file has the wrong MD5 sum"
    raise DatasetError(
        f"MNIST could not be downloaded, {reason}: check the connection and try again, or train "
        "on the starter digits."
    )


def _chunks(address: str, timeout: float) -> Iterator[bytes]:
    """Fetch what is at an address; give b"" now and then while nothing comes.

    Nothing can end the wait for a silent server before its time. So a thread of its own waits,
    and is left behind when this generator is closed; it ends when the server answers or the
    time is over, and is no reason for the program to stay.
    """
    arrived: Queue[bytes | Exception | None] = Queue()
    is_left = Event()

    def fetch() -> None:
        try:
            request = Request(address, headers={"User-Agent": "lenet-desktop"})
            with urlopen(request, timeout=timeout) as response:
                while not is_left.is_set() and (chunk := response.read1(_CHUNK_BYTES)):
                    arrived.put(chunk)
            arrived.put(None)
        except HTTPError as error:
            error.close()
            arrived.put(error)
        except Exception as error:  # noqa: BLE001 -- raised where it was asked for
            arrived.put(error)

    Thread(target=fetch, name="download", daemon=True).start()
    try:
        while True:
            try:
                chunk = arrived.get(timeout=_TELL_SECONDS)
            except Empty:
                yield b""
                continue
            if chunk is None:
                return
            if isinstance(chunk, Exception):
                raise chunk
            yield chunk
    finally:
        is_left.set()


def _read_idx(raw: Path, name: str, dimensions: int) -> NDArray[np.uint8]:
    """Read one of MNIST's files, unpacked or packed.

    torchvision gives the same digits; but importing it takes 1.4 s and, in a packaged program, a
    hundred megabytes.
    """
    if (raw / name).is_file():
        content = (raw / name).read_bytes()
    else:
        archive = (raw / f"{name}.gz").read_bytes()
        if _md5(archive) != ARCHIVES[name][0]:
            raise ValueError(f"{name}.gz has the wrong MD5 sum")
        content = gzip.decompress(archive)
    # Two zeros, 8 for bytes, the number of dimensions; then each dimension's size.
    head, body = content[: 4 + 4 * dimensions], content[4 + 4 * dimensions :]
    if head[:4] != bytes((0, 0, 8, dimensions)):
        raise ValueError(f"{name} is no file of this kind")
    return np.frombuffer(bytearray(body), np.uint8).reshape(np.frombuffer(head[4:], ">u4"))


def _md5(content: bytes | bytearray) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def _split(digits: Digits, count: int) -> tuple[Digits, Digits]:
    """Take the first ``count`` of each digit; give what was taken and what is left, in order."""
    taken = torch.zeros(len(digits), dtype=torch.bool)
    for digit in range(10):
        taken[(digits.labels == digit).nonzero()[:count, 0]] = True
    return tuple(Digits(digits.images[part], digits.labels[part]) for part in (taken, ~taken))  # type: ignore[return-value]
