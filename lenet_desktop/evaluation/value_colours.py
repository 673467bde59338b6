"""Values as colours on white paper: negative, zero, positive."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

NEGATIVE, ZERO, POSITIVE = "#c2560c", "#ffffff", "#2156c8"
# Below 1 small values are told from zero.
_EXPONENT = 0.7
# How much of the paper's light full ink takes away from the colour above it.
_INK = 0.2

Pixels = NDArray[np.uint8]


def coloured(values: NDArray[np.float32], largest: float) -> Pixels:
    """Return the colours of values (...), uint8 (..., 3); ``largest`` has the full colour."""
    return _rgb(values, largest).round().astype(np.uint8)


def coloured_ink(values: NDArray[np.float32], sample: NDArray[np.float32]) -> Pixels:
    """Return the colours of values (28, 28) over the ink of a sample, uint8 (28, 28, 3).

    The ink darkens the colours; where a value is 0, it is gray.
    """
    rgb = _rgb(values, float(np.abs(values).max()))
    return (rgb * (1 - _INK * sample[..., np.newaxis])).round().astype(np.uint8)


def scale(width: int, height: int) -> Image.Image:
    """Return the colours from negative to positive, from left to right."""
    row = coloured(np.linspace(-1, 1, width, dtype=np.float32), 1.0)
    return Image.fromarray(np.repeat(row[np.newaxis], height, axis=0))


def _rgb(values: NDArray[np.float32], largest: float) -> NDArray[np.float64]:
    share = np.clip(values.astype(np.float64) / max(largest, 1e-9), -1, 1)[..., np.newaxis]
    negative, zero, positive = (
        np.array(tuple(bytes.fromhex(colour[1:])), float) for colour in (NEGATIVE, ZERO, POSITIVE)
    )
    rgb: NDArray[np.float64] = zero + np.abs(share) ** _EXPONENT * (
        np.where(share > 0, positive, negative) - zero
    )
    return rgb
