"""The command 'runs'."""

import json
from pathlib import Path

import pytest

from command_line import DEMO, Run, assert_one_sentence
from lenet_desktop import paths

QUICKEST = ("train", "--recipe", "tutorial", "--epochs", "1")


@pytest.fixture(autouse=True)
def working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path) -> Path:
    """Work in an empty folder, so that models are named without one."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_trainings_are_listed_shown_and_compared(run: Run) -> None:
    code, output, _ = run("runs")
    assert (code, output) == (0, "No training yet.\n")
    assert run(*QUICKEST, "--seed", "1", "--output", "one.safetensors")[0] == 0
    assert run(*QUICKEST, "--seed", "2", "--output", "two.safetensors")[0] == 0
    code, output, errors = run("runs")
    assert (code, errors) == (0, "")
    first, second = output.splitlines()
    assert first.split()[0] == "2"
    assert first.endswith("kept as two.safetensors")
    assert "tutorial on" in second
    code, output, _ = run("runs", "show", "1", "2")
    assert code == 0
    assert "They differ in:" in output
    differing = output[output.index("They differ in:") :].splitlines()[1:]
    assert [line.split() for line in differing] == [["seed", "1", "|", "2"]]
    code, output, _ = run("runs", "show", "1", "--json")
    values = json.loads(output)
    assert values["number"] == 1
    assert values["recipe"]["seed"] == 1
    assert values["fate"] == "kept"
    assert len(values["curves"]["epoch_steps"]) == 1
    code, output, _ = run("runs", "--json")
    assert [json.loads(line)["number"] for line in output.splitlines()] == [2, 1]


@pytest.mark.parametrize("words", [["7"], ["show"], ["show", "x"], ["show", "-1"], ["list", "1"]])
def test_other_words_are_refused(run: Run, words: list[str]) -> None:
    assert_one_sentence(*run("runs", *words))


def test_a_missing_or_damaged_record_is_told(run: Run) -> None:
    assert_one_sentence(*run("runs", "show", "9"))
    paths.history_folder().mkdir(parents=True)
    (paths.history_folder() / "run-0009.json").write_bytes(b"[" * 100_000)
    assert_one_sentence(*run("runs", "show", "9"))
    assert run("runs")[:2] == (0, "No training yet.\n")


def test_what_was_taught_is_listed_too(run: Run) -> None:
    lines = [
        json.dumps({"label": label, "strokes": [s.tolist() for s in DEMO[number]]})
        for number, label in (("3", "bolt"), ("7", "arrow"))
        for _ in range(4)
    ]
    Path("a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    ended = run("teach", "--samples", "a.jsonl", "--output", "two.safetensors")
    assert ended[0] == 0, ended
    _, output, _ = run("runs")
    (line,) = output.splitlines()
    assert "own classes on " in line
    assert line.endswith("kept as two.safetensors")
