"""Small pictures of drawings, quick to make: strokes are scaled before they are drawn."""

from dataclasses import replace

import numpy as np
from PIL import Image

from lenet_desktop.drawing.raster import draw_stroke
from lenet_desktop.drawing.strokes import Drawing, Ink, Stroke

# Of the side, around the ink.
_MARGIN = 0.1
# A line is at least this thick, in pixels, however large the drawing is.
_THINNEST = 1.2


def thumbnail(drawing: Drawing, side: int) -> Ink:
    """Return the ink of a drawing in a square of its own, uint8 (side, side).

    The ink fills the square in one direction, but for a small margin, and is centred.
    """
    if drawing.picture is not None:
        return _of_picture(drawing.picture, side)
    ink = np.zeros((side, side), np.uint8)
    drawn = [stroke for stroke in drawing.strokes if not stroke.erases]
    if not drawn:
        return ink
    low = np.min([s.points.min(axis=0) - s.brush / 2 for s in drawn], axis=0)
    high = np.max([s.points.max(axis=0) + s.brush / 2 for s in drawn], axis=0)
    scale = side * (1 - 2 * _MARGIN) / float((high - low).max())
    shift = side / 2 - (low + high) / 2 * scale
    for stroke in drawing.strokes:
        points = (stroke.points * scale + shift).astype(np.float32)
        draw_stroke(ink, replace(stroke, points=points, brush=_brush(stroke, scale)))
    return ink


def _brush(stroke: Stroke, scale: float) -> float:
    return max(stroke.brush * scale, _THINNEST)


def _of_picture(picture: Ink, side: int) -> Ink:
    rows, columns = np.flatnonzero(picture.any(axis=1)), np.flatnonzero(picture.any(axis=0))
    ink = np.zeros((side, side), np.uint8)
    if not rows.size:
        return ink
    cut = picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    room = side * (1 - 2 * _MARGIN)
    scale = room / max(cut.shape)
    height, width = (max(round(length * scale), 1) for length in cut.shape)
    small = Image.fromarray(cut).resize((width, height), Image.Resampling.BOX)
    top, left = (side - height) // 2, (side - width) // 2
    ink[top : top + height, left : left + width] = np.asarray(small)
    return ink
