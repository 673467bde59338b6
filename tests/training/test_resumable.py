"""Checkpoints of several pads at once, and of pads that were killed."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lenet_desktop.training.resumable import TrainingCheckpoint, left_behind

_OTHER_PAD = """
import sys
from lenet_desktop.training.resumable import TrainingCheckpoint
checkpoint = TrainingCheckpoint(sys.argv[1])
checkpoint.path.write_text("of the other pad")
print(checkpoint.path, flush=True)
sys.stdin.read()
"""


@contextmanager
def other_pad(training: str) -> Iterator[tuple[Path, subprocess.Popen[str]]]:
    """Another process that trains; killed with no time to clean up."""
    with subprocess.Popen(
        [sys.executable, "-c", _OTHER_PAD, training],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ.copy(),
    ) as process:
        assert process.stdout is not None
        try:
            yield Path(process.stdout.readline().strip()), process
        finally:
            process.kill()


@pytest.mark.parametrize("training", ["the same", "another"])
def test_two_pads_leave_each_others_checkpoints_alone(training: str) -> None:
    with other_pad("the same") as (theirs, _):
        ours = TrainingCheckpoint(training)
        assert ours.path != theirs
        assert not ours.path.exists()
        ours.remove()
        assert theirs.read_text() == "of the other pad"


def test_the_checkpoint_of_a_killed_pad_is_taken_up_by_the_same_training() -> None:
    with other_pad("the same") as (theirs, process):
        process.kill()
        process.wait()
        ours = TrainingCheckpoint("the same")
        assert ours.path == theirs
        assert ours.path.read_text() == "of the other pad"
        ours.remove()
    assert list(theirs.parent.iterdir()) == []


@pytest.mark.parametrize("days", [1, 8])
def test_the_checkpoint_of_a_killed_pad_outlives_another_training_for_some_days(days: int) -> None:
    with other_pad("the same") as (theirs, process):
        assert left_behind() is None
        process.kill()
        process.wait()
        assert left_behind() == "the same"
        then = time.time() - days * 24 * 3600
        os.utime(theirs, (then, then))
        ours = TrainingCheckpoint("another")
        assert theirs.exists() == (days == 1)
        assert left_behind() == ("the same" if days == 1 else None)
        ours.leave()
        TrainingCheckpoint("the same").remove()
    assert list(theirs.parent.iterdir()) == []


def test_what_was_left_is_taken_up() -> None:
    first = TrainingCheckpoint("the same")
    first.path.write_text("left")
    first.leave()
    second = TrainingCheckpoint("the same")
    assert second.path.read_text() == "left"
    second.remove()


def test_a_folder_that_cannot_be_made_ends_no_training(home: Path) -> None:
    home.mkdir()
    (home / "cache").write_text("in the way")
    checkpoint = TrainingCheckpoint("the same")
    checkpoint.remove()


def test_half_a_checkpoint_of_a_killed_pad_is_swept_away(home: Path) -> None:
    half = home / "cache" / "training" / "x-1.checkpoint.abcdefgh.part"
    half.parent.mkdir(parents=True)
    half.write_text("half")
    os.utime(half, (0, 0))
    TrainingCheckpoint("the same").remove()
    assert not half.exists()
