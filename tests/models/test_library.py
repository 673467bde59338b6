"""The user's own models: kept, renamed, deleted, exported, and never lost."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from lenet_desktop import paths
from lenet_desktop.data.catalog import find_mnist, mnist_cache, mnist_is_in
from lenet_desktop.models import library as kept_models
from lenet_desktop.models import model_file
from lenet_desktop.models.lenet import LeNet
from lenet_desktop.models.model_file import Model, ModelCard, ModelFileError


@pytest.fixture
def model() -> Model:
    with torch.random.fork_rng():
        torch.manual_seed(1)
        return Model(LeNet().eval(), ModelCard("trained"))


def names() -> list[str]:
    return [kept.card.name for kept in kept_models.kept_models()]


def test_there_are_none_at_first():
    assert kept_models.kept_models() == []


def test_keep_and_find_again(model):
    path = kept_models.keep(model, "  my   first ")
    assert names() == ["my first"]
    loaded = model_file.load(path)
    assert loaded.card == replace(model.card, name="my first")
    for name, value in model.network.state_dict().items():
        assert torch.equal(value, loaded.network.state_dict()[name])


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "Mine"])
def test_a_name_that_cannot_be_had(model, name):
    kept_models.keep(model, "mine")
    with pytest.raises(ModelFileError) as error:
        kept_models.keep(model, name)
    assert str(error.value).endswith(".")
    assert names() == ["mine"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "ü 三 🙂", "...", "a/b\\c:d", "con"])
def test_any_name_stays_in_the_folder(model, name):
    path = kept_models.keep(model, name)
    assert path.parent == paths.models_folder()
    assert names() == [name]


def test_names_that_look_alike_as_files_do_not_collide(model):
    first, second = kept_models.keep(model, "a b"), kept_models.keep(model, "a-b")
    assert first != second
    assert names() == ["a b", "a-b"]


def test_rename(model):
    old = kept_models.keep(model, "old")
    new = kept_models.rename(old, "new")
    assert names() == ["new"]
    assert not old.exists()
    assert new.exists()
    assert kept_models.rename(new, "new") == new
    kept_models.keep(model, "other")
    with pytest.raises(ModelFileError, match="already"):
        kept_models.rename(new, "OTHER")
    assert names() == ["new", "other"]


def test_delete_takes_only_what_is_kept(model, tmp_path):
    path = kept_models.keep(model, "gone soon")
    stranger = tmp_path / "stranger.safetensors"
    model_file.save(model, stranger)
    for foreign in (stranger, paths.factory_model()):
        with pytest.raises(ModelFileError):
            kept_models.delete(foreign)
        assert foreign.exists()
    kept_models.delete(path)
    assert names() == []


def test_export(model, tmp_path):
    path = kept_models.keep(model, "mine")
    target = tmp_path / "new folder" / "copy.safetensors"
    kept_models.export(path, target)
    assert target.read_bytes() == path.read_bytes()
    with pytest.raises(ModelFileError):
        kept_models.export(path, target / "below a file.safetensors")


def test_export_never_overwrites_the_factory_model(model):
    path = kept_models.keep(model, "mine")
    before = paths.factory_model().read_bytes()
    with pytest.raises(ModelFileError, match="is the factory model"):
        kept_models.export(path, paths.factory_model())
    assert paths.factory_model().read_bytes() == before


def test_an_export_of_what_is_gone_names_what_is_gone(model, tmp_path):
    path = kept_models.keep(model, "mine")
    path.unlink()
    with pytest.raises(ModelFileError, match="cannot be read"):
        kept_models.export(path, tmp_path / "copy.safetensors")


def test_files_that_are_no_models_are_left_alone(model):
    kept_models.keep(model, "good")
    bad = paths.models_folder() / "bad.safetensors"
    bad.write_bytes(b"half of a file")
    assert names() == ["good"]
    assert bad.read_bytes() == b"half of a file"


def test_a_folder_that_is_closed_to_us_holds_nothing(model, home, closed):
    kept_models.keep(model, "mine")
    with closed(home):
        assert kept_models.kept_models() == []
        assert kept_models.free_name("mine") == "mine"
        assert not mnist_is_in(mnist_cache())
        assert find_mnist() is None
        with pytest.raises(ModelFileError, match="could not be written"):
            kept_models.keep(model, "another")
    assert [kept.card.name for kept in kept_models.kept_models()] == ["mine"]


def test_a_free_name(model):
    assert kept_models.free_name("quick") == "quick"
    kept_models.keep(model, "quick")
    kept_models.keep(model, "quick 2")
    assert kept_models.free_name("Quick") == "Quick 3"
    assert len(kept_models.free_name("x" * 100)) <= kept_models.MAX_NAME


def test_a_full_disk_keeps_what_was_there(model, monkeypatch):
    path = kept_models.keep(model, "mine")
    before = path.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ModelFileError, match="No space left"):
        model_file.save(model, path)
    with pytest.raises(ModelFileError, match="No space left"):
        kept_models.rename(path, "renamed")
    assert path.read_bytes() == before
    assert [p.name for p in Path(paths.models_folder()).iterdir()] == [path.name]
