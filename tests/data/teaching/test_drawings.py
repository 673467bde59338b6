"""Reading a person's labelled drawings: what can be learned from, and what is left out."""

import base64
import json
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from lenet_desktop.data import own_samples
from lenet_desktop.data.labelled import DatasetError
from lenet_desktop.data.stroke_samples import class_name
from lenet_desktop.data.teaching import drawings as module
from lenet_desktop.data.teaching.drawings import check_own_classes, read_drawings
from lenet_desktop.drawing.picture import to_png
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.strokes import Drawing, Stroke, place
from own_drawings import SHAPES, drawn, line, stroke_file

BOLT = drawn("bolt", 0)


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_every_drawing_is_read_with_its_sample(tmp_path: Path) -> None:
    read = read_drawings(stroke_file(tmp_path / "a.jsonl", 5))
    assert read.counts == {"arrow": 5, "bolt": 5, "heart ♥": 5}
    assert read.notice == ""
    for each in read.drawings:
        assert each.image.shape == (28, 28)
        assert each.image.max() > 200
    assert len({each.image.tobytes() for each in read.drawings}) == 15


def test_the_programs_own_samples_are_read_as_they_were_drawn(tmp_path: Path) -> None:
    file = tmp_path / "own.jsonl"
    stroke = Stroke(np.round(place(BOLT).strokes[0].points), 100.0)
    eraser = Stroke(np.array([(400, 0), (400, 800)], np.float32), 120.0, erases=True)
    drawing = Drawing((stroke, eraser))
    picture = Drawing(picture=rasterize(Drawing((stroke,))))
    own_samples.add(file, drawing, rasterize(drawing), "bolt")
    own_samples.add(file, picture, rasterize(picture), "bolt")
    torn, whole = (each.drawing for each in read_drawings(file).drawings)
    assert np.array_equal(rasterize(torn), rasterize(drawing))
    assert whole.picture is not None
    assert np.array_equal(whole.picture, picture.picture)


def test_what_cannot_be_used_is_left_out_and_named(tmp_path: Path) -> None:
    no_ink = {
        "label": "bolt", "strokes": [[[1, 1], [9, 9]]], "brushes": [20], "erases": [True],
    }  # fmt: skip
    picture = {"label": "bolt", "strokes": [[[1, 1]]], "picture": "~"}
    blank = base64.b64encode(to_png(np.zeros((800, 800), np.uint8))).decode()
    lines = [
        line("bolt", BOLT),
        "nonsense",
        line(None, BOLT),
        line("  ", BOLT),
        json.dumps(no_ink),
        json.dumps(picture),
        json.dumps(picture | {"picture": blank}),
        json.dumps({"label": "bolt"})[:-3],
    ]
    file = write(tmp_path / "a.jsonl", *lines)
    read = read_drawings(file)
    assert read.counts == {"bolt": 1}
    assert read.notice.startswith(f"7 of 8 drawings are left out; the first one: {file}, line 2: ")
    read = read_drawings(write(file, line("bolt", BOLT), line(None, BOLT)))
    assert read.notice == (
        f"One of 2 drawings is left out: {file}, line 2: the drawing has no label."
    )


@pytest.mark.parametrize("content", [b"", b"\n\n", b"nonsense", b"\xff\xfe\n{}"])
def test_a_file_without_drawings_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(content)
    with pytest.raises(DatasetError, match=r"holds no drawing to learn from\."):
        read_drawings(file)


def test_a_file_that_is_missing_or_a_folder_is_one_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.jsonl", tmp_path):
        with pytest.raises(DatasetError, match="cannot be read: "):
            read_drawings(path)


def test_too_many_drawings_are_refused_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MAX_DRAWINGS", 3)
    with pytest.raises(DatasetError, match="holds 4 drawings, but at most 3 can be learned from"):
        read_drawings(write(tmp_path / "a.jsonl", *["nonsense"] * 4))


ACCENTED = "café"


@pytest.mark.parametrize(
    "other", [" café", "café ", unicodedata.normalize("NFD", ACCENTED)], ids=repr
)
def test_labels_that_look_the_same_are_refused(tmp_path: Path, other: str) -> None:
    file = write(tmp_path / "a.jsonl", line(ACCENTED, BOLT), line(other, BOLT))
    with pytest.raises(DatasetError, match="look the same") as caught:
        read_drawings(file)
    assert ascii(other) in str(caught.value), "what differs can be seen"
    assert read_drawings(write(file, line(other, BOLT))).counts == {ACCENTED: 1}


def test_letters_of_both_cases_are_classes_of_their_own(tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", line("a", BOLT), line("A", BOLT), line(7, BOLT))
    assert read_drawings(file).counts == {"7": 1, "A": 1, "a": 1}
    assert class_name("two  words\n") == "two words"


def test_classes_are_learned_only_from_enough_drawings(tmp_path: Path) -> None:
    read = read_drawings(stroke_file(tmp_path / "a.jsonl", 4))
    check_own_classes(read, tuple(SHAPES))
    for classes, message in (
        (("bolt",), r"2 to 50 classes can be learned, but .* has drawings of 1\."),
        ([str(number) for number in range(51)], r"has drawings of 51\."),
        (("bolt", "arrow"), "has drawings labelled 'heart ♥', which is none of the classes bolt"),
        ((*SHAPES, "star"), r"'star' in .* has none of the 4 drawings that it needs"),
        ((*SHAPES, "x" * 21), "longer than 20 characters"),
        ((*SHAPES, ""), "empty"),
        ((*SHAPES, "bolt"), "two of its classes have the same name"),
    ):
        with pytest.raises(DatasetError, match=message):
            check_own_classes(read, classes)
    few = stroke_file(tmp_path / "b.jsonl", 4, labels=("bolt", "arrow"))
    with few.open("a", encoding="utf-8") as file:
        file.write("\n" + line("heart ♥", drawn("heart ♥", 1)))
    read = read_drawings(few)
    with pytest.raises(DatasetError, match=r"'heart ♥' in .* has 1 of the 4 drawings"):
        check_own_classes(read, tuple(read.counts))
