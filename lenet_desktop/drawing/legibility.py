"""Drawings that are hard to read as they are: too small for their brush, or of very few points."""

from dataclasses import replace

import numpy as np

from lenet_desktop.drawing.curves import smooth_curve
from lenet_desktop.drawing.strokes import Drawing, Points

# Brushes relative to how far the hand went. Up to the first, holes stay open; the second is what
# MNIST's pencils were; and a hand that moved less than a quarter of a brush has made a dot.
_TOO_THICK, _AS_A_PENCIL, _A_DOT = 0.25, 0.12, 0.25
# Points further apart than this, relative to the drawing, are joined by a curve.
_SPARSE = 0.12


def readable(drawing: Drawing) -> Drawing:
    """Return the drawing as it is to be read; itself where nothing needs to change.

    People who draw with a mouse often draw small, at the brush they find: where the ink would
    run together to a blot, the brush is made finer. And they draw fast: where a stroke has few
    points, a curve runs through them, as the hand went. Where something was erased, or there is
    a picture, nothing is changed; nor is a mere dot.
    """
    if not drawing.strokes or drawing.picture is not None or any(s.erases for s in drawing.strokes):
        return drawing
    points = np.concatenate([stroke.points for stroke in drawing.strokes])
    size = float(np.ptp(points, axis=0).max())
    thickest = max(stroke.brush for stroke in drawing.strokes)
    if size <= _A_DOT * thickest:
        return drawing
    finer = _AS_A_PENCIL * size / thickest if thickest > _TOO_THICK * size else 1.0
    sparse = [_is_sparse(stroke.points, size) for stroke in drawing.strokes]
    if finer == 1 and not any(sparse):
        return drawing
    return Drawing(
        tuple(
            replace(
                stroke,
                points=smooth_curve(stroke.points) if is_sparse else stroke.points,
                brush=stroke.brush * finer,
            )
            for stroke, is_sparse in zip(drawing.strokes, sparse, strict=True)
        )
    )


def _is_sparse(points: Points, size: float) -> bool:
    if len(points) < 3:
        return False
    return float(np.hypot(*np.diff(points, axis=0).T).mean()) > _SPARSE * size
