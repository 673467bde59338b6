"""Values as colours: positive ones, zero and negative ones; pictures of them, text on them."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QFont, QImage

from lenet_desktop.ui.style.theme import Colours

_STEPS = 255


def shade(value: float, theme: Colours) -> QColor:
    """Return the colour of a value from -1 to 1."""
    red, green, blue, _ = _palette(theme)[round((min(max(value, -1.0), 1.0) + 1) / 2 * _STEPS * 2)]
    return QColor(int(red), int(green), int(blue))


def images(values: NDArray[np.float32], largest: float, theme: Colours) -> list[QImage]:
    """Return a picture of each map, (maps, H, W), one pixel a value.

    The values from ``-largest`` to ``largest`` have the colours from negative to positive.
    """
    share = np.clip(values / max(largest, 1e-9), -1, 1)
    indices = ((share + 1) * _STEPS + 0.5).astype(np.int64)
    rgba = _palette(theme)[indices]
    height, width = values.shape[1:]
    return [
        QImage(each.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888)
        for each in rgba
    ]


def neurons(values: NDArray[np.float32], across: int) -> NDArray[np.float32]:
    """Return neurons (N,) as one map (1, rows, across), padded with zeros."""
    rows = -(-len(values) // across)
    cells = np.zeros(rows * across, np.float32)
    cells[: len(values)] = values
    return cells.reshape(1, rows, across)


def readable_on(ground: QColor, theme: Colours) -> QColor:
    """Return the colour of text that differs most from what is behind it."""
    candidates = QColor(theme.text), QColor(theme.on_accent), QColor(theme.paper)
    return max(candidates, key=lambda each: abs(each.lightnessF() - ground.lightnessF()))


def sized(font: QFont, pixels: float, *, strong: bool = False) -> QFont:
    """Return a font in another size, in pixels, and regular or semibold."""
    other = QFont(font)
    other.setPixelSize(max(round(pixels), 8))
    other.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
    return other


_palettes: dict[tuple[str, str, str], NDArray[np.uint8]] = {}


def _palette(theme: Colours) -> NDArray[np.uint8]:
    """Return the colours from -1 to 1 in 511 steps, (511, 4): negative, paper, positive."""
    key = theme.challenger, theme.paper, theme.accent
    if key not in _palettes:
        low, zero, high = (
            np.array((colour.red(), colour.green(), colour.blue()), np.float64)
            for colour in map(QColor, key)
        )
        share = np.linspace(-1, 1, 2 * _STEPS + 1)[:, np.newaxis]
        # So that small values differ visibly from zero.
        strength = np.abs(share) ** 0.7
        rgb = zero + strength * (np.where(share > 0, high, low) - zero)
        alpha = np.full((len(rgb), 1), 255.0)
        _palettes[key] = np.hstack([rgb, alpha]).round().astype(np.uint8)
    return _palettes[key]
