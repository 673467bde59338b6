"""A model survives saving and loading; other files are refused in one sentence and run no code."""

import errno
import json
import os
import pickle
import re
import struct
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load as load_safetensors
from safetensors.torch import save_file
from torch import Tensor

from lenet_desktop import paths
from lenet_desktop.models import model_file
from lenet_desktop.models.architectures import ARCHITECTURES
from lenet_desktop.models.lenet import LeNet
from lenet_desktop.models.model_card import ModelCard
from lenet_desktop.models.model_file import Model, ModelFileError
from lenet_desktop.printable import printable

FORMAT = "lenet-desktop model 2"
CARD = ModelCard(
    name="Mein Modell №7",
    data="starter digits, CC BY-SA 3.0",
    recipe={"epochs": 3, "rates": [0.1, 0.2], "deep": {"a": None}},
    seed=5,
    command="lenet-desktop train --output mine.safetensors",
    trained="2026-11-22",
    validation_accuracy=0.5,
    test_accuracy=1.0,
    test_data="starter digits",
    temperature=1.25,
    notes={"ü": [1, "2"]},
)


def a_model(**card: Any) -> Model:
    torch.manual_seed(1)
    values = replace(CARD, **card)
    network = ARCHITECTURES[values.architecture](len(values.classes), **values.options)
    return Model(network.eval(), values)


def refusal(path: Path) -> str:
    with pytest.raises(ModelFileError) as caught:
        model_file.load(path)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert sentence == printable(sentence, 1000)
    assert str(path) in sentence
    return sentence


@pytest.mark.parametrize(
    "card",
    [
        {},
        {"classes": ("yes", "no")},
        {"architecture": "lenet-variant", "options": {"dropout": 0.25, "batch_norm": True}},
        {"architecture": "residual"},
        {"seed": None, "validation_accuracy": None, "test_accuracy": None, "notes": {}},
    ],
    ids=["lenet", "two classes", "variant", "residual", "nothing measured"],
)
def test_a_model_comes_back_as_it_was(tmp_path: Path, card: dict[str, Any]) -> None:
    path = tmp_path / "new folder" / "mine.safetensors"
    model = a_model(**card)
    model_file.save(model, path)
    loaded = model_file.load(path)
    assert asdict(loaded.card) == asdict(model.card)
    assert model_file.read_card(path) == loaded.card
    assert type(loaded.network) is type(model.network)
    assert not loaded.network.training
    samples = torch.rand(3, 1, 28, 28)
    assert torch.equal(loaded.network(samples), model.network(samples))
    weights, loaded_weights = model.network.state_dict(), loaded.network.state_dict()
    assert list(weights) == list(loaded_weights)
    assert all(torch.equal(weights[k], loaded_weights[k]) for k in weights)


def test_loading_does_not_change_the_random_state_of_torch(tmp_path: Path) -> None:
    model_file.save(a_model(), tmp_path / "a")
    torch.manual_seed(9)
    expected = torch.rand(4)
    torch.manual_seed(9)
    model_file.load(tmp_path / "a")
    assert torch.equal(torch.rand(4), expected)


