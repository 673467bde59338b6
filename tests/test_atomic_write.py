"""What a killed process leaves behind when it was writing a file."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lenet_desktop import paths
from lenet_desktop.atomic_write import replace_file, sweep
from lenet_desktop.data.catalog import mnist_cache
from lenet_desktop.data.download import download_mnist
from lenet_desktop.models import library, model_file

_WRITE = """
import os, signal, sys
from pathlib import Path
os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
from lenet_desktop.atomic_write import replace_file
replace_file(Path(sys.argv[1]), b"half")
"""


def left_by_a_killed_process(path: Path, hours: float) -> Path:
    """Have a process killed while it writes, some hours ago; give what it left."""
    done = subprocess.run([sys.executable, "-c", _WRITE, str(path)], check=False)
    assert done.returncode == -signal.SIGKILL
    (left,) = path.parent.glob(f"{path.name}.*.part")
    then = time.time() - hours * 3600
    os.utime(left, (then, then))
    return left


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX does")


def test_only_what_is_old_and_ours_is_swept_away(tmp_path: Path) -> None:
    old = left_by_a_killed_process(tmp_path / "a", hours=2)
    new = left_by_a_killed_process(tmp_path / "b", hours=0)
    others = tmp_path / "download.part"
    others.write_text("another program's")
    os.utime(others, (0, 0))
    sweep(tmp_path)
    assert not old.exists()
    assert new.exists()
    assert others.exists()
    replace_file(tmp_path / "a", b"whole")
    assert (tmp_path / "a").read_bytes() == b"whole"


def _keep() -> None:
    library.keep(model_file.load(paths.factory_model()), "mine")


def _download() -> None:
    download = download_mnist(mirrors=[])
    with pytest.raises(Exception, match="no address to try"):
        next(download)


@pytest.mark.parametrize(
    ("folder", "write"),
    [(paths.models_folder, _keep), (lambda: mnist_cache() / "MNIST" / "raw", _download)],
)
def test_folders_of_our_own_are_swept_when_they_are_written_to(
    folder: Callable[[], Path], write: Callable[[], None]
) -> None:
    left = left_by_a_killed_process(folder() / "something", hours=2)
    write()
    assert not left.exists()
