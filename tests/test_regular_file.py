import os
import socket
import sys
from pathlib import Path

import pytest

from lenet_desktop.regular_file import read_regular


def test_content_of_a_file_and_of_a_link_to_it(tmp_path: Path) -> None:
    path = tmp_path / "digits"
    path.write_bytes(b"1\r\n2\0\x1a3")
    assert read_regular(path, 8) == b"1\r\n2\0\x1a3"
    if sys.platform != "win32":
        link = tmp_path / "link"
        link.symlink_to(path)
        assert read_regular(link, 8) == b"1\r\n2\0\x1a3"


def test_file_larger_than_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(b"x" * 11)
    with pytest.raises(OSError, match="larger than 10 bytes"):
        read_regular(path, 10)
    with path.open("wb") as file:
        file.truncate(3 * 2**20)
    with pytest.raises(OSError, match="larger than 2 MiB"):
        read_regular(path, 2 * 2**20)


def test_missing_file_keeps_the_systems_message(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as error:
        read_regular(tmp_path / "missing", 10)
    assert error.value.strerror == "No such file or directory"


def test_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError) as error:
        read_regular(tmp_path, 10)
    assert error.value.strerror == "it is a folder, not a file"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_pipes_sockets_and_devices_are_refused_at_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with socket.socket(socket.AF_UNIX) as listener:
        # The path of a socket must be short: bind it by its name alone.
        here = Path.cwd()
        os.chdir(tmp_path)
        try:
            listener.bind("socket")
        finally:
            os.chdir(here)
        for path in (pipe, tmp_path / "socket", Path("/dev/zero"), Path("/dev/null")):
            with pytest.raises(OSError, match="it is a device or a pipe, not a file"):
                read_regular(path, 10)


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="needs Linux's /proc")
def test_file_without_a_known_size_is_read_up_to_the_limit() -> None:
    assert read_regular(Path("/proc/self/maps"), 2**24)
    with pytest.raises(OSError, match="larger than 10 bytes"):
        read_regular(Path("/proc/self/maps"), 10)
