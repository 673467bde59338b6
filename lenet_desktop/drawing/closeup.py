"""The sample of some strokes of a larger drawing, as if they alone stood on the pad."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lenet_desktop.drawing.legibility import readable
from lenet_desktop.drawing.preprocess import Sample, preprocess
from lenet_desktop.drawing.raster import draw_stroke
from lenet_desktop.drawing.strokes import Drawing, Stroke

# The larger side of the ink in pixels: twice the finest picture that the preprocessing looks at.
# More take longer, and change the samples by less than the brush does.
_SIZE = 160


def sample_of(strokes: Sequence[Stroke]) -> Sample | None:
    """Return the sample of strokes wherever they lie; None if no ink is left."""
    drawing = readable(Drawing(tuple(strokes)))
    points = np.concatenate([stroke.points for stroke in drawing.strokes]).astype(np.float64)
    reach = max(stroke.brush for stroke in drawing.strokes) / 2 + 1
    low, high = points.min(axis=0) - reach, points.max(axis=0) + reach
    scale = min(_SIZE / float((high - low).max()), 1)
    width, height = np.ceil((high - low) * scale).astype(int).tolist()
    ink = np.zeros((height + 1, width + 1), np.uint8)
    for stroke in drawing.strokes:
        moved = ((stroke.points - low) * scale).astype(np.float32)
        draw_stroke(ink, replace(stroke, points=moved, brush=stroke.brush * scale))
    return preprocess(ink)
