"""Read a file that the user chose; a path may also lead to a folder, a device or a pipe."""

import errno
import os
import stat
from pathlib import Path

from lenet_desktop.errors import Text


def read_regular(path: Path, max_bytes: int) -> bytes:
    """Return the content of a regular file, following symbolic links.

    A pipe, a socket or a device is refused at once; nothing is read from it or waited for.

    Args:
        path: the file.
        max_bytes: the largest file that is read.

    Raises:
        OSError: the file is missing, unreadable, a folder, not a regular file or too large;
            ``strerror`` says so in a few words.
    """
    _check(path, path.stat(), max_bytes)
    # The file may be replaced by a pipe at this moment: do not wait for a process that writes to
    # it.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    with os.fdopen(descriptor, "rb") as file:
        _check(path, os.fstat(descriptor), max_bytes)
        content = file.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise _too_large(path, max_bytes)
    return content


def limited(source: Path | bytes, max_bytes: int) -> bytes:
    """Return the content of a regular file, or the content that was read already.

    Raises:
        OSError: as ``read_regular`` does; the content is larger than ``max_bytes``.
    """
    if isinstance(source, Path):
        return read_regular(source, max_bytes)
    if len(source) > max_bytes:
        raise _too_large(None, max_bytes)
    return source


def _check(path: Path, status: os.stat_result, max_bytes: int) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, Text("it is a folder, not a file"), str(path))
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, Text("it is a device or a pipe, not a file"), str(path))
    if status.st_size > max_bytes:
        raise _too_large(path, max_bytes)


def _too_large(path: Path | None, max_bytes: int) -> OSError:
    limit = f"{max_bytes // 2**20} MiB" if max_bytes >= 2**20 else f"{max_bytes:,} bytes"
    return OSError(errno.EFBIG, Text("it is larger than {limit}", limit=limit), path and str(path))
