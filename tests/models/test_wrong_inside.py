"""Model files with something wrong inside are refused in one sentence."""

import json
import re
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from lenet_desktop.models import model_file
from lenet_desktop.models.architectures import ARCHITECTURES
from lenet_desktop.models.lenet import LeNet
from lenet_desktop.models.model_card import ModelCard
from lenet_desktop.models.model_file import ModelFileError
from model_files import CARD, FORMAT, refusal, write


def test_an_unchanged_file_of_these_tests_is_accepted(tmp_path: Path) -> None:
    write(tmp_path / "a")
    assert model_file.load(tmp_path / "a").card == replace(CARD)
    write(tmp_path / "a", something_new=3, notes=...)
    assert model_file.load(tmp_path / "a").card == replace(CARD, notes={}), "later versions' too"


def test_a_file_of_format_1_is_read(tmp_path: Path) -> None:
    card = {
        "name": "old",
        "architecture": "lenet",
        "classes": list("0123456789"),
        "recipe": {"epochs": 3, "non_digits": 5, "exposure": 0.5, "averaging": 0.9},
        "least_evidence": 2.5,
        "least_probability": 0.75,
        "test_accuracy": 0.99,
    }
    metadata = {"format": "lenet-desktop model 1", "card": json.dumps(card)}
    save_file(LeNet().state_dict(), tmp_path / "a", metadata)
    assert model_file.load(tmp_path / "a").card == ModelCard(
        "old",
        recipe={"epochs": 3, "outliers": 5, "outlier_weight": 0.5, "ema_decay": 0.9},
        max_energy=-2.5,
        min_probability=0.75,
        test_accuracy=0.99,
    )


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        {},
        {"format": "pt"},
        {"card": json.dumps(asdict(CARD))},
        {"format": "lenet-desktop model 3", "card": json.dumps(asdict(CARD))},
    ],
    ids=["none", "empty", "pytorch's", "no format", "a later format"],
)
def test_weights_of_other_programs_are_refused(
    tmp_path: Path, metadata: dict[str, str] | None
) -> None:
    save_file(LeNet().state_dict(), tmp_path / "a", metadata)
    assert "not a model of LeNet Desktop" in refusal(tmp_path / "a")


@pytest.mark.parametrize(
    "card",
    ["", "{", "null", "[]", "17", '{"name": 3}', "{}", "[" * 100_000, '{"notes":' * 900 + "1"]
    + [
        '{"name": "a", "notes": ' + '{"a":' * depth + "1" + "}" * depth + "}"
        for depth in (900, 300, 30, 9)
    ],
    ids=lambda text: text[:24],
)
def test_a_card_that_is_not_a_card_is_refused(tmp_path: Path, card: str) -> None:
    save_file(LeNet().state_dict(), tmp_path / "a", {"format": FORMAT, "card": card})
    if len(card) < 100 and card.startswith('{"name": "a"'):
        assert model_file.load(tmp_path / "a").card.name == "a"
    else:
        assert "card" in refusal(tmp_path / "a")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[("name", v) for v in (..., None, 3, ["a"])],
        *[("architecture", v) for v in (None, 5, [], {})],
        *[("options", v) for v in (None, [], "x", {"a": 1}, {"num_classes": 3}, {"self": 1})],
        *[("classes", v) for v in (None, 5, [], ["a"], [1, 2], [None] * 10, ["a"] * 10)],
        ("classes", ["0", "1", "2", "3", "4", "5", "6", "7", "8", "8"]),
        ("classes", ["", *"123456789"]),
        ("classes", ["x" * 21, *"123456789"]),
        ("classes", [str(i) for i in range(101)]),
        ("classes", [["0"], *"123456789"]),
        *[
            ("classes", [c, *"123456789"])
            for c in ("\x1b[2J", "a\nb", "\u202e", "\x9b", " a", "a\0")
        ],
        *[("temperature", v) for v in (None, "1", 0, -1, 1e9, float("nan"), True)],
        *[("test_accuracy", v) for v in ("1", -0.1, 1.1, float("nan"), True)],
        *[("seed", v) for v in ("1", 1.5, True, -1, 10**30)],
        *[("max_energy", v) for v in ("1", None, float("inf"), float("nan"), 10**400)],
        *[("min_probability", v) for v in ("1", None, -0.1, 1.1, float("nan"))],
        *[("data", v) for v in (None, 5)],
        *[("test_data", v) for v in (None, 5, ["MNIST"])],
        *[("recipe", v) for v in (None, "quick")],
        *[("notes", v) for v in (None, [1], {"half a character": "\ud800"})],
        ("name", "half a character \ud800"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_card_with_a_wrong_entry_is_refused(tmp_path: Path, field: str, value: object) -> None:
    write(tmp_path / "a", **{field: value})
    refusal(tmp_path / "a")


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("mine", "mine"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 59 + "…"),
        ("x" * 1_000_000, "x" * 59 + "…"),
        ("\x1b[31m two\n\nlines ", "[31m two lines"),
    ],
    ids=range(5),
)
def test_a_title_is_one_line_of_bounded_length(name: str, title: str) -> None:
    assert ModelCard(name).title == title


