import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Generator

from lenet_desktop import paths
from lenet_desktop.data.labelled import DatasetError
from lenet_desktop.data.synthetic.cells import draw
from lenet_desktop.data.synthetic.handwriting import sketch
from lenet_desktop.data.synthetic.pen_digits import draw_pen_digits, styles
from lenet_desktop.data.synthetic.sketches import Sketches
from lenet_desktop.data.synthetic.styles import read_styles
from lenet_desktop.drawing.preprocess import preprocess
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.strokes import Drawing, Stroke
from lenet_desktop.models import model_file

ALL = [style for among in styles().values() for style in among]

pytestmark = pytest.mark.usefixtures("one_thread")


def on_the_pad(sketches: Sketches, index: int, size: float = 600) -> Drawing:
    """Return a sketch as a drawing whose ink fills ``size`` pad units."""
    strokes = sketches.strokes(index)
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    brush = float(sketches.brushes[index])
    scale = size / (float((high - low).max()) + brush)
    return Drawing(
        tuple(Stroke(((s - low) * scale + 100).astype(np.float32), brush * scale) for s in strokes)
    )


@pytest.mark.parametrize("count", [0, 1, 7, 100, 333])
def test_all_digits_are_equally_frequent_and_in_random_order(count: int) -> None:
    images, labels = draw_pen_digits(count, seed=count)
    assert images.shape == (count, 28, 28)
    assert images.dtype == torch.uint8
    assert labels.shape == (count,)
    assert labels.dtype == torch.int64
    frequencies = torch.bincount(labels, minlength=10)
    assert int(frequencies.max() - frequencies.min()) <= 1
    if count >= 100:
        assert not torch.equal(labels, labels.sort().values)


def test_the_same_seed_gives_the_same_digits_bit_for_bit() -> None:
    before = torch.random.get_rng_state()
    images, labels = draw_pen_digits(60, seed=3)
    torch.set_num_threads(2)
    again, labels_again = draw_pen_digits(60, seed=3)
    others, _ = draw_pen_digits(60, seed=4)
    assert torch.equal(images, again)
    assert torch.equal(labels, labels_again)
    assert not torch.equal(images, others)
    assert torch.equal(before, torch.random.get_rng_state()), "torch's global generator was used"


def test_all_digits_differ_and_lie_in_the_middle() -> None:
    images, _ = draw_pen_digits(1000, seed=0)
    assert len(images.flatten(1).unique(dim=0)) == len(images)
    ink = images > 0
    rows, columns = ink.any(dim=2).sum(dim=1), ink.any(dim=1).sum(dim=1)
    longest = torch.maximum(rows, columns)
    assert int(longest.max()) <= 20
    assert int(longest.min()) >= 18
    index = torch.arange(28) + 0.5
    weights = images.double() / images.double().sum(dim=(1, 2), keepdim=True)
    for middle in ((weights.sum(dim=1) @ index.double()), (weights.sum(dim=2) @ index.double())):
        assert float((middle - 14.5).abs().median()) < 0.3


def compare(sketches: Sketches) -> list[tuple[float, float]]:
    """Return the mean difference to the digits drawn on the pad, and the ratio of their ink."""
    compared = []
    for index, image in enumerate(draw(sketches).numpy() / np.float32(255)):
        sample = preprocess(rasterize(on_the_pad(sketches, index)))
        assert sample is not None
        # Where the centre of mass lies between two pixels, rounding may differ.
        moves = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
        difference = min(float(np.abs(np.roll(image, m, (0, 1)) - sample).mean()) for m in moves)
        compared.append((difference, float(image.sum() / sample.sum())))
    return compared


def with_brushes(sketches: Sketches, cells: float) -> Sketches:
    """Give every digit a brush ``cells`` wide, before thin strokes are thickened."""
    size = (sketches.points.amax(dim=1) - sketches.points.amin(dim=1)).amax(dim=1)
    return Sketches(sketches.points, sketches.starts, size * cells / (20 - cells))


def test_cells_and_the_pad_with_preprocess_give_the_same_digits() -> None:
    random = Generator().manual_seed(11)
    compared = np.array([c for s in ALL for c in compare(sketch(s, 2, random))])
    differences, ink = compared.T
    assert differences.mean() < 0.006
    # A box of 12.5 cells is rounded to 12 or to 13, which moves all of the digit's edges a little.
    assert np.quantile(differences, 0.95) < 0.02
    assert differences.max() < 0.08
    assert 0.98 < ink.mean() < 1.02


@pytest.mark.parametrize("cells", [0.5, 1.0, 1.4, 4.8])
def test_thin_and_thick_strokes_are_drawn_as_preprocess_does(cells: float) -> None:
    random = Generator().manual_seed(12)
    compared = [c for s in ALL[::5] for c in compare(with_brushes(sketch(s, 2, random), cells))]
    differences, ink = np.array(compared).T
    assert differences.mean() < 0.012
    assert 0.95 < ink.mean() < 1.05


