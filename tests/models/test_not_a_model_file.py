"""Files that are not model files are refused in one sentence and run no code."""

import json
import os
import pickle
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from lenet_desktop.models import model_file
from lenet_desktop.models.model_file import ModelFileError
from model_files import random_model, refusal, write


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
    model_file.save(random_model(), path)
    content = path.read_bytes()
    for length in (*range(0, 2000, 111), *range(2000, len(content), 21_001), len(content) - 1):
        path.write_bytes(content[:length])
        refusal(path)


def test_no_mutation_of_a_header_does_more_than_refuse_it(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    model_file.save(random_model(), path)
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
    model_file.save(random_model(), path)
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