@pytest.mark.parametrize(
    "options", [{"dropout": 2}, {"dropout": "x"}, {"dropout": None}, {"batch_norm": 1, "a": 2}]
)
def test_options_that_make_no_network_are_refused(
    tmp_path: Path, options: dict[str, object]
) -> None:
    write(tmp_path / "a", architecture="lenet-variant", options=options)
    assert "impossible network" in refusal(tmp_path / "a")


def test_an_unknown_architecture_is_named(tmp_path: Path) -> None:
    write(tmp_path / "a", architecture="vgg")
    assert "vgg" in refusal(tmp_path / "a")
    write(tmp_path / "a", architecture="\x1b[31mred")
    assert "'[31mred'" in refusal(tmp_path / "a")


def changed(**layers: Tensor | None) -> dict[str, Tensor]:
    weights = LeNet().state_dict()
    for name, value in layers.items():
        if value is None:
            del weights[name.replace("_", ".")]
        else:
            weights[name.replace("_", ".")] = value
    return weights


def spoilt(value: float) -> Tensor:
    bias = torch.zeros(84)
    bias[83] = value
    return bias


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ({}, "wrong layers"),
        (changed(fc2_bias=None), "fc2.bias"),
        (changed(fc9_bias=torch.zeros(3)), "fc9.bias"),
        ({"\x1b[2J\n": torch.zeros(3)}, r"'\[2J'"),
        (changed(fc2_bias=torch.zeros(85)), r"fc2.bias.*\(85,\).*\(84,\)"),
        (changed(fc2_bias=torch.zeros(84, 1)), "fc2.bias"),
        (changed(fc2_bias=torch.zeros(0)), "fc2.bias"),
        (changed(conv1_weight=torch.zeros(6, 3, 5, 5)), "conv1.weight"),
        (changed(fc2_bias=torch.zeros(84, dtype=torch.float64)), "fc2.bias.*float64"),
        (changed(fc2_bias=torch.zeros(84, dtype=torch.float16)), "fc2.bias.*float16"),
        (changed(fc2_bias=torch.zeros(84, dtype=torch.int64)), "fc2.bias.*int64"),
        (changed(fc2_bias=torch.zeros(84, dtype=torch.bool)), "fc2.bias.*bool"),
        (changed(fc2_bias=spoilt(float("nan"))), "fc2.bias.*not finite"),
        (changed(fc2_bias=spoilt(float("inf"))), "fc2.bias.*not finite"),
        (changed(fc2_bias=spoilt(float("-inf"))), "fc2.bias.*not finite"),
    ],
)
def test_layers_that_a_model_cannot_have_are_refused(
    tmp_path: Path, weights: dict[str, Tensor], words: str
) -> None:
    write(tmp_path / "a", weights)
    assert re.search(words, refusal(tmp_path / "a"))
    if "not finite" not in words:
        with pytest.raises(ModelFileError, match=words):
            model_file.read_card(tmp_path / "a")


def test_weights_so_large_that_answers_overflow_are_refused(tmp_path: Path) -> None:
    weights = {k: torch.full_like(v, 1e38) for k, v in LeNet().state_dict().items()}
    write(tmp_path / "a", weights)
    assert "may not be finite" in refusal(tmp_path / "a")


def test_weights_that_overflow_for_some_samples_only_are_refused(tmp_path: Path) -> None:
    network = LeNet().eval()
    with torch.no_grad():
        for weight in network.parameters():
            weight.zero_()
        network.conv1.weight[0, 0, 2, 2] = 1
        network.conv2.weight[0, 0, 2, 2] = 1
        network.fc1.weight[0, 11] = 1e38  # ink on the left minus ink on the right
        network.fc1.weight[0, 13] = -1e38
        network.fc2.weight[0, 0] = 1e10
        left = torch.zeros(1, 1, 28, 28)
        left[..., :14] = 1
        assert network(torch.zeros(1, 1, 28, 28)).isfinite().all()
        assert network(torch.ones(1, 1, 28, 28)).isfinite().all()
        assert not network(left).isfinite().all()
    write(tmp_path / "a", network.state_dict())
    assert "may not be finite" in refusal(tmp_path / "a")


def test_a_negative_variance_is_refused(tmp_path: Path) -> None:
    options = {"batch_norm": True}
    weights = ARCHITECTURES["lenet-variant"](10, **options).state_dict()
    weights["norm1.running_var"][3] = -1
    write(tmp_path / "a", weights, architecture="lenet-variant", options=options)
    assert "may not be finite" in refusal(tmp_path / "a")


def test_as_many_classes_as_the_last_layer_has(tmp_path: Path) -> None:
    write(tmp_path / "a", classes=list("012345678"))
    assert "fc3" in refusal(tmp_path / "a")
