"""The factory model reads whole numbers."""

import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lenet_desktop import paths
from lenet_desktop.drawing.raster import draw_stroke, rasterize
from lenet_desktop.drawing.stroke_file import read_strokes
from lenet_desktop.drawing.strokes import (
    PAD_SIZE,
    WIDEST,
    Drawing,
    Stroke,
    place,
    place_by_hand,
)
from lenet_desktop.evaluation.numbers import picture_of_number, place_number
from lenet_desktop.inference.decision import Verdict
from lenet_desktop.inference.kind import Kind
from lenet_desktop.inference.numbers import NumberReader, NumberReading
from lenet_desktop.inference.recognizer import Recognizer
from lenet_desktop.models import model_file
from lenet_desktop.models.lenet import LeNet
from lenet_desktop.models.model_card import ModelCard
from lenet_desktop.models.model_file import Model
from written_numbers import DEMO, on_paper, written


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.from_file(paths.factory_model(), "cpu")


@pytest.fixture(scope="module")
def reader(recognizer: Recognizer) -> NumberReader:
    return NumberReader(recognizer)


def read(reader: NumberReader, strokes: tuple[Stroke, ...], **options) -> NumberReading:
    reading = reader.read(Drawing(strokes), **options)
    assert reading is not None
    return reading


@pytest.mark.parametrize("gap", [120, 40, 5])
@pytest.mark.parametrize("text", ["42", "10", "0123456789", "777", "358064", "271828182845"])
def test_numbers_are_read(reader: NumberReader, text: str, gap: float) -> None:
    reading = read(reader, written(text, gap=gap))
    assert reading.text == reading.shown == text
    assert reading.is_sure
    assert 0.5 < reading.probability <= 1
    boxes = [digit.box for digit in reading.digits]
    assert boxes == sorted(boxes)


def test_a_digit_of_a_number_has_all_that_a_prediction_has(reader: NumberReader) -> None:
    strokes = written("45")
    four, five = read(reader, strokes).digits
    assert four.strokes + five.strokes == strokes
    assert four.box[0] == pytest.approx(100)
    assert four.box[1] == pytest.approx(200)
    assert four.box[3] == pytest.approx(600)
    for digit in (four, five):
        assert digit.probabilities.shape == (10,)
        assert digit.probabilities.sum() == pytest.approx(1, abs=1e-5)
        assert digit.sample.shape == (28, 28)
        assert digit.sample.max() > 0.9
        assert 0.9 < digit.share <= 1
        assert digit.verdict is Verdict.DIGIT


@pytest.mark.parametrize("text", ["42", "60", "85"])
def test_digits_that_overlap_are_read(reader: NumberReader, text: str) -> None:
    assert read(reader, written(text, gap=-25)).text == text


@pytest.mark.parametrize("label", DEMO)
def test_one_digit_is_read_as_the_recognizer_reads_it(
    reader: NumberReader, recognizer: Recognizer, label: str
) -> None:
    drawing = place_by_hand(DEMO[label], seed=3)
    alone = recognizer.recognize(drawing)
    assert alone is not None
    for kind in (Kind.AUTO, Kind.DIGIT):
        reading = reader.read(drawing, kind)
        assert reading is not None
        (digit,) = reading.digits
        np.testing.assert_array_equal(digit.probabilities, alone.probabilities)
        np.testing.assert_array_equal(digit.sample, alone.sample)
        assert digit.verdict is alone.verdict
    number = reader.read(drawing, Kind.NUMBER)
    assert number is not None
    assert number.shown == label


def test_a_number_is_one_digit_if_the_user_says_so(reader: NumberReader) -> None:
    assert len(read(reader, written("11"), kind=Kind.DIGIT).digits) == 1


def test_the_reading_does_not_depend_on_place_size_or_brush(reader: NumberReader) -> None:
    strokes = written("5208")
    for scale, brush in ((0.2, 16), (1.0, 120), (3.0, 56)):
        moved = tuple(Stroke(s.points * np.float32(scale) - 50, brush) for s in strokes)
        assert read(reader, moved).shown == "5208"


def test_what_is_known_from_the_last_reading_changes_no_answer(
    recognizer: Recognizer, reader: NumberReader
) -> None:
    strokes = written("4071", gap=40)
    for count in (*range(1, len(strokes) + 1), 2):
        live = read(reader, strokes[:count])
        fresh = read(NumberReader(recognizer), strokes[:count])
        assert live.text == fresh.text
        assert live.probability == pytest.approx(fresh.probability, abs=1e-5)
        for one, other in zip(live.digits, fresh.digits, strict=True):
            assert np.array_equal(one.sample, other.sample)