def test_a_loaded_model_does_not_depend_on_its_file(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    model_file.save(a_model(), path)
    loaded = model_file.load(path)
    before = [p.clone() for p in loaded.network.parameters()]
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.write(bytes(size))
    assert all(map(torch.equal, before, loaded.network.parameters()))


def test_the_factory_model_is_a_lenet_with_a_complete_card() -> None:
    model = model_file.load(paths.factory_model())
    card = model.card
    assert card.architecture == "lenet"
    assert type(model.network) is LeNet
    assert card.classes == tuple("0123456789")
    assert all((card.name, card.data, card.recipe, card.command, card.trained))
    assert card.test_accuracy is not None
    assert card.test_accuracy >= 0.992
    assert card.tested_on == "MNIST"


@pytest.mark.parametrize(
    ("card", "name"),
    [
        ({"test_data": "my letters", "data": "MNIST, 5 digits"}, "my letters"),
        ({"test_data": "two\nlines" + "x" * 100}, f"two lines{'x' * 50}…"),
        ({"data": "MNIST, 55,000 digits to train. Credit, 2026"}, "MNIST"),
        ({"data": "starter digits, 3,500 digits to train"}, "starter digits"),
        ({"data": "MNIST and pendigits-train, 62,494 digits to train"}, "MNIST"),
        ({"data": "MNISTER, 3 digits"}, ""),
        ({"data": "my photos of MNIST, 3 digits"}, ""),
        ({}, ""),
    ],
)
def test_what_a_model_was_tested_on(card: dict[str, str], name: str) -> None:
    assert ModelCard("a", **card).tested_on == name


# Writing


def test_saving_over_a_model_replaces_it(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    model_file.save(a_model(), path)
    model_file.save(a_model(name="second"), path)
    assert model_file.load(path).card.name == "second"
    assert list(tmp_path.glob("a*")) == [path]


def test_the_same_model_always_gives_the_same_bytes(tmp_path: Path) -> None:
    contents = set()
    for _ in range(8):
        model_file.save(a_model(), tmp_path / "a")
        contents.add((tmp_path / "a").read_bytes())
    assert len(contents) == 1
    assert load_safetensors(contents.pop()).keys() == LeNet().state_dict().keys()


@pytest.mark.parametrize(
    "card",
    [
        {"name": "half a character \ud800"},
        {"notes": {"\udfff": 1}},
        {"command": "x" * 1024 * 1024},
    ],
    ids=["name", "notes", "too long"],
)
def test_a_card_that_could_not_be_read_again_is_not_written(
    tmp_path: Path, card: dict[str, Any]
) -> None:
    path = tmp_path / "a"
    with pytest.raises(ModelFileError, match=r"could not be written to .*model card.*\.$"):
        model_file.save(a_model(**card), path)
    assert not path.exists()


def test_a_new_file_never_replaces_another(tmp_path: Path) -> None:
    path = tmp_path / "a"
    assert model_file.save_new(a_model(), path)
    before = path.read_bytes()
    assert not model_file.save_new(a_model(name="second"), path)
    assert path.read_bytes() == before
    path = tmp_path / "a" / "below a file"
    with pytest.raises(ModelFileError, match="could not be written"):
        model_file.save_new(a_model(), path)


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "a.safetensors"
    model_file.save(a_model(), path)

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, step, fail)
        with pytest.raises(ModelFileError, match="No space left on device"):
            model_file.save(a_model(name="second"), path)
    assert model_file.load(path).card.name == CARD.name
    assert list(tmp_path.glob("a*")) == [path], "nothing is left beside it"


def test_an_unwritable_path_is_reported_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ModelFileError, match=r"could not be written to .*a\.safetensors: .*\.$"):
        model_file.save(a_model(), tmp_path / "file" / "a.safetensors")


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_a_new_model_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    model_file.save(a_model(), tmp_path / "a")
    (tmp_path / "b").touch()
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode


# Files that are not model files


def test_a_missing_file_and_a_folder_are_reported_in_one_sentence(tmp_path: Path) -> None:
    assert "No such file" in refusal(tmp_path / "missing.safetensors")
    assert "folder" in refusal(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="POSIX devices")
def test_a_pipe_and_a_device_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero"), Path("/dev/null")):
        assert "device or a pipe" in refusal(path)


