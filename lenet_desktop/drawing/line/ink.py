"""The samples of the candidates in a line of strokes.

A candidate is a run of pieces, and most pieces are in several candidates. So each piece is drawn
once, and a candidate's ink is the largest of its pieces' ink.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lenet_desktop.drawing.line.segmentation import Candidate, Segmentation, around
from lenet_desktop.drawing.preprocess import (
    BOX_SIZE,
    SAMPLE_SIZE,
    bounding_box,
    centre_of_mass_to_middle,
    crop,
    fit,
    thicken,
)
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

    def samples(self, candidates: Sequence[Candidate]) -> NDArray[np.float32]:
        """Return the samples of N candidates as ``preprocess`` makes them, float32 (N, 28, 28).

        That of a candidate without ink is blank.
        """
        scaled = np.zeros((len(candidates), BOX_SIZE, BOX_SIZE), np.uint8)
        sizes = np.zeros((len(candidates), 2), np.int64)
        for number, candidate in enumerate(candidates):
            ink = self._ink(candidate)
            box = bounding_box(ink)
            if box is not None:
                ink = fit(thicken(crop(ink, box)), BOX_SIZE)
                scaled[number, : ink.shape[0], : ink.shape[1]] = ink
                sizes[number] = ink.shape[::-1]
        samples = np.zeros((len(candidates), SAMPLE_SIZE, SAMPLE_SIZE), np.float32)
        has_ink = scaled.any(axis=(1, 2))
        if has_ink.any():
            samples[has_ink] = centre_of_mass_to_middle(scaled[has_ink], sizes[has_ink])
        return samples / np.float32(255)

    def _ink(self, candidate: Candidate) -> Ink:
        drawn = self._drawn[candidate.first : candidate.last]
        left, top = min(x for (x, _), _ in drawn), min(y for (_, y), _ in drawn)
        right = max(x + ink.shape[1] for (x, _), ink in drawn)
        bottom = max(y + ink.shape[0] for (_, y), ink in drawn)
        paper = np.zeros((bottom - top, right - left), np.uint8)
        for (x, y), ink in drawn:
            part = paper[y - top : y - top + ink.shape[0], x - left : x - left + ink.shape[1]]
            np.maximum(part, ink, out=part)
        return paper
