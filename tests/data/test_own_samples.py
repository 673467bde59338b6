"""The person's own samples survive kills, full disks and other programs."""

from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from lenet_desktop import paths
from lenet_desktop.data import own_samples
from lenet_desktop.data.own_samples import OwnSamplesError, file_of
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.stroke_file import read_strokes
from lenet_desktop.drawing.strokes import Drawing, Stroke
from lenet_desktop.models.model_card import DIGITS

DRAWING = Drawing(
    (
        Stroke(np.array([(100, 100), (600, 120), (300, 700)], np.float32), 40.0),
        Stroke(np.array([(300, 300)], np.float32), 56.0, erases=True),
    ),
    bare_width=1200,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "samples" / "digits.jsonl"


def add(path: Path, label: str, drawing: Drawing = DRAWING) -> None:
    own_samples.add(path, drawing, rasterize(drawing), label)


def labels(path: Path) -> str:
    return "".join(sample.label for sample in own_samples.read(path))


def test_samples_come_back_as_they_were(file: Path) -> None:
    picture = Drawing(picture=rasterize(DRAWING), strokes=DRAWING.strokes[:1])
    assert own_samples.read(file) == []
    add(file, "7")
    add(file, "heart ♥", picture)
    one, other = own_samples.read(file)
    assert (one.label, other.label) == ("7", "heart ♥")
    assert one.drawing.width == 1200
    for stroke, before in zip(one.drawing.strokes, DRAWING.strokes, strict=True):
        assert np.array_equal(stroke.points, before.points)
        assert (stroke.brush, stroke.erases) == (before.brush, before.erases)
    assert np.array_equal(rasterize(other.drawing), rasterize(picture))
    first, second = read_strokes(file)
    assert (first.label, second.label) == ("7", "heart ♥"), "it is a stroke file"
    assert len(np.concatenate(second.strokes)) > 10, "the strokes were traced in the picture"


def test_the_last_sample_is_taken_back(file: Path) -> None:
    own_samples.take_back(file)
    assert not file.exists()
    for label in "123":
        add(file, label)
    own_samples.take_back(file)
    assert labels(file) == "12"
    for _ in range(3):
        own_samples.take_back(file)
    assert labels(file) == ""
    add(file, "4")
    assert labels(file) == "4"


@pytest.mark.parametrize("cut", [1, 20, 10_000])
def test_a_sample_cut_off_by_a_kill_is_the_only_one_lost(file: Path, cut: int) -> None:
    for label in "12":
        add(file, label)
    whole = file.read_bytes()
    end = whole.index(b"\n") + 1
    file.write_bytes(whole[: max(len(whole) - cut, end)])
    assert labels(file) == "1"
    add(file, "3")
    assert labels(file) == "13"
    own_samples.take_back(file)
    assert labels(file) == "1"


def test_sets_of_classes_have_files_of_their_own() -> None:
    files = {file_of(DIGITS), file_of(("a", "b")), file_of(("b", "a")), file_of(("a", "b", "c"))}
    assert len(files) == 4
    assert {path.parent for path in files} == {paths.samples_folder()}


@pytest.mark.parametrize(
    "line",
    [
        b"nonsense",
        b"[]",
        b'{"label":"1"}',
        b'{"label":"","strokes":[[[1,2]]],"brushes":[9],"erases":[false]}',
        b'{"label":"1","strokes":[[[1,2]]]}',
        b'{"label":"1","picture":"~~~"}',
        b'{"label":"1","picture":"AAAA"}',
        b'{"label":1,"strokes":[[[1,2]]],"brushes":[9],"erases":[false]}',
        b'{"label":"1","strokes":[[[1,1e300]]],"brushes":[9],"erases":[false]}',
        b"\xff\xfe",
    ],
)
def test_a_line_that_is_no_sample_is_named(file: Path, line: bytes) -> None:
    add(file, "1")
    with file.open("ab") as opened:
        opened.write(line + b"\n")
    with pytest.raises(Exception, match="line 2") as caught:
        own_samples.read(file)
    assert isinstance(caught.value, own_samples.UserError)


def test_an_unwritable_file_is_reported_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").mkdir()
    with pytest.raises(OwnSamplesError, match="cannot be written"):
        add(tmp_path / "a.jsonl", "1")
    with pytest.raises(OwnSamplesError, match="cannot be read"):
        own_samples.read(tmp_path / "a.jsonl")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_reported_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").symlink_to("/dev/full")
    with pytest.raises(OwnSamplesError, match="cannot be written"):
        add(tmp_path / "a.jsonl", "1")


def test_a_program_that_writes_is_waited_for(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add(file, "1")
    monkeypatch.setattr(own_samples, "_LOCK_SECONDS", 0.05)
    with FileLock(f"{file}.lock"), pytest.raises(OwnSamplesError, match="another program"):
        add(file, "2")
    add(file, "3")
    assert labels(file) == "13"


def test_a_full_file_is_not_written_to(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add(file, "1")
    monkeypatch.setattr(own_samples, "MAX_FILE_BYTES", file.stat().st_size + 10)
    with pytest.raises(OwnSamplesError, match="is full"):
        add(file, "2")
    assert labels(file) == "1"
