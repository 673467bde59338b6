"""Brightness (H, W), float32, 0 to 1."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Grey = NDArray[np.float32]


def resize(grey: Grey, scale: float, how: Image.Resampling = Image.Resampling.BOX) -> Grey:
    """Scale a picture (H, W) with its proportions kept."""
    height, width = grey.shape
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(Image.fromarray(grey).resize(size, how))


def reduced(grey: Grey, size: int) -> Grey:
    """Return a copy whose longer side is at most ``size`` pixels."""
    return resize(grey, min(1.0, size / max(grey.shape)))


def largest_around(values: Grey, window: int) -> Grey:
    """Return the largest value in the square of ``window`` pixels, an odd number, around each."""
    reach = window // 2
    for axis in (0, 1):
        padding = [(reach, reach) if a == axis else (0, 0) for a in (0, 1)]
        largest: NDArray[np.float32] = np.pad(values, padding, mode="edge")
        if axis:
            largest = largest.T
        # The maximum over n + m neighbours is that of two over n, up to n apart.
        size = 1
        while size < window:
            step = min(size, window - size)
            largest = np.maximum(largest[:-step], largest[step:])
            size += step
        values = largest.T if axis else largest
    return values
