"""Download MNIST and its family, with progress, cancelling and checksums."""

import gzip
from collections.abc import Generator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Thread
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from lenet_desktop.atomic_write import replace_file, sweep
from lenet_desktop.data.family.sets import DataSet
from lenet_desktop.data.labelled import DatasetError
from lenet_desktop.data.published import Archive, Published, published, published_mnist
from lenet_desktop.data.sources import mnist_cache
from lenet_desktop.errors import Text, UserError
from lenet_desktop.regular_file import read_regular

_CHUNK_BYTES = 64 * 1024

# A full queue holds 1 MiB; then the thread that fetches waits.
_QUEUE_CHUNKS = 16

_PROGRESS_SECONDS = 0.1


@dataclass(frozen=True)
class DownloadProgress:
    """The progress of a download.

    Attributes:
        bytes: bytes received so far.
        total: bytes of the whole download.
    """

    bytes: int
    total: int


def download_mnist(
    root: Path | None = None, *, mirrors: Sequence[str] | None = None, timeout: float = 10.0
) -> Generator[DownloadProgress, None, Path]:
    """Download MNIST, 11.6 MB, into torchvision's layout; return ``root``.

    Close the generator to cancel. It yields ten times a second even while a server is silent. An
    archive is written only when it is complete and its sums are right; complete archives of an
    earlier download are kept. Damaged archives are replaced, and unpacked files that differ from
    their archives are removed.

    Args:
        root: the folder to write to; ``mnist_cache()`` if None.
        mirrors: addresses to try in turn, each ending in a slash; those that torchvision knows
            when None.
        timeout: seconds without data after which the next server is tried.

    Raises:
        DatasetError: no mirror served an archive, or it could not be written.
    """
    root = mnist_cache() if root is None else root
    folder = root / "MNIST" / "raw"
    yield from _download("MNIST", published_mnist(), folder, root, mirrors, timeout)
    return root


def download_set(
    data: DataSet,
    root: Path | None = None,
    *,
    mirrors: Sequence[str] | None = None,
    timeout: float = 10.0,
) -> Generator[DownloadProgress, None, Path]:
    """Download one of MNIST's family as ``download_mnist`` does; return what stands for it.

    Its archives are checked with torchvision's MD5 sums, the only ones published. Each is held in
    memory until it is complete; EMNIST's has 562 MB.

    Raises:
        DatasetError: no mirror served an archive, or it could not be written.
    """
    root = mnist_cache() if root is None else root
    folder = (root / data.files[0]).parent
    yield from _download(data.name, published(data.published), folder, root, mirrors, timeout)
    return data.source


def _download(
    name: str,
    facts: Published,
    folder: Path,
    root: Path,
    mirrors: Sequence[str] | None,
    timeout: float,
) -> Generator[DownloadProgress, None, None]:
    sweep(folder)
    mirrors = facts.mirrors if mirrors is None else mirrors
    fetch = _Fetch(name, mirrors, timeout, facts.bytes)
    done = 0
    for archive in facts.archives:
        path = folder / archive.file
        try:
            if not _is_there(path, archive):
                content = yield from fetch.from_any_mirror(archive, done)
                replace_file(path, content)
            if path.suffix == ".gz":
                _remove_damaged(path.with_suffix(""), path)
        except OSError as error:
            reason = error.strerror or str(error)
            raise DatasetError(
                "{name} could not be written to {root}: {reason}. Make room and try again, or "
                "train on the starter digits.",
                name=name,
                root=root,
                reason=reason,
            ) from error
        done += archive.size
        yield DownloadProgress(done, facts.bytes)


def _is_there(path: Path, archive: Archive) -> bool:
    return (
        path.is_file()
        and path.stat().st_size <= archive.max_bytes
        and archive.is_whole(read_regular(path, archive.max_bytes))
    )


def _remove_damaged(unpacked: Path, archive: Path) -> None:
    """Remove an unpacked file that differs from its archive: it would be read instead of it."""
    if unpacked.is_file():
        content = gzip.decompress(archive.read_bytes())
        if (
            unpacked.stat().st_size != len(content)
            or read_regular(unpacked, len(content)) != content
        ):
            unpacked.unlink()


