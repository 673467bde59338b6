"""From the ink of a picture to strokes: thinned, joined through crossings, made smooth."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lenet_desktop.drawing.line.polylines import along
from lenet_desktop.drawing.line.segmentation import CutStroke
from lenet_desktop.drawing.preprocess import bounding_box, crop, stroke_width
from lenet_desktop.drawing.strokes import Ink, Stroke
from lenet_desktop.drawing.tracing.joining import joined
from lenet_desktop.drawing.tracing.skeleton import Path, branches_of
from lenet_desktop.drawing.tracing.thinning import thin

# Strokes are traced where they are so wide, in pixels: less loses small loops, more takes longer.
_WIDTH = 7.0
_LARGEST = 1500  # pixels; of the side of the reduced picture
_THRESHOLD = 110
# More is no writing, and would take seconds: a digit has about 150 pixels and 4 branches.
_MOST_PIXELS, _MOST_BRANCHES = 20_000, 600
# Pixels to each side over which the steps of a skeleton are made smooth.
_SMOOTH = 3
# Of the points of a stroke every one in so many is kept.
_STEP = 3


def traced(ink: Ink) -> tuple[Stroke, ...]:
    """Return the strokes of ink, uint8 (H, W), in the ink's pixels.

    There are none if it is blank, or so tangled that it is no writing.

    They run from top to bottom, and are sorted from left to right. The brush is the mean width of
    all strokes.
    """
    box = bounding_box(ink)
    if box is None:
        return ()
    part = crop(ink, box)
    width = max(stroke_width(part), 1.0)
    scale = min(_WIDTH / width, _LARGEST / max(part.shape))
    if scale < 1:
        shape = max(round(part.shape[1] * scale), 1), max(round(part.shape[0] * scale), 1)
        part = np.asarray(Image.fromarray(part).resize(shape, Image.Resampling.BOX))
    else:
        scale = 1.0
    skeleton = thin(part >= _THRESHOLD)
    if np.count_nonzero(skeleton) > _MOST_PIXELS:
        return ()
    branches = branches_of(skeleton)
    if len(branches) > _MOST_BRANCHES:
        return ()
    paths = joined(branches, width * scale)
    corner = np.array(box[:2])
    strokes = [_stroke(_downwards(parts), width, scale, corner) for parts in paths]
    return tuple(
        sorted(
            strokes,
            key=lambda stroke: float(np.ptp(stroke.points[:, 0]) / 2 + stroke.points[:, 0].min()),
        )
    )


def _stroke(parts: list[Path], width: float, scale: float, corner: NDArray[np.int_]) -> Stroke:
    path = _smooth(np.concatenate(parts)) / scale + corner
    counts = np.cumsum([len(part) for part in parts])[:-1]
    kept = np.unique(np.concatenate([np.arange(0, len(path), _STEP), counts, [len(path) - 1]]))
    points = path[kept].astype(np.float32)
    places = along(points)[np.searchsorted(kept, counts)]
    return CutStroke(points, width, cuts=tuple(places.tolist()))


def _downwards(parts: list[Path]) -> list[Path]:
    """Return the parts of a stroke from its upper end to its lower one."""
    first, last = parts[0][0], parts[-1][-1]
    if first[1] + 0.3 * first[0] <= last[1] + 0.3 * last[0]:
        return parts
    return [part[::-1] for part in parts[::-1]]


def _smooth(path: Path) -> Path:
    if len(path) < 3:
        return path
    # At the ends over fewer points, so that they stay where they are.
    index = np.arange(len(path))
    reach = np.minimum(np.minimum(index, len(path) - 1 - index), _SMOOTH)
    total = np.concatenate([np.zeros((1, 2)), path.cumsum(axis=0)])
    summed: Path = total[index + reach + 1] - total[index - reach]
    smooth: Path = summed / (2 * reach + 1)[:, np.newaxis]
    return smooth
