"""The command 'evaluate'."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from command_line import Run
from lenet_desktop import paths
from written_numbers import written


def test_the_report_on_the_starter_digits(run: Run, tmp_path: Path) -> None:
    picture = tmp_path / "mistakes.png"
    code, output, errors = run("evaluate", "--mistakes", picture)
    assert code == 0
    assert output.startswith("the test digits of starter digits: ")
    first, second = output.splitlines()[:2]
    share = r"(100|\d\d?\.\d\d) %"
    assert re.search(
        rf": {share} of 1,000 read correctly \(95 % confidence interval [\d.]+ to {share}\)$", first
    )
    assert re.match(rf"refused: \d\.\d %; of the others {share} read", second)
    rows = [line.split()[0] for line in output.splitlines() if line[:5].strip().isdigit()]
    assert rows == list("0123456789")
    assert errors.startswith(f"{picture}: ")
    with Image.open(picture) as image:
        assert image.width > 500


def test_json_is_one_object_and_the_factory_model_reads_the_starter_digits(run: Run) -> None:
    code, output, errors = run("evaluate", "--json")
    assert (code, errors) == (0, "")
    result = json.loads(output)
    assert list(result) == [
        "n", "accuracy", "interval", "per_class", "confusion", "refused", "accuracy_answered",
        "ece", "non_digits", "worst_writers",
    ]  # fmt: skip
    assert result["n"] == 1000
    assert result["accuracy"] >= 0.99
    assert list(result["per_class"]) == list("0123456789")
    confusion = np.array(result["confusion"])
    assert confusion.shape == (10, 10)
    assert confusion.sum() == 1000
    assert np.trace(confusion) / 1000 == pytest.approx(result["accuracy"])


def test_strokes(run: Run) -> None:
    code, output, _ = run("evaluate", "--json", "--strokes", paths.resource("demo-strokes.jsonl"))
    assert code == 0
    result = json.loads(output)
    assert (result["n"], result["accuracy"]) == (10, 1)


def test_real_peoples_strokes(run: Run, shared_pen: Path, tmp_path: Path) -> None:
    part = tmp_path / "part.jsonl"
    lines = (shared_pen / "unipen-validation.jsonl").read_text().splitlines()[::20]
    part.write_text("\n".join(lines))
    code, output, errors = run("evaluate", "--strokes", part)
    assert (code, errors) == (0, "")
    assert f"of {len(lines)} " in output.splitlines()[0]
    assert float(output.split(": ")[1].split(" %")[0]) > 88


def test_all_of_mnist(run: Run, shared_mnist: Path) -> None:
    code, output, errors = run("evaluate", "--json", "--data", shared_mnist)
    assert (code, errors) == (0, "")
    result = json.loads(output)
    assert result["n"] == 10_000
    assert result["accuracy"] >= 0.992


def test_numbers(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "numbers.jsonl"
    lines = [
        json.dumps({"label": text, "strokes": [s.points.tolist() for s in written(text)]})
        for text in ("42", "1960", "7")
    ]
    file.write_text("\n".join(lines))
    code, output, errors = run("evaluate", "--json", "--numbers", file)
    assert (code, errors) == (0, "")
    result = json.loads(output)
    assert list(result) == [
        "n", "accuracy", "interval", "digit_accuracy", "wrong_count", "refused",
        "accuracy_answered",
    ]  # fmt: skip
    assert (result["n"], result["accuracy"], result["wrong_count"]) == (3, 1, 0)
    code, output, _ = run("evaluate", "--numbers", file)
    assert code == 0
    assert output.startswith(f"{file}: 100 % of 3 numbers read correctly")


def test_numbers_as_pictures(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "numbers.jsonl"
    lines = [
        {"label": text, "strokes": [s.points.tolist() for s in written(text)]}
        for text in ("42", "2026", "7")
    ]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    code, output, errors = run("evaluate", "--json", "--pictures", "--numbers", file)
    assert (code, errors) == (0, "")
    assert (json.loads(output)["n"], json.loads(output)["accuracy"]) == (3, 1)
    code, _, errors = run("evaluate", "--pictures", "--strokes", file)
    assert code == 2
    assert "--numbers" in errors


@pytest.mark.parametrize(
    ("content", "message"),
    [("", "holds no drawing"), ('{"strokes": [[[0, 0], [1, 1]]]}', "has no label")],
)
def test_numbers_that_cannot_be_evaluated(
    run: Run, tmp_path: Path, content: str, message: str
) -> None:
    file = tmp_path / "numbers.jsonl"
    file.write_text(content)
    code, _, errors = run("evaluate", "--numbers", file)
    assert code == 2
    assert message in errors
