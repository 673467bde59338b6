"""Strokes and drawings: what is on the pad.

The pad's height is fixed; it is as wide as high, or wider for a number. Its units do not depend on
window and screen. Points are in pad units, y down.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

PAD_SIZE = 800
"""The height of the pad, and its width if it is square, in pad units."""
WIDEST = 1920

MIN_BRUSH, DEFAULT_BRUSH, MAX_BRUSH = 16, 56, 120

Ink = NDArray[np.uint8]

Points = NDArray[np.float32]

Rect = tuple[int, int, int, int]
"""Left, top, right, bottom in whole pad units; right and bottom are exclusive."""


@dataclass(frozen=True, eq=False)
class Stroke:
    """From pen-down to pen-up: points (N, 2), float32, pad units, and the brush's diameter."""

    points: Points
    brush: float = DEFAULT_BRUSH
    erases: bool = False


@dataclass(frozen=True, eq=False)
class Drawing:
    """What is on the pad: strokes in the order they were drawn, over a picture or bare paper.

    Attributes:
        strokes: the strokes.
        picture: uint8 (PAD_SIZE, width), or None for bare paper.
        bare_width: the width of bare paper, PAD_SIZE to WIDEST.
    """

    strokes: tuple[Stroke, ...] = ()
    picture: Ink | None = None
    bare_width: int = PAD_SIZE

    @property
    def width(self) -> int:
        """The width of the pad, in pad units."""
        return self.bare_width if self.picture is None else self.picture.shape[1]


def bounds(drawing: Drawing) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the least and the greatest x and y that the ink of a drawing's strokes can have."""
    reach = max(stroke.brush for stroke in drawing.strokes) / 2
    points = np.concatenate([stroke.points for stroke in drawing.strokes])
    return points.min(axis=0) - reach, points.max(axis=0) + reach


def moved(drawing: Drawing, across: int, down: int) -> tuple[Drawing, tuple[int, int]]:
    """Return a drawing on bare paper with its strokes moved, at most to the edges of the paper.

    Args:
        drawing: has strokes, and no picture.
        across, down: how far, in whole pad units; negative for left and up.

    Returns:
        The drawing, and how far it was moved.
    """
    low, high = bounds(drawing)
    room = np.array((drawing.width, PAD_SIZE)) - high
    limited = np.clip((across, down), np.minimum(-low, 0), np.maximum(room, 0))
    shift = np.trunc(limited).astype(np.float32)
    strokes = tuple(replace(stroke, points=stroke.points + shift) for stroke in drawing.strokes)
    return replace(drawing, strokes=strokes), (int(shift[0]), int(shift[1]))


def place(
    strokes: Sequence[Points],
    *,
    height: float = 0.7,
    centre: tuple[float, float] = (0.5, 0.5),
    brush: float = DEFAULT_BRUSH,
    widest: int = PAD_SIZE,
) -> Drawing:
    """Scale strokes from any device to the pad, with their proportions kept.

    Args:
        strokes: points (N, 2) each, in any units, y down.
        height: the part of the pad's height that the strokes fill, 0 to 1; they fill less where
            they would be wider than 0.8 of the pad.
        centre: the middle of the strokes, 0 to 1 in x and y.
        brush: the brush's diameter in pad units.
        widest: the pad may become as wide as this, for strokes that would fill less of its height.
    """
    points = np.concatenate([np.asarray(s, np.float64) for s in strokes])
    low, high = points.min(axis=0), points.max(axis=0)
    across, down = (high - low).tolist()
    needed = round(across * height / down / 0.8 * PAD_SIZE) if down > 0 else widest
    width = min(max(needed, PAD_SIZE), widest)
    scales = [0.8 * width / across] if across > 0 else []
    scales += [height * PAD_SIZE / down] if down > 0 else []
    scale = min(scales, default=float(PAD_SIZE))
    middle = (low + high) / 2
    return Drawing(
        tuple(
            Stroke(
                ((np.asarray(s) - middle) * scale + np.array(centre) * (width, PAD_SIZE)).astype(
                    np.float32
                ),
                brush,
            )
            for s in strokes
        ),
        bare_width=width,
    )


def place_by_hand(strokes: Sequence[Points], seed: int, brush: float = DEFAULT_BRUSH) -> Drawing:
    """Place strokes as a person would: 60 to 80 % of the pad's height, near the middle.

    The same seed gives the same place on every machine.
    """
    random = np.random.default_rng(seed)
    height = random.uniform(0.6, 0.8)
    centre = tuple(random.uniform(0.45, 0.55, 2).tolist())
    return place(strokes, height=height, centre=(centre[0], centre[1]), brush=brush)
