"""The file from which a training goes on, should the program be killed."""

import contextlib
import hashlib
import itertools
import time
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from lenet_desktop import paths
from lenet_desktop.atomic_write import list_folder, replace_file, sweep

_OLD_SECONDS = 7 * 24 * 3600


class TrainingCheckpoint:
    """A checkpoint that is one training's alone until it is removed or left.

    Two pads may train at once, even with the same options. A lock beside each checkpoint tells
    that somebody trains with it; what a program left that was killed is free to be taken up by
    the same training, and is swept away after some days. A note beside it tells what was trained.

    Args:
        training: what makes it this training and no other, as text; it is the note.

    Attributes:
        path: the file; it need not exist.
    """

    def __init__(self, training: str) -> None:
        folder = _folder()
        name = hashlib.sha256(training.encode()).hexdigest()[:16]
        # A folder that cannot be made is told when the checkpoint is written.
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
        for number in itertools.count(1):
            self.path = folder / f"{name}-{number}.checkpoint"
            self._lock = _lock(self.path)
            if _acquire(self._lock):
                break
        with contextlib.suppress(OSError):
            replace_file(_note(self.path), training.encode())
        sweep(folder)
        for other in list_folder(folder, "*.checkpoint"):
            if other != self.path and _is_old(other) and _is_free(other):
                _unlink(other)

    def remove(self) -> None:
        """Delete the file: nothing is to go on from it."""
        _unlink(self.path)
        self._lock.release()

    def leave(self) -> None:
        """Let go of the file and leave it to whoever trains the same next."""
        with contextlib.suppress(OSError):
            if not self.path.exists():
                _unlink(self.path)
        self._lock.release()


def left_behind() -> str | None:
    """Give what was trained last and cut off, as ``TrainingCheckpoint`` was told; None if nothing.

    What another pad is training just now does not count.
    """
    newest: tuple[float, str] | None = None
    for path in list_folder(_folder(), "*.checkpoint"):
        with contextlib.suppress(OSError, UnicodeDecodeError):
            found = (path.stat().st_mtime, _note(path).read_text(encoding="utf-8"))
            if _is_free(path) and (newest is None or found > newest):
                newest = found
    return None if newest is None else newest[1]


def _folder() -> Path:
    return paths.cache_folder() / "training"


def _note(path: Path) -> Path:
    return path.with_suffix(".json")


def _is_old(path: Path) -> bool:
    try:
        return path.stat().st_mtime < time.time() - _OLD_SECONDS
    except OSError:
        return False


def _is_free(path: Path) -> bool:
    lock = _lock(path)
    is_free = _acquire(lock)
    lock.release()
    return is_free


def _lock(path: Path) -> BaseFileLock:
    # Taken by the thread that trains, released by the one that keeps or discards the outcome.
    return FileLock(f"{path}.lock", timeout=0, thread_local=False)


def _acquire(lock: BaseFileLock) -> bool:
    """Take a lock; False where another training holds it."""
    try:
        lock.acquire()
    except Timeout:
        return False
    except OSError:
        # The folder cannot be written: nothing else can train there either.
        return True
    return True


def _unlink(path: Path) -> None:
    for file in (path, _note(path), Path(f"{path}.lock")):
        with contextlib.suppress(OSError):
            file.unlink(missing_ok=True)
