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
    is_paper = error <= _UNEVEN_RIM
    height, width = grey.shape
    y, x = np.linspace(-1, 1, height)[:, np.newaxis], np.linspace(-1, 1, width)
    a, b, c, d, e, f = weights.tolist()
    across, down = (b * x + d * x * x), (a + c * y + f * y * y)
    surface: Grey = (down + across + e * y * x).astype(np.float32)
    return surface, is_paper


def _is_light_on_dark(grey: Grey, light: Grey, is_paper: bool) -> bool:
    """Return whether the ink is lighter than the paper; what differs most from paper is ink."""
    # Where the rim is not all paper, most of the picture is.
    sample = grey[::2, ::2]
    above = sample - (light[::2, ::2] if is_paper else np.median(sample))
    low, high = np.quantile(above, [0.005, 0.995])
    return bool(high > -low)


def _local_light(grey: Grey, window: float) -> Grey:
    """Estimate the brightness of the bare paper at each point.

    It is the morphological closing of a small copy of the picture: dark things narrower than the
    window disappear, slow changes of light remain.

    Args:
        grey: dark ink on light paper.
        window: relative to the longer side; wider than any stroke, narrower than a lamp's gradient.
    """
    small = reduced(grey, _SIZE)
    side = max(3, round(max(small.shape) * window)) | 1
    # Continue the light beyond the rim: without that, the darker side would look inked.
    padded = np.pad(small, side, mode="reflect", reflect_type="odd")
    closed = -largest_around(-largest_around(padded, side), side)
    closed = closed[side:-side, side:-side]
    height, width = grey.shape
    smooth = Image.fromarray(closed).resize((width, height), Image.Resampling.BILINEAR)
    light: Grey = np.maximum(np.asarray(smooth), 0)
    return light