class Boom:
    """A hostile pickle: loading it runs code."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.marker,)


def write_pickle(path: Path, marker: Path) -> None:
    path.write_bytes(pickle.dumps(Boom(marker)))


def write_torch(path: Path, marker: Path) -> None:
    torch.save({"conv1.weight": torch.zeros(3), "boom": Boom(marker)}, path)


def write_old_torch(path: Path, marker: Path) -> None:
    torch.save({"boom": Boom(marker)}, path, _use_new_zipfile_serialization=False)


@pytest.mark.parametrize("write", [write_pickle, write_torch, write_old_torch])
@pytest.mark.parametrize("suffix", [".safetensors", ".pt"])
def test_a_pickle_is_refused_and_never_run(
    tmp_path: Path, write: Callable[[Path, Path], None], suffix: str
) -> None:
    path, marker = tmp_path / f"hostile{suffix}", tmp_path / "marker"
    write(path, marker)
    refusal(path)
    assert not marker.exists()
    pickle.loads(pickle.dumps(Boom(marker)))
    assert marker.exists(), "the pickle would have run code"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{}", id="short"),
        pytest.param(b"no model at all\n" * 100, id="text"),
        pytest.param(np.random.default_rng(0).bytes(9000), id="random"),
        pytest.param(struct.pack("<Q", 2**63) + b"{}", id="header beyond the file"),
        pytest.param(struct.pack("<Q", 50_000) + b"[" * 50_000, id="nested header"),
        pytest.param(struct.pack("<Q", 2) + b"{}", id="no tensors"),
        pytest.param(struct.pack("<Q", 2**20 + 8) + b"{}".ljust(2**20 + 8), id="long header"),
    ],
)
def test_other_bytes_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.safetensors"
    path.write_bytes(content)
    refusal(path)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "huge.safetensors"
    with path.open("wb") as file:
        file.truncate(600 * 1024 * 1024)  # sparse: takes no room
    assert "larger than 16 MiB" in refusal(path)


def test_a_card_of_megabytes_is_refused_before_it_is_parsed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a", notes={str(number): {} for number in range(200_000)})
    assert (tmp_path / "a").stat().st_size < model_file.MAX_BYTES
    monkeypatch.setattr(json, "loads", None)
    refusal(tmp_path / "a")


def test_a_file_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    model_file.save(a_model(), path)
    content = path.read_bytes()
    for length in (*range(0, 2000, 111), *range(2000, len(content), 21_001), len(content) - 1):
        path.write_bytes(content[:length])
        refusal(path)


def test_no_mutation_of_a_header_does_more_than_refuse_it(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    model_file.save(a_model(), path)
    content = path.read_bytes()
    (header,) = struct.unpack("<Q", content[:8])
    random = np.random.default_rng(0)
    refused = 0
    for _ in range(300):
        mutated = bytearray(content)
        for position in random.integers(0, 8 + header, random.integers(1, 4)):
            mutated[position] = random.integers(0, 256)
        path.write_bytes(mutated)
        try:
            model = model_file.load(path)
        except ModelFileError as error:
            refused += 1
            assert str(error).endswith(".")
        else:
            assert model.network(torch.zeros(1, 1, 28, 28)).isfinite().all()
    assert refused > 100


def test_no_accepted_mutation_of_the_weights_gives_an_answer_that_is_not_finite(
    tmp_path: Path, one_thread: None
) -> None:
    path = tmp_path / "a.safetensors"
    model_file.save(a_model(), path)
    content = path.read_bytes()
    (header,) = struct.unpack("<Q", content[:8])
    random = np.random.default_rng(0)
    accepted = refused = 0
    for _ in range(300):
        mutated = bytearray(content)
        for position in random.integers(0, (len(content) - 8 - header) // 4, 2):
            # The byte that holds the sign and most of the exponent.
            mutated[8 + header + 4 * position + 3] = random.integers(0, 256)
        path.write_bytes(mutated)
        try:
            model = model_file.load(path)
        except ModelFileError:
            refused += 1
        else:
            accepted += 1
            samples = torch.from_numpy(random.random((8, 1, 28, 28), np.float32)).round()
            assert model.network(samples).isfinite().all()
    assert accepted > 100
    assert refused > 10


# Model files with something wrong inside


def write(path: Path, weights: dict[str, Tensor] | None = None, **card: Any) -> None:
    values = {**asdict(CARD), **card}
    values = {k: v for k, v in values.items() if v is not ...}
    metadata = {"format": FORMAT, "card": json.dumps(values)}
    save_file(LeNet().state_dict() if weights is None else weights, path, metadata)


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
