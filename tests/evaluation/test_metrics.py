"""Accuracy, refusals, calibration error and confusion are counted as defined."""

import json
from pathlib import Path

import numpy as np
import pytest

from lenet_desktop import paths
from lenet_desktop.data.stroke_samples import samples_of_strokes
from lenet_desktop.drawing.preprocess import preprocess
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.stroke_file import StrokeFileError, read_strokes
from lenet_desktop.evaluation.interval import interval
from lenet_desktop.evaluation.metrics import Evaluation, evaluate, logits_of
from lenet_desktop.inference.decision import Verdict, decide
from lenet_desktop.models import model_file
from small_models import LETTERS, THREE, a_model, samples

DEMO = paths.resource("demo-strokes.jsonl")


def test_rows_are_true_classes_and_columns_best_classes() -> None:
    result = evaluate(a_model(), samples(0, 0, 1, 2, 2), ["zero", "one", "one", "one", "zero"])
    assert result.confusion.tolist() == [[1, 0, 1], [1, 1, 1], [0, 0, 0]]
    assert result.count == 5
    assert result.accuracy == pytest.approx(2 / 5)
    assert result.per_class == {"zero": 0.5, "one": pytest.approx(1 / 3), "two": None}


def test_more_samples_than_one_batch_keep_their_order() -> None:
    indices = np.random.default_rng(0).integers(0, 3, 2345)
    assert logits_of(a_model(), samples(*indices)).argmax(axis=1).tolist() == indices.tolist()
    assert evaluate(a_model(), samples(*indices), [THREE[i] for i in indices]).accuracy == 1


def test_outliers_count_in_nothing_but_refusals() -> None:
    # One-hot logits of 4, 0, 0 give a probability of 0.965.
    result = evaluate(a_model(min_probability=0.9), samples(0, 1, 2), ["zero", "letter", "one"])
    assert (result.count, result.others) == (2, 1)
    assert result.accuracy == 0.5
    assert result.others_refused_share == 0
    result = evaluate(a_model(min_probability=0.99), samples(0, 1, 2), ["zero", "letter", "one"])
    assert (result.refused_share, result.others_refused_share) == (1, 1)
    # The best class counts, refused or not.
    assert result.accuracy == 0.5
    assert result.accuracy_answered == 0


def test_26_classes_are_evaluated_and_digits_are_outliers_there() -> None:
    indices = [*range(26), 7]
    result = evaluate(a_model(LETTERS, wrong=3), samples(*indices), [*LETTERS, "7"])
    assert (result.count, result.others) == (26, 1)
    assert result.accuracy == 25 / 26
    assert result.confusion.shape == (26, 26)
    assert result.confusion[3, 0] == 1
    assert result.per_class["D"] == 0
    assert not result.is_right[26]


def test_a_high_energy_is_refused() -> None:
    # One-hot logits of 4, 0, 0 have an energy of -log(e^4 + 2), about -4.04.
    for limit, refused in ((-4.0, False), (-4.1, True)):
        result = evaluate(a_model(max_energy=limit), samples(0), ["zero"])
        assert result.refused.tolist() == [refused]
    model = a_model(max_energy=-4.1)
    assert decide(logits_of(model, samples(0)), model.card).verdicts == (Verdict.NOT_A_DIGIT,)


def test_calibration_error_is_the_gap_between_probability_and_accuracy() -> None:
    # The probability is always 0.965, the accuracy 3/4.
    result = evaluate(a_model(), samples(0, 1, 2, 2), ["zero", "one", "two", "one"])
    confidence = np.exp(4) / (np.exp(4) + 2)
    assert result.ece == pytest.approx(confidence - 0.75, abs=1e-6)


def test_the_writers_with_the_lowest_accuracy_come_first() -> None:
    labels = ["zero", "one", "two", "zero", "zero"]
    writers = ["ann", "ann", "bob", "cid", ""]
    result = evaluate(a_model(), samples(0, 0, 0, 0, 1), labels, writers)
    assert result.worst_writers == [("bob", 0, 1), ("ann", 1, 2), ("cid", 1, 1)]


