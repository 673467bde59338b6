"""The brush leaves no gaps, tells what it changed, and stroke files give drawings back."""

import json
from pathlib import Path

import numpy as np
import pytest

from lenet_desktop import paths
from lenet_desktop.drawing.raster import blank, draw_line, draw_stroke, rasterize, unite
from lenet_desktop.drawing.stroke_file import StrokeFileError, read_strokes, write_strokes
from lenet_desktop.drawing.strokes import (
    DEFAULT_BRUSH,
    MAX_BRUSH,
    MIN_BRUSH,
    PAD_SIZE,
    Drawing,
    Ink,
    Rect,
    Stroke,
    place,
    place_by_hand,
)

BRUSHES = [16, 33, DEFAULT_BRUSH, 120]


def stroke(*points: tuple[float, float], brush: float = DEFAULT_BRUSH, erases: bool = False):
    return Stroke(np.array(points, np.float32), brush, erases)


def distance_to_line(start: tuple[float, float], end: tuple[float, float]) -> np.ndarray:
    """Give the distance of each pixel's middle to a line, worked out in another way."""
    middles = np.arange(PAD_SIZE) + 0.5
    x, y = np.meshgrid(middles, middles)
    pixels = (x + 1j * y).ravel()
    a, b = complex(*start), complex(*end)
    if a == b:
        return np.abs(pixels - a).reshape(x.shape)
    turned = (pixels - a) * np.conj(b - a) / abs(b - a)
    beyond = np.maximum(np.maximum(-turned.real, turned.real - abs(b - a)), 0)
    return np.hypot(beyond, turned.imag).reshape(x.shape)


# The brush


@pytest.mark.parametrize("brush", BRUSHES)
def test_a_tap_leaves_a_round_dot_of_the_brushs_diameter(brush: int) -> None:
    ink = blank()
    draw_line(ink, (400, 300), (400, 300), brush)
    assert ink.sum() / 255 == pytest.approx(np.pi * (brush / 2) ** 2, rel=0.01)
    assert (ink[300] > 127).sum() == (ink[:, 400] > 127).sum() == pytest.approx(brush, abs=1)
    assert np.array_equal(ink, ink[:, ::-1]), "x = 400 is the pad's middle: the dot is symmetric"


@pytest.mark.parametrize("brush", BRUSHES)
@pytest.mark.parametrize(
    ("start", "end"),
    [
        ((20, 700), (780, 90)),
        ((100, 100), (100, 700)),
        ((90, 400.25), (710, 400.25)),
        ((401.3, 250.7), (402.1, 251.9)),
        ((-300, 400), (1200, 500)),
    ],
)
def test_a_jump_of_any_length_is_a_line_without_gaps(
    start: tuple[float, float], end: tuple[float, float], brush: int
) -> None:
    ink = blank()
    draw_line(ink, start, end, brush)
    distance = distance_to_line(start, end)
    assert (ink[distance <= brush / 2 - 0.51] == 255).all(), "full ink inside"
    assert (ink[distance >= brush / 2 + 0.51] == 0).all(), "bare paper outside"
    expected = np.clip(brush / 2 + 0.5 - distance, 0, 1) * 255
    assert np.abs(ink - expected).max() <= 1, "the rim falls off over one unit"


def test_one_jump_and_many_small_steps_leave_the_same_ink() -> None:
    jump, steps = blank(), blank()
    draw_stroke(jump, stroke((100, 150), (700, 450)))
    draw_stroke(steps, stroke(*np.linspace((100, 150), (700, 450), 97)))
    assert np.abs(jump.astype(int) - steps).max() <= 1


def test_a_corner_is_joined() -> None:
    ink = blank()
    corner = (400, 400)
    draw_stroke(ink, stroke((100, 100), corner, (700, 100)))
    assert (ink[distance_to_line(corner, corner) <= DEFAULT_BRUSH / 2 - 0.51] == 255).all()


def test_ink_never_grows_beyond_full_and_the_eraser_takes_it_away() -> None:
    ink = blank()
    draw_stroke(ink, stroke((200, 200), (600, 600)))
    once = ink.copy()
    draw_stroke(ink, stroke((200, 200), (600, 600)))
    assert np.array_equal(ink, once)
    draw_stroke(ink, stroke((200, 200), (600, 600), brush=DEFAULT_BRUSH + 2, erases=True))
    assert not ink.any()


