"""The file from which a training goes on, should the program be killed."""

import contextlib
import hashlib
import itertools
from pathlib import Path

from PySide6.QtCore import QLockFile

from lenet_desktop import paths
from lenet_desktop.core.replace_file import list_folder, sweep


class TrainingCheckpoint:
    """A checkpoint that is one training's alone until it is removed or left.

    Two pads may train at once, even with the same options. A lock beside each checkpoint tells
    that somebody trains with it; what a program left that was killed is free to be taken up by
    the same training, and is swept away by any other.

    Args:
        training: what makes it this training and no other, as text.

    Attributes:
        path: the file; it need not exist.
    """

    def __init__(self, training: str) -> None:
        folder = paths.cache_folder() / "training"
        name = hashlib.sha256(training.encode()).hexdigest()[:16]
        # A folder that cannot be made is told when the checkpoint is written.
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
        for number in itertools.count(1):
            self.path = folder / f"{name}-{number}.checkpoint"
            self._lock = _lock(self.path)
            self._lock.tryLock(0)
            if self._lock.error() is not QLockFile.LockError.LockFailedError:
                break
        sweep(folder)
        for other in list_folder(folder, "*.checkpoint"):
            lock = _lock(other)
            if other != self.path and lock.tryLock(0):
                _unlink(other)
                lock.unlock()

    def remove(self) -> None:
        """Delete the file: nothing is to go on from it."""
        _unlink(self.path)
        self._lock.unlock()

    def leave(self) -> None:
        """Let go of the file and leave it to whoever trains the same next."""
        self._lock.unlock()


def _lock(path: Path) -> QLockFile:
    lock = QLockFile(f"{path}.lock")
    # However old it is, it holds as long as its process lives.
    lock.setStaleLockTime(0)
    return lock


def _unlink(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
