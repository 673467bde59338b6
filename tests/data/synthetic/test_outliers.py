import numpy as np
import pytest
import torch
from torch import Generator

from lenet_desktop.data.synthetic import outliers
from lenet_desktop.data.synthetic.cells import draw
from lenet_desktop.data.synthetic.outliers import KINDS, draw_outliers, templates
from lenet_desktop.data.synthetic.sketches import with_brush
from lenet_desktop.drawing.preprocess import preprocess
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.strokes import Drawing, Stroke

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.mark.parametrize("count", [0, 1, 7, 250])
def test_as_many_are_drawn_as_asked_for(count: int) -> None:
    images = draw_outliers(count, seed=count)
    assert images.shape == (count, 28, 28)
    assert images.dtype == torch.uint8


def test_the_same_seed_gives_the_same_outliers_bit_for_bit() -> None:
    before = torch.random.get_rng_state()
    images = draw_outliers(40, seed=3)
    torch.set_num_threads(2)
    assert torch.equal(images, draw_outliers(40, seed=3))
    assert not torch.equal(images, draw_outliers(40, seed=4))
    assert torch.equal(before, torch.random.get_rng_state()), "torch's global generator was used"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_fills_the_box_that_preprocess_fills(kind: str) -> None:
    images = draw_outliers(60, seed=1, kinds=[kind])
    assert images.shape == (60, 28, 28)
    sizes = []
    for image in images:
        rows, columns = (image > 0).nonzero(as_tuple=True)
        sizes.append(max(int(rows.max() - rows.min()), int(columns.max() - columns.min())) + 1)
    assert max(sizes) <= 20
    # A texture's ink may end before its box does.
    assert min(sizes) >= (10 if kind == "texture" else 18)
    assert int(images.flatten(1).amax(dim=1).min()) >= 100


def test_lines_of_several_digits_are_drawn_as_the_pad_and_preprocess_do() -> None:
    random = Generator().manual_seed(2)
    sketches = with_brush(outliers._row(6, random), None, random)
    for index, image in enumerate(draw(sketches).numpy() / np.float32(255)):
        strokes = sketches.strokes(index)
        points, brush = np.concatenate(strokes), float(sketches.brushes[index])
        low, high = points.min(axis=0), points.max(axis=0)
        scale = 600 / (float((high - low).max()) + brush)
        sample = preprocess(
            rasterize(
                Drawing(tuple(Stroke((s - low) * scale + 100, brush * scale) for s in strokes))
            )
        )
        assert sample is not None
        # Where the centre of mass lies between two pixels, rounding may differ.
        moves = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
        difference = min(float(np.abs(np.roll(image, m, (0, 1)) - sample).mean()) for m in moves)
        assert difference < 0.02


def test_each_template_has_a_name_of_its_own() -> None:
    names = [style.name for among in templates().values() for style in among]
    assert len(names) == len(set(names))
    assert set(templates()) <= set(KINDS)
    for among in templates().values():
        for style in among:
            assert 0 < style.share < 10
            assert float(style.drawings.min()) > -0.3
            assert float(style.drawings.max()) < 1.3