@pytest.mark.parametrize("brush", [MIN_BRUSH, DEFAULT_BRUSH, MAX_BRUSH])
def test_a_stroke_erased_along_its_own_way_leaves_nothing(brush: int) -> None:
    points = np.array([[120.3, 100.7], [230, 300.5], [200, 520]], np.float32)
    ink = blank()
    draw_stroke(ink, Stroke(points, brush))
    draw_stroke(ink, Stroke(points, brush, erases=True))
    assert not ink.any()


def test_what_was_erased_does_not_shift_the_digit_that_stays() -> None:
    digit = place([np.array([[0, 0], [0, 9], [3, 9]], np.float32)], height=0.5, centre=(0.3, 0.5))
    stray = np.array([[700, 60], [760, 700]], np.float32)
    erased = Drawing((*digit.strokes, Stroke(stray), Stroke(stray, erases=True)))
    assert np.array_equal(rasterize(erased), rasterize(digit))


def test_the_eraser_takes_only_what_it_touches() -> None:
    ink = blank()
    draw_stroke(ink, stroke((100, 400), (700, 400)))
    before = ink.copy()
    left, top, right, bottom = draw_stroke(ink, stroke((400, 400), erases=True))
    assert not ink[400, 375:425].any()
    before[top:bottom, left:right] = ink[top:bottom, left:right]
    assert np.array_equal(ink, before)


@pytest.mark.parametrize("margin", [62, -150], ids=["inside", "over the rim"])
@pytest.mark.parametrize("erases", [False, True], ids=["draws", "erases"])
def test_the_rectangle_it_gives_holds_all_that_changed(erases: bool, margin: int) -> None:
    random = np.random.default_rng(1)
    before = np.full((PAD_SIZE, PAD_SIZE), 255 if erases else 0, np.uint8)
    for _ in range(60):
        ink = before.copy()
        start, end = random.uniform(margin, PAD_SIZE - margin, (2, 2))
        left, top, right, bottom = draw_line(ink, start, end, random.integers(16, 120), erases)
        assert 0 <= left <= right <= PAD_SIZE
        assert 0 <= top <= bottom <= PAD_SIZE
        changed = ink != before
        inside = changed[top:bottom, left:right]
        assert inside.sum() == changed.sum()
        if margin > 0:
            assert min(side.any() for side in (inside[:2], inside[-2:])), "and hardly more"
            assert min(side.any() for side in (inside[:, :2], inside[:, -2:])), "and hardly more"


@pytest.mark.parametrize(
    "outside", [(-500, 400), (1300, 400), (400, -500), (400, 1300), (-1e6, -1e6), (1e6, 5)]
)
def test_what_lies_outside_of_the_pad_changes_nothing(outside: tuple[float, float]) -> None:
    ink = blank()
    left, top, right, bottom = draw_line(ink, outside, outside, DEFAULT_BRUSH)
    assert left >= right or top >= bottom
    assert not ink.any()


def test_a_stroke_may_leave_the_pad_and_come_back() -> None:
    ink = blank()
    draw_stroke(ink, stroke((700, 400), (1000, 400), (1000, 100), (700, 100)))
    assert ink[400, 700:].min() == ink[100, 700:].min() == 255
    assert not ink[200:300].any()


@pytest.mark.parametrize(
    ("a", "b", "both"),
    [
        ((1, 2, 3, 4), (5, 0, 6, 3), (1, 0, 6, 4)),
        ((0, 0, 0, 0), (5, 6, 7, 8), (5, 6, 7, 8)),
        ((5, 6, 7, 8), (9, 9, 20, 9), (5, 6, 7, 8)),
    ],
)
def test_rectangles_unite(a: Rect, b: Rect, both: Rect) -> None:
    assert unite(a, b) == both


# Drawings and where they are placed


def test_a_drawing_is_its_strokes_over_its_picture_which_stays_as_it_was() -> None:
    picture = blank()
    picture[:100] = 200
    drawing = Drawing((stroke((400, 400)), stroke((50, 50), erases=True)), picture)
    ink = rasterize(drawing)
    assert ink[400, 400] == 255
    assert ink[50, 50] == 0
    assert ink[10, 700] == 200
    assert (picture[:100] == 200).all()


def box_of(drawing: Drawing) -> np.ndarray:
    points = np.concatenate([s.points for s in drawing.strokes])
    return np.stack([points.min(axis=0), points.max(axis=0)]) / PAD_SIZE


