"""The command 'explain'."""

import io
import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from command_line import Run, assert_one_sentence
from lenet_desktop import paths
from lenet_desktop.cli.arguments import ATTRIBUTION_METHODS
from lenet_desktop.drawing.drawing_file import read_drawings
from lenet_desktop.evaluation.network_picture import SIZE
from lenet_desktop.inference.inside.attribution import DEFAULT, Method
from lenet_desktop.inference.recognizer import Recognizer
from lenet_desktop.models import model_file
from model_files import random_model
from small_models import LETTERS

pytestmark = pytest.mark.usefixtures("one_thread")

DEMO_FILE = paths.resource("demo-strokes.jsonl")


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """Return the path of the picture to write."""
    return tmp_path / "why.png"


def assert_is_the_picture(path: Path) -> None:
    with Image.open(path) as shown:
        assert (shown.format, shown.size) == ("PNG", SIZE)
        shown.load()


def test_the_picture_is_written_and_the_answer_printed(
    run: Run, a_four: Path, picture: Path
) -> None:
    code, output, errors = run("explain", a_four, "--output", picture)
    assert (code, errors) == (0, "")
    where, written = re.escape(str(a_four)), re.escape(str(picture))
    assert re.fullmatch(rf"{where}: 4 \(\d\d\.\d %\), explained in {written}\n", output)
    assert_is_the_picture(picture)
    assert sorted(picture.parent.glob("*.p*")) == [a_four, picture]


def test_json_has_the_answer_the_layers_and_the_attribution(
    run: Run, a_four: Path, picture: Path
) -> None:
    code, output, errors = run("explain", a_four, "--output", picture, "--json", "--class", "9")
    assert (code, errors) == (0, "")
    assert output.count("\n") == 1
    values = json.loads(output)
    assert set(values) == {
        "file", "drawing", "reading", "position", "digit", "verdict", "guess", "probability",
        "probabilities", "layers", "attribution",
    }  # fmt: skip
    assert (values["file"], values["reading"], values["position"]) == (str(a_four), "4", 1)
    assert (values["digit"], values["verdict"]) == ("4", "digit")
    recognized = json.loads(run("recognize", a_four, "--json")[1])
    assert values["probabilities"] == pytest.approx(recognized["probabilities"], abs=1e-6)
    assert values["layers"][1] == {
        "name": "conv1", "kind": "convolution", "shape": [6, 28, 28], "parameters": 156,
    }  # fmt: skip
    assert [layer["kind"] for layer in values["layers"]] == [
        *("sample", "convolution", "pooling", "convolution", "pooling"),
        *("linear", "linear", "linear"),
    ]
    assert sum(layer["parameters"] for layer in values["layers"]) == 61_706
    recognizer = Recognizer.from_file(paths.factory_model(), "cpu")
    (drawing,) = read_drawings(a_four)
    prediction = recognizer.recognize(drawing)
    assert prediction is not None
    expected = recognizer.attribute(prediction.sample, 9)
    found = values["attribution"]
    assert set(found) == {"method", "class", "probability", "values"}
    assert (found["method"], found["class"]) == (DEFAULT, "9")
    assert found["probability"] == pytest.approx(values["probabilities"]["9"], abs=1e-6)
    np.testing.assert_allclose(found["values"], expected.values, rtol=0, atol=1e-5)
    assert np.abs(found["values"]).max() > 0.01
    assert "-0.0," not in output


def test_the_methods_are_those_that_there_are(run: Run, a_four: Path, picture: Path) -> None:
    assert set(ATTRIBUTION_METHODS) == set(Method)
    assert f"{DEFAULT} (default)" in " ".join(run("explain", "--help")[1].split())
    found = {}
    for method in ATTRIBUTION_METHODS:
        arguments = ("explain", a_four, "--output", picture, "--json", "--method", method)
        values = json.loads(run(*arguments)[1])["attribution"]
        assert values["method"] == method
        found[method] = (str(values["values"]), picture.read_bytes())
    assert len(set(found.values())) == len(found)


@pytest.mark.parametrize(
    ("chosen", "position", "digit"),
    [((), 2, "2"), (("--digit", 1), 1, "4"), (("--digit", 2), 2, "2")],
)
def test_one_digit_of_a_number_is_explained(
    run: Run,
    forty_two: Path,
    picture: Path,
    chosen: tuple[object, ...],
    position: int,
    digit: str,
) -> None:
    code, output, errors = run("explain", forty_two, "--output", picture, *chosen)
    assert (code, errors) == (0, "")
    start = f"{forty_two}, drawing 1, digit {position} of 2 in 42: {digit} ("
    assert output.startswith(start)
    values = json.loads(run("explain", forty_two, "--output", picture, "--json", *chosen)[1])
    assert (values["reading"], values["position"], values["digit"]) == ("42", position, digit)
    assert values["attribution"]["class"] == digit
    assert_is_the_picture(picture)


