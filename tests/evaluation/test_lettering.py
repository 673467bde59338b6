"""Text in pictures keeps to its width, whatever its characters."""

import numpy as np
import pytest
from PIL import Image

from lenet_desktop.evaluation.lettering import Lettering, can_be_written, lines_of, width_of


def columns_of(text: str, width: float | None) -> list[int]:
    """Return the columns that have ink when a text is written at x = 10."""
    picture = Image.new("RGB", (2000, 80), "#ffffff")
    Lettering(picture).write((10, 10), text, 30, "#000000", width=width)
    return np.flatnonzero((np.asarray(picture) < 255).any(axis=(0, 2))).tolist()


@pytest.mark.parametrize("text", ["W" * 400, "é" * 90, "数字" * 90, "one two " * 90])
def test_a_long_line_is_cut_at_its_width(text: str) -> None:
    columns = columns_of(text, 300)
    assert 250 < columns[-1] <= 312
    assert columns_of(text, None)[-1] > 1000


def test_a_short_line_is_whole() -> None:
    assert columns_of("short", 300) == columns_of("short", None)
    assert columns_of("short", None)[-1] <= 10 + width_of("short", 30) + 2


def test_lines_break_between_words() -> None:
    text = "what each pixel adds to the odds, averaged over random parts of the ink"
    lines = lines_of(text, 30, 300)
    assert len(lines) > 3
    assert " ".join(lines) == text
    assert all(width_of(line, 30) <= 300 for line in lines)
    assert lines_of("", 30, 300) == []
    assert lines_of("W" * 100 + " a", 30, 300) == ["W" * 100, "a"]


@pytest.mark.parametrize("text", ["7", "Ankle boot"])
def test_ascii_can_be_written(text: str) -> None:
    assert can_be_written(text)


@pytest.mark.parametrize("text", ["", " ", "\u200d", "\uffff"])
def test_what_nobody_would_see_cannot_be_written(text: str) -> None:
    assert not can_be_written(text)
