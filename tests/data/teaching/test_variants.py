"""Variants of drawings: they differ, and are still drawings of the same thing."""

from pathlib import Path

import numpy as np

from lenet_desktop import paths
from lenet_desktop.data.teaching.drawings import LabelledDrawing, read_drawings
from lenet_desktop.data.teaching.variants import draw_variants, varied
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.strokes import Drawing, Stroke, place
from lenet_desktop.evaluation.metrics import evaluate
from lenet_desktop.models import model_file
from own_drawings import drawn

DEMO = paths.resource("demo-strokes.jsonl")


def test_the_factory_model_reads_variants_of_digits() -> None:
    images, labels = zip(*draw_variants(read_drawings(DEMO).drawings, 8, seed=0), strict=True)
    assert len({image.tobytes() for image in images}) == 80
    samples = np.stack(images).astype(np.float32) / np.float32(255)
    result = evaluate(model_file.load(paths.factory_model()), samples, labels)
    assert (result.count, result.accuracy > 0.95) == (80, True)


def test_the_same_seed_gives_the_same_variants() -> None:
    drawings = read_drawings(DEMO).drawings[:3]
    first, again, other = (
        np.stack([image for image, _ in draw_variants(drawings, 2, seed)]) for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_strokes_brushes_and_erasers_stay_what_they_are() -> None:
    pen = place(drawn("arrow", 0)).strokes
    drawing = Drawing((*pen, Stroke(np.array([(400, 0), (400, 800)], np.float32), 90, True)))
    variant = varied(drawing, np.random.default_rng(5))
    assert [len(s.points) for s in variant.strokes] == [len(s.points) for s in drawing.strokes]
    assert [s.erases for s in variant.strokes] == [False, False, True]
    ratios = [new.brush / s.brush for new, s in zip(variant.strokes, drawing.strokes, strict=True)]
    assert np.ptp(ratios) < 1e-6, "all brushes change by the same factor"
    ink = rasterize(varied(place(drawn("arrow", 0)), np.random.default_rng(5)))
    assert not (ink[0].any() or ink[-1].any() or ink[:, 0].any() or ink[:, -1].any())


def test_a_dot_a_point_far_away_and_a_picture() -> None:
    dot = Drawing((Stroke(np.array([(100, 700)], np.float32)),))
    far = Drawing((Stroke(np.array([(0, 0), (999_000, 999_000)], np.float32), 16),))
    picture = Drawing(picture=rasterize(place(drawn("bolt", 0))))
    image = np.full((28, 28), 7, np.uint8)
    among = [LabelledDrawing(drawing, "a", image, False) for drawing in (dot, far, picture)]
    drawn_ = [image.max() for image, _ in draw_variants(among, 3, seed=0)]
    assert len(drawn_) == 9
    assert min(drawn_[:6]) > 100
    assert drawn_[6:] == [7, 7, 7], "a picture has no strokes: it stays as it is"
    assert varied(picture, np.random.default_rng(0)) is picture


def test_a_variant_without_ink_is_left_out(tmp_path: Path) -> None:
    points = np.array([(100, 100), (200, 200)], np.float32)
    erased = Drawing((Stroke(points, 20), Stroke(points, 100, erases=True)))
    among = [LabelledDrawing(erased, "a", np.zeros((28, 28), np.uint8), False)]
    assert list(draw_variants(among, 3, seed=0)) == []