@pytest.mark.parametrize("number", [0, -1, 3])
def test_a_digit_that_is_not_there_is_one_sentence(
    run: Run, forty_two: Path, picture: Path, number: int
) -> None:
    code, output, errors = run("explain", forty_two, "--output", picture, "--digit", number)
    assert_one_sentence(code, output, errors)
    assert f"no digit {number} in {forty_two}, drawing 1: it was read as 42." in errors
    assert not picture.exists()


def test_a_drawing_of_a_stroke_file_is_chosen(run: Run, picture: Path) -> None:
    for number in (1, 8):
        output = run("explain", DEMO_FILE, "--output", picture, "--drawing", number)[1]
        assert output.startswith(f"{DEMO_FILE}, drawing {number}: {number - 1} (")
    for number in (0, 11):
        ended = run("explain", DEMO_FILE, "--output", picture, "--drawing", number)
        assert_one_sentence(*ended)
        assert f"no drawing {number} in {DEMO_FILE}: it holds 10." in ended[2]


def test_a_picture_comes_from_standard_input(
    run: Run, a_four: Path, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = io.TextIOWrapper(io.BytesIO(a_four.read_bytes()))
    monkeypatch.setattr(sys, "stdin", content)
    code, output, errors = run("explain", "-", "--output", picture)
    assert (code, errors) == (0, "")
    assert output.startswith("Standard input: 4 (")
    assert_is_the_picture(picture)


@pytest.mark.parametrize(
    ("architecture", "options"),
    [("lenet", {}), ("lenet-variant", {"batch_norm": True}), ("residual", {})],
)
def test_any_network_and_any_classes_are_explained(
    run: Run,
    a_four: Path,
    tmp_path: Path,
    picture: Path,
    architecture: str,
    options: dict[str, object],
) -> None:
    path = tmp_path / "letters.safetensors"
    model_file.save(random_model(architecture=architecture, options=options, classes=LETTERS), path)
    arguments = ("explain", a_four, "--output", picture, "--model", path, "--class", "Q")
    code, output, errors = run(*arguments, "--json")
    assert (code, errors) == (0, "")
    values = json.loads(output)
    assert list(values["probabilities"]) == list(LETTERS)
    assert values["attribution"]["class"] == "Q"
    assert values["layers"][-1]["shape"] == [26]
    assert_is_the_picture(picture)
    ended = run("explain", a_four, "--output", picture, "--model", path, "--class", "4")
    assert_one_sentence(*ended)
    assert "no class '4': its classes are A, B, C," in ended[2]


def test_a_refused_drawing_is_explained_too(run: Run, picture: Path, a_cross: Path) -> None:
    code, output, _ = run("explain", a_cross, "--output", picture)
    assert code == 0
    assert ": not a digit, perhaps " in output
    assert_is_the_picture(picture)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(None, id="missing"),
        pytest.param(b"", id="empty"),
        pytest.param(b"text", id="text"),
        pytest.param(b"\x89PNG\r\n\x1a\n", id="cut off"),
    ],
)
def test_a_bad_file_is_one_sentence_and_leaves_the_old_picture(
    run: Run, tmp_path: Path, picture: Path, content: bytes | None
) -> None:
    picture.write_bytes(b"old")
    if content is not None:
        (tmp_path / "bad.png").write_bytes(content)
    assert_one_sentence(*run("explain", tmp_path / "bad.png", "--output", picture))
    assert picture.read_bytes() == b"old"


def test_a_drawing_without_ink_is_one_sentence(run: Run, tmp_path: Path, picture: Path) -> None:
    erased = tmp_path / "erased.jsonl"
    erased.write_text('{"strokes": [[[400, 400]]], "brushes": [5], "erases": [true]}')
    assert_one_sentence(*run("explain", erased, "--output", picture))
    assert not picture.exists()


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("why.jpg", "must end in .png"),
        ("why", "must end in .png"),
        ("folder.png", "is a folder"),
        ("four.png", "is the picture to explain"),
        ("link.png", "is the picture to explain"),
        ("file.txt/why.png", "cannot be written"),
    ],
)
def test_an_output_that_cannot_be_written_is_one_sentence(
    run: Run, tmp_path: Path, a_four: Path, output: str, reason: str
) -> None:
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "file.txt").write_bytes(b"mine")
    (tmp_path / "link.png").hardlink_to(a_four)
    before = {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    ended = run("explain", a_four, "--output", tmp_path / output)
    assert_one_sentence(*ended)
    assert reason in ended[2]
    assert {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before
