"""How the progress of a training is shown on a terminal; elsewhere see test_train.py."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import ROOT


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
def test_a_terminal_shows_a_live_bar(tmp_path: Path) -> None:
    import pty
    import termios

    terminal, end = pty.openpty()
    termios.tcsetwinsize(end, (24, 100))
    output = tmp_path / "a.safetensors"
    with subprocess.Popen(
        [sys.executable, "-m", "lenet_desktop", "train", "--epochs", "1", "--output", output],
        stdout=subprocess.PIPE,
        stderr=end,
        text=True,
        cwd=ROOT,
    ) as training:
        os.close(end)
        shown = read_all(terminal)
        said, _ = training.communicate()
    assert training.returncode == 0
    lines = shown.split("\r")
    assert any("epoch 1/1" in line and "drawing synthetic digits" in line for line in lines)
    assert any("epoch 1/1" in line and "loss " in line and " left" in line for line in lines)
    assert "Traceback" not in shown
    assert not lines[-1].strip(), "the bar is removed at the end"
    # The lines that stay go to the output, each of them whole.
    assert [line.split()[0] for line in said.splitlines()[1:2]] == ["epoch"]
    assert "\r" not in said


def read_all(terminal: int) -> str:
    """Read what a process writes to a terminal until the process ends."""
    parts = []
    while True:
        try:
            part = os.read(terminal, 10_000)
        except OSError:  # how Linux reports that the other end is closed
            break
        if not part:
            break
        parts.append(part)
    os.close(terminal)
    return b"".join(parts).decode()
