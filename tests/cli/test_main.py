"""The command line as a whole: help, exit codes, errors in one sentence, and safe output."""

import io
import os
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from command_line import DEMO, Run, assert_one_sentence, process
from lenet_desktop import __version__, paths
from lenet_desktop.cli import main
from lenet_desktop.drawing.stroke_file import StrokeFileError, write_strokes
from lenet_desktop.drawing.strokes import place
from lenet_desktop.models import model_file

COMMANDS = ["recognize", "explain", "train", "teach", "runs", "evaluate", "self-test"]
DEVICES = [[], ["recognize", "a"], ["explain", "a", "--output", "b"], ["train", "--output", "a"]]


def test_version() -> None:
    done = process("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"lenet-desktop {__version__}\n", "")


def test_help_names_every_command(run: Run) -> None:
    code, output, errors = run("--help")
    assert (code, errors) == (0, "")
    assert "Without a command the pad opens" in output
    assert all(f"    {command} " in output for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(run: Run, command: str) -> None:
    code, output, errors = run(command, "--help")
    assert (code, errors) == (0, "")
    assert output.startswith(f"usage: lenet-desktop {command}")
    description = output.split("\n\n")[1]
    assert len(description) > 40
    assert description.strip().endswith(".")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--dance"],
        ["photo.jpg", "--dance"],
        ["recognize", "a", "--json", "--csv"],
        ["recognize"],
        ["explain", "a"],
        ["explain", "a", "--output", "b", "--method", "magic"],
        ["explain", "a", "--output", "b", "--digit", "last"],
        ["train"],
        ["evaluate", "--data", "a", "--strokes", "b"],
        ["train", "--output", "a", "--epochs", "many"],
        ["--model", "a", "train", "--output", "b"],
        ["--device", "cpu", "evaluate"],
        ["--device", "cpu", "self-test"],
        ["--model", "a", "self-test"],
        *([*command, "--device", "abacus"] for command in DEVICES),
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_is_reported_in_one_sentence(run: Run, arguments: list[str]) -> None:
    code, output, errors = run(*arguments)
    assert_one_sentence(code, output, errors)
    assert errors.removeprefix("lenet-desktop: error: ")[0].isupper()
    assert re.search(r" \(see 'lenet-desktop( [a-z-]+)? --help'\)\.\n$", errors)


def test_an_error_names_the_help_of_its_command(run: Run) -> None:
    sentence = "The following arguments are required: FILE (see 'lenet-desktop recognize --help')."
    assert run("recognize") == (2, "", f"lenet-desktop: error: {sentence}\n")


def bad_model(folder: Path) -> Path:
    path = folder / "bad.safetensors"
    path.write_bytes(np.random.default_rng(0).bytes(5000))
    return path


@pytest.mark.parametrize(
    "arguments",
    [
        ["recognize", "{four}", "--model", "{bad}"],
        ["--model", "{bad}", "recognize", "{four}"],
        ["recognize", "{four}", "--model", "{missing}"],
        ["evaluate", "--model", "{bad}"],
        ["evaluate", "--data", "{missing}"],
        ["evaluate", "--strokes", "{missing}"],
        ["evaluate", "--strokes", "{four}"],
        ["evaluate", "--mistakes", "{folder}/m.bmp"],
        ["evaluate", "--mistakes", "{folder}/m"],
        ["evaluate", "--model", "My MNIST"],
        ["recognize", "{four}", "--model", "My MNIST"],
        ["--model", "My MNIST"],
        ["{missing}"],
        ["--device", "cpu", "{missing}"],
        ["--", "{missing}"],
        ["{folder}"],
        ["{four}", "--model", "My MNIST"],
        ["{bad}", "--model", "{bad}"],
        ["train", "--output", "{new}", "--recipe", "magic"],
        ["train", "--output", "{new}", "--data", "{missing}"],
        ["train", "--output", "{new}", "--epochs", "0"],
        ["train", "--output", "{new}", "--network", "magic"],
        ["train", "--output", "{four}/mine.safetensors", "--epochs", "1000"],
        ["train", "--output", "{folder}", "--epochs", "1000"],
        ["train", "--output", "{factory}", "--epochs", "1000"],
        ["train", "--output", "{new}", "--epochs", "1000", "--name", "\udcff"],
        ["train", "--output", "{new}", "--epochs", "1000", "--strokes", "{empty}"],
        ["train", "--output", "{new}", "--epochs", "1000", "--strokes", "{missing}"],
        ["train", "--output", "{new}", "--teacher", "{bad}"],
    ],
    ids=" ".join,
)
def test_errors_are_one_sentence_and_exit_code_2(
    run: Run, tmp_path: Path, a_four: Path, arguments: list[str]
) -> None:
    names = {
        "four": a_four,
        "bad": bad_model(tmp_path),
        "missing": tmp_path / "missing",
        "empty": tmp_path / "empty.jsonl",
        "folder": tmp_path,
        "new": tmp_path / "new.safetensors",
        "factory": paths.factory_model(),
    }
    names["empty"].touch()
    assert_one_sentence(*run(*(a.format(**names) for a in arguments)))
    assert not names["new"].exists()
    assert not (tmp_path / "m.bmp").exists()


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("recogniz", "did you mean 'recognize'?"),
        ("selftest", "did you mean 'self-test'?"),
        ("photo.jpg", "see 'lenet-desktop --help'."),
    ],
)
def test_a_mistyped_command_opens_no_window(run: Run, word: str, answer: str) -> None:
    assert run(word, "x") == (
        2, "", f"lenet-desktop: error: There is no command and no file '{word}': {answer}\n"
    )  # fmt: skip


