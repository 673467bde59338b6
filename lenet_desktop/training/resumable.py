"""The checkpoints of the window's trainings: which file a training uses, and which are left over.

They lie in the cache folder. Beside each are a note, which describes the training, and a lock file,
locked as long as a program trains with the checkpoint.

Taking, leaving and removing a checkpoint happens under one more lock, that of the whole folder,
whose file is never removed. So no program can wait for a lock file that another one is deleting,
and no two programs can hold what looks like the same lock.
"""

import contextlib
import hashlib
import itertools
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from lenet_desktop import paths
from lenet_desktop.atomic_write import list_folder, replace_file, sweep
from lenet_desktop.regular_file import read_regular

_OLD_SECONDS = 7 * 24 * 3600
_MAX_NOTE_BYTES = 1024 * 1024


class TrainingCheckpoint:
    """A checkpoint file that belongs to one training until it is removed or left.

    Two windows may train at once, even with the same options: each gets a file of its own. A file
    left by a killed program is used by the next identical training, and removed after a week.

    Args:
        training: the identity of the training, as text; it becomes the note.

    Attributes:
        path: the file; it need not exist.
    """

    def __init__(self, training: str) -> None:
        folder = _folder()
        name = hashlib.sha256(training.encode()).hexdigest()[:16]
        # If this fails, writing the checkpoint fails too, and that is reported.
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
        with _folder_lock():
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

    @property
    def is_written(self) -> bool:
        """Whether there is something to resume from: at least one epoch is complete."""
        try:
            return self.path.exists()
        except OSError:
            return False

    def remove(self) -> None:
        """Delete the file: there is nothing to resume."""
        with _folder_lock():
            _unlink(self.path)
            self._lock.release()

    def leave(self) -> None:
        """Release the file and keep it, so that the next identical training continues from it."""
        with _folder_lock():
            if not self.is_written:
                _unlink(self.path)
            self._lock.release()


def left_behind(can_continue: Callable[[str], bool] = bool) -> str | None:
    """Return the note of the latest training that was killed or left; None if there is none.

    Trainings under way in other windows are ignored. May wait a second for another program.

    Args:
        can_continue: whether a note is of a training that can still be continued; an older one is
            not hidden by one that cannot.
    """
    newest: tuple[float, str] | None = None
    with _folder_lock():
        for path in list_folder(_folder(), "*.checkpoint"):
            with contextlib.suppress(OSError, UnicodeDecodeError):
                found = (path.stat().st_mtime, _read_note(path))
                if (newest is None or found > newest) and can_continue(found[1]):
                    newest = found if _is_free(path) else newest
    return None if newest is None else newest[1]


def any_checkpoint() -> bool:
    """Return whether there is a checkpoint, of a training under way or of one that was left."""
    return bool(list_folder(_folder(), "*.checkpoint"))


def checkpoint_of(training: str) -> Path | None:
    """Return the checkpoint of a training, see ``left_behind``; None if it has gone meanwhile."""
    for path in list_folder(_folder(), "*.checkpoint"):
        with contextlib.suppress(OSError, UnicodeDecodeError):
            if _read_note(path) == training:
                return path
    return None


def dismiss(training: str) -> None:
    """Delete the checkpoints of a training that was killed or left.

    Those of trainings under way in other windows stay. May wait a second for another program.

    Args:
        training: the note of the training, as ``left_behind`` returned it.
    """
    with _folder_lock():
        for path in list_folder(_folder(), "*.checkpoint"):
            with contextlib.suppress(OSError, UnicodeDecodeError):
                if _read_note(path) == training and _is_free(path):
                    _unlink(path)


def _folder() -> Path:
    return paths.cache_folder() / "training"


def _note(path: Path) -> Path:
    return path.with_suffix(".json")


def _read_note(path: Path) -> str:
    """Return the note beside a checkpoint.

    Raises:
        OSError: it cannot be read.
        UnicodeDecodeError: it is not text.
    """
    return read_regular(_note(path), _MAX_NOTE_BYTES).decode()


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


@contextlib.contextmanager
def _folder_lock() -> Iterator[None]:
    # Held for milliseconds only. After the timeout a suspended program that holds it is ignored.
    lock = FileLock(f"{_folder()}.lock", timeout=1)
    with contextlib.suppress(OSError):  # includes filelock.Timeout
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _lock(path: Path) -> BaseFileLock:
    # Taken by the thread that trains, released by the one that keeps or discards the outcome.
    return FileLock(f"{path}.lock", timeout=0, thread_local=False)


def _acquire(lock: BaseFileLock) -> bool:
    """Take a lock; return False if another training holds it."""
    try:
        lock.acquire()
    except Timeout:
        return False
    except OSError:
        # The folder cannot be written: no other training has a checkpoint there either.
        return True
    return True


def _unlink(path: Path) -> None:
    for file in (path, _note(path), Path(f"{path}.lock")):
        with contextlib.suppress(OSError):
            file.unlink(missing_ok=True)
