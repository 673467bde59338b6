"""Folders of pictures with one subfolder for each class."""

import shutil
import unicodedata
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from lenet_desktop.data.catalog import load
from lenet_desktop.data.image_folder import list_pictures, read_few
from lenet_desktop.data.labelled import DatasetError
from lenet_desktop.data.sources import PicturesAre

SHAPES = ("circle", "cross")


def draw(path: Path, shape: str, *, size: int = 60, shift: int = 0) -> None:
    """Write a picture of a shape, dark on white."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.new("RGB", (size, size), "white")
    pen = ImageDraw.Draw(image)
    low, high = 10 + shift, 45 + shift
    if shape == "circle":
        pen.ellipse((low, low, high, high), outline="black", width=4)
    else:
        pen.line((low, low, high, high), fill="black", width=4)
        pen.line((low, high, high, low), fill="black", width=4)
    image.save(path)


@pytest.fixture
def shapes(tmp_path: Path) -> Path:
    """A folder with seven pictures of each of two classes, one of them deeper and a JPEG."""
    root = tmp_path / "shapes"
    for shape in SHAPES:
        for number in range(6):
            draw(root / shape / f"{number}.png", shape, shift=number)
        draw(root / shape / "more" / "a.JPG", shape)
        (root / shape / "notes.txt").write_text("no picture")
    (root / ".cache").mkdir()
    return root


@pytest.mark.parametrize("are", PicturesAre)
def test_a_folder_is_read_as_torchvision_lists_it(shapes: Path, are: PicturesAre) -> None:
    from torchvision.datasets import ImageFolder

    shutil.rmtree(shapes / ".cache")
    known = ImageFolder(str(shapes))
    found = list_pictures(shapes)
    assert list(found.classes) == known.classes
    assert [str(path) for some in found.files for path in some] == [path for path, _ in known.imgs]
    told: list[tuple[int, int]] = []
    data = load(shapes, are, lambda done, total: told.append((done, total)))
    assert told[-1] == (0, 14)
    assert (data.name, data.classes, data.notice) == ("shapes", SHAPES, "")
    assert [len(part) for part in (data.train, data.validation, data.test)] == [10, 2, 2]
    for part in (data.train, data.validation, data.test):
        assert set(part.labels.tolist()) == {0, 1}
        assert (part.images[:, 0, 0] == 0).all(), "the paper is dark, as MNIST's is"
        assert (part.images.flatten(1).max(dim=1).values > 150).all()
    assert load(shapes, are).digest() == data.digest(), "the parts are always the same"


def test_drawings_are_centred_and_scaled_pictures_are_not(shapes: Path) -> None:
    draw(shapes / "cross" / "far.png", "cross", size=200)
    found = list_pictures(shapes)
    far = found.files[1].index(shapes / "cross" / "far.png")
    both = {are: read_few(found, are, 20).images for are in PicturesAre}
    place = [n for n, label in enumerate(read_few(found, PicturesAre.SCALED, 20).labels) if label]
    drawn, scaled = (both[are][place[far]] for are in PicturesAre)
    assert drawn[10:18, 10:18].any() and not drawn[:4].any()
    assert scaled[:7, :7].any() and not scaled[7:].any()


def test_light_on_dark_wide_transparent_and_deep_pictures(tmp_path: Path) -> None:
    for number in range(3):
        for name, level in (("dark", 0), ("grey", 40)):
            wide = np.full((20, 80), level, np.uint8)
            wide[5:15, 5 + number : 75] = 250
            (tmp_path / name).mkdir(exist_ok=True)
            Image.fromarray(wide).save(tmp_path / name / f"{number}.png")
    deep = (np.eye(28) * 65_535).astype(np.uint16)
    Image.fromarray(deep).save(tmp_path / "dark" / "deep.png")
    Image.new("LA", (28, 28), (0, 0)).save(tmp_path / "dark" / "transparent.png")
    data = load(tmp_path, PicturesAre.SCALED)
    images = torch.cat([part.images for part in (data.train, data.validation, data.test)])
    rows = (images > 200).any(dim=2).sum(dim=1)
    assert sorted(set(rows.tolist())) == [3, 28], "proportions are kept"
    assert {int(value) for value in images[:, 0, 0]} == {0, 40, 255}, "most are light on dark"


def test_unreadable_pictures_are_left_out_and_named(shapes: Path) -> None:
    (shapes / "circle" / "0.png").write_bytes(b"no picture")
    for are in PicturesAre:
        data = load(shapes, are)
        assert data.notice == (
            f"{shapes / 'circle' / '0.png'} cannot be read as a picture and is left out."
        )
        assert len(data.train) + len(data.validation) + len(data.test) == 13
    whole = (shapes / "cross" / "1.png").read_bytes()
    (shapes / "cross" / "1.png").write_bytes(whole[: len(whole) // 2])
    (shapes / "cross" / "2.png").unlink()
    (shapes / "cross" / "2.png").mkdir()
    data = load(shapes)
    assert data.notice.startswith("2 pictures cannot be read and are left out; the first is ")
    assert len(read_few(list_pictures(shapes), PicturesAre.SCALED, 20)) == 11


def test_folders_that_cannot_be_used_are_reported_in_a_sentence(
    shapes: Path, tmp_path: Path
) -> None:
    def complaint() -> str:
        with pytest.raises(DatasetError) as caught:
            load(shapes)
        return str(caught.value)

    (shapes / "empty").mkdir()
    assert "The class 'empty' in" in complaint() and "is empty" in complaint()
    draw(shapes / "empty" / "only.png", "cross")
    assert "needs at least 3 pictures that can be read" in complaint()
    assert "but has 1" in complaint()
    for name in ("a.png", "b.png"):
        (shapes / "empty" / name).write_bytes(b"damaged")
    assert "but has 1" in complaint(), "those that cannot be read do not count"
    shutil.rmtree(shapes / "empty")
    twice = "é"
    for form in ("NFC", "NFD"):
        draw(shapes / unicodedata.normalize(form, twice) / "a.png", "cross")
    if len(list(shapes.iterdir())) == 5:  # some file systems take both for the same name
        assert "are both named 'é': put their pictures into one" in complaint()
    for form in ("NFC", "NFD"):
        shutil.rmtree(shapes / unicodedata.normalize(form, twice), ignore_errors=True)
    shutil.rmtree(shapes / "circle")
    assert "it has 1 classes, but 2 to 100 are possible" in complaint()
    for place in ("train", "test"):
        draw(tmp_path / "parts" / place / "cross" / "a.png", "cross")
    with pytest.raises(DatasetError, match=r"are parts of a data set, not classes: choose .*test"):
        load(tmp_path / "parts")
    shutil.rmtree(shapes / "cross")
    assert "no subfolder with pictures" in complaint()
    shutil.rmtree(shapes)
    assert "cannot be read: No such file" in complaint()


def test_a_link_to_the_folder_above_ends(shapes: Path) -> None:
    (shapes / "cross" / "round").symlink_to(shapes / "cross")
    assert len(list_pictures(shapes)) == 14


def test_reading_can_be_stopped(shapes: Path) -> None:
    class StoppedError(Exception):
        pass

    def stop(done: int, total: int) -> None:
        if total:
            raise StoppedError

    with pytest.raises(StoppedError):
        load(shapes, PicturesAre.SCALED, stop)
