"""The command 'train'."""

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from command_line import ROOT, Run, assert_one_sentence
from lenet_desktop import paths
from lenet_desktop.data.sources import STARTER
from lenet_desktop.models import library, model_file
from lenet_desktop.training.job import Job
from lenet_desktop.training.recipe import RECIPES

QUICKEST = ("train", "--recipe", "tutorial", "--epochs", "1")


@pytest.fixture(autouse=True)
def working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, so that models are named without one."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def load(name: str) -> model_file.Model:
    return model_file.load(Path(name))


def assert_same_weights(first: model_file.Model, second: model_file.Model) -> None:
    others = second.network.state_dict()
    assert all(value.equal(others[name]) for name, value in first.network.state_dict().items())


def test_the_model_is_written_and_reads(run: Run, a_four: Path) -> None:
    output = "new folder/mine.safetensors"
    code, said, errors = run("--device", "cpu", *QUICKEST, "--output", output, "--seed", 3)
    assert (code, errors) == (0, "")
    first, epoch, result, comparison = said.splitlines()
    assert first == "tutorial: 3,500 of starter digits on cpu, seed 3"
    assert epoch.startswith("epoch  1  loss ")
    assert result.startswith(f"{output}: ")
    assert comparison.startswith("on the 1,000 test digits of starter digits: mine ")
    assert ", LeNet-5 (the factory model) 99." in comparison
    assert comparison.endswith("the factory model is better")
    card = load(output).card
    assert (card.name, card.seed) == ("mine", 3)
    assert card.command == (
        "lenet-desktop train --recipe tutorial --epochs 1 --seed 3 --output mine.safetensors"
    )
    assert [path.name for path in Path("new folder").iterdir()] == ["mine.safetensors"]
    code, said, _ = run("evaluate", "--json", "--model", output)
    assert code == 0
    assert json.loads(said)["accuracy"] == card.test_accuracy
    code, said, _ = run("recognize", a_four, "--model", output)
    assert code == 0
    assert said.startswith(f"{a_four}: ")


def test_each_training_gets_a_new_seed_but_a_continued_one_keeps_its_own(run: Run) -> None:
    seeds = []
    for name in ("a", "b"):
        assert run(*QUICKEST, "--output", name)[0] == 0
        seeds.append(load(name).card.seed)
        assert f"--seed {seeds[-1]} " in load(name).card.command
    assert seeds[0] != seeds[1]
    recipe = replace(RECIPES["tutorial"], epochs=1, seed=77)
    job = Job(recipe, STARTER, paths.factory_model())
    for _ in job.load().train(checkpoint=Path("c.checkpoint")):
        pass
    code, said, _ = run("--device", "cpu", *QUICKEST, "--output", "c")
    assert code == 0
    assert "continuing from c.checkpoint" in said
    assert "epoch  1" not in said, "the epoch is not trained again"
    assert load("c").card.seed == 77


def test_the_output_is_named_as_it_was_typed(run: Run) -> None:
    assert run(*QUICKEST, "--output", "v1.5")[0] == 0
    assert load("v1.5").card.name == "v1.5"
    assert [path.name for path in Path().iterdir()] == ["v1.5"]


def test_the_command_in_the_card_makes_the_same_model_again(run: Run) -> None:
    strokes = Path("my strokes.jsonl").resolve()
    strokes.write_bytes(paths.resource("demo-strokes.jsonl").read_bytes())
    words = [*QUICKEST, "--strokes", strokes, "--credit", "Zoë, CC BY 4.0"]
    words += ["--name", "Zoë's own", "--output", "a model.safetensors"]
    assert run(*words)[0] == 0
    first = load("a model.safetensors")
    assert first.card.data.endswith(". Zoë, CC BY 4.0")
    program, *again = shlex.split(first.card.command)
    assert program == "lenet-desktop"
    assert run(*again)[0] == 0
    second = load("a model.safetensors")
    assert second.card == first.card
    assert_same_weights(first, second)


def test_no_folder_of_this_computer_is_named_in_the_card(run: Run, working_folder: Path) -> None:
    demo = paths.resource("demo-strokes.jsonl").read_bytes()
    (working_folder / "a.jsonl").write_bytes(demo)
    teacher, mine = working_folder / "teacher.safetensors", working_folder / "mine.safetensors"
    assert run(*QUICKEST, "--strokes", "./a.jsonl", "--output", teacher)[0] == 0
    words = [*QUICKEST, "--strokes", working_folder / "a.jsonl", "--teacher", teacher]
    assert run(*words, "--output", mine)[0] == 0
    assert "--strokes a.jsonl " in load("teacher.safetensors").card.command
    for path in (teacher, mine):
        content = path.read_bytes()
        assert str(working_folder).encode() not in content
        assert str(working_folder.parent).encode() not in content


# A teacher given twice, by its file and by the name of a kept model, has the effect of one.
TEACHERS = ("--teacher", "teacher.safetensors", "--teacher", "kept teacher")


def test_a_student_names_its_teachers(run: Run) -> None:
    words = [*QUICKEST, "--network", "lenet-variant", "--output", "teacher.safetensors"]
    assert run(*words)[0] == 0
    library.keep(load("teacher.safetensors"), "Kept teacher")
    assert run(*QUICKEST, *TEACHERS, "--output", "mine.safetensors")[0] == 0
    teacher, mine = load("teacher.safetensors"), load("mine.safetensors")
    assert teacher.card.architecture == "lenet-variant"
    assert mine.card.architecture == "lenet"
    assert mine.card.notes["teachers"] == ["teacher", "Kept teacher"]
    for command in mine.card.command.split(" && "):
        assert run(*shlex.split(command)[1:])[0] == 0
    again = load("mine.safetensors")
    assert again.card == mine.card
    assert_same_weights(again, mine)