def test_every_digit_has_several_ways_of_writing_it_with_a_name_each() -> None:
    names = Counter((s.kind, s.name) for s in ALL)
    assert max(names.values()) == 1
    assert all(n >= 5 for n in Counter(s.kind for s in ALL).values())
    for style in ALL:
        assert 0 < style.share < 10
        assert re.fullmatch(r"[A-Za-z ,-]+", style.name)
        assert float(style.drawings.min()) > -0.3
        assert float(style.drawings.max()) < 1.3


def test_a_stroke_runs_through_its_points_and_keeps_its_corners() -> None:
    exact = "donot_use_mm_for_euclid_dist"
    for style in ALL:
        for drawing in style.drawings:
            curve = style.curve @ drawing
            nearest = torch.cdist(drawing, curve, compute_mode=exact).min(dim=1).values
            assert float(nearest.max()) < 1e-5, f"{style.kind}, {style.name}"
            steps = (curve[style.starts + 1] - curve[style.starts]).norm(dim=1)
            assert float(steps.max()) < 0.2, f"{style.kind}, {style.name}"


def test_strokes_are_apart_where_the_pen_was_lifted() -> None:
    seven = next(s for s in ALL if (s.kind, s.name) == ("7", "bar"))
    sketches = sketch(seven, 3, Generator().manual_seed(0))
    strokes = sketches.strokes(1)
    assert len(strokes) == 2
    assert sum(len(s) for s in strokes) == sketches.points.shape[1]
    assert len(sketches.starts) == sketches.points.shape[1] - 2


def test_the_factory_model_reads_every_style() -> None:
    if not paths.factory_model().exists():
        pytest.skip("there is no factory model")
    model = model_file.load(paths.factory_model())
    if "synthetic" not in model.card.data.lower():
        pytest.skip("the factory model was not trained on synthetic digits")
    random = Generator().manual_seed(7)
    for style in ALL:
        images = draw(sketch(style, 50, random)).unsqueeze(1).float() / 255
        with torch.inference_mode():
            read = (model.network(images).argmax(dim=1) == int(style.kind)).float().mean()
        assert float(read) >= 0.7, f"{style.kind}, {style.name}"


DAMAGED = {
    "not JSON": "{",
    "nothing": "null",
    "no styles": "{}",
    "nested deeply": "[" * 100_000,
    "another kind": '{"styles": [STYLE, {"kind": "X", "name": "", "share": 1, "drawings": []}]}',
    "no share": '{"styles": [{"kind": "7", "name": "plain", "drawings": ["0,0 9,9"]}]}',
    "share 0": '{"styles": [{"kind": "7", "name": "", "share": 0, "drawings": [["0,0 9,9"]]}]}',
    "no drawings": '{"styles": [{"kind": "7", "name": "", "share": 1, "drawings": []}]}',
    "no strokes": '{"styles": [{"kind": "7", "name": "", "share": 1, "drawings": [[]]}]}',
    "one point": '{"styles": [{"kind": "7", "name": "", "share": 1, "drawings": [["0,0"]]}]}',
    "no y": '{"styles": [{"kind": "7", "name": "", "share": 1, "drawings": [["0 9"]]}]}',
    "NaN": '{"styles": [{"kind": "7", "name": "", "share": 1, "drawings": [["0,0 nan,9"]]}]}',
    "far away": '{"styles": [{"kind": "7", "name": "", "share": 1, "drawings": [["0,0 1e9,9"]]}]}',
    "unlike drawings": (
        '{"styles": [{"kind": "7", "name": "", "share": 1, "drawings": [["0,0 9,9"], '
        '["0,0 5,5 9,9"]]}]}'
    ),
    "a kind is missing": '{"styles": [STYLE]}',
}
STYLE = '{"kind": "7", "name": "plain", "share": 1, "drawings": [["0,0 100,0! 50,100"]]}'


@pytest.mark.parametrize("content", [None, *DAMAGED.values()], ids=["missing", *DAMAGED])
def test_a_damaged_file_of_styles_is_reported_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    monkeypatch.setattr(paths, "resource", lambda name: tmp_path / name)
    if content is not None:
        (tmp_path / "a.json").write_text(content.replace("STYLE", STYLE))
    with pytest.raises(DatasetError, match=r"^The file a\.json .* install it again\.$"):
        read_styles.__wrapped__("a.json", ("7", "8"))


def test_a_curve_ends_at_a_corner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "resource", lambda name: tmp_path / name)
    (tmp_path / "a.json").write_text(json.dumps({"styles": [json.loads(STYLE)]}))
    (style,) = read_styles.__wrapped__("a.json", ("7",))["7"]
    points = style.curve @ style.drawings[0]
    # The bar and the stem are straight, since no curve leads from one to the other.
    assert bool(((points[:, 1] == 0) | (points[:, 0] + points[:, 1] / 2 - 1).abs().lt(1e-6)).all())
    assert style.kept.nonzero().flatten().tolist() == [0, 12, len(points) - 1]
