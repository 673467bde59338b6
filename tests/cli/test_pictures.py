"""A training on a folder of pictures."""

from pathlib import Path

from PIL import Image

from command_line import Run
from lenet_desktop.cli.arguments import PICTURES
from lenet_desktop.data.sources import PicturesAre
from lenet_desktop.models import model_file


def make_pictures(folder: Path) -> None:
    for name, box in (("left", (4, 8, 12, 32)), ("wide", (4, 14, 36, 24))):
        (folder / name).mkdir(parents=True)
        for number in range(6):
            image = Image.new("L", (40, 40), 255)
            image.paste(number, box)
            image.save(folder / name / f"{number}.png")


def test_the_ways_to_read_pictures_are_those_that_there_are() -> None:
    assert set(PICTURES) == set(PicturesAre)


def test_a_folder_of_pictures_is_trained_on(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "bars"
    make_pictures(folder)
    (folder / "left" / "bad.png").write_bytes(b"no picture")
    words = ("--data", folder, "--pictures", "scaled", "--epochs", "2", "--seed", "1")
    code, output, errors = run("train", *words, "--output", tmp_path / "bars.safetensors")
    assert code == 0
    assert output.startswith("quick: 8 of bars on cpu, seed 1\n")
    assert f"{folder / 'left' / 'bad.png'} cannot be read as a picture and is left out." in errors
    assert "The classes are not the ten digits: synthetic pen digits are left out" in errors
    card = model_file.load(tmp_path / "bars.safetensors").card
    assert card.classes == ("left", "wide")
    assert "--pictures scaled" in card.command


def test_a_folder_that_cannot_be_trained_on_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    code, output, errors = run("train", "--data", tmp_path, "--output", tmp_path / "m")
    assert (code, output) == (2, "")
    assert errors.count("\n") == 1 and "no subfolder with pictures" in errors
    assert not (tmp_path / "m").exists()
