"""The light on the paper: how bright it would be without ink."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lenet_desktop.drawing.paper.grey import Grey, largest_around, reduced

# The paper's light is estimated in a copy of this size.
_SIZE = 200
# Smaller differences of the light are not corrected: clean pictures keep their values.
_EVEN_LIGHT = 0.04
# The quadratic surface is fitted in a copy of this size.
_COARSE = 64
# Of the brightness: if the rim differs more from its surface, it is not all paper.
_UNEVEN_RIM = 0.1
# If so much of the picture is of one brightness, and the rim differs so much from it, the rim is
# not the paper.
_SHEET, _DESK = 0.5, 0.25
# How far the brightness of ink is beyond that of the rim.
_BEYOND = 0.1
# Strokes on a sheet in a larger picture are narrower than this, relative to the picture.
_STROKE = 1 / 12


def dark_on_even_light(grey: Grey) -> Grey:
    """Return the picture with dark ink, and without the slow changes of its light."""
    light, is_paper = _light_from_the_rim(grey)
    is_inverted = _is_inverted(grey, light) if is_paper else _is_inverted_in_any_light(grey)
    if is_inverted:
        grey, light = 1 - grey, 1 - light
    if is_paper and np.ptp(light) > _EVEN_LIGHT:
        grey = np.clip(grey / np.maximum(light, 0.1) * light.max(), 0, 1)
    return grey


def contrast(grey: Grey, window: float) -> Grey:
    """Return how much darker than the paper each point is, 0 to 1, in any light.

    Args:
        grey: dark ink on light paper.
        window: see ``_local_light``.
    """
    light = _local_light(grey, window)
    return np.clip((light - grey) / np.maximum(light, 0.1), 0, 1)


def _light_from_the_rim(grey: Grey) -> tuple[Grey, bool]:
    """Return the quadratic surface that fits the brightness of the rim, and whether it does.

    It is the paper's light under the ink where a lamp stands to one side or a lens darkens the
    corners.
    """
    small = reduced(grey, _COARSE)
    height, width = small.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)
    rim = _rim(height, width)
    at, values = terms[rim], small[rim]
    near = np.abs(values - np.median(values))
    trusted = near <= np.quantile(near, 0.8)
    weights = np.linalg.lstsq(at[trusted], values[trusted], rcond=None)[0]
    error = float(np.quantile(np.abs(at[trusted] @ weights - values[trusted]), 0.9))
    is_paper = error <= _UNEVEN_RIM and not _is_on_a_desk(small, values)
    height, width = grey.shape
    y, x = np.linspace(-1, 1, height)[:, np.newaxis], np.linspace(-1, 1, width)
    a, b, c, d, e, f = weights.tolist()
    across, down = (b * x + d * x * x), (a + c * y + f * y * y)
    surface: Grey = (down + across + e * y * x).astype(np.float32)
    return surface, is_paper


def _rim(height: int, width: int) -> NDArray[np.bool_]:
    """Return which points (H, W) are near the rim."""
    rim = np.ones((height, width), bool)
    thickness = max(1, min(height, width) // 16)
    rim[thickness:-thickness, thickness:-thickness] = False
    return rim


def _is_on_a_desk(grey: Grey, rim: Grey) -> bool:
    """Return whether most of a picture is a sheet, and the rim something darker.

    In a tight crop most of the picture may be the ink of a one, and the rim brighter paper.
    """
    middle = float(np.median(grey))
    is_sheet = float((np.abs(grey - middle) <= _DESK / 2).mean()) >= _SHEET
    return is_sheet and middle - float(np.median(rim)) > _DESK


def _is_inverted(grey: Grey, light: Grey) -> bool:
    """Return whether the ink is lighter than the paper; what differs most from paper is ink."""
    low, high = np.quantile((grey - light)[::2, ::2], [0.005, 0.995])
    return bool(high > -low)


def _is_inverted_in_any_light(grey: Grey) -> bool:
    """Return whether the ink is lighter than the paper where the rim does not show the paper."""
    small = reduced(grey, _SIZE)
    rim = small[_rim(*small.shape)]
    if _is_on_a_desk(small, rim):
        # The desk is dark, too, but only strokes are narrow.
        dark = _closed(small, _STROKE) - small
        bright = small + _closed(-small, _STROKE)
        return float((bright * bright).sum()) > float((dark * dark).sum())
    # The rim shows paper in the light and in the shadow; ink differs from both.
    low, high = np.quantile(small, [0.005, 0.995]).tolist()
    below, above = np.quantile(rim, 0.05) - low, high - np.quantile(rim, 0.95)
    if max(below, above) < _BEYOND:
        # Strokes touch the rim, in a tight crop.
        below, above = np.median(rim) - low, high - np.median(rim)
    return bool(above > below)


def _local_light(grey: Grey, window: float) -> Grey:
    """Estimate the brightness of the bare paper at each point.

    Args:
        grey: dark ink on light paper.
        window: relative to the longer side; wider than any stroke, narrower than a lamp's gradient.
    """
    height, width = grey.shape
    closed = Image.fromarray(_closed(reduced(grey, _SIZE), window))
    smooth = closed.resize((width, height), Image.Resampling.BILINEAR)
    # Beyond ink at the rim, the continued light would be brighter than the paper.
    light: Grey = np.clip(np.asarray(smooth), 0, grey.max())
    return light


def _closed(grey: Grey, window: float) -> Grey:
    """Return the morphological closing of a picture.

    Dark things narrower than the window, relative to the longer side, disappear; slow changes of
    light remain.
    """
    side = max(3, round(max(grey.shape) * window)) | 1
    # Continue the light beyond the rim: without that, the darker side would look inked.
    padded = np.pad(grey, side, mode="reflect", reflect_type="odd")
    closed = -largest_around(-largest_around(padded, side), side)
    return closed[side:-side, side:-side]
