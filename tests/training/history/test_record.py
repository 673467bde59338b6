"""Records of trainings: written, read again, hostile ones refused, differences found."""

import json
from dataclasses import asdict, replace

import pytest

from lenet_desktop.training.history.record import Curves, Fate, Record, differences
from lenet_desktop.training.recipe import RECIPES

RECORD = Record(
    started="2026-11-25T22:05:00+00:00",
    recipe=asdict(RECIPES["quick"]),
    data="starter digits",
    source="starter",
    images=3500,
    device="cpu",
    choices={"starts_from_champion": False, "teachers": []},
    versions={"torch": "2.14"},
    champion="LeNet-5",
    fate=Fate.KEPT,
    name="Mine",
    test_accuracy=0.98,
    curves=Curves((1, 2), (2.3, 1.1), (2,), (0.9,), (0.8,)),
)


def test_a_record_survives_its_bytes() -> None:
    assert Record.from_bytes(RECORD.to_bytes()) == RECORD


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 2},
        {"images": "many"},
        {"images": 1e99},
        {"seconds": float("nan")},
        {"fate": "eaten"},
        {"recipe": []},
        {"versions": None},
        {"choices": "none"},
        {"test_accuracy": 7},
        {"reason": 5},
        {"reason": "x" * 10_000},
        {"unknown": 1},
        {"curves": []},
        {"curves": {"steps": [1], "losses": []}},
        {"curves": {"steps": ["a"], "losses": ["b"]}},
        {"curves": {"steps": list(range(5000)), "losses": [0.5] * 5000}},
    ],
)
def test_other_content_is_refused(changes: dict[str, object]) -> None:
    values = json.loads(RECORD.to_bytes()) | changes
    with pytest.raises(ValueError, match=r"."):
        Record.from_bytes(json.dumps(values).encode())


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"\xff", b"[" * 100_000, b"{}"])
def test_what_is_no_json_object_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        Record.from_bytes(content)


def test_only_what_differs_is_listed() -> None:
    other = replace(RECORD, recipe=RECORD.recipe | {"learning_rate": 0.5, "seed": 7}, images=100)
    rows = dict(differences([RECORD, other, RECORD]))
    first = str(RECORD.recipe["learning_rate"])
    assert rows == {
        "learning_rate": (first, "0.5", first),
        "seed": ("0", "7", "0"),
        "images": ("3,500", "100", "3,500"),
    }
    assert differences([RECORD]) == []
