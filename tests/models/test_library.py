"""The user's own models: kept, renamed, deleted, exported, and never lost."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from lenet_desktop import paths
from lenet_desktop.data.catalog import find_mnist, mnist_cache, mnist_is_in
from lenet_desktop.models import library, model_file
from lenet_desktop.models.lenet import LeNet
from lenet_desktop.models.model_card import MAX_NAME, ModelCard
from lenet_desktop.models.model_file import Model, ModelFileError


@pytest.fixture
def model() -> Model:
    with torch.random.fork_rng():
        torch.manual_seed(1)
        return Model(LeNet().eval(), ModelCard("trained"))


def names() -> list[str]:
    return [kept.card.name for kept in library.kept_models()]


def test_there_are_none_at_first():
    assert library.kept_models() == []


def test_keep_and_find_again(model):
    path = library.keep(model, "  my   first ")
    assert names() == ["my first"]
    loaded = model_file.load(path)
    assert loaded.card == replace(model.card, name="my first")
    for name, value in model.network.state_dict().items():
        assert torch.equal(value, loaded.network.state_dict()[name])


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "Mine"])
def test_a_name_that_cannot_be_had(model, name):
    library.keep(model, "mine")
    with pytest.raises(ModelFileError) as error:
        library.keep(model, name)
    assert str(error.value).endswith(".")
    assert names() == ["mine"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "ü 三 🙂", "...", "a/b\\c:d", "con"])
def test_any_name_stays_in_the_folder(model, name):
    path = library.keep(model, name)
    assert path.parent == paths.models_folder()
    assert names() == [name]


def test_names_that_look_alike_as_files_do_not_collide(model):
    first, second = library.keep(model, "a b"), library.keep(model, "a-b")
    assert first != second
    assert names() == ["a b", "a-b"]


def test_rename(model):
    old = library.keep(model, "old")
    new = library.rename(old, "new")
    assert names() == ["new"]
    assert not old.exists()
    assert new.exists()
    assert library.rename(new, "new") == new
    library.keep(model, "other")
    with pytest.raises(ModelFileError, match="already"):
        library.rename(new, "OTHER")
    assert names() == ["new", "other"]


def test_delete_takes_only_what_is_kept(model, tmp_path):
    path = library.keep(model, "gone soon")
    stranger = tmp_path / "stranger.safetensors"
    model_file.save(model, stranger)
    for foreign in (stranger, paths.factory_model()):
        with pytest.raises(ModelFileError):
            library.delete(foreign)
        assert foreign.exists()
    library.delete(path)
    assert names() == []


def test_export(model, tmp_path):
    path = library.keep(model, "mine")
    target = tmp_path / "new folder" / "copy.safetensors"
    library.export(path, target)
    assert target.read_bytes() == path.read_bytes()
    with pytest.raises(ModelFileError):
        library.export(path, target / "below a file.safetensors")


def test_export_never_overwrites_the_factory_model(model):
    path = library.keep(model, "mine")
    before = paths.factory_model().read_bytes()
    with pytest.raises(ModelFileError, match="is the factory model"):
        library.export(path, paths.factory_model())
    assert paths.factory_model().read_bytes() == before


def test_an_export_of_what_is_gone_names_what_is_gone(model, tmp_path):
    path = library.keep(model, "mine")
    path.unlink()
    with pytest.raises(ModelFileError, match="cannot be read"):
        library.export(path, tmp_path / "copy.safetensors")


def test_files_that_are_no_models_are_left_alone(model):
    library.keep(model, "good")
    bad = paths.models_folder() / "bad.safetensors"
    bad.write_bytes(b"half of a file")
    assert names() == ["good"]
    assert bad.read_bytes() == b"half of a file"


def test_a_folder_that_is_closed_to_us_holds_nothing(model, home, closed):
    library.keep(model, "mine")
    with closed(home):
        assert library.kept_models() == []
        assert library.free_name("mine") == "mine"
        assert not mnist_is_in(mnist_cache())
        assert find_mnist() is None
        with pytest.raises(ModelFileError, match="could not be written"):
            library.keep(model, "another")
    assert [kept.card.name for kept in library.kept_models()] == ["mine"]


def test_a_free_name(model):
    assert library.free_name("quick") == "quick"
    library.keep(model, "quick")
    library.keep(model, "quick 2")
    assert library.free_name("Quick") == "Quick 3"
    assert len(library.free_name("x" * 100)) <= MAX_NAME


def test_a_full_disk_keeps_what_was_there(model, monkeypatch):
    path = library.keep(model, "mine")
    before = path.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ModelFileError, match="No space left"):
        model_file.save(model, path)
    with pytest.raises(ModelFileError, match="No space left"):
        library.rename(path, "renamed")
    assert path.read_bytes() == before
    assert [p.name for p in Path(paths.models_folder()).iterdir()] == [path.name]
