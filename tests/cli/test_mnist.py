"""MNIST by its name: --data mnist."""

import shutil
from pathlib import Path

import pytest

import mirrors
from command_line import Run
from lenet_desktop.cli.mnist import chosen_data
from lenet_desktop.data.labelled import DatasetError
from lenet_desktop.data.sources import STARTER, mnist_cache, mnist_is_in

MNIST = Path("mnist")


@pytest.fixture(autouse=True)
def working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder in which nothing is named mnist."""
    monkeypatch.chdir(tmp_path)


def test_other_data_is_taken_as_it_is_named() -> None:
    assert chosen_data(None) == STARTER
    assert chosen_data(Path("here/mnist"), mirrors=[]) == Path("here/mnist")
    MNIST.mkdir()
    assert chosen_data(MNIST, mirrors=[]) == MNIST, "a folder is preferred to the name"


def test_mnist_is_downloaded_once_and_repaired(
    shared_mnist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with mirrors.server(shared_mnist, mirrors.whole) as address:
        folder = chosen_data(MNIST, mirrors=[address])
    assert folder == mnist_cache()
    said = f"lenet-desktop: Downloading MNIST, 11.6 MB, to {folder}.\n"
    assert capsys.readouterr() == ("", said)
    assert mnist_is_in(folder)
    assert chosen_data(Path("MNIST"), mirrors=[]) == folder, "nothing is left to download"
    assert capsys.readouterr() == ("", "")
    damaged = folder / "MNIST" / "raw" / "t10k-labels-idx1-ubyte.gz"
    damaged.write_bytes(bytes(4542))
    with pytest.raises(DatasetError, match="could not be downloaded"):
        chosen_data(MNIST, mirrors=[])
    with mirrors.server(shared_mnist, mirrors.whole) as address:
        assert chosen_data(MNIST, mirrors=[address]) == folder
    assert damaged.read_bytes()[:2] == b"\x1f\x8b"


def test_a_model_is_measured_on_mnist_by_its_name(run: Run, shared_mnist: Path) -> None:
    shutil.copytree(shared_mnist / "MNIST", mnist_cache() / "MNIST")
    code, output, errors = run("evaluate", "--data", "mnist")
    assert (code, errors) == (0, "")
    assert output.startswith("the test digits of MNIST: 99.")
