"""Files are replaced in one step, and the leftovers of killed processes are removed."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lenet_desktop import paths
from lenet_desktop.atomic_write import create_file, replace_file, sweep
from lenet_desktop.data.download import download_mnist
from lenet_desktop.data.sources import mnist_cache
from lenet_desktop.models import library, model_file

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals and permissions")

_KILLED = """
import os, signal, sys
from pathlib import Path
os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
from lenet_desktop.atomic_write import replace_file
replace_file(Path(sys.argv[1]), b"half")
"""

_SLOW = """
import os, sys
from pathlib import Path
os.fsync = lambda _: (print("writing", flush=True), sys.stdin.read())
from lenet_desktop.atomic_write import replace_file
replace_file(Path(sys.argv[1]), b"slow")
"""

_FULL = """
import resource, signal, sys
from pathlib import Path
from lenet_desktop.atomic_write import replace_file
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
try:
    replace_file(Path(sys.argv[1]), bytes(1000))
except OSError as error:
    print(error.strerror)
"""


def left_by_a_killed_process(path: Path, hours: float = 0) -> Path:
    """Kill a process while it writes, some hours ago; return the part file that it left."""
    before = set(path.parent.glob("*"))
    done = subprocess.run([sys.executable, "-c", _KILLED, str(path)], check=False)
    assert done.returncode == -signal.SIGKILL
    (left,) = set(path.parent.glob("*.part")) - before
    then = time.time() - hours * 3600
    os.utime(left, (then, then))
    return left


@contextmanager
def a_process_that_writes(path: Path) -> Iterator[Path]:
    """Run another process that waits just before it replaces its file."""
    command = [sys.executable, "-c", _SLOW, str(path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        (part,) = path.parent.glob(f"{path.name}.*.part")
        yield part
        process.communicate()
    assert process.returncode == 0


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# Replacing files


@pytest.mark.parametrize("rights", [0o600, 0o640, 0o666, 0o444])
def test_a_replaced_file_keeps_its_permissions(tmp_path: Path, rights: int) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(rights)
    replace_file(path, b"new")
    assert mode(path) == rights
    path.chmod(0o600)
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
def test_a_new_file_gets_the_permissions_that_the_umask_leaves(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        replace_file(tmp_path / "a", b"new")
        create_file(tmp_path / "b", b"new")
    finally:
        os.umask(before)
    assert mode(tmp_path / "a") == mode(tmp_path / "b") == 0o666 & ~umask


def test_the_umask_of_the_process_is_never_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def changed(_: int) -> int:
        raise AssertionError("other threads may be creating files")

    monkeypatch.setattr(os, "umask", changed)
    replace_file(tmp_path / "a", b"one")
    replace_file(tmp_path / "a", b"two")
    assert (tmp_path / "a").read_bytes() == b"two"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_a_replaced_file_keeps_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    os.chown(path, 1234, 2345)
    path.chmod(0o640)
    replace_file(path, b"new")
    status = path.stat()
    assert (status.st_uid, status.st_gid, mode(path)) == (1234, 2345, 0o640)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_if_the_group_cannot_be_kept_the_new_group_gets_no_extra_rights() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        path = Path(folder) / "a"
        path.write_bytes(b"old")
        os.chown(path, 0, 2345)
        path.chmod(0o664)
        os.seteuid(65534)
        try:
            replace_file(path, b"new")
        finally:
            os.seteuid(0)
        assert path.read_bytes() == b"new"
        assert (path.stat().st_uid, mode(path)) == (65534, 0o644)


def test_a_symbolic_link_stays_and_its_target_is_replaced(tmp_path: Path) -> None:
    real = tmp_path / "real" / "a"
    real.parent.mkdir()
    real.write_bytes(b"old")
    link = tmp_path / "link"
    link.symlink_to(Path("real") / "a")
    second = tmp_path / "second"
    second.symlink_to(link)
    replace_file(second, b"new")
    assert second.is_symlink()
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["link", "real", "second"]
    assert list(real.parent.iterdir()) == [real]


def test_the_target_of_a_dangling_link_is_created(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "new folder" / "a")
    replace_file(link, b"new")
    assert link.is_symlink()
    assert (tmp_path / "new folder" / "a").read_bytes() == b"new"


def test_a_link_that_leads_to_itself_is_refused(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(link)
    with pytest.raises(OSError, match="symbolic links"):
        replace_file(link, b"new")
    assert list(tmp_path.iterdir()) == [link]


def test_a_pipe_and_a_folder_are_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path):
        with pytest.raises(OSError, match="not a regular file"):
            replace_file(path, b"new")
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]


def test_a_full_disk_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    done = subprocess.run(
        [sys.executable, "-c", _FULL, str(path)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "File too large\n"
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


# Creating files


def test_a_file_is_created_only_if_none_exists(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "a"
    assert create_file(path, b"first")
    assert not create_file(path, b"second")
    assert path.read_bytes() == b"first"
    assert list(path.parent.iterdir()) == [path]


def test_a_file_is_created_on_a_file_system_without_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")  # the error of FAT on Linux

    monkeypatch.setattr(os, "link", no_links)
    test_a_file_is_created_only_if_none_exists(tmp_path)


# Leftovers of killed processes


def test_the_next_write_removes_what_a_killed_process_left(tmp_path: Path) -> None:
    path = tmp_path / "a [1]"
    left_by_a_killed_process(path)
    other = left_by_a_killed_process(tmp_path / "b")
    foreign = tmp_path / "a [1].download.part"
    foreign.write_text("another program's")
    replace_file(path, b"whole")
    assert set(tmp_path.iterdir()) == {path, other, foreign}
    assert path.read_bytes() == b"whole"


def test_a_file_that_is_being_written_is_never_removed(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with a_process_that_writes(path) as part:
        os.utime(part, (0, 0))
        replace_file(path, b"quick")
        sweep(tmp_path)
        assert path.read_bytes() == b"quick"
        assert part.exists()
    assert path.read_bytes() == b"slow"
    assert list(tmp_path.iterdir()) == [path]


def test_only_part_files_are_swept_away(tmp_path: Path) -> None:
    left = left_by_a_killed_process(tmp_path / "a")
    others = tmp_path / "download.part"
    others.write_text("another program's")
    pipe = tmp_path / "a.00000000.part"
    os.mkfifo(pipe)
    link = tmp_path / "a.11111111.part"
    link.symlink_to(others)
    sweep(tmp_path)
    assert not left.exists()
    assert others.exists()
    assert link.is_symlink()


def test_without_locks_only_old_part_files_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    def no_locks(*_: object) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    old = left_by_a_killed_process(tmp_path / "a", hours=2)
    new = left_by_a_killed_process(tmp_path / "a")
    replace_file(tmp_path / "a", b"whole")
    assert set(tmp_path.iterdir()) == {tmp_path / "a", new}
    assert not old.exists()


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
