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
