"""The command 'recognize'."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from command_line import DEMO, ROOT, Run, assert_one_sentence
from lenet_desktop import paths
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.stroke_file import write_strokes
from lenet_desktop.drawing.strokes import place
from lenet_desktop.inference.recognizer import device_names
from lenet_desktop.models import model_file


def test_pictures_and_stroke_files_are_read(run: Run, tmp_path: Path, a_four: Path) -> None:
    seven, two = tmp_path / "seven.jsonl", tmp_path / "two.webp"
    write_strokes(seven, [place(DEMO["7"], brush=30)])
    Image.fromarray(rasterize(place(DEMO["2"]))).resize((300, 300)).save(two)
    code, output, errors = run("recognize", a_four, seven, two)
    assert (code, errors) == (0, "")
    lines = output.splitlines()
    assert len(lines) == 3
    for line, path, digit in zip(lines, (a_four, seven, two), "472", strict=True):
        assert line.startswith(f"{path}: {digit} (")
        assert line.endswith("%)")


def test_every_drawing_of_a_stroke_file_is_read(run: Run) -> None:
    code, output, errors = run("recognize", paths.resource("demo-strokes.jsonl"), "--device", "cpu")
    assert (code, errors) == (0, "")
    assert [line.split(": ")[1][0] for line in output.splitlines()] == list("0123456789")


def test_each_drawing_is_answered_before_the_next_is_read(run: Run, tmp_path: Path) -> None:
    strokes = tmp_path / "a.jsonl"
    demo = paths.resource("demo-strokes.jsonl").read_text()
    strokes.write_text(f"{demo}no drawing\n")
    code, output, errors = run("recognize", strokes)
    assert code == 2
    assert [line.split(": ")[1][0] for line in output.splitlines()] == list("0123456789")
    assert errors.startswith(f"lenet-desktop: {strokes}, line 11: ")
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
    assert first.startswith(f"{strokes}: 0 (".encode())
    assert len(first) < 4096, "a buffer of 8192 bytes is not filled first"


def test_json_is_one_object_a_line(run: Run, a_four: Path) -> None:
    code, output, errors = run("recognize", "--json", a_four, a_four)
    assert (code, errors) == (0, "")
    first, second = map(json.loads, output.splitlines())
    assert list(first) == [
        "file", "digit", "verdict", "guess", "probability", "probabilities", "seconds"
    ]  # fmt: skip
    assert first["file"] == second["file"] == str(a_four)
    assert first["digit"] == first["guess"] == "4"
    assert first["verdict"] == "digit"
    assert list(first["probabilities"]) == list("0123456789")
    assert sum(first["probabilities"].values()) == pytest.approx(1, abs=1e-4)
    assert first["probability"] == max(first["probabilities"].values())
    assert first["seconds"] > 0


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
    assert first.startswith(f"lenet-desktop: {text} is not a picture")
    assert second.startswith(f"lenet-desktop: {tmp_path / 'missing.jpg'} cannot be read")


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
    assert output.startswith(f"{strokes}: 3 (")
    assert errors == f"lenet-desktop: drawing 2 in {strokes} leaves no ink on the pad.\n"


def test_an_absent_device_is_reported_and_the_cpu_reads(run: Run, a_four: Path) -> None:
    absent = next(d for d in ("xpu", "mps", "cuda") if d not in device_names())
    code, output, errors = run("recognize", "--device", absent, a_four)
    assert code == 0
    assert ": 4 (" in output
    assert f"'{absent}'" in errors
    assert errors.count("\n") == 1
