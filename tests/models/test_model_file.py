"""A model survives saving and loading."""

import errno
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load as load_safetensors

from lenet_desktop import paths
from lenet_desktop.models import model_file
from lenet_desktop.models.lenet import LeNet
from lenet_desktop.models.model_card import ModelCard
from lenet_desktop.models.model_file import ModelFileError
from model_files import CARD, random_model


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
    model = random_model(**card)
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
    model_file.save(random_model(), tmp_path / "a")
    torch.manual_seed(9)
    expected = torch.rand(4)
    torch.manual_seed(9)
    model_file.load(tmp_path / "a")
    assert torch.equal(torch.rand(4), expected)


def test_a_loaded_model_does_not_depend_on_its_file(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    model_file.save(random_model(), path)
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
    model_file.save(random_model(), path)
    model_file.save(random_model(name="second"), path)
    assert model_file.load(path).card.name == "second"
    assert list(tmp_path.glob("a*")) == [path]


def test_the_same_model_always_gives_the_same_bytes(tmp_path: Path) -> None:
    contents = set()
    for _ in range(8):
        model_file.save(random_model(), tmp_path / "a")
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
        model_file.save(random_model(**card), path)
    assert not path.exists()


def test_a_new_file_never_replaces_another(tmp_path: Path) -> None:
    path = tmp_path / "a"
    assert model_file.save_new(random_model(), path)
    before = path.read_bytes()
    assert not model_file.save_new(random_model(name="second"), path)
    assert path.read_bytes() == before
    path = tmp_path / "a" / "below a file"
    with pytest.raises(ModelFileError, match="could not be written"):
        model_file.save_new(random_model(), path)


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "a.safetensors"
    model_file.save(random_model(), path)

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, step, fail)
        with pytest.raises(ModelFileError, match="No space left on device"):
            model_file.save(random_model(name="second"), path)
    assert model_file.load(path).card.name == CARD.name
    assert list(tmp_path.glob("a*")) == [path], "nothing is left beside it"


def test_an_unwritable_path_is_reported_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ModelFileError, match=r"could not be written to .*a\.safetensors: .*\.$"):
        model_file.save(random_model(), tmp_path / "file" / "a.safetensors")


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_a_new_model_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    model_file.save(random_model(), tmp_path / "a")
    (tmp_path / "b").touch()
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode
