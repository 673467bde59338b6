"""Made-up photographs and screenshots of many kinds are read by the real network."""

import pytest

from lenet_desktop import paths
from lenet_desktop.drawing.picture import PictureError, read_picture
from lenet_desktop.drawing.strokes import Drawing
from lenet_desktop.inference.numbers import NumberReader
from lenet_desktop.inference.recognizer import Recognizer
from paper.kinds import picture
from paper.no_drawings import no_drawing
from written_numbers import DEMO


@pytest.fixture(scope="module")
def reader() -> NumberReader:
    return NumberReader(Recognizer.from_file(paths.factory_model(), "cpu"))


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("pencil", "3"),
        ("shadow", "4"),
        ("chalk", "6"),
        ("squared", "2"),
        ("boxed", "5"),
        ("framed", "8"),
        ("desk", "7"),
        ("thick", "9"),
        ("screen", "0"),
    ],
)
def test_a_digit_is_read_in_a_picture(kind: str, label: str, reader: NumberReader) -> None:
    ink = read_picture(picture(kind, DEMO[label], seed=3))
    reading = reader.read(Drawing(picture=ink))
    assert reading is not None
    assert reading.text == label


@pytest.mark.parametrize("kind", ["hand", "grey area", "texture"])
def test_a_picture_without_a_drawing_is_refused_in_one_sentence(kind: str) -> None:
    with pytest.raises(PictureError, match=r"^The picture (holds no ink|shows no drawing): .*\.$"):
        read_picture(no_drawing(kind, seed=4))


def test_the_same_seed_makes_the_same_picture() -> None:
    assert picture("tight", DEMO["3"], 5) == picture("tight", DEMO["3"], 5)
    assert picture("tight", DEMO["3"], 5) != picture("tight", DEMO["3"], 6)
