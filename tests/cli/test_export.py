"""The command 'export'."""

import sys
from pathlib import Path

import pytest

from command_line import Run, assert_one_sentence
from lenet_desktop import paths
from lenet_desktop.models import library, model_file


@pytest.mark.parametrize(
    "order",
    [("factory", "--to", "web", "FILE"), ("factory", "FILE"), ("--to", "web", "factory", "FILE")],
)
def test_a_web_page_in_any_order_of_arguments(
    run: Run, tmp_path: Path, order: tuple[str, ...]
) -> None:
    page = tmp_path / "new folder" / "pad.HTML"
    arguments = [page if word == "FILE" else word for word in order]
    code, output, errors = run("export", *arguments)
    assert (code, errors) == (0, "")
    assert output == f"{page}: {page.stat().st_size / 1000:,.0f} KB\n"
    assert "<title>LeNet-5</title>" in page.read_text(encoding="utf-8")


def test_a_kept_model_is_exported_by_its_name(run: Run, tmp_path: Path) -> None:
    library.keep(model_file.load(paths.factory_model()), "My MNIST")
    assert run("export", "my mnist", tmp_path / "pad.htm")[0] == 0
    assert "<title>My MNIST</title>" in (tmp_path / "pad.htm").read_text(encoding="utf-8")


def test_onnx(run: Run, tmp_path: Path) -> None:
    for package in ("onnx", "onnxscript"):
        pytest.importorskip(package, reason="needs lenet-desktop[onnx]")
    path = tmp_path / "model.onnx"
    code, output, errors = run("export", "factory", "--to", "onnx", path)
    assert (code, output, errors) == (0, f"{path}: {path.stat().st_size / 1000:,.0f} KB\n", "")


@pytest.mark.parametrize("missing", ["onnx", "onnxscript"])
def test_onnx_without_its_packages(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, missing: str
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)  # as if it was not installed
    code, output, errors = run("export", "factory", "--to", "onnx", tmp_path / "model.onnx")
    assert_one_sentence(code, output, errors)
    assert "needs the packages onnx and onnxscript" in errors


def test_the_packaged_program_says_how_to_get_onnx(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    code, output, errors = run("export", "factory", "--to", "onnx", tmp_path / "model.onnx")
    assert_one_sentence(code, output, errors)
    assert "from its source with pip" in errors and "web page" in errors


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("factory", "--to", "web", "a.onnx"), "does not end in .html"),
        (("factory", "a.safetensors"), "does not end in .onnx or .html"),
        (("factory", "--to", "pdf", "a.pdf"), "(choose from"),
        (("nobody's", "a.html"), "no model file 'nobody's'"),
        (("factory",), "required: FILE"),
    ],
)
def test_a_mistake_is_one_sentence(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, output, errors = run("export", *arguments)
    assert_one_sentence(code, output, errors)
    assert said in errors
    assert list(tmp_path.iterdir()) == []


def test_a_model_is_not_overwritten_by_its_export(run: Run, tmp_path: Path) -> None:
    model = tmp_path / "mine.safetensors"
    model.write_bytes(paths.factory_model().read_bytes())
    assert_one_sentence(*run("export", model, "--to", "web", model))
    assert model.read_bytes() == paths.factory_model().read_bytes()