class _MirrorError(UserError):
    """A mirror did not serve a file; the message is the reason, as a part of a sentence."""


@dataclass(frozen=True)
class _Fetch:
    """The download of a data set.

    Attributes:
        name: what messages call it.
        mirrors: addresses to try in turn.
        timeout: seconds without data after which the next server is tried.
        total: bytes of all archives.
    """

    name: str
    mirrors: Sequence[str]
    timeout: float
    total: int

    def from_any_mirror(
        self, archive: Archive, done: int
    ) -> Generator[DownloadProgress, None, bytearray]:
        """Fetch an archive; yield progress after the ``done`` bytes of earlier ones."""
        reason = Text("there is no address to try")
        for mirror in self.mirrors:
            content = bytearray()
            yield DownloadProgress(done, self.total)
            try:
                with closing(_chunks(mirror + archive.file, self.timeout)) as chunks:
                    for chunk in chunks:
                        content += chunk
                        # One byte more than expected is enough to know that it is the wrong file.
                        if len(content) > archive.max_bytes:
                            break
                        yield DownloadProgress(done + min(len(content), archive.size), self.total)
            except _MirrorError as error:
                reason = error.text
            else:
                if archive.is_whole(content):
                    return content
                is_cut_off = bool(archive.sha256) and len(content) < archive.size
                reason = (
                    Text("the file is incomplete")
                    if is_cut_off
                    else Text("the file has the wrong checksum")
                )
        raise DatasetError(
            "{name} could not be downloaded, {reason}: check the connection and try again, "
            "or train on the starter digits.",
            name=self.name,
            reason=reason,
        )


def _chunks(address: str, timeout: float) -> Generator[bytes, None, None]:
    """Fetch a file from a URL in parts; yield b"" ten times a second while nothing arrives.

    Waiting for a silent server cannot be interrupted, so a thread does it. Closing this generator
    leaves that thread behind: it ends when the server answers or the timeout is over. It is a
    daemon thread, so the program can end before that.

    Raises:
        _MirrorError: it could not be fetched, for any reason.
    """
    arrived: Queue[bytes | _MirrorError | None] = Queue(_QUEUE_CHUNKS)
    is_closed = Event()

    def fetch() -> None:
        try:
            request = Request(address, headers={"User-Agent": "lenet-desktop"})
            with build_opener(_WebRedirects).open(request, timeout=timeout) as response:
                while not is_closed.is_set() and (chunk := response.read1(_CHUNK_BYTES)):
                    arrived.put(chunk)
        except Exception as error:  # noqa: BLE001 -- after any error the next mirror is tried
            if isinstance(error, HTTPError):
                error.close()
            arrived.put(_MirrorError(_reason(error)))
        else:
            arrived.put(None)

    Thread(target=fetch, name="download", daemon=True).start()
    try:
        while True:
            try:
                chunk = arrived.get(timeout=_PROGRESS_SECONDS)
            except Empty:
                yield b""
                continue
            if chunk is None:
                return
            if isinstance(chunk, _MirrorError):
                raise chunk
            yield chunk
    finally:
        is_closed.set()
        # The thread may wait for room in the queue. It adds at most two more items.
        with suppress(Empty):
            while True:
                arrived.get_nowait()


class _WebRedirects(HTTPRedirectHandler):
    """Follows redirects to http and https only; urllib would also follow them to ftp."""

    def redirect_request(
        self,
        req: Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> Request | None:
        if not newurl.lower().startswith(("http://", "https://")):
            raise HTTPError(newurl, code, msg, headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _reason(error: Exception) -> Text:
    """Return why a mirror failed, as a part of a sentence."""
    match error:
        case HTTPError():
            return Text("the server answered {code}", code=error.code)
        case TimeoutError():
            return Text("the server stopped answering")
        case URLError(reason=TimeoutError()):
            return Text("the server did not answer")
        case URLError():
            return Text("no server could be reached")
        case OSError() | HTTPException():
            return Text("the connection broke off")
        case _:  # such as a ValueError for a redirect to a malformed URL
            return Text("the server's answer was not understood")
