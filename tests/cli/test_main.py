"""The command line: what it says, what it gives back, and that its errors are one sentence."""

import io
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import lenet_desktop
from lenet_desktop import __version__, paths
from lenet_desktop.cli import main as cli
from lenet_desktop.drawing.picture import write_picture
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.stroke_file import read_strokes, write_strokes
from lenet_desktop.drawing.strokes import Drawing, place
from lenet_desktop.models import model_file

DEMO = {r.label: r.strokes for r in read_strokes(paths.resource("demo-strokes.jsonl"))}
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Carry out a command line here; give exit code, output and errors."""

    def run(*arguments: object) -> tuple[int, str, str]:
        try:
            code = cli.run([str(a) for a in arguments])
        except SystemExit as end:
            code = int(end.code or 0)
        output, errors = capsys.readouterr()
        return code, output, errors

    return run


def process(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    """Carry out a command line as a user does, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "lenet_desktop", *map(str, arguments)],
        **{"stdout": subprocess.PIPE, **options},
        stderr=subprocess.PIPE,
        text=True,
        timeout=120,
        check=False,
        cwd=Path(lenet_desktop.__file__).parents[1],
    )


def assert_one_sentence(code: int, output: str, errors: str) -> None:
    assert code == 2
    assert output == ""
    assert errors.startswith("lenet-desktop: ")
    assert errors.count("\n") == 1
    assert "Traceback" not in errors


@pytest.fixture
def a_four(tmp_path: Path) -> Path:
    path = tmp_path / "four.png"
    write_picture(rasterize(place(DEMO["4"])), path)
    return path


# Help and version

COMMANDS = ["recognize", "train", "evaluate", "self-test"]


