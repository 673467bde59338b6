"""A drawing survives saving and loading; other files are refused with one sentence."""

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from lenet_desktop import paths
from lenet_desktop.drawing.drawing_file import read_drawings
from lenet_desktop.drawing.legibility import readable
from lenet_desktop.drawing.preprocess import preprocess
from lenet_desktop.drawing.raster import blank, rasterize
from lenet_desktop.drawing.stroke_file import (
    StrokeFileError,
    StrokeRecord,
    read_strokes,
    write_strokes,
)
from lenet_desktop.drawing.strokes import (
    DEFAULT_BRUSH,
    MAX_BRUSH,
    MIN_BRUSH,
    Drawing,
    Ink,
    Stroke,
)
from lenet_desktop.errors import UserError


def stroke(*points: tuple[float, float], brush: float = DEFAULT_BRUSH, erases: bool = False):
    return Stroke(np.array(points, np.float32), brush, erases)


def scribble() -> Drawing:
    random = np.random.default_rng(3)
    return Drawing(
        tuple(
            Stroke(np.round(random.uniform(-20, 820, (n, 2)), 2).astype(np.float32), brush, erases)
            for n, brush, erases in [
                (1, 16, False),
                (40, 56, False),
                (7, 120, True),
                (2, 33, False),
            ]
        )
    )


def test_a_saved_drawing_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "drawings.jsonl"
    wide = Drawing((stroke((1000, 400)),), bare_width=1511)
    drawings = [scribble(), Drawing((stroke((3, 4)),)), wide]
    write_strokes(path, drawings)
    records = list(read_strokes(path))
    assert len(records) == len(drawings)
    for record, drawing in zip(records, drawings, strict=True):
        assert record.label is None
        assert record.source == "lenet-desktop"
        assert record.drawing is not None
        for after, before in zip(record.drawing.strokes, drawing.strokes, strict=True):
            assert np.array_equal(after.points, before.points)
            assert (after.brush, after.erases) == (before.brush, before.erases)
        assert record.drawing.width == drawing.width
        assert np.array_equal(rasterize(record.drawing), rasterize(drawing))


@pytest.mark.parametrize(("width", "expected"), [(-5, 800), (1e9, 1920), (1000, 1000)])
def test_a_width_is_kept_within_those_of_the_pad(
    tmp_path: Path, width: float, expected: int
) -> None:
    path = write_line(tmp_path / "a.jsonl", [[[3, 4]]], **pens(1, 56), width=width)
    (drawing,) = read_drawings(path)
    assert drawing.width == expected


def test_a_number_of_another_device_gets_wide_paper(tmp_path: Path) -> None:
    digits = [[[x, 0], [x, 100]] for x in range(0, 300, 60)]
    (drawing,) = read_drawings(write_line(tmp_path / "a.jsonl", digits))
    points = np.concatenate([stroke.points for stroke in drawing.strokes])
    assert np.ptp(points, axis=0) == pytest.approx([0.7 * 800 * 2.4, 0.7 * 800], abs=1)
    assert np.ptp(points[:, 0]) == pytest.approx(0.8 * drawing.width, abs=1)


def test_points_are_saved_to_a_hundredth_of_a_unit(tmp_path: Path) -> None:
    drawing = Drawing((Stroke(np.array([[1 / 3, 200 / 7], [555.5555, 0.125]], np.float32), 56),))
    write_strokes(tmp_path / "a.jsonl", [drawing])
    (record,) = read_strokes(tmp_path / "a.jsonl")
    assert record.drawing is not None
    assert np.abs(record.strokes[0] - drawing.strokes[0].points).max() <= 0.0051
    assert np.abs(rasterize(record.drawing).astype(int) - rasterize(drawing)).max() <= 2


