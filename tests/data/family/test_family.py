"""MNIST's family: the facts about it, its download, its formats, and damaged files."""

import shutil
import string
from pathlib import Path

import pytest
import torch

import mirrors
from family_files import EACH_TEST, EACH_TRAIN, KEYS, publish, write_set
from lenet_desktop import paths
from lenet_desktop.cli.mnist import chosen_data
from lenet_desktop.data.catalog import load
from lenet_desktop.data.download import download_set
from lenet_desktop.data.family.sets import FAMILY
from lenet_desktop.data.labelled import DatasetError
from lenet_desktop.data.published import from_torchvision
from lenet_desktop.data.sources import mnist_cache, training_digits
from lenet_desktop.models.model_card import DIGITS


@pytest.fixture
def resources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of resources in which the tests publish what they have made."""
    folder = tmp_path / "resources"
    folder.mkdir()
    monkeypatch.setattr(paths, "resource", lambda name: folder / name)
    return folder


def test_what_is_known_is_what_torchvision_knows() -> None:
    from torchvision import datasets

    for name in ("FashionMNIST", "KMNIST"):
        known, facts = getattr(datasets, name), from_torchvision(name)
        assert facts.mirrors == tuple(known.mirrors)
        assert [(each.file, each.md5) for each in facts.archives] == known.resources
        assert list(facts.classes) == known.classes
    emnist = from_torchvision("EMNIST")
    assert list(emnist.classes) == datasets.EMNIST.classes_split_dict["balanced"]
    assert emnist.mirrors[0] + emnist.archives[0].file == datasets.EMNIST.url
    assert emnist.archives[0].md5 == datasets.EMNIST.md5
    qmnist = from_torchvision("QMNIST")
    resources = datasets.QMNIST.resources["train"] + datasets.QMNIST.resources["test"]
    assert [(qmnist.mirrors[0] + a.file, a.md5) for a in qmnist.archives] == resources
    usps = from_torchvision("USPS")
    split = datasets.USPS.split_list.values()
    assert [[usps.mirrors[0] + a.file, a.file, a.md5] for a in usps.archives] == list(split)
    assert qmnist.classes == usps.classes == DIGITS
    for each in FAMILY.values():
        facts = from_torchvision(each.published)
        assert [Path(file).name for file in each.files] == [a.file for a in facts.archives]
        assert each.megabytes == pytest.approx(facts.bytes / 1e6, abs=0.1)
        assert each.classes == (26 if each.key == "emnist-letters" else len(facts.classes))


@pytest.mark.parametrize("key", KEYS)
def test_a_set_is_downloaded_by_its_name_and_read(
    key: str, tmp_path: Path, resources: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = FAMILY[Path(key)]
    publish({data.published: write_set(data, tmp_path / "served")}, resources)
    below = str(Path(data.files[0]).parent)
    with mirrors.server(tmp_path / "served", mirrors.whole, below) as address:
        assert chosen_data(Path(key.upper()), mirrors=[address]) == data.source
    said = capsys.readouterr().err
    assert said.startswith(f"lenet-desktop: Downloading {data.name}, {data.megabytes} MB, to ")
    assert data.licence in said
    assert chosen_data(Path(key), mirrors=[]) == data.source, "nothing is left to download"
    read = load(data.source)
    assert len(read.train) + len(read.validation) == EACH_TRAIN * data.classes
    assert len(read.test) == EACH_TEST * data.classes
    assert torch.equal(read.test.labels, torch.arange(data.classes).repeat(EACH_TEST))
    assert data.licence in read.credit
    if key == "emnist-letters":
        assert read.classes == tuple(string.ascii_lowercase)
    else:
        assert read.classes == from_torchvision(data.published).classes
    image = read.test.images[1]
    rows, columns = (image > 60).any(dim=1), (image > 60).any(dim=0)
    assert rows.sum() == 20 and columns.sum() <= 6, "the bar stands upright in the middle"
    assert rows[4] and rows[23]
    assert training_digits(data.source) == data.train - data.classes * data.validation


def test_a_wrong_checksum_a_silent_server_and_a_cancelled_download_leave_nothing(
    tmp_path: Path, resources: Path
) -> None:
    data = FAMILY[Path("kmnist")]
    publish({"KMNIST": write_set(data, tmp_path / "served")}, resources)
    for answer, reason in (
        (mirrors.failing, "the server answered 503"),
        (mirrors.cut_off_unnoticed, "the file has the wrong checksum"),
        (mirrors.endless, "the file has the wrong checksum"),
    ):
        with mirrors.server(tmp_path / "served", answer, "KMNIST/raw") as address:
            with pytest.raises(DatasetError, match=f"KMNIST could not be downloaded, {reason}"):
                list(download_set(data, mirrors=[address], timeout=0.5))
            assert not data.is_in(mnist_cache())
    with mirrors.server(tmp_path / "served", mirrors.whole, "KMNIST/raw") as address:
        download = download_set(data, mirrors=[address])
        next(download)
        download.close()
        assert not data.is_in(mnist_cache())
        list(download_set(data, mirrors=[address]))
    assert data.is_in(mnist_cache())


@pytest.mark.parametrize("key", KEYS)
def test_damaged_files_are_reported_in_a_sentence(key: str, resources: Path) -> None:
    data = FAMILY[Path(key)]
    with pytest.raises(DatasetError, match=f"{data.name} is not on this computer: download it"):
        load(data.source)
    publish({data.published: write_set(data, mnist_cache())}, resources)
    load(data.source)
    path = mnist_cache() / data.files[-1]
    whole = path.read_bytes()
    for content in (b"", b"damaged", whole[: len(whole) // 2], whole[:20] + bytes(len(whole) - 20)):
        path.write_bytes(content)
        with pytest.raises(DatasetError, match=f"{data.name} in .* is damaged: delete its files"):
            load(data.source)


def test_labels_that_fit_no_image_are_damage(resources: Path) -> None:
    data = FAMILY[Path("fashion-mnist")]
    publish({"FashionMNIST": write_set(data, mnist_cache())}, resources)
    raw = mnist_cache() / "FashionMNIST" / "raw"
    shutil.copy(raw / "t10k-labels-idx1-ubyte.gz", raw / "train-labels-idx1-ubyte.gz")
    with pytest.raises(DatasetError, match="is damaged"):
        load(data.source)


def test_a_folder_is_preferred_to_a_name_and_an_unknown_name_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("usps").mkdir()
    assert chosen_data(Path("usps"), mirrors=[]) == tmp_path / "usps"
    with pytest.raises(DatasetError, match=r"no folder 'fashion'.*one of mnist, fashion-mnist"):
        chosen_data(Path("fashion"), mirrors=[])
