"""The weights of the path are read by name and checked."""

import json
from pathlib import Path

import numpy as np
import pytest

from lenet_desktop import paths
from lenet_desktop.drawing.line.segmentation import segment
from lenet_desktop.inference.path_features import AS_CLASS, BORDER, CANDIDATE, path_features
from lenet_desktop.inference.path_weights import PathWeights, PathWeightsError, shipped
from lenet_desktop.models.model_card import ModelCard
from written_numbers import written

FILE = paths.resource("number-path.json")


def test_the_shipped_weights_are_what_is_in_the_file() -> None:
    content = json.loads(FILE.read_bytes())
    assert content.pop("about")
    assert shipped().to_json() == content


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text.replace('"touches"', '"touched"'),
        lambda text: text.replace('"border": ', '"border": "x", "b": ', 1),
        lambda text: text.replace('"gap": ', '"gap": NaN, "g": ', 1),
    ],
)
def test_damaged_weights_are_reported(tmp_path: Path, damage) -> None:
    file = tmp_path / "weights.json"
    text = FILE.read_text()
    assert damage(text) != text
    file.write_text(damage(text))
    with pytest.raises(PathWeightsError, match="install the program again"):
        PathWeights.from_file(file)


def test_features_have_their_shapes_and_are_of_moderate_size() -> None:
    found = segment(written("4750", gap=-20))
    features = path_features(found)
    count, borders = len(found.candidates), len(features.left)
    assert features.candidates.shape == (count, len(CANDIDATE))
    assert features.as_class.shape == (count, len(AS_CLASS))
    assert features.borders.shape == (borders, len(BORDER))
    for values in (features.candidates, features.as_class, features.borders):
        assert np.isfinite(values).all()
        assert np.abs(values).max() < 12
    for a, b in zip(features.left.tolist(), features.right.tolist(), strict=True):
        assert found.candidates[a].last == found.candidates[b].first


def test_classes_that_are_no_digits_have_only_the_weights_of_all() -> None:
    features = path_features(segment(written("40")))
    count = len(features.candidates)
    card = ModelCard(name="x", classes=("a", "b", "0"))
    scores = shipped().of_candidates(features, np.zeros((count, 3), np.float32), card)
    assert scores.shape == (count, 4)
    np.testing.assert_array_equal(scores[:, 0], scores[:, 1])
    assert (scores[:, 0] != scores[:, 2]).any()
