"""The download of MNIST, from servers that fail in many ways."""

import gzip
import threading
import time
from collections.abc import Generator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

import mirrors
from lenet_desktop import paths
from lenet_desktop.data import published as published_file
from lenet_desktop.data.catalog import DamagedMnistError, mnist
from lenet_desktop.data.download import DownloadProgress, download_mnist
from lenet_desktop.data.labelled import DatasetError
from lenet_desktop.data.published import MNIST_BYTES, facts_file, published_mnist
from lenet_desktop.data.sources import MNIST_FILES, mnist_cache, mnist_is_in
from lenet_desktop.models.model_card import DIGITS
from mirrors import Answer, redirecting, server


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def fetch(
    download: Generator[DownloadProgress, None, Path],
) -> tuple[list[DownloadProgress], Path]:
    records = []
    while True:
        try:
            records.append(next(download))
        except StopIteration as end:
            return records, end.value


@pytest.fixture
def only_labels_missing(shared_mnist: Path, tmp_path: Path) -> Path:
    """A folder with all of MNIST but its smallest archive, so that a download is quick."""
    raw = tmp_path / "partial" / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name in MNIST_FILES[:-1]:
        (raw / f"{name}.gz").symlink_to(shared_mnist / "MNIST" / "raw" / f"{name}.gz")
    return tmp_path / "partial"


def test_what_torchvision_knows_is_what_the_build_writes(
    shared_mnist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from torchvision.datasets import MNIST

    assert not paths.resource("datasets.json").exists()
    published = published_mnist()
    assert sorted(published.mirrors) == sorted(MNIST.mirrors)
    schemes = [mirror.split(":")[0] for mirror in published.mirrors]
    assert schemes == sorted(schemes, reverse=True), "https first"
    assert [(archive.file, archive.md5) for archive in published.archives] == MNIST.resources
    assert published.classes == tuple(name.split(" - ")[0] for name in MNIST.classes) == DIGITS
    assert [archive.file for archive in published.archives] == [f"{n}.gz" for n in MNIST_FILES]
    for archive in published.archives:
        content = (shared_mnist / "MNIST" / "raw" / archive.file).read_bytes()
        assert archive.is_whole(content)
        assert not archive.is_whole(content[:-1])
        assert not replace(archive, sha256="0" * 64).is_whole(content), "MD5 alone is not enough"

    monkeypatch.setattr(paths, "resource", lambda name: tmp_path / name)
    (tmp_path / "datasets.json").write_text(facts_file())
    assert published_mnist() == published
    for damaged in ("", "[]", "{}", '{"MNIST": {"archives": [{}], "mirrors": []}}', '{"MNIST": 1}'):
        (tmp_path / "datasets.json").write_text(damaged)
        with pytest.raises(DatasetError, match="install it again"):
            published_mnist()
    (tmp_path / "datasets.json").unlink()
    monkeypatch.setattr(published_file, "find_spec", lambda package: None)
    with pytest.raises(DatasetError, match="install it again"):
        published_mnist()


def test_download(shared_mnist: Path) -> None:
    with server(shared_mnist, mirrors.whole) as address:
        records, root = fetch(download_mnist(mirrors=[address]))
    assert root == mnist_cache()
    assert files_below(root) == {
        name: content for name, content in files_below(shared_mnist).items() if name.endswith(".gz")
    }
    assert mnist_is_in(root)
    bytes_so_far = [record.bytes for record in records]
    assert bytes_so_far == sorted(bytes_so_far)
    assert bytes_so_far[-1] == MNIST_BYTES
    assert len(records) > 100
    assert {record.total for record in records} == {MNIST_BYTES}
    # Completed archives are not downloaded again.
    assert fetch(download_mnist(mirrors=[]))[0][-1] == DownloadProgress(MNIST_BYTES, MNIST_BYTES)


NOT_UNDERSTOOD = "the server's answer was not understood"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (mirrors.failing, "the server answered 503"),
        (mirrors.stalling, "the server stopped answering"),
        (mirrors.cut_off, "the file is incomplete|the connection broke off"),
        (mirrors.cut_off_unnoticed, "the file is incomplete"),
        (mirrors.corrupt, "the file has the wrong checksum"),
        (mirrors.endless, "the file has the wrong checksum"),
        (mirrors.garbled, "the connection broke off|not understood"),
        (mirrors.badly_chunked, "the connection broke off|not understood"),
        (redirecting("http://[broken/{file}"), NOT_UNDERSTOOD),
        (redirecting("http://127.0.0.1:port/{file}"), "the connection broke off|not understood"),
        (redirecting("http://127.0.0.1:99999/{file}"), "no server could be reached"),
        (redirecting(f"http://{'a' * 70}.example/{{file}}"), NOT_UNDERSTOOD),
        (redirecting("http:///{file}"), "no server could be reached|the server answered 302"),
        (redirecting("ftp://127.0.0.1/{file}"), "the server answered 302"),
        (redirecting("file:///etc/hostname"), "the server answered 302"),
        (redirecting("data:,0123456789"), "the server answered 302"),
        (redirecting("/{file}"), "the server answered 302"),  # to itself, for ever
    ],
    ids=[
        "fails",
        "stalls",
        "cut off",
        "cut off unnoticed",
        "corrupt",
        "endless",
        "no HTTP",
        "bad chunks",
        "to a malformed host",
        "to a malformed port",
        "to an impossible port",
        "to an impossible name",
        "to no host",
        "to ftp",
        "to a file",
        "to data",
        "to itself",
    ],
)
def test_when_a_mirror_fails_the_next_one_is_tried(
    shared_mnist: Path, only_labels_missing: Path, answer: Answer, reason: str
) -> None:
    before = files_below(only_labels_missing)
    with server(shared_mnist, answer) as bad:
        with pytest.raises(DatasetError, match=reason) as caught:
            fetch(download_mnist(only_labels_missing, mirrors=[bad], timeout=0.5))
        assert "train on the starter digits" in str(caught.value)
        assert files_below(only_labels_missing) == before
        with server(shared_mnist, mirrors.whole) as good:
            fetch(download_mnist(only_labels_missing, mirrors=[bad, good], timeout=0.5))
    assert mnist_is_in(only_labels_missing)