def test_strokes_of_others_are_read_with_or_without_their_labels(tmp_path: Path) -> None:
    path = tmp_path / "others.jsonl"
    path.write_text(
        '{"source": "tablet", "writer": "w7", "label": 7, "strokes": [[[1, 2], [3, 4.5]]]}\n'
        "\n"
        '{"label": "a", "strokes": [[[1e3, -2]], [[0, 0]]]}\n'
        '{"strokes": [[[1, 2]]]}\n'
    )
    seven, letter, nameless = read_strokes(path)
    assert (seven.label, seven.source, seven.writer) == ("7", "tablet", "w7")
    assert seven.strokes[0].tolist() == [[1, 2], [3, 4.5]]
    assert seven.strokes[0].dtype == np.float32
    assert (letter.label, len(letter.strokes)) == ("a", 2)
    assert nameless.label is None
    assert seven.drawing is letter.drawing is nameless.drawing is None


def test_the_demo_strokes_are_the_ten_digits() -> None:
    records = list(read_strokes(paths.resource("demo-strokes.jsonl")))
    assert [r.label for r in records] == list("0123456789")


POINTS = "[[[1, 2], [3, 4]]]"
BAD_LINES = {
    "no JSON": "not a drawing",
    "cut off": '{"strokes": [[[1, 2], [3',
    "a number": "17",
    "a list": "[[[1, 2]]]",
    "null": "null",
    "no strokes": '{"label": 3}',
    "strokes are null": '{"strokes": null}',
    "strokes are a number": '{"strokes": 5}',
    "strokes are a text": '{"strokes": "abc"}',
    "strokes are an object": '{"strokes": {"a": 1}}',
    "an empty list": '{"strokes": []}',
    "an empty stroke": '{"strokes": [[[1, 2]], []]}',
    "points in 3-D": '{"strokes": [[[1, 2, 3], [4, 5, 6]]]}',
    "points in 1-D": '{"strokes": [[1, 2]]}',
    "uneven points": '{"strokes": [[[1, 2], [3]]]}',
    "points are texts": '{"strokes": [[["a", "b"]]]}',
    "points are null": '{"strokes": [[[null, null]]]}',
    "NaN": '{"strokes": [[[1, NaN]]]}',
    "infinity": '{"strokes": [[[Infinity, 1]]]}',
    "an infinite number": '{"strokes": [[[1e999, 1]]]}',
    "beyond all reason": '{"strokes": [[[1e30, 1]]]}',
    "beyond float32": '{"strokes": [[[1e200, 1]]], "brushes": [56], "erases": [false]}',
    "beyond float64": '{"strokes": [[[1' + "0" * 400 + ", 1]]]}",
    "beyond Python": '{"strokes": [[[1' + "0" * 5000 + ", 1]]]}",
    "too many points": '{"strokes": [[' + "[1, 2]," * 100_000 + "[1, 2]]]}",
    "deep nesting": '{"strokes": ' + "[" * 50_000 + "]" * 50_000 + "}",
    "too few brushes": '{"strokes": [[[1, 2]], [[3, 4]]], "brushes": [56], "erases": [false]}',
    "a brush is a text": f'{{"strokes": {POINTS}, "brushes": ["x"], "erases": [false]}}',
    "a brush is NaN": f'{{"strokes": {POINTS}, "brushes": [NaN], "erases": [false]}}',
    "a brush beyond float64": f'{{"strokes": {POINTS}, "brushes": [1{"0" * 400}], "erases": [0]}}',
    "brushes are a number": f'{{"strokes": {POINTS}, "brushes": 5, "erases": [false]}}',
}


def assert_one_sentence(text: str) -> None:
    assert text.endswith(".")
    assert "\n" not in text
    assert len(text) < 400


@pytest.mark.parametrize("line", BAD_LINES.values(), ids=BAD_LINES.keys())
def test_a_line_that_is_not_a_drawing_is_reported_in_one_sentence_with_its_number(
    tmp_path: Path, line: str
) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"strokes": [[[1, 2]]]}\n' + line + "\n")
    records = read_strokes(path)
    assert next(records).strokes[0].tolist() == [[1, 2]]
    with pytest.raises(StrokeFileError, match=r"bad\.jsonl, line 2") as caught:
        next(records)
    assert_one_sentence(str(caught.value))


