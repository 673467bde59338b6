"""The command 'recognize'."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from command_line import DEMO, ROOT, Run, assert_one_sentence
from lenet_desktop import paths
from lenet_desktop.drawing.picture import write_picture
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.stroke_file import write_strokes
from lenet_desktop.drawing.strokes import place
from lenet_desktop.inference.recognizer import device_names
from lenet_desktop.models import library, model_file
from written_numbers import on_paper


def test_pictures_and_stroke_files_are_read(run: Run, tmp_path: Path, a_four: Path) -> None:
    seven, two = tmp_path / "seven.jsonl", tmp_path / "two.webp"
    write_strokes(seven, [place(DEMO["7"], brush=30)])
    Image.fromarray(rasterize(place(DEMO["2"]))).resize((300, 300)).save(two)
    code, output, errors = run("recognize", a_four, seven, two)
    assert (code, errors) == (0, "")
    lines = output.splitlines()
    assert len(lines) == 3
    for line, path, digit in zip(lines, (a_four, seven, two), "472", strict=True):
        where = f"{path}, drawing 1" if path == seven else str(path)
        assert re.fullmatch(rf"{re.escape(where)}: {digit} \(\d\d\.\d %\)", line)


def test_every_drawing_of_a_stroke_file_is_read(run: Run) -> None:
    code, output, errors = run("recognize", paths.resource("demo-strokes.jsonl"), "--device", "cpu")
    assert (code, errors) == (0, "")
    answers = [line.split(", drawing ")[1].split(" (")[0] for line in output.splitlines()]
    assert answers == [f"{number + 1}: {number}" for number in range(10)]


def test_each_drawing_is_answered_before_the_next_is_read(run: Run, tmp_path: Path) -> None:
    strokes = tmp_path / "a.jsonl"
    demo = paths.resource("demo-strokes.jsonl").read_text()
    strokes.write_text(f"{demo}no drawing\n")
    code, output, errors = run("recognize", strokes)
    assert code == 2
    assert [line.split(": ")[1][0] for line in output.splitlines()] == list("0123456789")
    assert errors.startswith(f"lenet-desktop: error: {strokes}, line 11: ")
    assert errors.count("\n") == 1


def test_the_first_answer_is_written_at_once(tmp_path: Path) -> None:
    strokes = tmp_path / "many.jsonl"
    strokes.write_text(paths.resource("demo-strokes.jsonl").read_text() * 40)
    with subprocess.Popen(
        [sys.executable, "-m", "lenet_desktop", "recognize", strokes],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"},
    ) as done:
        assert done.stdout is not None
        first = os.read(done.stdout.fileno(), 100_000)
        done.kill()
    assert first.startswith(f"{strokes}, drawing 1: 0 (".encode())
    assert len(first) < 4096, "a buffer of 8192 bytes is not filled first"


def test_json_is_one_object_a_line(run: Run, a_four: Path) -> None:
    code, output, errors = run("recognize", "--json", a_four, a_four)
    assert (code, errors) == (0, "")
    first, second = map(json.loads, output.splitlines())
    assert set(first) == {
        "file", "drawing", "number", "lines", "digit", "verdict", "guess", "probability",
        "probabilities", "digits", "seconds",
    }  # fmt: skip
    assert first["number"] == "4"
    ((left, top, right, bottom),) = (digit["box"] for digit in first["digits"])
    assert 0 < left < right < 800
    assert 0 < top < bottom < 800
    assert first["drawing"] == 1
    assert first["file"] == second["file"] == str(a_four)
    assert first["digit"] == first["guess"] == "4"
    assert first["verdict"] == "digit"
    assert list(first["probabilities"]) == list("0123456789")
    assert sum(first["probabilities"].values()) == pytest.approx(1, abs=1e-4)
    assert first["probability"] == max(first["probabilities"].values())
    assert first["seconds"] > 0


def test_a_number_is_read_from_strokes(run: Run, forty_two: Path) -> None:
    code, output, errors = run("recognize", forty_two)
    assert (code, errors) == (0, "")
    assert re.fullmatch(rf"{re.escape(str(forty_two))}, drawing 1: 42 \(\d\d\.\d %\)\n", output)
    code, output, _ = run("recognize", "--json", forty_two)
    values = json.loads(output)
    assert (values["number"], values["guess"]) == ("42", "42")
    assert 0.9 < values["probability"] <= 1
    four, two = values["digits"]
    assert (four["digit"], two["digit"]) == ("4", "2")
    assert four["verdict"] == two["verdict"] == "digit"
    assert four["box"][0] < four["box"][2] < two["box"][0] < two["box"][2]
    assert sum(two["probabilities"].values()) == pytest.approx(1, abs=1e-4)
    code, output, _ = run("recognize", "--csv", forty_two)
    (row,) = table(output)
    assert (row["digit"], row["guess"], row["verdict"]) == ("42", "42", "digit")
    assert row["p(4)"] == ""


def test_lines_of_numbers_are_read_from_a_picture(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    write_picture(on_paper("314", "15"), path)
    code, output, errors = run("recognize", path)
    assert (code, errors) == (0, "")
    assert re.fullmatch(rf"{re.escape(str(path))}: 314, 15 \(\d\d\.\d %\)\n", output)
    values = json.loads(run("recognize", "--json", path)[1])
    assert values["lines"] == ["314", "15"]
    assert "".join(digit["digit"] for digit in values["digits"]) == "31415"
    assert all(len(digit["box"]) == 4 for digit in values["digits"])
    (row,) = table(run("recognize", "--csv", path)[1])
    assert row["digit"] == "314, 15"


def table(output: str) -> list[dict[str, str]]:
    """Read a CSV table as any program does; check that its lines end as RFC 4180 says."""
    assert output.endswith("\r\n")
    assert output.count("\n") == output.count("\r\n")
    return list(csv.DictReader(io.StringIO(output, newline="")))


def test_csv_has_a_header_and_a_row_for_each_drawing(
    run: Run, tmp_path: Path, a_four: Path
) -> None:
    picture = tmp_path / 'a "good", four.png'
    picture.write_bytes(a_four.read_bytes())
    strokes = paths.resource("demo-strokes.jsonl")
    code, output, errors = run("recognize", "--csv", picture, "missing.png", strokes)
    assert code == 2
    assert_one_sentence(code, "", errors)
    rows = table(output)
    assert list(rows[0]) == [
        "file", "drawing", "digit", "verdict", "guess", "probability",
        *(f"p({digit})" for digit in range(10)), "seconds",
    ]  # fmt: skip
    assert [row["file"] for row in rows] == [str(picture), *[str(strokes)] * 10]
    assert [row["drawing"] for row in rows] == ["1", *map(str, range(1, 11))]
    assert [row["digit"] for row in rows] == [*"40123456789"]
    assert {row["verdict"] for row in rows} == {"digit"}
    assert all(row["probability"] == row[f"p({row['guess']})"] for row in rows)
    assert sum(float(rows[0][f"p({digit})"]) for digit in range(10)) == pytest.approx(1, abs=1e-4)


def test_a_refused_drawing_has_no_digit_in_the_table(run: Run, a_cross: Path) -> None:
    code, output, _ = run("recognize", "--csv", a_cross)
    assert code == 0
    (row,) = table(output)
    assert (row["digit"], row["verdict"]) == ("", "not a digit")
    assert row["guess"] in "0123456789"


def test_no_cell_of_the_table_is_a_formula(
    run: Run, tmp_path: Path, a_four: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names = ["=1+1.png", "+1.png", "@now.png"]
    for name in names:
        Path(name).write_bytes(a_four.read_bytes())
    model = model_file.load(paths.factory_model())
    card = replace(model.card, classes=(*"abcd", "=4", *"efghi"))
    model_file.save(replace(model, card=card), Path("m"))
    code, output, errors = run("recognize", "--csv", "--model", "m", *names)
    assert (code, errors) == (0, "")
    rows = table(output)
    assert [row["file"] for row in rows] == [f"./{name}" for name in names]
    assert all(Path(row["file"]).is_file() for row in rows), (
        "the paths are still those of the files"
    )
    assert {row["guess"] for row in rows} == {"'=4"}
    cells = [cell for row in csv.reader(io.StringIO(output)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


# Standard input


@pytest.fixture
def send(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Return a function that puts bytes into standard input."""
    return lambda content: monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def test_a_picture_comes_through_a_pipe(a_four: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "lenet_desktop", "recognize", "-"],
        input=a_four.read_bytes(),
        capture_output=True,
        cwd=ROOT,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"Standard input: 4 (")


