"""How well a model reads is counted rightly, on samples and on pen strokes."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lenet_desktop import paths
from lenet_desktop.core import model_file
from lenet_desktop.core.evaluation import (
    Evaluation,
    compare,
    evaluate,
    interval,
    read,
    samples_of_strokes,
)
from lenet_desktop.core.ink import StrokeFileError, place_by_hand, read_strokes
from lenet_desktop.core.model_file import Model, ModelCard
from lenet_desktop.core.preprocess import preprocess

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
    assert read(a_model(), samples(*numbers)) == [CLASSES[n] for n in numbers]
    assert evaluate(a_model(), samples(*numbers), [CLASSES[n] for n in numbers]).accuracy == 1


def test_a_label_that_the_model_does_not_know_is_named() -> None:
    with pytest.raises(ValueError, match="no class 'three'"):
        evaluate(a_model(), samples(0, 1), ["zero", "three"])


def test_it_goes_into_json_and_holds_what_was_promised() -> None:
    result = json.loads(json.dumps(evaluate(a_model(), samples(0, 2), ["zero"] * 2).to_json()))
    assert result["n"] == 2
    assert result["accuracy"] == 0.5
    assert result["per_class"] == {"zero": 0.5, "one": None, "two": None}
    assert result["confusion"] == [[1, 0, 1], [0, 0, 0], [0, 0, 0]]


def test_nothing_to_count_is_no_error() -> None:
    empty = Evaluation(CLASSES, np.zeros((3, 3), np.int64))
    assert (empty.count, empty.accuracy, empty.interval) == (0, 0, (0, 1))


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [(50, 100, 0.4038, 0.5962), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (1, 1, 0.2065, 1.0)],
)
def test_the_interval_is_wilsons(hits: int, count: int, low: float, high: float) -> None:
    assert interval(hits, count) == pytest.approx((low, high), abs=1e-4)


def test_two_models_are_compared_on_the_same_digits() -> None:
    images = (samples(0, 1, 2, 2, 1) * 255 + 0.5).astype(np.uint8)
    labels = ["zero", "one", "two", "two", "zero"]
    result = compare(a_model(wrong=1), a_model(wrong=2), images, labels, "five digits")
    assert result.digits == "five digits"
    assert [result.champion.accuracy, result.challenger.accuracy] == pytest.approx([0.8, 0.4])
    assert (result.only_champion, result.only_challenger) == (3, 1)
    assert [(m.meant, m.guess) for m in result.mistakes] == [
        ("two", "zero"),
        ("two", "zero"),
        ("zero", "one"),
    ]
    assert all(a.probability >= b.probability for a, b in itertools.pairwise(result.mistakes))
    assert np.array_equal(result.mistakes[0].image, images[2])


# Strokes


def test_strokes_go_down_the_pads_own_road() -> None:
    labelled = samples_of_strokes(DEMO)
    assert labelled.labels == tuple("0123456789")
    for number, record in enumerate(read_strokes(DEMO)):
        expected = preprocess(place_by_hand(record.strokes, seed=number).ink())
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
