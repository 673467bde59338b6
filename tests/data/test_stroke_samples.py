"""Drawings of a stroke file as training images, for any set of classes."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from lenet_desktop import paths
from lenet_desktop.data import own_samples
from lenet_desktop.data.labelled import DatasetError, LabelledImages, TrainingData
from lenet_desktop.data.stroke_samples import join_strokes, samples_of_strokes
from lenet_desktop.drawing.legibility import readable
from lenet_desktop.drawing.preprocess import preprocess
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.stroke_file import StrokeFileError
from lenet_desktop.drawing.strokes import Drawing, Stroke
from lenet_desktop.errors import UserError

DEMO = paths.resource("demo-strokes.jsonl")
CHECK_MARK = [[[0, 50], [30, 90], [100, 0]]]


def stroke_file(folder: Path, *labels: object) -> Path:
    lines = [json.dumps({"label": label, "strokes": CHECK_MARK}) for label in labels]
    path = folder / "mine.jsonl"
    path.write_text("\n".join(lines))
    return path


def data_of(classes: tuple[str, ...]) -> TrainingData:
    count = len(classes)
    part = LabelledImages(
        torch.zeros(count, 28, 28, dtype=torch.uint8), torch.arange(count), classes
    )
    return TrainingData("letters", "by hand", part, part, part)


def test_strokes_join_the_training_images(two_hundred: TrainingData) -> None:
    joined = join_strokes(two_hundred, DEMO, "Drawn by hand")
    assert joined.train.names[-10:] == list("0123456789")
    assert torch.equal(joined.train.images[:-10], two_hundred.train.images)
    assert joined.validation is two_hundred.validation
    assert joined.test is two_hundred.test
    assert joined.name == "200 starter digits and demo-strokes"
    assert joined.test_name == "200 starter digits"
    assert join_strokes(joined, DEMO).test_name == "200 starter digits"
    assert joined.credit == f"{two_hundred.credit}. Drawn by hand"
    ink = joined.train.images[-10:].flatten(1)
    assert (ink.max(dim=1).values > 200).all()
    assert join_strokes(two_hundred, DEMO, "Drawn by hand").digest() == joined.digest()


@pytest.mark.parametrize("classes", [("b", "a", "none"), tuple("zyxwvutsrqponmlkjihgfedcba")])
def test_strokes_join_data_of_any_classes(tmp_path: Path, classes: tuple[str, ...]) -> None:
    data = data_of(classes)
    joined = join_strokes(data, stroke_file(tmp_path, classes[-1], classes[0]))
    assert joined.classes == classes
    assert joined.train.labels[-2:].tolist() == [len(classes) - 1, 0]
    assert joined.train.names == [*classes, classes[-1], classes[0]]
    assert joined.credit == "by hand"


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (("a", "7"), r"line 2: the drawing is labelled '7'; give it one of .* of letters: a, b\."),
        ((None, "a"), "line 1: the drawing has no label; give it"),
        (("x" * 1000,), "line 1: the drawing is labelled 'x{20}…'; give"),
        (("a\nb",), r"line 1: the drawing is labelled 'a\\nb'; give"),
    ],
)
def test_a_label_that_is_no_class_is_reported(
    tmp_path: Path, labels: tuple[object, ...], words: str
) -> None:
    with pytest.raises(DatasetError, match=words):
        join_strokes(data_of(("a", "b")), stroke_file(tmp_path, *labels))


def test_only_some_of_many_classes_are_listed(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"of letters: a, b, c, d, e, f, g, h, i, j, …, z\."):
        join_strokes(data_of(tuple("abcdefghijklmnopqrstuvwxyz")), stroke_file(tmp_path, "7"))


def test_an_empty_stroke_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(StrokeFileError, match=r"mine.jsonl holds no drawing to train on\."):
        join_strokes(data_of(("a",)), stroke_file(tmp_path))


def test_the_shapes_of_what_is_joined(two_hundred: TrainingData, tmp_path: Path) -> None:
    joined = join_strokes(two_hundred, stroke_file(tmp_path, 1, 1, 1))
    added = joined.train.take(slice(200, None))
    assert added.images.shape == (3, 28, 28)
    assert added.images.dtype == torch.uint8
    # The same drawing, at another size and place each time.
    assert len(np.unique(added.images.flatten(1).numpy(), axis=0)) == 3
    assert replace(joined, train=two_hundred.train).digest() == two_hundred.digest()


def test_the_programs_own_drawings_are_evaluated_as_they_were_drawn(tmp_path: Path) -> None:
    zero = Stroke(np.array([(200, 100), (600, 100), (600, 700), (200, 700), (200, 100)]), 40.0)
    erased = Stroke(np.array([(100, 400), (700, 400)]), 120.0, erases=True)
    strokes = Drawing((zero, erased))
    picture = Drawing(picture=rasterize(Drawing((zero,))))
    for drawing in (strokes, picture):
        own_samples.add(tmp_path / "own.jsonl", drawing, rasterize(drawing), " a  zero ")
    read = samples_of_strokes(tmp_path / "own.jsonl")
    assert read.labels == ("a zero", "a zero")
    for sample, drawing in zip(read.samples, (strokes, picture), strict=True):
        expected = preprocess(rasterize(readable(drawing)))
        assert expected is not None
        assert np.array_equal(sample, expected)


@pytest.mark.parametrize("text", ["~", "AAAA"])
def test_a_picture_that_cannot_be_read_is_reported(tmp_path: Path, text: str) -> None:
    record = {"label": "a", "strokes": CHECK_MARK, "picture": text}
    (tmp_path / "a.jsonl").write_text(json.dumps(record))
    with pytest.raises(UserError, match=r"a\.jsonl, line 1"):
        samples_of_strokes(tmp_path / "a.jsonl")