def test_standard_input_is_a_picture_or_a_stroke_file(
    run: Run, send: Callable[[bytes], None], a_four: Path
) -> None:
    send(a_four.read_bytes())
    code, output, errors = run("recognize", a_four, "-", "--json")
    assert (code, errors) == (0, "")
    first, second = map(json.loads, output.splitlines())
    assert (first.pop("file"), second.pop("file")) == (str(a_four), "-")
    assert first.pop("seconds") and second.pop("seconds")
    assert first == second
    mark = b"\xef\xbb\xbf"  # as Windows' programs write it before UTF-8
    for start in (b"", b"\n \r\n", mark):
        send(start + paths.resource("demo-strokes.jsonl").read_bytes())
        code, output, errors = run("recognize", "-")
        assert (code, errors) == (0, "")
        assert output.startswith("Standard input, drawing 1: 0 (")
        assert output.count("\n") == 10


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Standard input is empty: send a picture or a stroke file."),
        (b"hello", "Standard input is not a picture"),
        (b"\x89PNG\r\n\x1a\n", "Standard input is not a picture"),
        (b'{"strokes": 1}', "Standard input, line 1: not a drawing"),
        (
            b'\n\n{"strokes": [[[1, 2]]], "writer": "\xff"}',
            "Standard input, line 3: a stroke file is",
        ),
        (b"   \n", "Standard input is not a picture"),
    ],
    ids=range(6),
)
def test_what_cannot_be_read_from_standard_input_is_one_sentence(
    run: Run, send: Callable[[bytes], None], content: bytes, words: str
) -> None:
    send(content)
    code, output, errors = run("recognize", "-")
    assert_one_sentence(code, output, errors)
    assert errors.startswith(f"lenet-desktop: error: {words}")


