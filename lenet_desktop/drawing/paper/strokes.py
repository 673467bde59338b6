"""Whether ink looks like strokes of a pen: of about one width, with edges, not from rim to rim.

The limits were chosen on the made-up pictures of tests/benchmarks/pictures.py: those without a
drawing on one side, those of digits, which must not be refused, on the other.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lenet_desktop.drawing.paper.grey import Grey, largest_around, reduced
from lenet_desktop.drawing.paper.patches import patches

_SIZE = 200
# Shadows are fainter than ink, but not much fainter than a pencil's grain.
_INK = 0.25
# Of the ink, how much may be wider than so many times the usual stroke.
_WIDER, _MOST_WIDER = 1.9, 0.27
# Smaller blots, relative to the picture, may be a digit's filled loops.
_BLOT = 0.09
# The widest stroke, relative to the drawing's longer side, unless it is narrow like a one.
_WIDEST, _NARROW = 0.24, 0.4
# Of the ink, how much may be neither faint nor full, as at the edges of a blurred stroke and in the
# grain of a pencil's. It is measured where strokes have ``_EDGE_PIXELS``; thin strokes are not
# looked at, and wide ones have less of it.
_EDGE_PIXELS, _THIN_PIXELS, _WIDE_PIXELS = 6.0, 3.5, 12.0
_MOST_SOFT, _MOST_SOFT_IN_WIDE = 0.64, 0.42
# A crop may be hardly larger than the ink. Elsewhere no stroke runs from rim to rim.
_TIGHT, _ONE_PIECE = 0.7, 0.8
# With so many patches, how much of the picture's rim may be inked.
_MANY, _MOST_RIM = 3, 0.015


def looks_drawn(ink: Grey) -> bool:
    """Return whether ink, 0 to 1, looks like strokes of a pen."""
    small = reduced(ink, _SIZE)
    mask = small > _INK
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return False
    down, across = int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1
    size = max(down, across)
    width = _stroke_width(mask)
    if width > _WIDEST * size and min(down, across) > _NARROW * size:
        return False
    if width > _THIN_PIXELS:
        most = _MOST_SOFT if width <= _WIDE_PIXELS else _MOST_SOFT_IN_WIDE
        if _share_soft(small, width) > most:
            return False
    numbers = patches(mask)
    sides = _sides_touched(numbers)
    is_tight = down >= _TIGHT * mask.shape[0] and across >= _TIGHT * mask.shape[1]
    if is_tight and sides >= 3 and _share_of_largest(numbers) >= _ONE_PIECE:
        # A crop around one digit, whose loops may be filled.
        return True
    if sides >= 2 and not is_tight:
        return False
    if _share_wider(mask, max(_WIDER * width, _BLOT * max(mask.shape))) > _MOST_WIDER:
        return False
    rim = np.concatenate([small[0], small[-1], small[1:-1, 0], small[1:-1, -1]])
    return not (rim.mean() > _MOST_RIM and numbers.max() >= _MANY)


def _share_of_largest(numbers: NDArray[np.intp]) -> float:
    """Return the share of the largest patch in the area of all, 0 to 1."""
    areas = np.bincount(numbers.ravel())[1:]
    return float(areas.max()) / float(areas.sum())


def _sides_touched(numbers: NDArray[np.intp]) -> int:
    """Return how many sides of the picture one patch touches at most."""
    sides = [numbers[0], numbers[-1], numbers[:, 0], numbers[:, -1]]
    count = int(numbers.max()) + 1
    touched = sum((np.bincount(side, minlength=count) > 0).astype(int) for side in sides)
    return int(np.asarray(touched)[1:].max(initial=0))


def _stroke_width(mask: NDArray[np.bool_]) -> float:
    """Return twice the area over the length of the edge, in pixels: the width of long strokes."""
    padded = np.pad(mask, 1).astype(np.float32)
    across, down = np.diff(padded, axis=1)[:-1], np.diff(padded, axis=0)[:, :-1]
    return 2 * float(padded.sum()) / float(np.sqrt(across * across + down * down).sum())


def _share_wider(mask: NDArray[np.bool_], width: float) -> float:
    """Return how much of a mask remains when it is opened with a square of this width, 0 to 1."""
    side = max(round(width), 3) | 1
    padded = np.pad(mask.astype(np.float32), side)
    opened = largest_around(-largest_around(-padded, side), side)[side:-side, side:-side]
    return float(opened[mask].sum()) / float(np.count_nonzero(mask))


def _share_soft(ink: Grey, width: float) -> float:
    """Return how much of the ink is half dark, where strokes are ``_EDGE_PIXELS`` wide, 0 to 1."""
    # The grain of pencil and crayon disappears in the smaller picture.
    height, across = ink.shape
    scale = _EDGE_PIXELS / width
    shape = max(round(across * scale), 1), max(round(height * scale), 1)
    small = np.asarray(Image.fromarray(ink).resize(shape, Image.Resampling.BOX))
    inked = small[small > 0.15]
    full = float(np.quantile(inked, 0.9)) if inked.size else 0.0
    soft = (inked > 0.2 * full) & (inked < 0.75 * full)
    return float(soft.sum()) / max(float((inked > 0.2 * full).sum()), 1.0)
