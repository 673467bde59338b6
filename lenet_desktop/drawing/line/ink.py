"""The samples of the candidates in a line of strokes.

A candidate is a run of pieces, and most pieces are in several candidates. So each piece is drawn
once, and a candidate's ink is the largest of its pieces' ink. While somebody writes, most pieces
and candidates are those of the last reading: they are not drawn again.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lenet_desktop.drawing.line.segmentation import Candidate, Piece, Segmentation, around
from lenet_desktop.drawing.preprocess import (
    BOX_SIZE,
    SAMPLE_SIZE,
    Sample,
    bounding_box,
    centre_of_mass_to_middle,
    crop,
    fit,
    thicken,
)
from lenet_desktop.drawing.raster import draw_stroke
from lenet_desktop.drawing.strokes import Ink

_Drawn = tuple[tuple[int, int], Ink]
"""The ink of a piece, and the place of its upper left corner in the line."""
_Key = tuple[float, bytes]
"""What the ink of a piece depends on: brush and points."""

# In pixels: a little more than the finest picture that the preprocessing looks at.
_HEIGHT = 96
# Heights are rounded to powers of two with such steps: the height of a line changes a little while
# it is written, but its ink seldom does.
_STEPS = 8
# The brush's diameter in heights of the line; thicker and thinner ones are changed to it. These are
# 1.5 to 2.4 cells of the box that a digit fills: the width of most of MNIST's strokes.
_THINNEST, _THICKEST = 0.075, 0.12
# In a picture the ink of a piece is that within so many widths of the stroke.
_AROUND = 1.4


class LineInk:
    """The ink of each piece of a line, on paper where the line is about 96 pixels high.

    Args:
        segmentation: the line.
        before: the ink of a line that may have pieces and candidates in common with this one.
        picture: ink, uint8 (H, W), in which the strokes were traced: the ink of a piece is what
            the picture has around it. None for strokes that are drawn.
    """

    def __init__(
        self,
        segmentation: Segmentation,
        before: "LineInk | None" = None,
        picture: Ink | None = None,
    ) -> None:
        height = segmentation.height
        if picture is not None:
            # The path through a dot or a blot has no height, but its ink has.
            height = max(height, *(piece.stroke.brush for piece in segmentation.pieces))
        height = 2 ** (round(math.log2(height) * _STEPS) / _STEPS)
        self._scale = _HEIGHT / height
        self._corner = np.zeros(2, np.float32)
        self._picture = None
        if picture is not None:
            # Only the line: a whole picture of small characters would be huge at this scale.
            left, top, right, bottom = around([piece.box for piece in segmentation.pieces])
            reach = _AROUND * max(piece.stroke.brush for piece in segmentation.pieces) + 1
            left, top = max(math.floor(left - reach), 0), max(math.floor(top - reach), 0)
            part = picture[top : math.ceil(bottom + reach), left : math.ceil(right + reach)]
            self._corner = np.array([left, top], np.float32)
            self._picture = _resized(part, self._scale)
        known = before if before is not None and before._scale == self._scale else None
        self._known = {} if known is None else known._samples
        self._samples: dict[tuple[_Key, ...], Sample] = {}
        self._drawn: dict[_Key, _Drawn] = {}
        self._keys: list[_Key] = []
        for piece in segmentation.pieces:
            brush = min(max(piece.stroke.brush, _THINNEST * height), _THICKEST * height)
            if picture is not None:
                brush = _AROUND * piece.stroke.brush
            key = (brush, piece.stroke.points.tobytes())
            drawn = None if known is None else known._drawn.get(key)
            self._drawn[key] = self._draw(piece, brush * self._scale) if drawn is None else drawn
            self._keys.append(key)

    def _draw(self, piece: Piece, brush: float) -> _Drawn:
        points = (piece.stroke.points - self._corner) * self._scale
        corner = np.floor(points.min(axis=0) - brush / 2 - 1)
        across, down = (points.max(axis=0) - corner + brush / 2 + 2).astype(int).tolist()
        ink = np.zeros((down, across), np.uint8)
        moved = (points - corner).astype(np.float32)
        draw_stroke(ink, replace(piece.stroke, points=moved, brush=brush))
        x, y = corner.astype(int).tolist()
        if self._picture is not None:
            there = np.zeros_like(ink)
            top, left = max(y, 0), max(x, 0)
            part = self._picture[top : max(y + down, 0), left : max(x + across, 0)]
            there[top - y : top - y + part.shape[0], left - x : left - x + part.shape[1]] = part
            np.minimum(ink, there, out=ink)
        return (x, y), ink

    def samples(self, candidates: Sequence[Candidate]) -> NDArray[np.float32]:
        """Return the samples of N candidates as ``preprocess`` makes them, float32 (N, 28, 28).

        That of a candidate without ink is blank.
        """
        keys = [tuple(self._keys[each.first : each.last]) for each in candidates]
        new = [number for number, key in enumerate(keys) if key not in self._known]
        made = self._new_samples([candidates[number] for number in new])
        drawn = dict(zip(new, made, strict=True))
        for number, key in enumerate(keys):
            self._samples[key] = drawn[number] if number in drawn else self._known[key]
        return np.stack([self._samples[key] for key in keys])

    def _new_samples(self, candidates: Sequence[Candidate]) -> NDArray[np.float32]:
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
        drawn = [self._drawn[key] for key in self._keys[candidate.first : candidate.last]]
        left, top = min(x for (x, _), _ in drawn), min(y for (_, y), _ in drawn)
        right = max(x + ink.shape[1] for (x, _), ink in drawn)
        bottom = max(y + ink.shape[0] for (_, y), ink in drawn)
        paper = np.zeros((bottom - top, right - left), np.uint8)
        for (x, y), ink in drawn:
            part = paper[y - top : y - top + ink.shape[0], x - left : x - left + ink.shape[1]]
            np.maximum(part, ink, out=part)
        return paper


def _resized(picture: Ink, scale: float) -> Ink:
    height, width = picture.shape
    shape = max(round(width * scale), 1), max(round(height * scale), 1)
    if shape == (width, height):
        return picture
    method = Image.Resampling.BOX if scale < 1 else Image.Resampling.BILINEAR
    return np.asarray(Image.fromarray(picture).resize(shape, method))
