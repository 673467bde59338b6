"""The factory model reads whole numbers."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lenet_desktop import paths
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.stroke_file import read_strokes
from lenet_desktop.drawing.strokes import Drawing, Stroke, place, place_by_hand
from lenet_desktop.evaluation.numbers import place_number
from lenet_desktop.inference.decision import Verdict
from lenet_desktop.inference.kind import Kind
from lenet_desktop.inference.numbers import NumberReader, NumberReading
from lenet_desktop.inference.recognizer import Recognizer
from lenet_desktop.models import model_file
from lenet_desktop.models.lenet import LeNet
from lenet_desktop.models.model_card import ModelCard
from lenet_desktop.models.model_file import Model
from written_numbers import DEMO, written


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


def test_samples_may_come_from_elsewhere(reader: NumberReader) -> None:
    seven = reader.read(Drawing(written("7")), Kind.NUMBER)
    assert seven is not None
    sample = seven.digits[0].sample
    reading = read(reader, written("111", gap=150), kind=Kind.NUMBER, sample_of=lambda _: sample)
    assert set(reading.text) == {"7"}
    nothing = read(reader, written("11", gap=150), kind=Kind.NUMBER, sample_of=lambda _: None)
    assert not nothing.is_sure


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