def test_a_scribble_is_refused_at_its_place(reader: NumberReader) -> None:
    strokes = written("4 2".replace(" ", "8"), gap=150)
    middle = next(i for i in range(len(strokes)) if strokes[i].points[:, 0].min() > 450)
    before = [s for s in strokes if s.points[:, 0].max() < strokes[middle].points[:, 0].min()]
    after = [s for s in strokes if s not in before and s is not strokes[middle]]
    left, right = (float(f(strokes[middle].points[:, 0])) for f in (np.min, np.max))
    # A zigzag in place of the eight.
    zigzag = [(left if i % 2 else right, 200 + 400 * i / 9) for i in range(10)]
    scribble = Stroke(np.array(zigzag, np.float32), 40)
    reading = read(reader, (*before, scribble, *after))
    assert reading.shown == "4 ? 2"
    assert not reading.is_sure


def test_a_erased_digit_is_not_read(reader: NumberReader) -> None:
    strokes = written("47")
    last = strokes[-1].points
    eraser = Stroke(last, 120, erases=True)
    bar = [s for s in strokes if s.points[:, 0].min() >= last[:, 0].min()]
    erasers = [Stroke(s.points, 120, erases=True) for s in bar]
    assert read(reader, (*strokes, eraser, *erasers), kind=Kind.NUMBER).text == "4"


def test_no_ink_gives_no_reading(reader: NumberReader) -> None:
    dot = Stroke(np.array([(400, 400)], np.float32), 40)
    eraser = Stroke(np.array([(400, 400)], np.float32), 120, erases=True)
    for kind in Kind:
        assert reader.read(Drawing(), kind) is None
        assert reader.read(Drawing((dot, eraser)), kind) is None


def test_a_dot_and_a_picture_have_a_reading(reader: NumberReader) -> None:
    dot = Stroke(np.array([(400, 400)], np.float32), 40)
    assert len(read(reader, (dot,)).digits) == 1
    picture = Drawing(picture=rasterize(place(DEMO["3"])))
    reading = reader.read(picture, Kind.NUMBER)
    assert reading is not None
    assert reading.text == "3"


def test_hundreds_of_strokes_are_read_as_one_drawing(reader: NumberReader) -> None:
    strokes = tuple(
        Stroke(np.array([(x, 100), (x + 30, 700)], np.float32), 20) for x in range(0, 800, 4)
    )
    assert len(read(reader, strokes).digits) == 1


@pytest.mark.parametrize("text", ["42", "10", "777", "358064", "271828182845"])
def test_a_number_in_a_picture_is_read(reader: NumberReader, text: str) -> None:
    drawing = Drawing(picture=on_paper(text))
    reading = reader.read(drawing)
    assert reading is not None
    assert reading.text == reading.shown == text
    assert drawing.picture is not None
    for digit in reading.digits:
        left, top, right, bottom = (round(each) for each in digit.ink_box)
        inside = drawing.picture[max(top, 0) : bottom, max(left, 0) : right]
        assert inside.any()
        assert digit.sample.any()
    lefts = [digit.box[0] for digit in reading.digits]
    assert lefts == sorted(lefts)


@pytest.mark.parametrize("kind", [Kind.AUTO, Kind.NUMBER])
@pytest.mark.parametrize("size", [(1, 1), (1, 2), (60, 60), (1, 300), (300, 1)])
def test_a_dot_or_a_bar_in_a_large_picture_takes_little_memory(
    reader: NumberReader, kind: Kind, size: tuple[int, int]
) -> None:
    picture = np.zeros((1500, 1500), np.uint8)
    picture[700 : 700 + size[0], 600 : 600 + size[1]] = 255
    tracemalloc.start()
    reading = reader.read(Drawing(picture=picture), kind)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert reading is not None
    assert len(reading.digits) == 1
    # Once the whole picture was enlarged until the dot was as high as a digit: 20 TB.
    assert peak < 200e6


def test_lines_of_a_picture_are_read_from_top_to_bottom(reader: NumberReader) -> None:
    reading = reader.read(Drawing(picture=on_paper("314", "15", "9265")))
    assert reading is not None
    assert reading.text == "314\n15\n9265"
    assert [len(line) for line in reading.lines] == [3, 2, 4]


