"""The user's models can be kept, renamed, deleted and exported, and are never lost."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from lenet_desktop import paths
from lenet_desktop.data.sources import find_mnist, mnist_cache, mnist_is_in
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


@pytest.mark.parametrize(
    "name",
    ["", "   ", "x" * 61, "Mine", "half a character \ud800", "\x1b[31mred", "turned \u202e round"],
    ids=range(7),
)
def test_a_name_that_cannot_be_used_is_refused(model, name):
    library.keep(model, "mine")
    with pytest.raises(ModelFileError) as error:
        library.keep(model, name)
    assert str(error.value).endswith(".")
    assert names() == ["mine"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "ü 三 🙂", "...", "a/b\\c:d", "v1.5"])
def test_any_name_stays_in_the_folder(model, name):
    path = library.keep(model, name)
    assert path.parent == paths.models_folder()
    assert names() == [name]


@pytest.mark.parametrize("name", ["con", "NUL", "Com1"])
def test_names_of_windows_devices_are_not_used_for_files(model, name):
    assert library.keep(model, name).name == f"{name.lower()}-model.safetensors"
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


def test_delete_removes_only_kept_models(model, tmp_path):
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


def test_exporting_a_deleted_model_names_the_missing_file(model, tmp_path):
    path = library.keep(model, "mine")
    path.unlink()
    with pytest.raises(ModelFileError, match="cannot be read"):
        library.export(path, tmp_path / "copy.safetensors")


def test_files_that_are_not_models_are_left_alone(model):
    library.keep(model, "good")
    bad = paths.models_folder() / "bad.safetensors"
    bad.write_bytes(b"half of a file")
    other_layers = paths.models_folder() / "other.safetensors"
    model_file.save(replace(model, card=replace(model.card, architecture="residual")), other_layers)
    (paths.models_folder() / "folder.safetensors").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(paths.models_folder() / "pipe.safetensors")
    assert names() == ["good"]
    assert bad.read_bytes() == b"half of a file"
    assert other_layers.exists()


def test_a_folder_that_cannot_be_read_holds_nothing(model, home, closed):
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
    assert library.free_name("\x1b[31m\ud800") == "[31m"
    assert library.free_name("\n") == "model"


def test_a_full_disk_does_not_damage_the_old_file(model, monkeypatch):
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


_KEEP = """
import sys
from dataclasses import replace
from lenet_desktop import paths
from lenet_desktop.models import library, model_file
model = model_file.load(paths.factory_model())
model = replace(model, card=replace(model.card, command=sys.argv[1]))
print("ready", flush=True)
for line in sys.stdin:
    try:
        library.keep(model, line.strip())
        print("kept", flush=True)
    except model_file.ModelFileError as error:
        print(error, flush=True)
"""


def test_of_two_programs_that_keep_the_same_name_at_once_one_gets_an_error() -> None:
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", _KEEP, number],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in "01"
    ]
    wanted = [f"model {number}" for number in range(40)]
    answers: list[list[str]] = []
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("\n".join(wanted))
        program.stdin.close()
    for program in programs:
        assert program.stdout is not None
        answers.append(program.stdout.read().splitlines())
        program.stdout.close()
        assert program.wait() == 0
    kept = {model.card.name: model.card.command for model in library.kept_models()}
    for name, *said in zip(wanted, *answers, strict=True):
        taken = f"You already have a model named '{name}': choose another name."
        assert sorted(said, reverse=True) == ["kept", taken]
        assert kept[name] == str(said.index("kept"))
    assert len(names()) == len(wanted)


# Finding a model by its name


def test_a_model_is_found_by_its_name_whatever_its_case(model, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = library.keep(model, "My MNIST")
    assert library.find("My MNIST") == library.find(" my  mnist") == path
    assert library.find("factory") == library.find("lenet-5") == paths.factory_model()
    own = library.keep(model, "LeNet-5")
    assert library.find("lenet-5") == own


def test_a_file_is_preferred_to_a_name(model, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    kept = library.keep(model, "mine")
    Path("mine").mkdir()
    assert library.find("mine") == kept, "a folder is no model"
    Path("mine").rmdir()
    Path("mine").write_bytes(b"")
    assert library.find("mine") == Path("mine")
    assert library.find("missing.safetensors") == Path("missing.safetensors")


def test_an_unknown_name_is_answered_with_those_that_there_are(model):
    with pytest.raises(ModelFileError, match="you have kept no models: choose 'factory'"):
        library.find("mine")
    for number in range(22):
        library.keep(model, f"model {number:02}")
    with pytest.raises(ModelFileError) as error:
        library.find("mine")
    assert str(error.value).startswith(
        "There is no model file and no kept model 'mine': choose one of factory, 'model 00', "
    )
    assert str(error.value).endswith("'model 19', ….")


def test_a_name_that_several_models_have_is_answered_with_their_files(model):
    first = library.keep(model, "mine")
    second = first.with_name("copy.safetensors")
    second.write_bytes(first.read_bytes())
    with pytest.raises(ModelFileError) as error:
        library.find("mine")
    assert str(first) in str(error.value)
    assert str(second) in str(error.value)