@pytest.mark.timeout(60)  # rather than fill the memory from an endless device
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize("kind", ["a pipe", "an endless device"])
@pytest.mark.parametrize(
    "arguments",
    [
        ["recognize", "{}.png"],
        ["recognize", "{}.jsonl"],
        ["explain", "{}.png", "--output", "{new}.png"],
        ["recognize", "{four}", "--model", "{}.safetensors"],
        ["evaluate", "--strokes", "{}.jsonl"],
        ["train", "--output", "{new}", "--strokes", "{}.jsonl"],
        ["train", "--output", "{new}", "--teacher", "{}.safetensors"],
    ],
    ids=" ".join,
)
def test_pipes_and_devices_are_refused_at_once(
    run: Run, tmp_path: Path, a_four: Path, arguments: list[str], kind: str
) -> None:
    source = tmp_path / "source"
    if kind == "a pipe":
        os.mkfifo(source)
    else:
        source.symlink_to("/dev/zero")
    for suffix in (".png", ".jsonl", ".safetensors"):
        (tmp_path / f"source{suffix}").symlink_to(source)
    new = tmp_path / "new.safetensors"
    assert_one_sentence(*run(*(a.format(source, four=a_four, new=new) for a in arguments)))


@pytest.mark.parametrize("where", ["before", "after"])
def test_debug_shows_a_traceback(run: Run, tmp_path: Path, where: str) -> None:
    arguments = ["evaluate", "--strokes", str(tmp_path / "missing.jsonl")]
    with pytest.raises(StrokeFileError, match="cannot be read"):
        main.run(["--debug", *arguments] if where == "before" else [*arguments, "--debug"])


def test_an_error_in_a_process_of_its_own(tmp_path: Path) -> None:
    done = process("recognize", tmp_path / "missing.png")
    assert_one_sentence(done.returncode, done.stdout, done.stderr)


# Output that cannot be written


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_behind_the_output_is_one_sentence(a_four: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = process("recognize", a_four, stdout=full)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "No space left" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows reports a closed pipe in another way")
def test_closing_the_pipe_early_is_no_error(a_four: Path) -> None:
    assert closed_output("recognize", a_four) == (0, "")


@pytest.mark.skipif(os.name == "nt", reason="Windows reports a closed pipe in another way")
def test_closing_the_pipe_of_a_training_is_an_error(tmp_path: Path) -> None:
    code, errors = closed_output("train", "--output", tmp_path / "mine.safetensors")
    assert code == 2
    assert (
        errors == "lenet-desktop: error: The training has stopped, since its output was closed.\n"
    )


def closed_output(*arguments: object) -> tuple[int, str]:
    """Run a command whose output goes to a closed pipe; return exit code and errors."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = process(*arguments, stdout=writer)
    finally:
        os.close(writer)
    return done.returncode, done.stderr


def test_output_on_a_terminal_that_knows_only_ascii(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    strokes = tmp_path / "Zoë's digits.jsonl"
    write_strokes(strokes, [place(DEMO["3"])])
    written = io.BytesIO()
    terminal = io.TextIOWrapper(written, "ascii")
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", terminal)
        patch.setattr(sys, "stderr", terminal)
        assert main.run(["recognize", str(strokes), str(tmp_path / "數字.png")]) == 2
        assert main.run(["evaluate"]) == 0
    answer, error, *report = written.getvalue().decode().splitlines()
    assert "Zo?'s digits.jsonl, drawing 1: 3 (" in answer
    assert "??.png cannot be read" in error
    assert not [line for line in report if "?" in line], "the report needs no other characters"


@pytest.mark.skipif(os.name == "nt", reason="Windows refuses such file names")
def test_escape_sequences_in_names_never_reach_the_terminal(run: Run, tmp_path: Path) -> None:
    escape = "\x1b]0;owned\x07\x9b31m\u202e"
    picture, strokes = tmp_path / f"{escape}.png", tmp_path / f"{escape}.jsonl"
    demo = paths.resource("demo-strokes.jsonl").read_text()
    strokes.write_text(
        demo.replace('"founders"', '"\\u001b[2J\\u009b31m"').replace('"label":3', '"label":8')
    )
    model = model_file.load(paths.factory_model())
    hostile = tmp_path / f"{escape}.safetensors"
    card = {**vars(model.card), "classes": tuple(f"{c}\x1b[2J" for c in "0123456789")}
    model_file.save(model_file.Model(model.network, model_file.ModelCard(**card)), hostile)
    picture.touch()
    for arguments in (
        ["recognize", picture],
        ["recognize", strokes],
        ["recognize", strokes, "--model", hostile],
        ["recognize", strokes, "--model", hostile, "--json"],
        ["evaluate", "--strokes", strokes],
        ["evaluate", "--strokes", strokes, "--model", hostile],
        ["evaluate", "--data", escape],
        ["train", "--output", tmp_path / "new.safetensors", "--recipe", escape],
        ["train", "--output", tmp_path / "new.safetensors", "--strokes", picture],
        [escape],
    ):
        _, output, errors = run(*arguments)
        said = output + errors
        assert said
        assert not {c for c in said if not c.isprintable()} - {"\n"}, arguments