def test_the_version() -> None:
    done = process("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"lenet-desktop {__version__}\n", "")


def test_help_names_every_command(run: Run) -> None:
    code, output, errors = run("--help")
    assert (code, errors) == (0, "")
    assert "Without a command the pad opens" in output
    assert all(f"    {command} " in output for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run: Run, command: str) -> None:
    code, output, errors = run(command, "--help")
    assert (code, errors) == (0, "")
    assert output.startswith(f"usage: lenet-desktop {command}")
    description = output.split("\n\n")[1]
    assert len(description) > 40
    assert description.strip().endswith(".")


@pytest.mark.parametrize(
    "arguments",
    [
        ["dance"],
        ["--dance"],
        ["recognize"],
        ["train"],
        ["evaluate", "--data", "a", "--strokes", "b"],
        ["train", "--output", "a", "--epochs", "many"],
        ["--model", "a", "train", "--output", "b"],
        ["--device", "cpu", "evaluate"],
        ["--device", "cpu", "self-test"],
        ["--model", "a", "self-test"],
    ],
    ids=" ".join,
)
def test_a_command_line_that_means_nothing_is_explained(run: Run, arguments: list[str]) -> None:
    code, output, errors = run(*arguments)
    assert (code, output) == (2, "")
    assert errors.startswith("usage: ")
    assert "error: " in errors.splitlines()[-1]


# recognize


def test_recognize_reads_pictures_and_strokes(run: Run, tmp_path: Path, a_four: Path) -> None:
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


def test_recognize_reads_every_drawing_of_a_stroke_file(run: Run) -> None:
    code, output, errors = run("recognize", paths.resource("demo-strokes.jsonl"), "--device", "cpu")
    assert (code, errors) == (0, "")
    assert [line.split(": ")[1][0] for line in output.splitlines()] == list("0123456789")


def test_recognize_gives_json_objects(run: Run, a_four: Path) -> None:
    code, output, errors = run("recognize", "--json", a_four, a_four)
    assert (code, errors) == (0, "")
    first, second = map(json.loads, output.splitlines())
    assert first["file"] == second["file"] == str(a_four)
    assert first["digit"] == first["guess"] == "4"
    assert list(first["probabilities"]) == list("0123456789")
    assert sum(first["probabilities"].values()) == pytest.approx(1, abs=1e-4)
    assert first["probability"] == max(first["probabilities"].values())
    assert first["seconds"] > 0


def test_recognize_with_a_model_of_ones_own_given_before_or_after(
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


def test_recognize_says_what_it_cannot_read_and_goes_on(
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
def test_recognize_has_one_sentence_for_each_bad_file(run: Run, tmp_path: Path, name: str) -> None:
    content = BAD_FILES.get(name)
    if name == "white.png":
        buffer = io.BytesIO()
        Image.new("L", (99, 99), 255).save(buffer, "PNG")
        content = buffer.getvalue()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert_one_sentence(*run("recognize", tmp_path / name))


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
        ["recognize", "{four}", "--device", "abacus"],
        ["--device", "abacus"],
        ["evaluate", "--model", "{bad}"],
        ["evaluate", "--data", "{missing}"],
        ["evaluate", "--strokes", "{missing}"],
        ["evaluate", "--strokes", "{four}"],
        ["train", "--output", "{new}", "--recipe", "magic"],
        ["train", "--output", "{new}", "--data", "{missing}"],
        ["train", "--output", "{new}", "--epochs", "0"],
        ["train", "--output", "{new}", "--network", "magic"],
        ["train", "--output", "{four}/mine.safetensors", "--epochs", "1000"],
        ["train", "--output", "{factory}", "--epochs", "1000"],
        ["train", "--output", "{new}", "--epochs", "1000", "--name", "\udcff"],
        ["train", "--output", "{new}", "--teacher", "{bad}"],
        ["train", "--output", "{new}", "--device", "abacus"],
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
        "new": tmp_path / "new.safetensors",
        "factory": paths.factory_model(),
    }
    assert_one_sentence(*run(*(a.format(**names) for a in arguments)))
    assert not names["new"].exists()


def test_a_missing_device_is_noticed_and_the_cpu_reads(run: Run, a_four: Path) -> None:
    absent = next(d for d in ("xpu", "mps", "cuda") if d not in _devices())
    code, output, errors = run("recognize", "--device", absent, a_four)
    assert code == 0
    assert ": 4 (" in output
    assert f"'{absent}'" in errors
    assert errors.count("\n") == 1


def _devices() -> tuple[str, ...]:
    from lenet_desktop.inference.recognizer import device_names

    return device_names()


@pytest.mark.parametrize("where", ["before", "after"])
def test_debug_gives_a_traceback(tmp_path: Path, where: str) -> None:
    arguments = ["recognize", tmp_path / "missing.png"]
    done = process(*(["--debug", *arguments] if where == "before" else [*arguments, "--debug"]))
    assert done.returncode != 0
    assert "Traceback" in done.stderr
    assert "PictureError" in done.stderr


def test_an_error_in_a_process_of_its_own(tmp_path: Path) -> None:
    done = process("recognize", tmp_path / "missing.png")
    assert_one_sentence(done.returncode, done.stdout, done.stderr)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_behind_the_output_is_one_sentence(a_four: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = process("recognize", a_four, stdout=full)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "No space left" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="pipes end otherwise on Windows")
def test_a_training_that_nobody_listens_to_is_no_success(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = process("train", "--output", tmp_path / "mine.safetensors", stdout=writer)
    finally:
        os.close(writer)
    assert done.returncode == 2
    assert "nobody reads" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="pipes end otherwise on Windows")
def test_whoever_has_read_enough_may_close_the_pipe(a_four: Path) -> None:
    buffered = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "lenet_desktop", "recognize", str(a_four)],
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd=Path(lenet_desktop.__file__).parents[1],
            env=buffered,
        )
    finally:
        os.close(writer)
    assert done.stderr == ""
    assert done.returncode == 0


# evaluate


def test_evaluate_on_the_starter_digits(run: Run) -> None:
    code, output, errors = run("evaluate")
    assert (code, errors) == (0, "")
    assert output.startswith("the test digits of starter digits: ")
    assert "of 1,000 " in output.splitlines()[0]
    rows = [line.split()[0] for line in output.splitlines() if line[:5].strip().isdigit()]
    assert rows == list("0123456789")


def test_evaluate_gives_one_json_object(run: Run) -> None:
    code, output, errors = run("evaluate", "--json")
    assert (code, errors) == (0, "")
    result = json.loads(output)
    assert result["n"] == 1000
    assert result["accuracy"] > 0.98
    assert list(result["per_class"]) == list("0123456789")
    confusion = np.array(result["confusion"])
    assert confusion.shape == (10, 10)
    assert confusion.sum() == 1000
    assert np.trace(confusion) / 1000 == pytest.approx(result["accuracy"])


def test_evaluate_on_strokes(run: Run) -> None:
    code, output, _ = run("evaluate", "--json", "--strokes", paths.resource("demo-strokes.jsonl"))
    assert code == 0
    result = json.loads(output)
    assert (result["n"], result["accuracy"]) == (10, 1)


