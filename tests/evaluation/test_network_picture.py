"""The picture of a network shows the real network's values, for every network and class set."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from lenet_desktop import paths
from lenet_desktop.data.starter import starter_digits
from lenet_desktop.drawing.picture import PictureError
from lenet_desktop.drawing.preprocess import Sample
from lenet_desktop.evaluation import network_picture as module
from lenet_desktop.evaluation.network_picture import (
    SIZE,
    layer_columns,
    network_picture,
    shown_name,
    write_network_picture,
)
from lenet_desktop.evaluation.value_colours import NEGATIVE, POSITIVE, coloured, coloured_ink
from lenet_desktop.inference.inside.attribution import Attribution, Method
from lenet_desktop.inference.inside.reading import InsideReading
from lenet_desktop.inference.recognizer import Recognizer
from model_files import random_model
from small_models import LETTERS

pytestmark = pytest.mark.usefixtures("one_thread")

FASHION = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Ankle boot")
NETWORKS = {
    "factory": lambda: Recognizer.from_file(paths.factory_model(), "cpu"),
    "batch norm": lambda: a_recognizer("lenet-variant", options={"batch_norm": True}),
    "dropout": lambda: a_recognizer("lenet-variant", options={"dropout": 0.5}),
    "residual": lambda: a_recognizer("residual"),
    "26 classes": lambda: a_recognizer("lenet", classes=LETTERS),
    "words": lambda: a_recognizer("lenet", classes=FASHION),
    "two classes": lambda: a_recognizer("residual", classes=("yes", "no")),
}


def a_recognizer(architecture: str, **card: object) -> Recognizer:
    return Recognizer(random_model(architecture=architecture, **card), "cpu")


@pytest.fixture(scope="module")
def sample() -> Sample:
    """Return a handwritten 4."""
    test = starter_digits().test
    image = test.images[list(test.names).index("4")].numpy()
    return image.astype(np.float32) / np.float32(255)


def attribution_of(target: int, method: Method = Method.SHAPLEY) -> Attribution:
    """Return an attribution with a value of its own for each pixel."""
    values = np.linspace(-0.5, 1, 784, dtype=np.float32).reshape(28, 28)
    return Attribution(method, target, values, 0.5)


def pixels_of(reading: InsideReading, target: int = 0, title: str = "four.png") -> NDArray:
    return np.asarray(network_picture(reading, attribution_of(target), title, "a model"))


def square(pixels: NDArray, left: int, top: int, side: int, values: int) -> NDArray:
    """Return the colour in the middle of each value of a square, (values, values, 3)."""
    step = side // values
    places = np.arange(values) * step + step // 2
    return pixels[top + places[:, np.newaxis], left + places]


@pytest.mark.parametrize("name", NETWORKS)
def test_every_map_and_neuron_has_the_colours_of_its_values(name: str, sample: Sample) -> None:
    recognizer = NETWORKS[name]()
    reading = recognizer.read_inside(sample)
    pixels = pixels_of(reading)
    assert pixels.shape == (SIZE[1], SIZE[0], 3)
    logits = recognizer.logits(sample[np.newaxis])[0]
    np.testing.assert_allclose(reading.values[-1], logits, rtol=0, atol=1e-6)
    rows = layer_columns(reading.layers)
    columns = [column for row in rows for column in row]
    assert [column.layer for column in columns] == list(range(1, len(reading.layers) - 1))
    for column in columns:
        values = reading.values[column.layer]
        largest = float(np.abs(values).max())
        for number, each in enumerate(values):
            one = np.atleast_2d(each)
            left, top = column.place(number)
            shown = square(pixels, left, top, column.side, len(one))
            np.testing.assert_array_equal(shown, coloured(one, largest))


@pytest.mark.parametrize("name", NETWORKS)
def test_nothing_lies_over_anything_else(name: str, sample: Sample) -> None:
    layers = NETWORKS[name]().read_inside(sample).layers
    right, bottom = 0.0, 0
    for row in layer_columns(layers):
        assert min(column.caption_top for column in row) > bottom
        right = 0.0
        for column in row:
            assert column.space > 20
            assert column.left > right
            last = layers[column.layer].shape[0] - 1
            places = [column.place(number) for number in range(last + 1)]
            assert len(set(places)) == last + 1
            assert min(top for _, top in places) > column.caption_top + 4 * 30
            right = column.left + column.width
            assert max(left for left, _ in places) + column.side <= right
            bottom = max(bottom, max(top for _, top in places) + column.side)
        assert right < SIZE[0] - 700
    assert bottom < SIZE[1] - 100


def places_of(pixels: NDArray, expected: NDArray, side: int) -> list[tuple[int, int]]:
    """Return where a picture of (N, N, 3) colours is, enlarged to this side."""
    large = expected.repeat(side // len(expected), axis=0).repeat(side // len(expected), axis=1)
    windows = np.lib.stride_tricks.sliding_window_view(pixels, (1, side, 3))[:, :, 0]
    # The first row that is not all white tells where it may be.
    first = int(np.argmax((large != 255).any(axis=(1, 2))))
    rows, columns = np.nonzero((windows[:, ::2, 0, ::20] == large[first, ::20]).all(axis=(2, 3)))
    found = [(column * 2, row - first) for row, column in zip(rows, columns, strict=True)]
    return [
        (left, top)
        for left, top in found
        if np.array_equal(pixels[top : top + side, left : left + side], large)
    ]


def test_the_sample_and_the_attribution_over_it_are_shown_once(sample: Sample) -> None:
    reading = NETWORKS["factory"]().read_inside(sample)
    pixels = pixels_of(reading, 4)[:, :600]
    ink = (255 - sample * 255).round().astype(np.uint8)[..., np.newaxis].repeat(3, axis=2)
    ((left, top),) = places_of(pixels, ink, 420)
    over = coloured_ink(attribution_of(4).values, sample)
    ((same_left, below),) = places_of(pixels, over, 420)
    assert left == same_left
    assert below > top + 420
    darkest = np.unravel_index(sample.argmax(), sample.shape)
    gray = coloured_ink(np.zeros((28, 28), np.float32), sample)
    assert gray[darkest].max() < 210, "the ink is seen through the colours"
    assert (gray[0, 0] == 255).all()


def test_bars_are_as_long_as_the_probabilities(sample: Sample) -> None:
    reading = NETWORKS["words"]().read_inside(sample)
    pixels = pixels_of(reading)
    track = (pixels == tuple(bytes.fromhex(module._TRACK[1:]))).all(axis=2)
    rows = np.flatnonzero(track.any(axis=1))
    bars = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1)
    assert len(bars) == len(FASHION)
    right = int(np.flatnonzero(track.any(axis=0))[-1])
    for bar, probability in zip(bars, reading.prediction.probabilities, strict=True):
        row = pixels[bar[len(bar) // 2], : right + 1]
        empty = int(track[bar[len(bar) // 2]].sum())
        paper = (row == 255).all(axis=1)
        whole = right - int(np.flatnonzero(paper)[-1])
        assert (whole - empty) / whole == pytest.approx(probability, abs=0.01)


def test_logits_have_bars_to_both_sides(sample: Sample) -> None:
    reading = NETWORKS["26 classes"]().read_inside(sample)
    logits = reading.values[-1]
    assert logits.min() < 0 < logits.max()
    pixels = pixels_of(reading)[300:1640, 2460:2900]
    lengths = {}
    for colour in (NEGATIVE, POSITIVE):
        lengths[colour] = (pixels == tuple(bytes.fromhex(colour[1:]))).all(axis=2).sum(axis=1).max()
    ratio = -logits.min() / logits.max()
    assert lengths[NEGATIVE] / lengths[POSITIVE] == pytest.approx(ratio, rel=0.1)


def test_the_answer_and_its_verdict_are_in_the_picture(sample: Sample) -> None:
    recognizer = NETWORKS["factory"]()
    sure = recognizer.read_inside(sample)
    assert sure.prediction.is_sure
    refused = recognizer.read_inside(np.random.default_rng(1).random((28, 28), np.float32))
    assert refused.prediction.description == "not a digit"
    corner = slice(0, 300), slice(2450, SIZE[0])
    answers = [pixels_of(each)[corner] for each in (sure, refused)]
    # A sure answer is written in the darkest colour, a refused one is not.
    darkest = np.array(tuple(bytes.fromhex(module._TEXT[1:])))
    assert [bool((each == darkest).all(axis=2).any()) for each in answers] == [True, False]
    same = pixels_of(sure, title="another title")[corner]
    np.testing.assert_array_equal(same, answers[0])


def test_why_and_why_not_differ(sample: Sample) -> None:
    reading = NETWORKS["factory"]().read_inside(sample)
    assert reading.prediction.best_class == "4"
    why, why_not, other = (pixels_of(reading, target) for target in (4, 9, 7))
    assert not np.array_equal(why, why_not)
    assert not np.array_equal(why_not, other)
    assert np.array_equal(why[:, 600:], why_not[:, 600:])


def test_each_method_is_explained(sample: Sample) -> None:
    reading = NETWORKS["factory"]().read_inside(sample)
    below = {}
    for method in Method:
        picture = network_picture(reading, attribution_of(4, method), "a", "b")
        below[method] = np.asarray(picture)[1500:1760, 60:540].tobytes()
    assert len(set(below.values())) == len(Method)


def test_the_file_is_the_same_each_time(tmp_path: Path, sample: Sample) -> None:
    files = [tmp_path / name for name in ("a.png", "b.png")]
    for file in files:
        reading = NETWORKS["residual"]().read_inside(sample)
        write_network_picture(file, network_picture(reading, attribution_of(1), "a", "b"))
    assert files[0].read_bytes() == files[1].read_bytes()
    with Image.open(files[0]) as picture:
        assert (picture.format, picture.mode, picture.size) == ("PNG", "RGB", SIZE)
        picture.load()
    assert sorted(tmp_path.glob("*.png*")) == files


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("W" * 2_000_000, id="longer than Pillow takes"),
        pytest.param("a word " * 50, id="many words"),
        pytest.param("é", id="accent"),
        pytest.param("数字", id="Chinese"),
        pytest.param("\ud83d", id="half a surrogate pair"),
        pytest.param("\x00\x1b[31m\u202e", id="control characters"),
        pytest.param("\u200d", id="a joiner alone"),
        pytest.param(" ", id="blank"),
    ],
)
def test_no_name_breaks_the_picture(name: str, sample: Sample) -> None:
    plain = a_recognizer("lenet", classes=("A", "B")).read_inside(sample)
    best = int(plain.prediction.probabilities.argmax())
    names = ("A", name) if best else (name, "B")
    reading = a_recognizer("lenet", classes=names).read_inside(sample)
    assert reading.prediction.best_class == name
    assert shown_name(names, best).strip()
    pixels = pixels_of(reading, best, title=name)
    # The layers are where they were, and the margins are empty.
    np.testing.assert_array_equal(
        pixels[310:1640, 560:2400], pixels_of(plain, best)[310:1640, 560:2400]
    )
    for edge in (pixels[:20], pixels[-20:], pixels[:, :40], pixels[:, -40:]):
        assert (edge == 255).all()


def test_a_hundred_classes_leave_out_the_unlikely_but_not_the_chosen(sample: Sample) -> None:
    classes = tuple(f"class {number}" for number in range(100))
    reading = a_recognizer("lenet", classes=classes).read_inside(sample)
    lowest = int(reading.values[-1].argmin())
    shown = module._shown_classes(reading.values[-1], lowest)
    assert len(shown) == 30
    assert shown == sorted(shown)
    assert {lowest, int(reading.values[-1].argmax())} <= set(shown)
    assert (pixels_of(reading, lowest)[1660:1700, 2450:] == 255).all()


@pytest.mark.parametrize("place", ["file/below.png", "folder"])
def test_an_unwritable_file_is_reported_in_one_sentence(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(PictureError, match=r"cannot be written: .*\.$"):
        write_network_picture(tmp_path / place, Image.new("RGB", (2, 2)))
    assert not (tmp_path / "file").read_bytes()
