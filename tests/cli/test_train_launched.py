"""The command 'train' in several processes, as PyTorch's launcher starts them."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from command_line import ROOT, Run
from launched import launch
from lenet_desktop import paths
from lenet_desktop.models import model_file

TRAIN = ("-m", "lenet_desktop", "train", "--device", "cpu", "--epochs", 8, "--seed", 3)
# One shard a batch: the second process validates only.
PLAIN = (*TRAIN, "--recipe", "tutorial")


@pytest.fixture(autouse=True)
def working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, so that models are named without one."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def weights(name: str) -> dict[str, list[float]]:
    state = model_file.load(Path(name)).network.state_dict()
    return {key: value.flatten().tolist() for key, value in state.items()}


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        (
            ("--data", "nowhere"),
            r"In process 1 on .+: There is no folder 'nowhere' and no data set of this name: .+\.",
        ),
        (
            ("--recipe", "tutorial", "--strokes", paths.resource("demo-strokes.jsonl")),
            r"The processes of the training differ in: data, recipe; start all .+\.",
        ),
    ],
)
def test_processes_that_differ_say_so_in_one_sentence(
    other: tuple[object, ...], sentence: str
) -> None:
    first, second = launch([(*TRAIN, "--output", "a"), (*TRAIN, "--output", "a", *other)])
    assert first[0] == second[0] == 2
    assert re.fullmatch(f"lenet-desktop: error: {sentence}\n", first[2])
    assert second[1:] == ("", ""), "only the first one speaks"
    assert list(Path().iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="finds the processes as Linux lists them")
def test_a_training_goes_on_after_one_of_its_processes_was_killed(run: Run) -> None:
    launcher = subprocess.Popen(
        [
            *(sys.executable, "-m", "torch.distributed.run", "--standalone"),
            *("--nproc-per-node", "2", "--max-restarts", "1"),
            *map(str, (*PLAIN, "--output", "two")),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
    )
    with launcher:
        try:
            while not Path("two.checkpoint").exists():
                assert launcher.poll() is None
                time.sleep(0.01)
            [victim] = [
                number for number in children(launcher.pid) if b"RANK=1" in environment(number)
            ]
            os.kill(victim, signal.SIGKILL)
            said, errors = launcher.communicate(timeout=120)
        finally:
            launcher.terminate()
    assert launcher.returncode == 0, errors
    before, after = said.split("continuing from two.checkpoint\n")
    assert before.startswith("tutorial: 3,500 of starter digits on cpu, 2 processes, seed 3\n")
    assert "epoch  1" in before
    assert "epoch  1" not in after
    assert "epoch  8" in after
    assert [path.name for path in Path().iterdir()] == ["two"]
    assert run(*PLAIN[2:], "--output", "one")[0] == 0
    assert weights("one") == weights("two")
    code, said, _ = run("runs", "--json")
    assert code == 0
    assert [json.loads(line)["fate"] for line in said.splitlines()] == ["kept", "kept"]


def children(process: int) -> Iterator[int]:
    """Return the processes that a process has started."""
    for task in Path(f"/proc/{process}/task").iterdir():
        yield from map(int, (task / "children").read_text().split())


def environment(process: int) -> list[bytes]:
    return Path(f"/proc/{process}/environ").read_bytes().split(b"\0")
