"""Downloads with progress, cancelling and checksums."""

import gzip
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Thread
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from lenet_desktop.atomic_write import replace_file, sweep
from lenet_desktop.data.catalog import ARCHIVES, MIRRORS, mnist_cache
from lenet_desktop.data.idx import md5_of
from lenet_desktop.data.labelled import DatasetError

_CHUNK_BYTES = 64 * 1024

_TELL_SECONDS = 0.1


@dataclass(frozen=True)
class DownloadProgress:
    """How much of a download is there: bytes so far, of how many in all."""

    bytes: int
    total: int


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
            if not (archive.is_file() and md5_of(archive.read_bytes()) == md5):
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
            if md5_of(content) == md5:
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
