"""How well a model reads is counted rightly, on samples and on pen strokes."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from lenet_desktop import paths
from lenet_desktop.data.stroke_samples import samples_of_strokes
from lenet_desktop.drawing.picture import PictureError
from lenet_desktop.drawing.preprocess import preprocess
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.stroke_file import StrokeFileError, read_strokes
from lenet_desktop.drawing.strokes import place_by_hand
from lenet_desktop.evaluation.contact_sheet import write_contact_sheet
from lenet_desktop.evaluation.metrics import Evaluation, evaluate, interval, logits_of
from lenet_desktop.inference.decision import decide
from lenet_desktop.models import model_file
from lenet_desktop.models.model_card import ModelCard
from lenet_desktop.models.model_file import Model

DEMO = paths.resource("demo-strokes.jsonl")
CLASSES = ("zero", "one", "two")


class _ReadsTheCorner(nn.Module):
    """Says the class whose number is written, as tenths, in the first pixel."""

    def __init__(self, wrong: int = -1) -> None:
        super().__init__()
        self.wrong = wrong

    def forward(self, samples: Tensor) -> Tensor:
        numbers = (samples[:, 0, 0, 0] * 10).round().long()
        numbers = torch.where(numbers == self.wrong, 0, numbers)
        return nn.functional.one_hot(numbers, len(CLASSES)).float() * 4


def a_model(wrong: int = -1) -> Model:
    return Model(_ReadsTheCorner(wrong), ModelCard("a", classes=CLASSES))


def samples(*numbers: int) -> np.ndarray:
    result = np.zeros((len(numbers), 28, 28), np.float32)
    result[:, 0, 0] = np.array(numbers) / 10
    return result


def test_rows_are_what_was_meant_and_columns_what_was_read() -> None:
    result = evaluate(a_model(), samples(0, 0, 1, 2, 2), ["zero", "one", "one", "one", "zero"])
    assert result.confusion.tolist() == [[1, 0, 1], [1, 1, 1], [0, 0, 0]]
    assert result.count == 5
    assert result.accuracy == pytest.approx(2 / 5)
    assert result.per_class == {"zero": 0.5, "one": pytest.approx(1 / 3), "two": None}


def test_more_samples_than_one_batch_keep_their_order() -> None:
    numbers = np.random.default_rng(0).integers(0, 3, 2345)
    assert logits_of(a_model(), samples(*numbers)).argmax(axis=1).tolist() == numbers.tolist()
    assert evaluate(a_model(), samples(*numbers), [CLASSES[n] for n in numbers]).accuracy == 1


def test_what_is_no_digit_ought_to_be_refused_and_counts_in_nothing_else() -> None:
    card = ModelCard("a", classes=CLASSES, min_probability=0.9)
    sure = Model(_ReadsTheCorner(), card)
    result = evaluate(sure, samples(0, 1, 2), ["zero", "letter", "one"])
    assert (result.count, result.others) == (2, 1)
    assert result.accuracy == 0.5
    assert result.others_refused_share == 0
    unsure = Model(_ReadsTheCorner(), ModelCard("a", classes=CLASSES, min_probability=0.99))
    result = evaluate(unsure, samples(0, 1, 2), ["zero", "letter", "one"])
    assert (result.refused_share, result.others_refused_share) == (1, 1)
    # The nearest guess counts, refused or not.
    assert result.accuracy == 0.5
    assert result.accuracy_answered == 0


def test_a_high_energy_is_no_digit() -> None:
    # One-hot logits of 4, 0, 0 have an energy of -log(e^4 + 2), about -4.04.
    for limit, refused in ((-4.0, False), (-4.1, True)):
        model = Model(_ReadsTheCorner(), ModelCard("a", classes=CLASSES, max_energy=limit))
        assert evaluate(model, samples(0), ["zero"]).refused.tolist() == [refused]
    verdicts = decide(logits_of(model, samples(0)), model.card).verdicts
    assert verdicts == ("not a digit",)


def test_calibration_is_the_gap_between_probability_and_accuracy() -> None:
    # Always 96.5 % sure, right three times of four.
    result = evaluate(a_model(), samples(0, 1, 2, 2), ["zero", "one", "two", "one"])
    sure = np.exp(4) / (np.exp(4) + 2)
    assert result.ece == pytest.approx(sure - 0.75, abs=1e-6)


def test_the_worst_writers_come_first() -> None:
    labels = ["zero", "one", "two", "zero", "zero"]
    writers = ["ann", "ann", "bob", "cid", ""]
    result = evaluate(a_model(), samples(0, 0, 0, 0, 1), labels, writers)
    assert result.worst_writers == [("bob", 0, 1), ("ann", 1, 2), ("cid", 1, 1)]


def test_the_contact_sheet_shows_the_mistakes(tmp_path: Path) -> None:
    shown = samples(0, 0, 1)
    result = evaluate(a_model(), shown, ["zero", "one", "letter"])
    assert write_contact_sheet(tmp_path / "sheet.png", result, shown) == 2
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size[0] > 500
        assert np.asarray(sheet).min() < 100
    with pytest.raises(PictureError):
        write_contact_sheet(tmp_path / "sheet.png" / "below.png", result, shown)


def test_it_goes_into_json_and_holds_what_was_promised() -> None:
    result = json.loads(json.dumps(evaluate(a_model(), samples(0, 2), ["zero"] * 2).to_json()))
    assert result["n"] == 2
    assert result["accuracy"] == 0.5
    assert result["per_class"] == {"zero": 0.5, "one": None, "two": None}
    assert result["confusion"] == [[1, 0, 1], [0, 0, 0], [0, 0, 0]]
    assert {"refused", "accuracy_answered", "ece", "interval", "non_digits"} <= result.keys()


def test_nothing_to_count_is_no_error() -> None:
    none = np.zeros(0)
    empty = Evaluation(CLASSES, (), none.astype(int), none, none.astype(bool), ())
    assert (empty.count, empty.accuracy, empty.interval, empty.ece) == (0, 0, (0, 1), 0)


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [(50, 100, 0.4038, 0.5962), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (1, 1, 0.2065, 1.0)],
)
def test_the_interval_is_wilsons(hits: int, count: int, low: float, high: float) -> None:
    assert interval(hits, count) == pytest.approx((low, high), abs=1e-4)


# Strokes


def test_strokes_go_down_the_pads_own_road() -> None:
    labelled = samples_of_strokes(DEMO)
    assert labelled.labels == tuple("0123456789")
    for number, record in enumerate(read_strokes(DEMO)):
        expected = preprocess(rasterize(place_by_hand(record.strokes, seed=number)))
        assert np.array_equal(labelled.samples[number], expected)


def test_the_factory_model_reads_all_of_the_demo_strokes() -> None:
    labelled = samples_of_strokes(DEMO)
    model = model_file.load(paths.factory_model())
    assert evaluate(model, labelled.samples, labelled.labels).accuracy == 1


def test_the_factory_model_reads_real_peoples_strokes(shared_pen: Path, tmp_path: Path) -> None:
    lines = (shared_pen / "unipen-validation.jsonl").read_text().splitlines()
    ordinary = [x for x in lines if "unipen_gmd" not in x and "unipen_uqb" not in x][::5]
    path = tmp_path / "some.jsonl"
    path.write_text("\n".join(ordinary))
    labelled = samples_of_strokes(path)
    result = evaluate(model_file.load(paths.factory_model()), labelled.samples, labelled.labels)
    assert result.count == len(ordinary) == 200
    print(f"{result.accuracy:.1%} of {result.count} real people's digits")
    assert result.accuracy > 0.94


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "holds no drawing"),
        ('{"label": 1, "strokes": [[[1, 2]]]}\n{"strokes": [[[1, 2]]]}', "drawing 2 has no label"),
        ('{"label": 1, "strokes": []}', "line 1"),
        ("x", "line 1"),
    ],
)
def test_strokes_that_nothing_can_be_measured_on_get_one_sentence(
    tmp_path: Path, content: str, words: str
) -> None:
    (tmp_path / "a.jsonl").write_text(content)
    with pytest.raises(StrokeFileError, match=words) as caught:
        samples_of_strokes(tmp_path / "a.jsonl")
    assert str(caught.value).endswith(".")
