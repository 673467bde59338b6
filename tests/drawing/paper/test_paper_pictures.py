"""Made-up photographs, scans and screenshots of every kind are read by the real network."""

import pytest

from lenet_desktop import paths
from lenet_desktop.drawing.picture import PictureError, read_picture
from lenet_desktop.drawing.strokes import Drawing
from lenet_desktop.inference.numbers import NumberReader
from lenet_desktop.inference.recognizer import Recognizer
from paper.kinds import KINDS, picture
from paper.no_drawings import NO_DRAWINGS, no_drawing
from written_numbers import DEMO


@pytest.fixture(scope="module")
def reader() -> NumberReader:
    return NumberReader(Recognizer.from_file(paths.factory_model(), "cpu"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_digit_is_read_in_a_picture_of_each_kind(kind: str, reader: NumberReader) -> None:
    label = str(list(KINDS).index(kind) % 10)
    ink = read_picture(picture(kind, DEMO[label], seed=3))
    reading = reader.read(Drawing(picture=ink))
    assert reading is not None
    assert reading.text == label


@pytest.mark.parametrize("kind", NO_DRAWINGS)
def test_a_picture_without_a_drawing_is_refused_in_one_sentence(kind: str) -> None:
    with pytest.raises(PictureError, match=r"^The picture (holds no ink|shows no drawing): .*\.$"):
        read_picture(no_drawing(kind, seed=4))


def test_the_same_seed_makes_the_same_picture() -> None:
    assert picture("tight", DEMO["3"], 5) == picture("tight", DEMO["3"], 5)
    assert picture("tight", DEMO["3"], 5) != picture("tight", DEMO["3"], 6)
