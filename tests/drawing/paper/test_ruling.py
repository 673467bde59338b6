"""Ruled lines are removed, also slanting ones, and strokes that cross them stay."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from lenet_desktop.drawing.paper.grey import Grey
from lenet_desktop.drawing.paper.ruling import without_ruling

SIZE = (400, 300)


def drawn(*lines: tuple[float, float, float, float], width: int = 2) -> Grey:
    image = Image.new("L", SIZE)
    for line in lines:
        ImageDraw.Draw(image).line(line, 255, width)
    return np.asarray(image, np.float32) / 255


STROKE = drawn((200, 80, 215, 230), width=14)


@pytest.mark.parametrize("rise", [-40, 0, 25])
@pytest.mark.parametrize("count", [1, 6])
def test_lines_are_removed_and_the_stroke_across_them_stays(rise: int, count: int) -> None:
    rows = np.linspace(60, 240, count) if count > 1 else [150]
    ruling = drawn(*((0, y, 400, y + rise) for y in rows))
    left = without_ruling(np.maximum(STROKE, ruling))
    is_stroke = STROKE > 0
    assert left[~is_stroke].sum() < 0.1 * ruling[~is_stroke].sum()
    assert left[is_stroke].sum() > 0.95 * STROKE.sum()


def test_squared_paper_is_bare_without_its_lines() -> None:
    across = drawn(*((0, y, 400, y) for y in range(20, 300, 40)))
    down = drawn(*((x, 0, x, 300) for x in range(20, 400, 40)))
    left = without_ruling(np.maximum(across, down))
    assert left.sum() < 0.1 * np.maximum(across, down).sum()


@pytest.mark.parametrize(
    "ink",
    [
        pytest.param(STROKE, id="a thick stroke"),
        pytest.param(drawn((100, 150, 300, 150)), id="a bar that ends on the paper"),
        pytest.param(drawn((0, 0, 400, 300)), id="a diagonal"),
        pytest.param(drawn((0, 150, 400, 150), width=20), id="a thick line from rim to rim"),
        pytest.param(np.zeros((300, 400), np.float32), id="nothing"),
        pytest.param(np.ones((28, 28), np.float32), id="a tiny picture"),
    ],
)
def test_what_is_no_ruled_line_stays(ink: Grey) -> None:
    assert without_ruling(ink) is ink
