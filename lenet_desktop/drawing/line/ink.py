"""The samples of the candidates in a line of strokes.

A candidate is a run of pieces, and most pieces are in several candidates. So each piece is drawn
once, and a candidate's ink is the largest of its pieces' ink.
"""

from dataclasses import replace

import numpy as np

from lenet_desktop.drawing.line.segmentation import Candidate, Segmentation, around
from lenet_desktop.drawing.preprocess import Sample, preprocess
from lenet_desktop.drawing.raster import draw_stroke
from lenet_desktop.drawing.strokes import Ink

# In pixels: a little more than the finest picture that the preprocessing looks at.
_HEIGHT = 96
# The brush's diameter in heights of the line; thicker and thinner ones are changed to it. These are
# 1.5 to 2.4 cells of the box that a digit fills: the width of most of MNIST's strokes.
_THINNEST, _THICKEST = 0.075, 0.12


class LineInk:
    """The ink of each piece of a line, on paper where the line is 96 pixels high."""

    def __init__(self, segmentation: Segmentation) -> None:
        self._scale = _HEIGHT / segmentation.height
        self._drawn: list[tuple[tuple[int, int], Ink]] = []
        thinnest, thickest = _THINNEST * segmentation.height, _THICKEST * segmentation.height
        left, top, _, _ = around([piece.box for piece in segmentation.pieces])
        for piece in segmentation.pieces:
            brush = min(max(piece.stroke.brush, thinnest), thickest) * self._scale
            points = (piece.stroke.points - np.array([left, top])) * self._scale
            corner = np.floor(points.min(axis=0) - brush / 2 - 1)
            across, down = (points.max(axis=0) - corner + brush / 2 + 2).astype(int).tolist()
            ink = np.zeros((down, across), np.uint8)
            moved = (points - corner).astype(np.float32)
            draw_stroke(ink, replace(piece.stroke, points=moved, brush=brush))
            x, y = corner.astype(int).tolist()
            self._drawn.append(((x, y), ink))

    def sample_of(self, candidate: Candidate) -> Sample | None:
        """Return the sample of a candidate; None if it has no ink."""
        drawn = self._drawn[candidate.first : candidate.last]
        left, top = min(x for (x, _), _ in drawn), min(y for (_, y), _ in drawn)
        right = max(x + ink.shape[1] for (x, _), ink in drawn)
        bottom = max(y + ink.shape[0] for (_, y), ink in drawn)
        paper = np.zeros((bottom - top, right - left), np.uint8)
        for (x, y), ink in drawn:
            part = paper[y - top : y - top + ink.shape[0], x - left : x - left + ink.shape[1]]
            np.maximum(part, ink, out=part)
        return preprocess(paper)
