"""Own samples are exported as stroke files, and drawings of stroke files are imported."""

import json
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from lenet_desktop import paths
from lenet_desktop.data import own_samples
from lenet_desktop.data.own_samples import OwnSample, OwnSamplesError, file_of
from lenet_desktop.data.teaching.exchange import Imported, export_samples, import_samples
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.stroke_file import read_strokes
from lenet_desktop.drawing.strokes import Drawing, Stroke
from lenet_desktop.models.model_card import DIGITS

CLASSES = ("cat", "dog")


@pytest.fixture
def file() -> Path:
    return file_of(CLASSES)


def add(path: Path, label: str, number: int, picture: bool = False) -> OwnSample:
    drawing = Drawing((Stroke(np.array([(100, 90), (600, 100 + number)], np.float32), 40.0),))
    ink = rasterize(drawing)
    return own_samples.add(path, Drawing(picture=ink) if picture else drawing, ink, label)


def test_what_was_exported_is_imported_once(file: Path, tmp_path: Path) -> None:
    for number in range(8):
        add(file, CLASSES[number % 2], number, picture=number > 5)
    every = own_samples.read(file).samples
    export_samples(tmp_path / "some.jsonl", every[2:])
    assert [record.label for record in read_strokes(tmp_path / "some.jsonl")] == [
        sample.label for sample in every[2:]
    ], "it is a stroke file"
    assert import_samples(file, tmp_path / "some.jsonl", CLASSES) == Imported(present=6)
    own_samples.delete(file, every)
    assert import_samples(file, tmp_path / "some.jsonl", CLASSES) == Imported(added=6)
    again = own_samples.read(file).samples
    assert [each.line for each in again] == [each.line for each in every[2:]]
    assert [each.is_held_out for each in again] == [each.is_held_out for each in every[2:]]


def test_what_is_left_out_is_counted(file: Path, tmp_path: Path) -> None:
    lines = [
        '{"label": "cat", "writer": "w", "strokes": [[[1, 2], [3, 9]]]}',
        '{"label": "cow", "strokes": [[[1, 2], [3, 9]]]}',
        '{"strokes": [[[1, 2], [3, 9]]]}',
        "",
        "nonsense",
        '{"label": "dog", "strokes": [[[0, 0], [10, 0], [5, 20]]]}\r',
        '{"label": "dog", "strokes": []}',
    ]
    source = tmp_path / "others.jsonl"
    source.write_text("\ufeff" + "\n".join(lines), encoding="utf-8")
    expected = Imported(added=2, others=2, unreadable=2, first_unreadable=5)
    assert import_samples(file, source, CLASSES) == expected
    for sample in own_samples.read(file).samples:
        assert set(json.loads(sample.line)) >= {"brushes", "erases"}
        ink = rasterize(sample.drawing)
        assert ink[200:600].any(), "it is in the middle of the pad"


def test_labels_that_are_numbers_are_digits(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"label": 7, "strokes": [[[1, 2], [3, 9]]]}')
    assert import_samples(file_of(DIGITS), tmp_path / "a.jsonl", DIGITS).added == 1


def test_nothing_else_of_a_line_is_taken_over(file: Path, tmp_path: Path) -> None:
    sample = add(file, "cat", 1)
    own_samples.delete(file, [sample])
    hostile = json.loads(sample.line) | {"more": "x" * 1000}
    (tmp_path / "a.jsonl").write_text(json.dumps(hostile))
    assert import_samples(file, tmp_path / "a.jsonl", CLASSES).added == 1
    assert own_samples.read(file).samples[0].line == sample.line


def test_a_stopped_import_adds_nothing(file: Path, tmp_path: Path) -> None:
    export_samples(tmp_path / "a.jsonl", [add(file, "cat", 1)])
    stop = Event()
    stop.set()
    assert import_samples(file_of(DIGITS), tmp_path / "a.jsonl", DIGITS, stop) == Imported()


def test_the_samples_themselves_cannot_be_overwritten(file: Path, tmp_path: Path) -> None:
    sample = add(file, "cat", 1)
    add(file, "dog", 2)
    with pytest.raises(OwnSamplesError, match="choose another folder"):
        export_samples(file, [sample])
    assert len(own_samples.read(file).samples) == 2
    assert file.parent == paths.samples_folder()


def test_files_that_cannot_be_read_or_written_are_reported(file: Path, tmp_path: Path) -> None:
    sample = add(file, "cat", 1)
    with pytest.raises(OwnSamplesError, match="cannot be read: No such file"):
        import_samples(file, tmp_path / "missing.jsonl", CLASSES)
    with pytest.raises(OwnSamplesError, match="cannot be written"):
        export_samples(tmp_path, [sample])