def test_the_keys_of_the_json_are_fixed() -> None:
    result = json.loads(json.dumps(evaluate(a_model(), samples(0, 2), ["zero"] * 2).to_json()))
    assert list(result) == [
        "n", "accuracy", "interval", "per_class", "confusion", "refused", "accuracy_answered",
        "ece", "non_digits", "worst_writers",
    ]  # fmt: skip
    assert result["n"] == 2
    assert result["accuracy"] == 0.5
    assert result["per_class"] == {"zero": 0.5, "one": None, "two": None}
    assert result["confusion"] == [[1, 0, 1], [0, 0, 0], [0, 0, 0]]
    assert result["non_digits"] == {"n": 0, "refused": 0}


def test_an_evaluation_of_nothing_is_no_error() -> None:
    result = evaluate(a_model(), samples(), [])
    assert isinstance(result, Evaluation)
    assert (result.count, result.accuracy, result.interval, result.ece) == (0, 0, (0, 1), 0)
    assert result.confusion.tolist() == [[0] * 3] * 3
    assert json.loads(json.dumps(result.to_json()))["n"] == 0


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [(50, 100, 0.4038, 0.5962), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (1, 1, 0.2065, 1.0)],
)
def test_the_interval_is_wilsons(hits: int, count: int, low: float, high: float) -> None:
    assert interval(hits, count) == pytest.approx((low, high), abs=1e-4)


# Strokes


def test_strokes_become_samples_as_on_the_pad() -> None:
    labelled = samples_of_strokes(DEMO)
    assert labelled.labels == tuple("0123456789")
    for index, record in enumerate(read_strokes(DEMO)):
        # The program's own strokes are where they were drawn.
        assert record.drawing is not None
        expected = preprocess(rasterize(record.drawing))
        assert np.array_equal(labelled.samples[index], expected)


def test_the_factory_model_reads_all_demo_strokes() -> None:
    labelled = samples_of_strokes(DEMO)
    model = model_file.load(paths.factory_model())
    assert evaluate(model, labelled.samples, labelled.labels).accuracy == 1


def test_the_factory_model_reads_the_strokes_of_real_people(
    shared_pen: Path, tmp_path: Path
) -> None:
    lines = (shared_pen / "unipen-validation.jsonl").read_text().splitlines()
    ordinary = [x for x in lines if "unipen_gmd" not in x and "unipen_uqb" not in x][::5]
    path = tmp_path / "some.jsonl"
    path.write_text("\n".join(ordinary))
    labelled = samples_of_strokes(path)
    result = evaluate(model_file.load(paths.factory_model()), labelled.samples, labelled.labels)
    assert result.count == len(ordinary) == 200
    print(f"{result.accuracy:.1%} of {result.count} digits of real people")
    assert result.accuracy > 0.94


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "holds no drawing"),
        (
            '{"label": 1, "strokes": [[[1, 2]]]}\n\n{"strokes": [[[1, 2]]]}',
            "line 3: the drawing has no",
        ),
        ('{"label": 1, "strokes": []}', "line 1"),
        ("x", "line 1"),
    ],
)
def test_a_stroke_file_that_cannot_be_evaluated_is_reported_in_one_sentence(
    tmp_path: Path, content: str, words: str
) -> None:
    (tmp_path / "a.jsonl").write_text(content)
    with pytest.raises(StrokeFileError, match=words) as caught:
        samples_of_strokes(tmp_path / "a.jsonl")
    assert str(caught.value).endswith(".")


def test_the_interval_ends_exactly_at_0_and_1_if_all_samples_agree() -> None:
    for count in (*range(1, 300), 1000, 10_000):
        assert interval(count, count)[1] == 1
        assert interval(0, count)[0] == 0