@pytest.mark.parametrize("degrees", [-10, 10])
def test_a_slanting_line_of_a_picture_is_read_where_it_lies(
    reader: NumberReader, degrees: float
) -> None:
    slope = np.tan(np.radians(degrees))
    strokes = [
        Stroke(s.points * 0.3 + np.outer(s.points[:, 0], (0, slope * 0.3)) + (60, 300), 14)
        for s in written("31415926")
    ]
    ink = np.zeros((PAD_SIZE, WIDEST), np.uint8)
    for stroke in strokes:
        draw_stroke(ink, replace(stroke, points=stroke.points.astype(np.float32)))
    reading = reader.read(Drawing(picture=ink))
    assert reading is not None
    assert reading.text == "31415926"
    for digit in reading.digits:
        left, top, right, bottom = (round(each) for each in digit.ink_box)
        inside = ink[max(top, 0) : bottom, left:right]
        assert (inside > 127).mean() > 0.08, "the box lies on the digit"
        points = np.concatenate([s.points for s in digit.strokes]).round().astype(int)
        assert (ink[points[:, 1], points[:, 0]] > 127).mean() > 0.9
    middles = [(digit.box[1] + digit.box[3]) / 2 for digit in reading.digits]
    assert abs(middles[-1] - middles[0]) > 70, "it still slants"


@pytest.mark.parametrize("label", DEMO)
def test_a_picture_of_one_digit_is_read_as_the_recognizer_reads_it(
    reader: NumberReader, recognizer: Recognizer, label: str
) -> None:
    drawing = Drawing(picture=rasterize(place(DEMO[label])))
    reading, prediction = reader.read(drawing), recognizer.recognize(drawing)
    assert reading is not None and prediction is not None
    (digit,) = reading.digits
    assert np.array_equal(digit.probabilities, prediction.probabilities)
    assert digit.verdict is prediction.verdict


def test_no_tangle_takes_long_or_is_a_sure_number(reader: NumberReader) -> None:
    random = np.random.default_rng(0)
    noise = (random.random((PAD_SIZE, WIDEST)) < 0.3).astype(np.uint8) * 255
    full = np.full((PAD_SIZE, WIDEST), 255, np.uint8)
    tangle = Stroke(random.uniform(0, 800, (400, 2)).astype(np.float32), 16)
    for ink in (noise, full, rasterize(Drawing((tangle,)))):
        reading = reader.read(Drawing(picture=ink))
        assert reading is not None
        assert not reading.is_sure


def test_a_network_with_other_classes_reads_a_word() -> None:
    classes = ("a", "b", "c")
    torch.manual_seed(0)
    model = Model(LeNet(num_classes=3).eval(), ModelCard(name="abc", classes=classes))
    reading = NumberReader(Recognizer(model, "cpu")).read(Drawing(written("404")), Kind.NUMBER)
    assert reading is not None
    assert set(reading.text) <= set(classes)
    assert reading.digits[0].probabilities.shape == (3,)


def test_a_network_without_a_finite_answer_is_never_sure() -> None:
    class Broken(nn.Module):
        def forward(self, samples: Tensor) -> Tensor:
            return torch.full((len(samples), 10), float("nan"))

    model = Model(Broken(), model_file.load(paths.factory_model()).card)
    reading = NumberReader(Recognizer(model, "cpu")).read(Drawing(written("42")), Kind.NUMBER)
    assert reading is not None
    assert not reading.is_sure


def test_real_peoples_numbers(reader: NumberReader, shared_pen: Path) -> None:
    records = list(read_strokes(shared_pen / "numbers-validation.jsonl"))[::8]
    right = 0
    for number, record in enumerate(records):
        reading = reader.read(place_number(record.strokes, number), Kind.NUMBER)
        right += reading is not None and reading.text == record.label
    assert right >= 0.95 * len(records)


def test_real_peoples_single_digits_stay_single(
    reader: NumberReader, recognizer: Recognizer, shared_pen: Path
) -> None:
    records = list(read_strokes(shared_pen / "unipen-validation.jsonl"))[::8]
    several = 0
    for number, record in enumerate(records):
        reading = reader.read(place_by_hand(record.strokes, number))
        several += reading is None or len(reading.digits) > 1
    assert several == 0


def test_real_peoples_numbers_in_pictures(reader: NumberReader, shared_pen: Path) -> None:
    records = list(read_strokes(shared_pen / "numbers-validation.jsonl"))[::16]
    right = 0
    for number, record in enumerate(records):
        drawing = Drawing(picture=picture_of_number(record.strokes, number))
        reading = reader.read(drawing, Kind.NUMBER)
        right += reading is not None and reading.text == record.label
    assert right >= 0.9 * len(records)
