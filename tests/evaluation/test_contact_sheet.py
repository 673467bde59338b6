"""The contact sheet shows misread samples, whatever the classes are called."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lenet_desktop.drawing.picture import PictureError
from lenet_desktop.evaluation.contact_sheet import write_contact_sheet
from lenet_desktop.evaluation.metrics import Evaluation, evaluate
from small_models import LETTERS, THREE, a_model, samples

TILE, CAPTION = 84, 28


def sheet_of(evaluation: Evaluation, folder: Path) -> np.ndarray:
    """Write the contact sheet of empty samples and read it back."""
    shown = np.zeros((len(evaluation.labels), 28, 28), np.float32)
    assert write_contact_sheet(folder / "sheet.png", evaluation, shown) > 0
    with Image.open(folder / "sheet.png") as sheet:
        return np.asarray(sheet)


def test_misread_samples_and_accepted_outliers_are_shown(tmp_path: Path) -> None:
    shown = samples(0, 0, 1)
    shown[1, 14, 14] = 1
    evaluation = evaluate(a_model(), shown, ["zero", "one", "none of them"])
    assert write_contact_sheet(tmp_path / "sheet.png", evaluation, shown) == 2
    with Image.open(tmp_path / "sheet.png") as sheet:
        pixels = np.asarray(sheet)
    assert pixels.shape == (CAPTION + TILE, 12 * TILE)
    assert pixels[CAPTION + 3 * 14, 3 * 14] == 0
    for column in (0, 1):  # both have a caption
        assert pixels[:CAPTION, column * TILE : (column + 1) * TILE].min() < 100
    assert (pixels[:, 2 * TILE :] == 255).all()


def test_a_sheet_without_mistakes_is_white(tmp_path: Path) -> None:
    evaluation = evaluate(a_model(), samples(0), ["zero"])
    assert write_contact_sheet(tmp_path / "sheet.png", evaluation, samples(0)) == 0
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert np.asarray(sheet).min() == 255


def test_600_tiles_are_the_most(tmp_path: Path) -> None:
    evaluation = evaluate(a_model(), samples(*[0] * 700), ["one"] * 700)
    assert sheet_of(evaluation, tmp_path).shape == (50 * (CAPTION + TILE), 12 * TILE)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("W" * 20, id="20 wide letters"),
        pytest.param("W" * 2_000_000, id="longer than Pillow takes"),
        pytest.param("😀", id="emoji"),
        pytest.param("é", id="accent"),
        pytest.param("数字", id="Chinese"),
        pytest.param("a\nb\nc\nd\ne", id="many lines"),
        pytest.param("\ud83d", id="half a surrogate pair"),
        pytest.param("\x00\x1b[31m\u202e", id="control characters"),
        pytest.param("", id="empty"),
    ],
)
def test_no_name_breaks_the_picture(name: str, tmp_path: Path) -> None:
    two = samples(0, 0)
    as_label = evaluate(a_model(), two, [name, "one"])
    # As the name of a class, which a model file may hold.
    as_class = replace(evaluate(a_model(), two, ["one"] * 2), classes=(name, "one", "two"))
    for evaluation in (as_label, as_class):
        sheet = sheet_of(evaluation, tmp_path)
        assert sheet.shape == (CAPTION + TILE, 12 * TILE)
        assert sheet[:CAPTION, :TILE].min() < 100
    # The neighbour's caption is drawn as if the name were another.
    second = sheet_of(as_label, tmp_path)[:CAPTION, TILE : 2 * TILE]
    plain = sheet_of(evaluate(a_model(), two, ["two", "one"]), tmp_path)
    assert np.array_equal(second, plain[:CAPTION, TILE : 2 * TILE])


def test_26_classes_fit(tmp_path: Path) -> None:
    indices = list(range(26))
    evaluation = evaluate(a_model(LETTERS), samples(*indices), [*LETTERS[1:], "A"])
    assert sheet_of(evaluation, tmp_path).shape == (3 * (CAPTION + TILE), 12 * TILE)


def test_an_unwritable_file_is_reported_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    evaluation = evaluate(a_model(THREE), samples(0), ["one"])
    with pytest.raises(PictureError, match=r"cannot be written: .*\.$"):
        write_contact_sheet(tmp_path / "file" / "below.png", evaluation, samples(0))
