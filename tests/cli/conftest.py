"""Fixtures for the tests of the command line."""

import json
from pathlib import Path

import numpy as np
import pytest

from command_line import DEMO, Run
from lenet_desktop.cli import main
from lenet_desktop.drawing.picture import write_picture
from lenet_desktop.drawing.raster import blank, draw_line, rasterize
from lenet_desktop.drawing.strokes import place


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs a command line: (exit code, output, errors)."""

    def run(*arguments: object) -> tuple[int, str, str]:
        try:
            code = main.run([str(a) for a in arguments])
        except SystemExit as end:
            code = int(end.code or 0)
        output, errors = capsys.readouterr()
        return code, output, errors

    return run


@pytest.fixture
def a_cross(tmp_path: Path) -> Path:
    """Return the path of a picture that is no digit."""
    ink = blank()
    for start, end in (((200, 200), (600, 600)), ((600, 200), (200, 600))):
        draw_line(ink, start, end, 40)
    path = tmp_path / "cross.png"
    write_picture(ink, path)
    return path


@pytest.fixture
def a_four(tmp_path: Path) -> Path:
    """Return the path of a picture of a 4."""
    path = tmp_path / "four.png"
    write_picture(rasterize(place(DEMO["4"])), path)
    return path


@pytest.fixture
def forty_two(tmp_path: Path) -> Path:
    """Return the path of the number 42 as strokes of another device."""
    left, right = DEMO["4"], [stroke + np.array((600, 0)) for stroke in DEMO["2"]]
    path = tmp_path / "number.jsonl"
    path.write_text(json.dumps({"strokes": [s.tolist() for s in (*left, *right)]}) + "\n")
    return path
