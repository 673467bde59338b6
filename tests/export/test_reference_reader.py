"""The reader in the README, as it stands there, reads pictures as the program does."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import lenet_desktop
from exported_models import model_named
from lenet_desktop import paths
from lenet_desktop.drawing.picture import read_picture, write_picture
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.stroke_file import read_strokes
from lenet_desktop.drawing.strokes import Drawing, Stroke, place_by_hand
from lenet_desktop.export.onnx import write_onnx
from lenet_desktop.inference.decision import Verdict
from lenet_desktop.inference.recognizer import Recognizer

README = Path(lenet_desktop.__file__).parents[1] / "README.md"
for _package in ("onnx", "onnxscript", "onnxruntime"):
    pytest.importorskip(_package, reason="needs lenet-desktop[onnx] and onnxruntime")

SAYS = {
    Verdict.DIGIT: "sure",
    Verdict.UNSURE: "not sure",
    Verdict.NOT_A_DIGIT: "none of the classes",
}


@pytest.mark.skipif(not README.exists(), reason="needs the repository around the package")
def test_it_reads_pictures_as_the_program_does(tmp_path: Path) -> None:
    text = README.read_text(encoding="utf-8")
    (code,) = re.findall(r"<!-- reader -->\n```python\n(.*?)```", text, re.DOTALL)
    assert sum(bool(line) for line in code.splitlines()) <= 30
    (tmp_path / "reader.py").write_text(code, encoding="utf-8")
    model = model_named("factory")
    write_onnx(model, tmp_path / "lenet.onnx")
    recognizer = Recognizer(model, "cpu")
    drawings = [
        place_by_hand(record.strokes, seed, brush)
        for seed, record in enumerate(read_strokes(paths.resource("demo-strokes.jsonl")))
        for brush in (16, 56)  # the thin one is thickened
    ]
    dot = Drawing((Stroke(drawings[0].strokes[0].points[:1]),))
    files, expected = [], []
    for number, drawing in enumerate([*drawings, dot]):
        files.append(tmp_path / f"{number}.png")
        write_picture(rasterize(drawing), files[-1])
        read = recognizer.recognize(Drawing(picture=read_picture(files[-1])))
        assert read is not None
        expected.append(f"{read.best_class} {read.probability:.4f} {SAYS[read.verdict]}")
    done = subprocess.run(
        [sys.executable, "-W", "error", tmp_path / "reader.py", tmp_path / "lenet.onnx", *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == expected
    assert any(line.endswith("none of the classes") for line in expected)
