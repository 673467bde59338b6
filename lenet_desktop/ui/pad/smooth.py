"""The ink as the paper shows it: smooth, where the mouse reported only a few points. No Qt.

What is recognized and saved is the ink of the straight lines between the points. The paper shows
curves through the same points, drawn with the same brush. Where something was erased, and close to
it, the paper shows the ink itself: no ink can hide there, and no shown ink is left over.
"""

from dataclasses import replace

import numpy as np

from lenet_desktop.drawing.curves import spline
from lenet_desktop.drawing.raster import blank, draw_stroke
from lenet_desktop.drawing.strokes import Drawing, Ink, Points, Rect, Stroke

# A curve is drawn as lines that bend by about this much, in radians: no corner can be seen, even
# with the thickest brush on a screen of twice the pixels. They are not shorter than this, in pad
# units, and not more than this many from one point to the next.
_BEND, _SHORTEST, _MOST_LINES = 0.17, 6.0, 12
# How far around an eraser's path the ink itself is shown, in pad units. Curves through a hand's
# points are seldom farther from the straight lines.
_NEAR = 8.0


def ink_and_shown(drawing: Drawing) -> tuple[Ink, Ink]:
    """Return the ink of a drawing, and what the paper shows; uint8 (PAD_SIZE, width) each."""
    ink = blank(drawing.width) if drawing.picture is None else drawing.picture.copy()
    shown = ink.copy()
    for stroke in drawing.strokes:
        draw_stroke(ink, stroke)
        if stroke.erases:
            show_erased(shown, ink, stroke)
        else:
            draw_stroke(shown, replace(stroke, points=curve(stroke.points)))
    return ink, shown if ink.any() else blank(drawing.width)


def curve(points: Points) -> Points:
    """Return the points of a smooth curve through the N points of a stroke."""
    return points if len(points) < 3 else _line(points)[0]


def last_pieces(points: Points) -> tuple[Points, Points]:
    """Return the last two pieces of the curve through at least three points.

    A piece runs from one point to the next. The first of the two is final; the last one changes
    when the stroke gets another point. The time does not depend on the number of points.
    """
    line, ends = _line(points[-4:])
    first = ends[-3] if len(ends) > 2 else 0
    return line[first : ends[-2] + 1], line[ends[-2] :]


def show_erased(shown: Ink, ink: Ink, stroke: Stroke) -> Rect:
    """Show the ink itself around the path of an eraser; return the part that may have changed."""
    near = np.zeros_like(ink)
    wide = replace(stroke, brush=stroke.brush + 2 * _NEAR, erases=False)
    left, top, right, bottom = box = draw_stroke(near, wide)
    inside = np.s_[top:bottom, left:right]
    np.copyto(shown[inside], ink[inside], where=near[inside] > 0)
    return box


def _line(points: Points) -> tuple[Points, list[int]]:
    """Return the points of the curve, and the index of the end of each piece among them."""
    values = points.astype(np.float64)
    across = np.diff(values, axis=0)
    distances = np.hypot(*across.T)
    directions = across / np.maximum(distances, 1e-9)[:, np.newaxis]
    bends = np.hypot(*np.diff(directions, axis=0).T)
    needed = np.concatenate([[0.0], bends]) + np.concatenate([bends, [0.0]])
    steps = np.ceil(np.minimum(needed / _BEND, distances / _SHORTEST))
    steps = np.clip(steps, 1, _MOST_LINES).astype(np.int_)
    line = spline(values, np.maximum(np.sqrt(distances), 1e-3), steps)
    return line.astype(np.float32), np.cumsum(steps).tolist()
