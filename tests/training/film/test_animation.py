"""A film as an animated picture: a frame for each moment, written as a whole or not at all."""

from dataclasses import replace
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from PIL import Image

from lenet_desktop.training.film.animation import write_animation
from lenet_desktop.training.film.film import Film
from lenet_desktop.training.film.reader import FilmReader, MeasuredMoment
from lenet_desktop.training.loop import train
from trainings import PLAIN, few_digits, finish


@pytest.fixture(scope="module")
def film() -> Film:
    film = Film()
    # Few steps, but large ones: the kernels change visibly.
    finish(train(replace(PLAIN, epochs=1, learning_rate=0.1), few_digits(), film=film))
    return film


def caption(measured: MeasuredMoment) -> str:
    return f"Step {measured.moment.step} · {measured.accuracy:.1%} · 数"


@pytest.mark.parametrize("suffix", [".gif", ".webp"])
def test_each_moment_is_a_frame(film: Film, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"film{suffix}"
    assert write_animation(path, FilmReader(film), caption, "Training loss")
    with Image.open(path) as picture:
        assert picture.format == suffix[1:].upper()
        assert picture.size == (960, 540)
        assert picture.n_frames == len(film.moments)
        frames = []
        for number in range(picture.n_frames):
            picture.seek(number)
            frames.append(np.asarray(picture.convert("RGB"), np.int16))
    kernels, curve = (slice(96, 480), slice(48, 440)), (slice(130, 470), slice(560, 900))
    for part in (kernels, curve):
        assert np.abs(frames[0][part] - frames[-1][part]).max() > 30


def test_the_colours_are_those_of_the_weights(film: Film, tmp_path: Path) -> None:
    path = tmp_path / "film.webp"
    write_animation(path, FilmReader(film), caption, "")
    reader = FilmReader(film)
    largest = max(np.abs(reader.open(moment).kernels).max() for moment in film.moments)
    first = reader.open(film.moments[0]).kernels[0]
    with Image.open(path) as picture:
        pixels = np.asarray(picture.convert("RGB"), float)
    side, top, left = 118, 96 + (380 - 2 * 118 - 12) // 2, 48
    for row in range(5):
        for column in range(5):
            y, x = (round((place + 0.5) * side / 5) for place in (row, column))
            red, _, blue = pixels[top + y, left + x]
            # Blue is positive, orange negative; the distance from grey is the weight.
            assert blue - red == pytest.approx(
                (1.0 if first[row, column] > 0 else 1.13) * 171 * first[row, column] / largest,
                abs=12,
            )


def test_stopped_it_leaves_no_file(film: Film, tmp_path: Path) -> None:
    stop = Event()
    stop.set()
    path = tmp_path / "film.gif"
    assert not write_animation(path, FilmReader(film), caption, "", stop)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_what_was_there(film: Film, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="needs a limit on the size of files")
    path = tmp_path / "film.gif"
    path.write_bytes(b"an older file")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            write_animation(path, FilmReader(film), caption, "")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == b"an older file"
    assert list(tmp_path.iterdir()) == [path]
