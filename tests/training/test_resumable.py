"""Checkpoints of several windows at once, and of windows that were killed."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lenet_desktop.training.resumable import TrainingCheckpoint, dismiss, left_behind

_OTHER_WINDOW = """
import sys
from lenet_desktop.training.resumable import TrainingCheckpoint
checkpoint = TrainingCheckpoint(sys.argv[1])
checkpoint.path.write_text("of the other window")
print(checkpoint.path, flush=True)
sys.stdin.read()
"""

# Take a checkpoint, make sure that no other process has it, then remove or leave it.
_HAMMER = """
import os, time
from lenet_desktop.training.resumable import TrainingCheckpoint
for number in range(60):
    checkpoint = TrainingCheckpoint("the same")
    owned = f"{checkpoint.path}.owned"
    os.close(os.open(owned, os.O_CREAT | os.O_EXCL))
    checkpoint.path.write_text("mine")
    time.sleep(0.005)
    os.unlink(owned)
    checkpoint.leave() if number % 3 == 0 else checkpoint.remove()
"""


@contextmanager
def other_window(training: str) -> Iterator[tuple[Path, subprocess.Popen[str]]]:
    """Start another process that trains; kill it without time to clean up."""
    with subprocess.Popen(
        [sys.executable, "-c", _OTHER_WINDOW, training],
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
def test_two_windows_do_not_touch_each_others_checkpoints(training: str) -> None:
    with other_window("the same") as (theirs, _):
        ours = TrainingCheckpoint(training)
        assert ours.path != theirs
        assert not ours.is_written
        ours.remove()
        assert theirs.read_text() == "of the other window"


def test_the_same_training_takes_up_the_checkpoint_of_a_killed_window() -> None:
    with other_window("the same") as (theirs, process):
        process.kill()
        process.wait()
        ours = TrainingCheckpoint("the same")
        assert ours.path == theirs
        assert ours.is_written
        assert ours.path.read_text() == "of the other window"
        ours.remove()
    assert list(theirs.parent.iterdir()) == []


@pytest.mark.parametrize("days", [1, 8])
def test_the_checkpoint_of_a_killed_window_is_kept_for_a_week(days: int) -> None:
    with other_window("the same") as (theirs, process):
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


def test_processes_never_hold_the_same_checkpoint() -> None:
    """They take and remove it as fast as they can; a process that finds another's mark fails."""
    processes = [subprocess.Popen([sys.executable, "-c", _HAMMER]) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]


def test_a_checkpoint_that_was_left_is_taken_up() -> None:
    first = TrainingCheckpoint("the same")
    first.path.write_text("left")
    first.leave()
    assert left_behind() == "the same"
    second = TrainingCheckpoint("the same")
    assert second.path.read_text() == "left"
    second.remove()
    assert left_behind() is None


def test_nothing_is_left_before_the_first_epoch_is_complete() -> None:
    checkpoint = TrainingCheckpoint("the same")
    checkpoint.leave()
    assert left_behind() is None
    assert list(checkpoint.path.parent.iterdir()) == []


def test_a_note_that_is_no_text_is_ignored() -> None:
    checkpoint = TrainingCheckpoint("the same")
    checkpoint.path.write_text("left")
    checkpoint.leave()
    note = checkpoint.path.with_suffix(".json")
    note.write_bytes(b"\xff\xfe")
    assert left_behind() is None
    note.write_bytes(b"x" * 2**21)
    assert left_behind() is None
    note.unlink()
    assert left_behind() is None
    if hasattr(os, "mkfifo"):
        os.mkfifo(note)
        assert left_behind() is None


def test_a_folder_that_cannot_be_made_does_not_stop_a_training(home: Path) -> None:
    home.mkdir()
    (home / "cache").write_text("in the way")
    checkpoint = TrainingCheckpoint("the same")
    assert not checkpoint.is_written
    assert left_behind() is None
    checkpoint.remove()


def test_half_a_checkpoint_of_a_killed_window_is_removed(home: Path) -> None:
    half = home / "cache" / "training" / "x-1.checkpoint.abcdefgh.part"
    half.parent.mkdir(parents=True)
    half.write_text("half")
    os.utime(half, (0, 0))
    TrainingCheckpoint("the same").remove()
    assert not half.exists()


def test_a_training_that_cannot_continue_hides_no_older_one() -> None:
    for training in ("older", "newer"):
        checkpoint = TrainingCheckpoint(training)
        checkpoint.path.write_text("left")
        os.utime(checkpoint.path, (0, time.time() - (60 if training == "older" else 0)))
        checkpoint.leave()
    assert left_behind() == "newer"
    assert left_behind(lambda note: note != "newer") == "older"


def test_a_training_is_dismissed_unless_another_window_trains_it() -> None:
    mine = TrainingCheckpoint("mine")
    mine.path.write_text("an epoch")
    mine.leave()
    with other_window("the same") as (theirs, _):
        dismiss("the same")
        assert theirs.exists()
        assert left_behind() == "mine"
        dismiss("mine")
        assert not mine.path.exists()
        assert left_behind() is None
    dismiss("unknown")
