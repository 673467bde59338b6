"""From ink to the 28x28 sample that the network is shown, the way MNIST was made.

Y. LeCun, C. Cortes and C. Burges describe it in the introduction to the MNIST database: digits
were scaled to fit a 20x20 box with their proportions kept, which made them grey by anti-aliasing,
then moved so that the centre of mass lies in the middle of 28x28.

MNIST's writers all used similar pencils. The pad has thin brushes, and photographs show thin pencil
lines, so strokes thinner than MNIST's are first thickened to MNIST's usual width.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lenet_desktop.drawing.strokes import Ink, Rect

SAMPLE_SIZE = 28
BOX_SIZE = 20

Sample = NDArray[np.float32]

FINE = 4
"""Strokes are measured and thickened in a picture this many times finer than the 20x20 box."""
THINNEST = 1.5
"""Thinner strokes are thickened to this, in units of the 20x20 box. Of MNIST's first 5,000 training
digits, 92 % have wider strokes."""
# MNIST has the centre of mass at the middle of pixel 14, counted from 0: on average over its first
# 5,000 training digits at 14.50, and within half a pixel of it.
_MIDDLE = 14.5


class StageKind(StrEnum):
    """The stages of the preprocessing, from first to last."""

    PAPER = "paper"
    BOX = "box"
    SCALED = "scaled"
    CENTRED = "centred"


@dataclass(frozen=True, eq=False)
class Stage:
    """The sample that results if preprocessing stops at this stage.

    Attributes:
        kind: which stage it is.
        sample: float32 (28, 28), 0 to 1.
    """

    kind: StageKind
    sample: Sample


def stages(ink: Ink) -> tuple[Stage, ...]:
    """Return the stages from ink, uint8 (H, W), to its sample; none if there is no sample.

    The last stage's sample is the one that ``preprocess`` returns. Of wide paper, the first stage
    shows a square as high as the paper, unless the ink is wider.
    """
    box = bounding_box(ink)
    if box is None:
        return ()
    cropped = crop(ink, box)
    scaled = fit(thicken(cropped), BOX_SIZE)
    if not scaled.any():
        return ()
    return (
        Stage(StageKind.PAPER, _in_the_middle(fit(_square_around(ink, box), SAMPLE_SIZE))),
        Stage(StageKind.BOX, _in_the_middle(fit(cropped, SAMPLE_SIZE))),
        Stage(StageKind.SCALED, _in_the_middle(scaled)),
        Stage(StageKind.CENTRED, _centred(scaled)),
    )


def _square_around(ink: Ink, box: Rect) -> Ink:
    """Return a part of wide ink that is as wide as high, around a box, or as wide as the box."""
    height, width = ink.shape
    across = min(max(height, box[2] - box[0]), width)
    left = min(max((box[0] + box[2] - across) // 2, 0), width - across)
    return ink[:, left : left + across]


def bounding_box(ink: Ink) -> Rect | None:
    """Return the smallest rectangle that contains all ink, or None if there is none."""
    rows = np.flatnonzero(ink.max(axis=1))
    if not len(rows):
        return None
    columns = np.flatnonzero(ink[rows[0] : rows[-1] + 1].max(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def preprocess(ink: Ink) -> Sample | None:
    """Turn ink of any size into the sample that the network is shown.

    Args:
        ink: uint8 (H, W), 0 paper to 255 full ink.

    Returns:
        float32 (28, 28), 0 paper to 1 ink; None if there is no ink, or so little and so far apart
        that none of it is left in the 20x20 box.
    """
    box = bounding_box(ink)
    if box is None:
        return None
    scaled = fit(thicken(crop(ink, box)), BOX_SIZE)
    return _centred(scaled) if scaled.any() else None


def crop(ink: Ink, box: Rect) -> Ink:
    """Return the part of ``ink`` inside ``box``."""
    left, top, right, bottom = box
    return ink[top:bottom, left:right]


def fit(ink: Ink, size: int) -> Ink:
    """Scale ink with its proportions kept so that it just fits size x size.

    Each new value is the mean over the area that it covers (the nearest value when enlarging).
    """
    height, width = ink.shape
    scale = size / max(height, width)
    shape = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(Image.fromarray(ink).resize(shape, Image.Resampling.BOX))


def stroke_width(ink: Ink) -> float:
    """Estimate the mean width of the strokes, in the picture's own pixels.

    A long stroke of width w and length l covers w * l and has an edge of 2 * l; the length of
    the edge is the sum of the gradient's magnitude (the total variation).
    """
    padded = np.pad(ink, 1).astype(np.float32)
    across = np.diff(padded, axis=1)[:-1]
    down = np.diff(padded, axis=0)[:, :-1]
    edge = float(np.sqrt(across * across + down * down).sum())
    return 2 * float(padded.sum()) / edge


def thicken(ink: Ink) -> Ink:
    """Thicken strokes that are thinner than MNIST's; leave all others unchanged.

    Args:
        ink: uint8, cropped to its bounding box.
    """
    fine = fit(ink, FINE * BOX_SIZE)
    peak = int(fine.max())
    if peak == 0:
        return ink
    if peak < 255:
        fine = (fine * np.float32(255 / peak)).astype(np.uint8)
    width = stroke_width(fine) / FINE
    if width >= THINNEST:
        return ink
    thick = _dilate(fine, (THINNEST - width) / 2 * FINE)
    box = bounding_box(thick)
    return thick if box is None else crop(thick, box)


def _dilate(ink: Ink, radius: float) -> Ink:
    """Replace each value by the largest within ``radius`` pixels, with a soft rim."""
    reach = math.ceil(radius)
    padded = np.pad(ink, 2 * reach)
    height, width = ink.shape[0] + 2 * reach, ink.shape[1] + 2 * reach
    largest = np.zeros((height, width), np.uint8)
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            weight = min(1.0, radius + 1 - math.hypot(dx, dy))
            if weight <= 0:
                continue
            shifted = padded[reach + dy :, reach + dx :][:height, :width]
            if weight < 1:
                shifted = (shifted * np.float32(weight)).astype(np.uint8)
            np.maximum(largest, shifted, out=largest)
    return largest


def _in_the_middle(ink: Ink) -> Sample:
    height, width = ink.shape
    top, left = (SAMPLE_SIZE - height) // 2, (SAMPLE_SIZE - width) // 2
    sample = np.zeros((SAMPLE_SIZE, SAMPLE_SIZE), np.float32)
    sample[top : top + height, left : left + width] = ink.astype(np.float32) / 255
    return sample


def _centred(ink: Ink) -> Sample:
    height, width = ink.shape
    box = np.pad(ink, ((0, BOX_SIZE - height), (0, BOX_SIZE - width)))
    centred = centre_of_mass_to_middle(box[np.newaxis], np.array([[width, height]]))
    sample: Sample = centred[0].astype(np.float32) / 255
    return sample


def centre_of_mass_to_middle(ink: Ink, sizes: NDArray[np.int_]) -> Ink:
    """Put the ink of many digits into 28x28 each, with the centre of mass in the middle.

    The centre of mass is within half a pixel of MNIST's. Where this would move ink out of the
    image, the shift is smaller.

    Args:
        ink: uint8 (N, 20, 20), each digit in the upper left corner and not empty.
        sizes: (N, 2), the width and the height of each digit's box, up to 20.

    Returns:
        uint8 (N, 28, 28).
    """
    columns, rows = ink.sum(axis=1, dtype=np.int64), ink.sum(axis=2, dtype=np.int64)
    # The middle of pixel i lies at i + 0.5.
    middles = np.arange(BOX_SIZE) + 0.5
    mass = (
        np.stack([columns @ middles, rows @ middles], axis=1) / columns.sum(axis=1)[:, np.newaxis]
    )
    shift = np.clip(np.rint(_MIDDLE - mass).astype(np.int64), 0, SAMPLE_SIZE - sizes)
    source = np.arange(SAMPLE_SIZE) - shift[:, :, np.newaxis]  # (N, 2, 28)
    # Pixels outside the box are taken from an empty row or column.
    source[(source < 0) | (source >= BOX_SIZE)] = BOX_SIZE
    framed = np.pad(ink, ((0, 0), (0, 1), (0, 1)))
    number = np.arange(len(ink))[:, np.newaxis, np.newaxis]
    centred: Ink = framed[number, source[:, 1, :, np.newaxis], source[:, 0, np.newaxis, :]]
    return centred
