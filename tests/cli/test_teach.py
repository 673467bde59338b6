"""The command 'teach'."""

import json
import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from command_line import Run, assert_one_sentence
from lenet_desktop import paths
from lenet_desktop.cli.arguments import parse
from lenet_desktop.models import library, model_file
from lenet_desktop.training.teaching import hand, own_classes
from own_drawings import SHAPES, drawn, line, stroke_file

DEMO = paths.resource("demo-strokes.jsonl")


@pytest.fixture(autouse=True)
def quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder, and train with few images."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(own_classes, "_IMAGES_TRAINED", 4_000)
    monkeypatch.setattr(own_classes, "_TOGETHER", 120)
    monkeypatch.setattr(
        hand, "HAND_RECIPE", replace(hand.HAND_RECIPE, pen_digits=100, outliers=100)
    )
    monkeypatch.setattr(hand, "_REHEARSED", 500)


def load(name: str) -> model_file.Model:
    return model_file.load(Path(name))


def test_own_classes_are_learned_read_and_evaluated(run: Run) -> None:
    shapes = stroke_file(Path("shapes.jsonl"), 4)
    code, said, errors = run(
        "teach", "--samples", shapes, "--output", "mine.safetensors", "--seed", 3
    )
    assert (code, errors) == (0, "")
    first, last = said.splitlines()
    assert first == "3 classes from 12 drawings, seed 3: arrow, bolt, heart ♥"
    assert last.startswith("mine.safetensors: reads ")
    card = load("mine.safetensors").card
    assert (card.name, card.classes) == ("mine", ("arrow", "bolt", "heart ♥"))
    assert card.command == (
        "lenet-desktop teach --samples shapes.jsonl --seed 3 --output mine.safetensors"
    )
    assert sorted(path.name for path in Path().iterdir() if path.is_file()) == [
        "mine.safetensors", "shapes.jsonl",
    ]  # fmt: skip
    test = Path("test.jsonl")
    lines = [line(label, drawn(label, seed)) for seed in range(90, 94) for label in SHAPES]
    lines.append(line("  heart \u2665 ", drawn("heart ♥", 95)))
    test.write_text("\n".join([*lines, line("7", drawn("bolt", 96))]), encoding="utf-8")
    words = ("evaluate", "--model", "mine.safetensors", "--strokes", test)
    code, said, errors = run(*words, "--json")
    assert code == 0
    result = json.loads(said)
    assert (result["n"], result["non_digits"]["n"]) == (13, 1)
    assert list(result["per_class"]) == ["arrow", "bolt", "heart ♥"]
    assert result["accuracy"] > 0.9
    assert errors == (
        "lenet-desktop: 1 of 14 drawings in test.jsonl belongs to no class of mine and should be "
        "refused: labelled 7.\n"
    )


def test_digits_teach_the_hand(run: Run) -> None:
    code, said, errors = run("teach", "--samples", DEMO, "--output", "mine.safetensors")
    assert (code, errors) == (0, "")
    first, second, *rows, advice = said.splitlines()
    assert first.startswith("your hand from ")
    assert "together with starter digits, seed " in first
    assert second == "mine.safetensors: it begins with LeNet-5"
    assert rows[-1].startswith("on 1,000 test digits of starter digits: LeNet-5 99.")
    assert ", mine " in rows[-1]
    assert advice.startswith("it cannot be told yet whether it is better: that takes 10 held-out")
    one = load("mine.safetensors")
    assert one.card.classes == tuple("0123456789")
    program, *words = shlex.split(one.card.command)
    assert program == "lenet-desktop"
    options = parse(words)
    assert (options.command, options.samples) == ("teach", Path("demo-strokes.jsonl"))
    assert (options.seed, options.output) == (one.card.seed, Path("mine.safetensors"))


def test_digits_can_be_classes_of_their_own(run: Run) -> None:
    lines = [line(label, drawn(shape, seed)) for seed in range(4) for label, shape in
             (("3", "bolt"), ("7", "arrow"))]  # fmt: skip
    Path("a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    words = (
        "teach",
        "--samples",
        "a.jsonl",
        "--new-classes",
        "--name",
        "Two",
        "--output",
        "m.safetensors",
    )
    assert run(*words)[0] == 0
    two = load("m.safetensors")
    assert (two.card.classes, two.card.name) == (("3", "7"), "Two")
    assert "--new-classes" in two.card.command
    library.keep(two, "Two")
    code, said, _ = run(
        "teach", "--samples", "a.jsonl", "--from", "two", "--output", "n.safetensors"
    )
    assert code == 0, "a model that does not read digits learns no hand"
    assert said.startswith("2 classes from 8 drawings")


def test_what_is_left_out_is_said(run: Run) -> None:
    shapes = stroke_file(Path("shapes.jsonl"), 4)
    with shapes.open("a", encoding="utf-8") as file:
        file.write("\nnonsense")
    code, _, errors = run("teach", "--samples", shapes, "--output", "m.safetensors")
    assert code == 0
    assert errors.startswith("lenet-desktop: One of 13 drawings is left out: shapes.jsonl, line 13")
    assert errors.count("\n") == 1


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ((), "holds no drawing to learn from."),
        ((("a", 4),), "2 to 50 classes can be learned, but a.jsonl has drawings of 1."),
        ((("a", 4), ("b", 1)), "The class 'b' in a.jsonl has 1 of the 4 drawings that it needs"),
        ((("a", 4), ("a ", 4)), "look the same: write them in the same way."),
        ((("a", 4), ("e\u0301", 1), ("\u00e9", 1)), "look the same"),
        ((("a", 4), ("b" * 21, 4)), "longer than 20 characters"),
    ],
)
def test_samples_that_cannot_be_learned_from(
    run: Run, lines: tuple[tuple[str, int], ...], message: str
) -> None:
    content = [line(label, drawn("bolt", seed)) for label, count in lines for seed in range(count)]
    Path("a.jsonl").write_text("\n".join(content), encoding="utf-8")
    code, output, errors = run("teach", "--samples", "a.jsonl", "--output", "m.safetensors")
    assert_one_sentence(code, output, errors)
    assert message in errors
    assert not Path("m.safetensors").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--samples", "missing.jsonl"), "missing.jsonl cannot be read"),
        (("--samples", DEMO, "--from", "missing"), "There is no model file 'missing'"),
        (("--samples", DEMO, "--data", "missing"), "There is no folder 'missing'"),
        (("--samples", DEMO, "--seed", "-1"), "The seed must be a whole number"),
    ],
)
def test_arguments_that_cannot_be_used(run: Run, words: tuple[object, ...], message: str) -> None:
    code, output, errors = run("teach", *words, "--output", "m.safetensors")
    assert code == 2
    assert message in errors
    assert errors.count("\n") == 1
    assert output == ""


def test_a_file_that_is_not_a_model_is_never_replaced(run: Run) -> None:
    Path("notes.txt").write_text("precious")
    code, output, errors = run("teach", "--samples", DEMO, "--output", "notes.txt")
    assert_one_sentence(code, output, errors)
    assert Path("notes.txt").read_text() == "precious"