def test_standard_input_is_limited_as_files_are(run: Run, send: Callable[[bytes], None]) -> None:
    send(b"\x89PNG" + bytes(100 * 2**20))
    code, output, errors = run("recognize", "-")
    assert_one_sentence(code, output, errors)
    assert (
        errors
        == "lenet-desktop: error: Standard input cannot be read: it is larger than 100 MiB.\n"
    )


def test_without_standard_input_a_file_is_asked_for(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)  # as in a program without a terminal
    assert_one_sentence(*run("recognize", "-"))


def test_a_file_may_be_named_like_standard_input(
    run: Run, a_four: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    a_four.rename("-")
    code, output, errors = run("recognize", "./-")
    assert (code, errors) == (0, "")
    assert output.startswith("-: 4 (")


# Models by name


def test_a_kept_model_is_given_by_its_name(run: Run, a_four: Path) -> None:
    model = model_file.load(paths.factory_model())
    letters = replace(model, card=replace(model.card, classes=tuple("abcdefghij")))
    library.keep(letters, "My MNIST")
    for name in ("My MNIST", "my  mnist"):
        code, output, errors = run("recognize", a_four, "--model", name)
        assert (code, errors) == (0, "")
        assert output.startswith(f"{a_four}: e (")
    code, output, errors = run("--model", "my mnist", "evaluate", "--json")
    assert (code, errors) == (0, "")
    assert list(json.loads(output)["per_class"]) == list("abcdefghij")
    for name in ("factory", "LeNet-5"):
        assert run("recognize", a_four, "--model", name)[1].startswith(f"{a_four}: 4 (")
    code, output, errors = run("recognize", a_four, "--model", "Your MNIST")
    assert_one_sentence(code, output, errors)
    assert errors.endswith("'Your MNIST': choose one of factory, 'My MNIST'.\n")


def test_another_model_is_given_before_or_after_the_command(
    run: Run, tmp_path: Path, a_four: Path
) -> None:
    model = model_file.load(paths.factory_model())
    own = tmp_path / "own.safetensors"
    card = {**vars(model.card), "classes": tuple("abcdefghij")}
    model_file.save(model_file.Model(model.network, model_file.ModelCard(**card)), own)
    for arguments in (["--model", own, "recognize"], ["recognize", "--model", own]):
        code, output, _ = run(*arguments, a_four)
        assert code == 0
        assert f"{a_four}: e (" in output


def test_a_bad_file_is_reported_and_the_others_are_read(
    run: Run, tmp_path: Path, a_four: Path
) -> None:
    text = tmp_path / "text.png"
    text.write_text("no picture")
    code, output, errors = run("recognize", text, a_four, tmp_path / "missing.jpg")
    assert code == 2
    assert output.startswith(f"{a_four}: 4 (")
    first, second = errors.splitlines()
    assert first.startswith(f"lenet-desktop: error: {text} is not a picture")
    assert second.startswith(f"lenet-desktop: error: {tmp_path / 'missing.jpg'} cannot be read")


BAD_FILES = {
    "empty.png": b"",
    "cut-off.png": b"\x89PNG\r\n\x1a\n",
    "white.png": None,
    "text.jpg": b"text",
    "empty.jsonl": b"",
    "no-strokes.jsonl": b'{"label": 1}',
    "binary.jsonl": bytes(range(256)),
    "far-away.jsonl": b'{"strokes": [[[9000, 9000]]], "brushes": [5], "erases": [false]}',
    "erased.jsonl": b'{"strokes": [[[400, 400]]], "brushes": [5], "erases": [true]}',
}


@pytest.mark.parametrize("name", [*BAD_FILES, "missing.png", "missing.jsonl", "."])
def test_each_bad_file_is_reported_in_one_sentence(run: Run, tmp_path: Path, name: str) -> None:
    content = BAD_FILES.get(name)
    if name == "white.png":
        buffer = io.BytesIO()
        Image.new("L", (99, 99), 255).save(buffer, "PNG")
        content = buffer.getvalue()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert_one_sentence(*run("recognize", tmp_path / name))


def test_a_drawing_without_ink_is_named(run: Run, tmp_path: Path) -> None:
    strokes = tmp_path / "a.jsonl"
    write_strokes(strokes, [place(DEMO["3"]), place(DEMO["3"], centre=(30, 30))])
    code, output, errors = run("recognize", strokes)
    assert code == 2
    assert output.startswith(f"{strokes}, drawing 1: 3 (")
    assert errors == f"lenet-desktop: error: {strokes}, drawing 2 leaves no ink on the pad.\n"


def test_an_absent_device_is_reported_and_the_cpu_reads(run: Run, a_four: Path) -> None:
    absent = next(d for d in ("xpu", "mps", "cuda") if d not in device_names())
    code, output, errors = run("recognize", "--device", absent, a_four)
    assert code == 0
    assert ": 4 (" in output
    assert f"'{absent}'" in errors
    assert errors.count("\n") == 1
