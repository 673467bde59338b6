"""Remove what is dark in a picture but was not drawn: dust, grain, frames, what lies at the rim."""

import numpy as np
from PIL import Image, ImageFilter

from lenet_desktop.drawing.paper.grey import Grey, reduced
from lenet_desktop.drawing.paper.patches import patches

_SIZE = 200
_SPECK_SHARE, _SPECK_DARKNESS = 0.02, 0.5


def without_what_is_no_ink(ink: Grey) -> Grey:
    """Remove patches with almost no ink, or none that is dark: dust, grain, shadows."""
    height, width = ink.shape
    small = reduced(ink, _SIZE)
    numbers = patches(small > 0.1)
    mass = np.bincount(numbers.ravel(), weights=small.ravel())
    mass[0] = 0
    darkest = np.zeros_like(mass)
    np.maximum.at(darkest, numbers.ravel(), small.ravel())
    kept = (mass >= _SPECK_SHARE * mass.sum()) & (darkest >= _SPECK_DARKNESS)
    mask = Image.fromarray(np.where(kept[numbers], np.uint8(255), np.uint8(0)))
    grown = mask.filter(ImageFilter.MaxFilter(3)).resize((width, height), Image.Resampling.NEAREST)
    return np.where(np.asarray(grown) > 0, ink, np.float32(0))
