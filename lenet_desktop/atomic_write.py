"""Write files atomically: a new file is written beside its target and renamed in one step.

A process that is killed while it writes leaves a part file, 'NAME.xxxxxxxx.part'. The next write to
the same place removes it; ``sweep`` removes those in the program's own folders. A part file is
locked while it is written, so one that can be locked is abandoned.
"""

import contextlib
import errno
import glob
import os
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

if sys.platform != "win32":
    import fcntl

# Where files cannot be locked, a part file of this age counts as abandoned.
_OLD_SECONDS = 3600


def replace_file(path: Path, content: bytes | bytearray) -> None:
    """Write ``content`` to ``path``; create missing folders.

    After a full disk or a killed process the old file at ``path`` is unchanged. The new file gets
    the permissions of the old one and, where the system allows it, its owner. A symbolic link
    stays: the file that it points to is replaced.

    Raises:
        OSError: the file could not be written; nothing is left beside it.
    """
    target = Path(os.path.realpath(path)) if path.is_symlink() else path
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        replaced = target.stat()
    except FileNotFoundError:
        replaced = None
    if replaced is not None and not stat.S_ISREG(replaced.st_mode):
        raise OSError(errno.EINVAL, "it is not a regular file", str(path))
    with _part_file(target, content, replaced) as part:
        part.replace(target)


def create_file(path: Path, content: bytes) -> bool:
    """Write ``content`` to ``path`` unless a file exists there; create missing folders.

    Of several processes that create the same file at once, one succeeds.

    Returns:
        False if a file exists there; it is not changed.

    Raises:
        OSError: the file could not be written; nothing is left beside it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _part_file(path, content, None) as part:
        try:
            if sys.platform == "win32":
                part.rename(path)  # fails if a file exists there
            else:
                _link(part, path)
        except FileExistsError:
            return False
    return True


def list_folder(folder: Path, pattern: str) -> list[Path]:
    """Return the files of this pattern in a folder, sorted; none if it is missing or unreadable."""
    try:
        return sorted(folder.glob(pattern))
    except OSError:
        return []


def sweep(folder: Path) -> None:
    """Remove the part files of killed processes from one of the program's own folders."""
    for part in list_folder(folder, "*.????????.part"):
        _remove_abandoned(part)


@contextlib.contextmanager
def _part_file(
    target: Path, content: bytes | bytearray, replaced: os.stat_result | None
) -> Iterator[Path]:
    """Provide a complete part file beside ``target``; remove it afterwards if it is still there.

    Args:
        target: the final path of the file.
        content: the content of the file.
        replaced: the file whose owner and permissions the new one gets; None for the default ones.
    """
    # The pattern of our own names only: other programs' part files may lie in the same folder.
    for part in list_folder(target.parent, f"{glob.escape(target.name)}.{'[0-9a-f]' * 8}.part"):
        _remove_abandoned(part)
    # Until the final permissions are set, only the owner may read the file.
    part, file = _open_part(target, 0o666 if replaced is None else 0o600)
    try:
        with file:
            if replaced is not None:
                _take_over_rights(file.fileno(), replaced)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            if sys.platform != "win32":
                yield part  # while the file is open, and so locked
        if sys.platform == "win32":
            yield part  # an open file cannot be renamed there
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _open_part(target: Path, mode: int) -> tuple[Path, BinaryIO]:
    """Create a new part file and lock it; the umask limits its mode."""
    while True:
        part = target.with_name(f"{target.name}.{os.urandom(4).hex()}.part")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        try:
            descriptor = os.open(part, flags, mode)
        except FileExistsError:
            continue
        file = os.fdopen(descriptor, "wb")
        if sys.platform != "win32":
            with contextlib.suppress(OSError):  # not every file system can lock
                fcntl.flock(descriptor, fcntl.LOCK_EX)
        # Another process may have taken it for abandoned before it was locked.
        if part.exists():
            return part, file
        file.close()


def _take_over_rights(descriptor: int, replaced: os.stat_result) -> None:
    if sys.platform == "win32":
        return
    mode = replaced.st_mode & 0o777
    now = os.fstat(descriptor)
    if (now.st_uid, now.st_gid) != (replaced.st_uid, replaced.st_gid):
        for owner in (replaced.st_uid, -1):  # -1 leaves the owner as it is
            try:
                os.fchown(descriptor, owner, replaced.st_gid)
                break
            except OSError:
                continue
        else:
            # The new file has another group: give it no more rights than all other users have.
            mode &= ~stat.S_IRWXG | (mode & stat.S_IRWXO) << 3
    # Some file systems have no permissions.
    with contextlib.suppress(OSError):
        os.fchmod(descriptor, mode)


def _link(part: Path, path: Path) -> None:
    """Move the part file to its target with a hard link, which fails if a file exists there."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:
        # A file system without links: claim the name with an empty file, then replace that.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
        try:
            part.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                path.unlink()
            raise


def _remove_abandoned(part: Path) -> None:
    # It may be gone, or we may not be allowed to open or remove it.
    with contextlib.suppress(OSError):
        if sys.platform == "win32":  # which does not remove a file that is open
            if _is_old(part):
                part.unlink()
        else:
            descriptor = os.open(part, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
            try:
                if _has_no_writer(descriptor, part):
                    part.unlink()
            finally:
                os.close(descriptor)


def _has_no_writer(descriptor: int, part: Path) -> bool:
    if sys.platform != "win32":
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # the file system has no locks
            return _is_old(part)
    return True


def _is_old(part: Path) -> bool:
    return part.stat().st_mtime < time.time() - _OLD_SECONDS