def test_evaluate_on_real_peoples_strokes(run: Run, shared_pen: Path, tmp_path: Path) -> None:
    part = tmp_path / "part.jsonl"
    lines = (shared_pen / "unipen-validation.jsonl").read_text().splitlines()[::20]
    part.write_text("\n".join(lines))
    code, output, errors = run("evaluate", "--strokes", part)
    assert (code, errors) == (0, "")
    assert f"of {len(lines)} " in output.splitlines()[0]
    assert float(output.split(": ")[1].split("%")[0]) > 88


def test_evaluate_on_all_of_mnist(run: Run, shared_mnist: Path) -> None:
    code, output, errors = run("evaluate", "--json", "--data", shared_mnist)
    assert (code, errors) == (0, "")
    result = json.loads(output)
    assert result["n"] == 10_000
    assert result["accuracy"] >= 0.992


# train


def test_train_writes_a_model_that_reads(run: Run, tmp_path: Path, a_four: Path) -> None:
    path = tmp_path / "new folder" / "mine.safetensors"
    code, output, _ = run("--device", "cpu", "train", "--output", path, "--epochs", 1, "--seed", 3)
    assert code == 0
    assert "on cpu" in output
    assert str(path) in output
    card = model_file.load(path).card
    assert card.name == "mine"
    assert card.seed == 3
    assert "lenet-desktop train" in card.command
    assert "--epochs 1" in card.command
    assert "--seed 3" in card.command
    code, output, _ = run("evaluate", "--json", "--model", path)
    assert code == 0
    assert json.loads(output)["accuracy"] == card.test_accuracy
    assert card.test_accuracy is not None
    assert card.test_accuracy > 0.3
    code, output, _ = run("recognize", a_four, "--model", path)
    assert code == 0
    assert output.startswith(f"{a_four}: ")


def test_the_command_that_makes_a_model_again_can_be_pasted(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    strokes = tmp_path / "my strokes.jsonl"
    strokes.write_bytes(paths.resource("demo-strokes.jsonl").read_bytes())
    words = ["train", "--recipe", "tutorial", "--epochs", "1", "--strokes", str(strokes)]
    words += ["--credit", "Zoë, CC BY 4.0"]
    words += ["--name", "Zoë's own", "--output", "a model.safetensors"]
    assert run(*words)[0] == 0
    first = model_file.load(Path("a model.safetensors"))
    assert first.card.data.endswith(". Zoë, CC BY 4.0")
    program, *again = shlex.split(first.card.command)
    assert program == "lenet-desktop"
    assert run(*again)[0] == 0
    second = model_file.load(Path("a model.safetensors"))
    assert second.card == first.card
    for name, weights in first.network.state_dict().items():
        assert weights.equal(second.network.state_dict()[name])


# Whoever asks two who know the same is told the same.
TEACHERS = ("--teacher", "teacher.safetensors") * 2


def test_a_student_tells_of_its_teachers(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["train", "--recipe", "tutorial", "--epochs", "1"]
    assert run(*words, "--network", "lenet-variant", "--output", "teacher.safetensors")[0] == 0
    assert run(*words, *TEACHERS, "--output", "mine.safetensors")[0] == 0
    teacher, mine = (model_file.load(Path(f"{name}.safetensors")) for name in ("teacher", "mine"))
    assert teacher.card.architecture == "lenet-variant"
    assert mine.card.architecture == "lenet"
    assert mine.card.notes["teachers"] == ["teacher"] * 2
    for command in mine.card.command.split(" && "):
        assert run(*shlex.split(command)[1:])[0] == 0
    again = model_file.load(Path("mine.safetensors"))
    assert again.card == mine.card
    for name, weights in mine.network.state_dict().items():
        assert weights.equal(again.network.state_dict()[name])


def test_a_drawing_without_ink_is_no_digit(run: Run, tmp_path: Path) -> None:
    outside = place(DEMO["3"], centre=(30, 30))
    assert isinstance(outside, Drawing)
    write_strokes(tmp_path / "a.jsonl", [outside])
    code, output, errors = run("recognize", tmp_path / "a.jsonl")
    assert (code, output) == (2, "")
    assert "holds no ink" in errors


def test_the_progress_line_says_something_from_the_first_record_on(monkeypatch, tmp_path):
    """On a terminal it once failed while the synthetic digits were being drawn."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    output = tmp_path / "a.safetensors"
    assert cli.run(["train", "--epochs", "1", "--output", str(output)]) == 0
    assert "drawing synthetic digits" in terminal.getvalue()
    assert "loss" in terminal.getvalue()
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["a.safetensors"]


def test_a_folder_as_output_is_refused_before_the_training(capsys, tmp_path):
    assert cli.run(["train", "--output", str(tmp_path)]) == 2
    assert "is a folder" in capsys.readouterr().err