# Two trainings at once


def test_a_second_training_does_not_write_to_the_same_file(run: Run) -> None:
    command = [sys.executable, "-m", "lenet_desktop", "train", "--output", "mine.safetensors"]
    first = subprocess.Popen(
        command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    with first:
        assert first.stdout is not None
        assert first.stdout.readline().startswith(b"quick: ")
        code, output, errors = run(*QUICKEST, "--output", "mine.safetensors")
        assert_one_sentence(code, output, errors)
        assert errors == (
            "lenet-desktop: error: Another training is writing to mine.safetensors: wait for it, "
            "or name another file.\n"
        )
        # A killed training leaves its lock file, but not the lock.
        first.kill()
    Path("mine.safetensors.checkpoint").unlink(missing_ok=True)
    assert run(*QUICKEST, "--output", "mine.safetensors")[0] == 0
    assert [path.name for path in Path().iterdir()] == ["mine.safetensors"]


# A full disk


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX limits")
def test_if_nothing_can_be_written_the_error_says_what_to_do(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import resource

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "spare"))
    (tmp_path / "spare").mkdir()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        code, _, errors = run(*QUICKEST, "--output", "mine.safetensors")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert code == 2
    notice, sentence = errors.splitlines()
    assert "checkpoint" in notice
    assert sentence.startswith("lenet-desktop: error: ")
    assert "Make room and run the same command again." in sentence
    assert list(Path().iterdir()) == list((tmp_path / "spare").iterdir()) == []


# Train on a small file system; make it larger; train again.
_ON_A_FULL_DISK = """
set -e
mount -t tmpfs -o size=$2 tmpfs "$1"
cd "$1"
shift 2
if "$@"; then exit 9; fi
mount -o remount,size=10m .
"$@"
cp mine.safetensors ..
ls
"""


def test_after_a_full_disk_the_same_command_only_writes_the_model(working_folder: Path) -> None:
    folder = working_folder / "small"
    folder.mkdir()
    # Room for the checkpoint, but not for the model beside it.
    size = checkpoint_size() + 100_000
    done = on_a_small_disk(_ON_A_FULL_DISK, folder, size)
    assert done.returncode == 0, done.stderr
    (kept,) = library.kept_models()
    assert kept.card.name == "mine"
    assert done.stderr == (
        "lenet-desktop: error: The model could not be written to mine.safetensors: "
        f"No space left on device. It is in {kept.path} instead; you can also make room and run "
        "the same command again, which continues from mine.safetensors.checkpoint.\n"
    )
    assert done.stdout.count("epoch  1  loss") == 1, "the second run trains no more"
    assert done.stdout.count("continuing from mine.safetensors.checkpoint") == 1
    assert done.stdout.splitlines()[-1] == "mine.safetensors", "the checkpoint is removed"
    assert_same_weights(load("mine.safetensors"), model_file.load(kept.path))


# A file system too small for the checkpoint, too, which holds the kept models as well.
_ON_A_FULL_DISK_WITH_THE_HOME = """
set -e
mount -t tmpfs -o size=100k tmpfs "$1"
cd "$1"
export LENET_DESKTOP_HOME="$1/home" TMPDIR="$2"
shift 2
"$@"
"""


def test_a_full_disk_without_a_checkpoint_loses_no_model(working_folder: Path) -> None:
    small, spare = working_folder / "small", working_folder / "spare"
    small.mkdir()
    spare.mkdir()
    done = on_a_small_disk(_ON_A_FULL_DISK_WITH_THE_HOME, small, spare)
    assert done.returncode == 2
    notice, sentence = done.stderr.splitlines()
    assert "checkpoint could not be written" in notice
    (saved,) = spare.glob("lenet-desktop-*/mine.safetensors")
    assert f"It is in {saved} instead" in sentence
    assert load(str(saved)).card.name == "mine"


def on_a_small_disk(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a shell script that may mount; it also gets the command of the quickest training."""
    namespace = ("unshare", "--map-root-user", "--mount")
    if not shutil.which("unshare") or subprocess.call([*namespace, "true"]) != 0:
        pytest.skip("needs the right to mount a small file system (unshare --map-root-user)")
    command = [sys.executable, "-m", "lenet_desktop", *QUICKEST, "--output", "mine.safetensors"]
    return subprocess.run(
        [*namespace, "sh", "-c", script, "sh", *map(str, arguments), *command],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def checkpoint_size() -> int:
    """Return the size in bytes of the checkpoint that a training with QUICKEST writes."""
    recipe = replace(RECIPES["tutorial"], epochs=1)
    job = Job(recipe, data=STARTER, champion=paths.factory_model())
    checkpoint = Path("a.checkpoint")
    for _ in job.load().train(checkpoint=checkpoint):
        pass
    return checkpoint.stat().st_size


def test_a_file_that_is_not_a_model_is_never_replaced(run: Run, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("precious")
    code, _, errors = run("train", "--output", notes)
    assert code == 2
    assert "is not a model" in errors
    assert notes.read_text() == "precious"
