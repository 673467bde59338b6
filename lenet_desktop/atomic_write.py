"""The one way in which this program writes a file: beside, then in place in one step.

And what goes with it: the look at the program's own folders, which may be missing or closed to us.
"""

import contextlib
import os
import tempfile
import time
from pathlib import Path

_OLD_SECONDS = 3600


def replace_file(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path``; folders that are missing are made.

    A full disk or a killed process leaves whatever stood at ``path`` as it was.

    Raises:
        OSError: the file could not be written; nothing is left beside it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.name + ".", suffix=".part")
    beside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # A temporary file is its owner's alone; what replaces it has the rights of any new file.
        umask = os.umask(0)
        os.umask(umask)
        beside.chmod(0o666 & ~umask)
        beside.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def list_folder(folder: Path, pattern: str) -> list[Path]:
    """Give the files of this pattern in a folder; none where it is missing or closed to us."""
    try:
        return sorted(folder.glob(pattern))
    except OSError:
        return []


def sweep(folder: Path) -> None:
    """Remove from a folder of the program's own what killed processes were writing there."""
    for beside in list_folder(folder, "*.????????.part"):
        # It may be gone, or another process may be writing it just now.
        with contextlib.suppress(OSError):
            if beside.stat().st_mtime < time.time() - _OLD_SECONDS:
                beside.unlink()
