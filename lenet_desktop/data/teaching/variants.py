"""Variants of a drawing: its strokes distorted as if the same hand had drawn it again.

The strokes are distorted, not the pixels: a line that is bent or turned is drawn anew with its
brush, so it stays as sharp and as thick as a line drawn on the pad.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from lenet_desktop.data.teaching.drawings import LabelledDrawing
from lenet_desktop.drawing.legibility import readable
from lenet_desktop.drawing.preprocess import preprocess
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.strokes import PAD_SIZE, Drawing, Stroke

# The limits of ``augmentation.AUGMENTATIONS['strong']``, which were chosen on MNIST.
_ROTATION, _SLANT, _STRETCH = np.radians(12), 0.25, 0.14
# Relative to the size of the drawing: how far two waves bend it, and how far strokes move apart.
_BEND, _MOVE = 0.03, 0.012
# The standard deviation of the logarithm of the brush's width, as of synthetic pen digits.
_BRUSH = 0.35
# Variants are drawn smaller than a person draws, in half the time. They still have three times the
# resolution of the finest picture that ``preprocess`` makes, and the samples hardly differ.
_SIZE = 240


def varied(drawing: Drawing, random: np.random.Generator) -> Drawing:
    """Return a drawing whose strokes are turned, slanted, stretched, bent and moved at random.

    All brushes become thinner or thicker by the same factor. The variant is small, so it is quick
    to draw. A drawing with a picture is not changed.
    """
    if drawing.picture is not None:
        return drawing
    points = np.concatenate([stroke.points for stroke in drawing.strokes]).astype(np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    size, middle = max(float((high - low).max()), 1.0), (low + high) / 2
    angle, slant = random.uniform(-_ROTATION, _ROTATION), random.uniform(-_SLANT, _SLANT)
    width, height = 1 + random.uniform(-_STRETCH, _STRETCH, 2)
    sine, cosine = np.sin(angle), np.cos(angle)
    turn = np.array([[cosine, -sine], [sine, cosine]]) @ np.array([[width, slant], [0, height]])
    waves, phases = random.uniform(-6, 6, (2, 2)), random.uniform(0, 2 * np.pi, 2)
    bends = random.normal(0, _BEND, (2, 2))
    scale = _SIZE / size
    brush = scale * float(np.exp(random.normal(0, _BRUSH)))
    strokes = []
    for stroke in drawing.strokes:
        at = (stroke.points - middle) / size
        at = at + np.sin(at @ waves.T + phases) @ bends + random.normal(0, _MOVE, 2)
        at = at @ turn.T * _SIZE + PAD_SIZE / 2
        strokes.append(Stroke(at.astype(np.float32), stroke.brush * brush, stroke.erases))
    return Drawing(tuple(strokes))


def draw_variants(
    drawings: Sequence[LabelledDrawing], count: int, seed: int
) -> Iterator[tuple[NDArray[np.uint8], str]]:
    """Draw ``count`` variants of each drawing, as on the pad; yield images and labels.

    The same seed gives the same images, uint8 (28, 28), 255 full ink. A variant that leaves no ink
    is left out. A picture has no strokes: its own image is yielded ``count`` times.
    """
    for number, each in enumerate(drawings):
        for variant in range(count):
            if each.drawing.picture is not None:
                yield each.image, each.label
                continue
            random = np.random.default_rng((seed, number, variant))
            sample = preprocess(rasterize(readable(varied(each.drawing, random))))
            if sample is not None:
                yield (sample * 255 + 0.5).astype(np.uint8), each.label
