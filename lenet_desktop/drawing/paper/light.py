"""The light on the paper: how bright it would be without ink."""

import numpy as np
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
# If most of the picture differs so much from the rim, the rim is not the paper.
_DESK = 0.25
# Strokes on a sheet in a larger picture are narrower than this, relative to the picture.
_STROKE = 1 / 12


def dark_on_even_light(grey: Grey) -> Grey:
    """Return the picture with dark ink, and without the slow changes of its light."""
    light, is_paper = _light_from_the_rim(grey)
    if _is_light_on_dark(grey, light, is_paper):
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
    rim = np.ones((height, width), bool)
    thickness = max(1, min(height, width) // 16)
    rim[thickness:-thickness, thickness:-thickness] = False
    at, values = terms[rim], small[rim]
    near = np.abs(values - np.median(values))
    trusted = near <= np.quantile(near, 0.8)
    weights = np.linalg.lstsq(at[trusted], values[trusted], rcond=None)[0]
    error = float(np.quantile(np.abs(at[trusted] @ weights - values[trusted]), 0.9))
    # Around a sheet there may be a desk.
    is_desk = abs(float(np.median(small) - np.median(values))) > _DESK
    is_paper = error <= _UNEVEN_RIM and not is_desk
    height, width = grey.shape
    y, x = np.linspace(-1, 1, height)[:, np.newaxis], np.linspace(-1, 1, width)
    a, b, c, d, e, f = weights.tolist()
    across, down = (b * x + d * x * x), (a + c * y + f * y * y)
    surface: Grey = (down + across + e * y * x).astype(np.float32)
    return surface, is_paper


def _is_light_on_dark(grey: Grey, light: Grey, is_paper: bool) -> bool:
    """Return whether the ink is lighter than the paper; what differs most from paper is ink."""
    if is_paper:
        low, high = np.quantile((grey - light)[::2, ::2], [0.005, 0.995])
        return bool(high > -low)
    # Shadows and desks are dark or light, too, but only strokes are narrow.
    small = reduced(grey, _SIZE)
    dark = _closed(small, _STROKE) - small
    bright = small + _closed(-small, _STROKE)
    return float((bright * bright).sum()) > float((dark * dark).sum())


def _local_light(grey: Grey, window: float) -> Grey:
    """Estimate the brightness of the bare paper at each point.

    Args:
        grey: dark ink on light paper.
        window: relative to the longer side; wider than any stroke, narrower than a lamp's gradient.
    """
    height, width = grey.shape
    closed = Image.fromarray(_closed(reduced(grey, _SIZE), window))
    smooth = closed.resize((width, height), Image.Resampling.BILINEAR)
    light: Grey = np.maximum(np.asarray(smooth), 0)
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