@pytest.mark.parametrize("factor", [0.001, 1, 3000])
def test_strokes_of_any_device_keep_their_proportions(factor: float) -> None:
    strokes = [np.array([[7, 9], [27, 9]], np.float32) * factor, np.array([[17, 49]]) * factor]
    low, high = box_of(place(strokes, height=0.6, centre=(0.4, 0.55)))
    assert (high - low).tolist() == pytest.approx([0.3, 0.6], abs=1e-4)
    assert ((high + low) / 2).tolist() == pytest.approx([0.4, 0.55], abs=1e-4)


def test_wide_strokes_fill_no_more_than_four_fifths_of_the_pad() -> None:
    low, high = box_of(place([np.array([[0, 0], [100, 10]], np.float32)], height=0.7))
    assert (high - low).tolist() == pytest.approx([0.8, 0.08], abs=1e-4)


@pytest.mark.parametrize("points", [[[5, 5]], [[5, 5], [5, 5]]], ids=["tap", "standing still"])
def test_a_single_dot_is_placed_in_the_middle(points: list[list[float]]) -> None:
    ink = rasterize(place([np.array(points, np.float32)]))
    assert ink.sum() / 255 == pytest.approx(np.pi * (DEFAULT_BRUSH / 2) ** 2, rel=0.01)
    assert ink[PAD_SIZE // 2, PAD_SIZE // 2] == 255


def test_placed_by_hand_is_60_to_80_percent_high_near_the_middle_and_the_same_each_time() -> None:
    strokes = [np.array([[0, 0], [3, 10]], np.float32)]
    boxes = [box_of(place_by_hand(strokes, seed)) for seed in range(50)]
    heights = [float(high[1] - low[1]) for low, high in boxes]
    middles = np.stack([(low + high) / 2 for low, high in boxes])
    assert min(heights) >= 0.6
    assert max(heights) <= 0.8
    assert max(heights) - min(heights) > 0.1
    assert np.abs(middles - 0.5).max() <= 0.0501
    assert np.ptp(middles, axis=0).min() > 0.05
    assert np.array_equal(box_of(place_by_hand(strokes, 7)), boxes[7])


# Stroke files


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
    drawings = [scribble(), Drawing((stroke((3, 4)),))]
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
        assert np.array_equal(rasterize(record.drawing), rasterize(drawing))


def test_a_drawing_between_the_units_comes_back_to_a_hundredth_of_a_unit(tmp_path: Path) -> None:
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
def test_a_line_that_is_no_drawing_gets_one_sentence_that_names_it(
    tmp_path: Path, line: str
) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"strokes": [[[1, 2]]]}\n' + line + "\n")
    records = read_strokes(path)
    assert next(records).strokes[0].tolist() == [[1, 2]]
    with pytest.raises(StrokeFileError, match=r"bad\.jsonl, line 2") as caught:
        next(records)
    assert_one_sentence(str(caught.value))


def test_a_file_that_cannot_be_read_gets_one_sentence(tmp_path: Path) -> None:
    binary, huge = tmp_path / "binary.jsonl", tmp_path / "huge.jsonl"
    binary.write_bytes(bytes(range(256)) * 20)
    with huge.open("wb") as file:
        file.truncate(300 * 1024 * 1024)  # sparse: takes no room
    for path in (binary, huge, tmp_path, tmp_path / "missing.jsonl"):
        with pytest.raises(StrokeFileError) as caught:
            list(read_strokes(path))
        assert_one_sentence(str(caught.value))
        assert str(path) in str(caught.value)


@pytest.mark.parametrize("brush", [-5, 0, 1e9])
def test_a_brush_that_no_hand_could_hold_is_kept_within_the_pad(
    tmp_path: Path, brush: float
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"strokes": [[[400, 400]]], "brushes": [brush], "erases": [False]}))
    (record,) = read_strokes(path)
    assert record.drawing is not None
    assert rasterize(record.drawing).any()
    assert 1 <= record.drawing.strokes[0].brush <= PAD_SIZE


def picture() -> Ink:
    ink = blank()
    ink[9, 9] = 1
    return ink


@pytest.mark.parametrize("drawing", [Drawing(), Drawing((), picture())], ids=["blank", "picture"])
def test_what_has_no_strokes_is_not_saved_as_strokes(tmp_path: Path, drawing: Drawing) -> None:
    path = tmp_path / "a.jsonl"
    with pytest.raises(StrokeFileError) as caught:
        write_strokes(path, [drawing])
    assert_one_sentence(str(caught.value).replace(": ", " "))
    assert not path.exists()


def test_a_place_that_cannot_be_written_to_gets_one_sentence(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("x")
    with pytest.raises(StrokeFileError) as caught:
        write_strokes(in_the_way / "a.jsonl", [scribble()])
    assert_one_sentence(str(caught.value))