def test_a_file_that_cannot_be_read_is_reported_in_one_sentence(tmp_path: Path) -> None:
    binary, huge = tmp_path / "binary.jsonl", tmp_path / "huge.jsonl"
    binary.write_bytes(bytes(range(256)) * 20)
    with huge.open("wb") as file:
        file.truncate(300 * 1024 * 1024)  # sparse: takes no room
    for path in (binary, huge, tmp_path, tmp_path / "missing.jsonl"):
        with pytest.raises(StrokeFileError) as caught:
            list(read_strokes(path))
        assert_one_sentence(str(caught.value))
        assert str(path) in str(caught.value)


def picture() -> Ink:
    ink = blank()
    ink[9, 9] = 1
    return ink


@pytest.mark.parametrize("drawing", [Drawing(), Drawing((), picture())], ids=["blank", "picture"])
def test_a_drawing_without_strokes_is_not_saved_as_strokes(
    tmp_path: Path, drawing: Drawing
) -> None:
    path = tmp_path / "a.jsonl"
    with pytest.raises(StrokeFileError) as caught:
        write_strokes(path, [drawing])
    assert_one_sentence(str(caught.value).replace(": ", " "))
    assert not path.exists()


def test_an_unwritable_path_is_reported_in_one_sentence(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("x")
    with pytest.raises(StrokeFileError) as caught:
        write_strokes(in_the_way / "a.jsonl", [scribble()])
    assert_one_sentence(str(caught.value))


# Limits


def write_line(path: Path, strokes: list[list[list[float]]], **more: object) -> Path:
    path.write_text(json.dumps({"strokes": strokes, **more}) + "\n")
    return path


def pens(count: int, brush: float = DEFAULT_BRUSH) -> dict[str, object]:
    return {"brushes": [brush] * count, "erases": [False] * count}


BACK_AND_FORTH = [[0.0, 0.0], [300.0, 1.0]] * 2_600
MANY_POINTS = [[float(x), 0.0] for x in range(50_001)]
MANY_STROKES = [[[float(x), 0.0]] for x in range(501)]


@pytest.mark.parametrize("own", [False, True], ids=["any units", "pad units"])
@pytest.mark.parametrize(
    ("strokes", "reason"),
    [
        ([BACK_AND_FORTH], "back and forth too often"),
        ([MANY_POINTS], "50,001 points is too large"),
        (MANY_STROKES, "501 strokes and 501 points is too large"),
    ],
    ids=["back and forth", "points", "strokes"],
)
def test_a_drawing_that_would_take_long_to_rasterize_is_refused(
    tmp_path: Path, strokes: list[list[list[float]]], reason: str, own: bool
) -> None:
    more = pens(len(strokes)) if own else {}
    with pytest.raises(StrokeFileError, match=reason) as caught:
        list(read_drawings(write_line(tmp_path / "a.jsonl", strokes, **more)))
    assert_one_sentence(str(caught.value))


def test_a_drawing_at_the_limits_is_read(tmp_path: Path) -> None:
    for strokes in ([BACK_AND_FORTH[:-200]], [MANY_POINTS[:-1]], MANY_STROKES[:-1]):
        (record,) = read_strokes(write_line(tmp_path / "a.jsonl", strokes))
        assert len(record.strokes) == len(strokes)


def test_a_brush_is_kept_within_those_of_the_pad(tmp_path: Path) -> None:
    points = [[[400.0, 400.0]]]
    for brush, expected in ((-5, MIN_BRUSH), (30.5, 30.5), (800, MAX_BRUSH), (1e300, MAX_BRUSH)):
        (drawing,) = read_drawings(write_line(tmp_path / "a.jsonl", points, **pens(1, brush)))
        assert drawing.strokes[0].brush == expected


@pytest.mark.parametrize("strokes", [[BACK_AND_FORTH], [MANY_POINTS], MANY_STROKES, [[[2e6, 0.0]]]])
def test_a_drawing_that_could_not_be_read_again_is_not_written(
    tmp_path: Path, strokes: list[list[list[float]]]
) -> None:
    drawing = Drawing(tuple(Stroke(np.array(s, np.float32)) for s in strokes))
    with pytest.raises(StrokeFileError, match="Save this drawing as PNG"):
        write_strokes(tmp_path / "a.jsonl", [drawing])
    assert not (tmp_path / "a.jsonl").exists()


HUGE = [1e9, 9.99e8, 3.4e38, 3.5e38, 1.7e308, 1e-320, 1e-40]


@pytest.mark.parametrize("own", [False, True], ids=["any units", "pad units"])
@pytest.mark.parametrize("value", [v * sign for v in HUGE for sign in (1, -1)])
def test_no_number_is_too_large_or_too_small_to_be_read_or_refused(
    tmp_path: Path, value: float, own: bool
) -> None:
    strokes = [[[value, 1.0], [1.0, value], [-value, value]], [[5.0, -value]] * 3]
    path = write_line(tmp_path / "a.jsonl", strokes, **(pens(2) if own else {}))
    try:
        (drawing,) = read_drawings(path)
    except StrokeFileError as error:
        assert_one_sentence(str(error))
        assert abs(value) > 1e6
    else:
        sample = preprocess(rasterize(readable(drawing)))
        assert sample is None or np.isfinite(sample).all()


def test_an_endless_line_is_not_parsed(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"label": "' + "x" * 9_000_000 + '", "strokes": [[[1, 2]]]}')
    with pytest.raises(StrokeFileError, match="too long to be a drawing"):
        list(read_strokes(path))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
@pytest.mark.parametrize("suffix", [".jsonl", ".png"])
def test_a_pipe_and_a_device_are_refused_at_once(tmp_path: Path, suffix: str) -> None:
    pipe, link = tmp_path / f"pipe{suffix}", tmp_path / f"zero{suffix}"
    os.mkfifo(pipe)
    link.symlink_to("/dev/zero")
    for path in (pipe, link):
        with pytest.raises(UserError, match="a device or a pipe") as caught:
            list(read_drawings(path))
        assert_one_sentence(str(caught.value))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b'{"label": 1}', "not a drawing"),
        (b'{"strokes": [[[1, "a"]]]}', "not a drawing"),
        (b'{"strokes": [[[1, 1e12]]]}', "a point lies too far away"),
        (b'{"strokes": [[[1, 2]]], "writer": "\xff"}', "a stroke file is text in UTF-8"),
        (b" " * 8_000_001 + b"{}", "the line is too long"),
    ],
    ids=range(5),
)
def test_an_error_names_the_line(tmp_path: Path, line: bytes, words: str) -> None:
    path = tmp_path / "a.jsonl"
    good = b'{"strokes": [[[1, 2]]]}\n'
    # So many lines that the decoder reads the bad one before they are all returned.
    path.write_bytes(good * 50 + b"\n" + line + b"\n" + good)
    with pytest.raises(StrokeFileError, match=f", line 52: {words}"):
        list(read_strokes(path))
    assert [record.line for record in read_strokes_until_error(path)] == list(range(1, 51))


def read_strokes_until_error(path: Path) -> Iterator[StrokeRecord]:
    with contextlib.suppress(StrokeFileError):
        yield from read_strokes(path)


def test_the_content_of_a_file_is_read_as_the_file_is(tmp_path: Path) -> None:
    content = paths.resource("demo-strokes.jsonl").read_bytes()
    assert [r.label for r in read_strokes(content)] == list("0123456789")
    with pytest.raises(StrokeFileError, match=r"^The stroke file, line 1: not a drawing"):
        list(read_strokes(b"{}"))
    with pytest.raises(StrokeFileError, match=r"^Mine, line 1: not a drawing"):
        list(read_strokes(b"{}", "Mine"))
