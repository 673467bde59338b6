"""One in four drawings is held out, and none ever changes sides."""

from pathlib import Path

import numpy as np
import pytest

from lenet_desktop.data import own_samples
from lenet_desktop.data.teaching.drawings import read_drawings
from lenet_desktop.data.teaching.held_out import is_held_out
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.strokes import Drawing, Stroke, place
from own_drawings import drawn


def test_about_one_in_four_is_held_out() -> None:
    count = sum(is_held_out(drawn("bolt", seed)) for seed in range(1000))
    # Four standard deviations of the binomial distribution.
    assert count == pytest.approx(250, abs=55)


def test_a_drawing_stays_on_its_side_whatever_happens_to_the_file(tmp_path: Path) -> None:
    file = tmp_path / "own.jsonl"
    placed = [place(drawn("arrow", seed)) for seed in range(12)]
    for drawing in placed:
        own_samples.add(file, drawing, rasterize(drawing), "a")
    before = [each.is_held_out for each in read_drawings(file).drawings]
    assert {True, False} == set(before)
    lines = file.read_text().splitlines()
    file.write_text("\n".join(reversed([line.replace('"a"', '"b"') for line in lines[3:]])))
    after = [each.is_held_out for each in read_drawings(file).drawings]
    assert after == before[:2:-1], "deleted, moved and labelled anew"
    in_memory = [is_held_out([s.points for s in drawing.strokes]) for drawing in placed]
    assert in_memory == before, "also before it is in the file"


def test_another_drawing_is_another_draw() -> None:
    points = drawn("bolt", 0)[0]
    sides = {is_held_out([points + np.float32(step / 100)]) for step in range(40)}
    assert sides == {True, False}


def test_it_depends_on_where_strokes_end() -> None:
    points = np.zeros((8, 2), np.float32)
    sides = {
        is_held_out([points[:cut] + number, points[cut:] + number])
        for number in range(10)
        for cut in range(1, 8)
    }
    assert sides == {True, False}
    assert Drawing((Stroke(points),)).strokes[0].points is points
