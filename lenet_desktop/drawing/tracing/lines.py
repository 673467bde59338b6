"""Divide the strokes of a picture into lines of characters, from top to bottom."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lenet_desktop.drawing.line.segmentation import box_of
from lenet_desktop.drawing.strokes import Stroke

# In heights of a character: how far neighbours in a line are apart at most, and what is so small
# that it is a speck unless it is near a character.
_FARTHEST, _SPECK = 4.0, 0.12
# Of the lower one's height, how much neighbours in a line overlap at least.
_OVERLAP = 0.35
# Strokes of at least this height make lines; flatter ones belong to the nearest of these.
_TALL = 0.45
# A flat stroke belongs to a line that is nearer than this, in heights of a character.
_NEAR = 0.6

_Boxes = NDArray[np.float64]


def lines_of(strokes: Sequence[Stroke]) -> tuple[tuple[Stroke, ...], ...]:
    """Return the strokes of each line; specks are left out.

    A line may slant by 10 degrees: each character overlaps the next one in height, not the last.
    Strokes that touch are in the same line.
    """
    if not strokes:
        return ()
    of_strokes = np.array([box_of(stroke) for stroke in strokes])
    part_of = _connected(strokes, of_strokes)
    boxes = np.array(
        [
            [*of_strokes[part_of == part, :2].min(axis=0), *of_strokes[part_of == part, 2:].max(0)]
            for part in range(part_of.max() + 1)
        ]
    )
    down = boxes[:, 3] - boxes[:, 1]
    height = float(np.median(down[down >= down.max() / 2]))
    tall = np.flatnonzero(down >= _TALL * height)
    if height <= 0:
        return (tuple(strokes),)
    line_of = np.full(len(boxes), -1)
    line_of[tall] = _chained(boxes[tall], height)
    for number in np.flatnonzero(line_of < 0):
        gaps = _gaps(boxes[number], boxes[tall])
        nearest = int(gaps.argmin())
        across = boxes[number, 2] - boxes[number, 0]
        is_speck = max(across, down[number]) < _SPECK * height
        if gaps[nearest] < (_SPECK if is_speck else _NEAR) * height:
            line_of[number] = line_of[tall[nearest]]
    lines = [
        tuple(s for s, line in zip(strokes, line_of[part_of], strict=True) if line == wanted)
        for wanted in range(int(line_of.max()) + 1)
    ]
    return tuple(sorted(lines, key=_middle))


def _connected(strokes: Sequence[Stroke], boxes: _Boxes) -> NDArray[np.int_]:
    """Return for each stroke the number of the connected ink that it is part of."""
    part_of = np.arange(len(strokes))
    for number, stroke in enumerate(strokes):
        reach = stroke.brush
        for other in np.flatnonzero(_gaps(boxes[number], boxes[:number]) < reach).tolist():
            if part_of[other] == part_of[number]:
                continue
            apart = stroke.points[:, np.newaxis] - strokes[other].points[np.newaxis]
            if np.hypot(apart[..., 0], apart[..., 1]).min() < reach:
                part_of[part_of == part_of[number]] = part_of[other]
    parts: NDArray[np.int_] = np.unique(part_of, return_inverse=True)[1]
    return parts


def _middle(line: Sequence[Stroke]) -> float:
    return float(np.concatenate([stroke.points[:, 1] for stroke in line]).mean())


def _chained(boxes: _Boxes, height: float) -> NDArray[np.int_]:
    """Return the number of the line of each box: neighbours that overlap in height are linked."""
    order = boxes[:, 0].argsort()
    line_of = np.full(len(boxes), -1)
    count = 0
    for place, number in enumerate(order):
        top, bottom = boxes[number, 1], boxes[number, 3]
        best, least = -1, np.inf
        for other in order[:place]:
            shared = min(bottom, boxes[other, 3]) - max(top, boxes[other, 1])
            lower = min(bottom - top, boxes[other, 3] - boxes[other, 1])
            gap = max(boxes[number, 0] - boxes[other, 2], 0.0)
            # Of several lines, the one that goes on nearest.
            if shared > _OVERLAP * lower and gap < _FARTHEST * height and gap - shared < least:
                best, least = int(other), gap - shared
        if best < 0:
            line_of[number] = count
            count += 1
        else:
            line_of[number] = line_of[best]
    return line_of


def _gaps(box: _Boxes, boxes: _Boxes) -> _Boxes:
    """Return how far boxes are away from one, (N,); 0 for those that touch it."""
    across = np.maximum(np.maximum(boxes[:, 0] - box[2], box[0] - boxes[:, 2]), 0)
    down = np.maximum(np.maximum(boxes[:, 1] - box[3], box[1] - boxes[:, 3]), 0)
    gaps: _Boxes = np.hypot(across, down)
    return gaps