def test_a_redirect_to_http_is_followed(shared_mnist: Path, only_labels_missing: Path) -> None:
    with (
        server(shared_mnist, mirrors.whole) as good,
        server(shared_mnist, redirecting(good + "{file}")) as address,
    ):
        fetch(download_mnist(only_labels_missing, mirrors=[address]))
    assert mnist_is_in(only_labels_missing)


@pytest.mark.parametrize("address", ["", "nonsense", "http://[", "file:///etc/hostname?"])
def test_a_malformed_mirror_is_skipped(
    shared_mnist: Path, only_labels_missing: Path, address: str
) -> None:
    with server(shared_mnist, mirrors.whole) as good:
        fetch(download_mnist(only_labels_missing, mirrors=[address, good]))
    assert mnist_is_in(only_labels_missing)


def test_being_offline_is_reported(tmp_path: Path) -> None:
    with server(tmp_path, mirrors.whole) as address:
        pass  # the server is closed, so its port is too
    with pytest.raises(DatasetError, match="no server could be reached: check the connection"):
        fetch(download_mnist(tmp_path, mirrors=[address]))


def test_a_cancelled_download_keeps_only_complete_archives(
    shared_mnist: Path, tmp_path: Path
) -> None:
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
def test_a_silent_server_does_not_delay_cancelling(
    shared_mnist: Path, tmp_path: Path, answer: Answer
) -> None:
    with server(shared_mnist, answer) as address:
        download = download_mnist(tmp_path, mirrors=[address])
        for _ in range(5):
            next(download)
        # The thread that waits for the server is still there: cancelling does not wait for it.
        download.close()
        assert any(thread.name == "download" for thread in threading.enumerate())


def test_a_paused_download_fetches_no_more_and_can_be_cancelled(
    shared_mnist: Path, tmp_path: Path
) -> None:
    sent = [0]

    def flood(handler: BaseHTTPRequestHandler, content: bytes) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(600):
                handler.wfile.write(bytes(100_000))
                sent[0] += 100_000
        except OSError:
            pass  # the client has closed the connection

    with server(shared_mnist, flood) as address:
        download = download_mnist(tmp_path, mirrors=[address])
        while next(download).bytes == 0:
            pass
        before = -1
        while sent[0] > before:  # until the server waits, or has sent everything
            before = sent[0]
            time.sleep(0.3)
        # What the system buffers, and the queue.
        assert sent[0] < 30_000_000
        download.close()
        for thread in threading.enumerate():
            if thread.name == "download":
                thread.join(5)
                assert not thread.is_alive()


def test_damaged_files_are_replaced(shared_mnist: Path, only_labels_missing: Path) -> None:
    raw = only_labels_missing / "MNIST" / "raw"
    (raw / "t10k-labels-idx1-ubyte.gz").write_bytes(b"damaged")
    (raw / "t10k-images-idx3-ubyte").write_bytes(b"damaged")
    whole_labels = gzip.decompress((raw / "train-labels-idx1-ubyte.gz").read_bytes())
    (raw / "train-labels-idx1-ubyte").write_bytes(whole_labels)
    with pytest.raises(DamagedMnistError):
        mnist(only_labels_missing)
    with server(shared_mnist, mirrors.whole) as address:
        fetch(download_mnist(only_labels_missing, mirrors=[address]))
    assert len(mnist(only_labels_missing).test) == 10_000
    assert (raw / "train-labels-idx1-ubyte").read_bytes() == whole_labels


def test_a_full_disk_is_reported(shared_mnist: Path, tmp_path: Path) -> None:
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
