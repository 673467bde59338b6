"""Thin ink to its skeleton: lines one pixel wide in the middle of the strokes."""

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]

# The eight neighbours of a pixel as (row, column), clockwise from the one above. Bit n of a pixel's
# code tells whether its neighbour n is ink.
_AROUND = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))


def thin(mask: Mask) -> Mask:
    """Return the skeleton of a mask (H, W): as many parts and holes, one pixel wide.

    Z. Guo, R. W. Hall, "Parallel Thinning with Two-Subiteration Algorithms", Communications of the
    ACM 32(3), 1989, algorithm A1. Pixels that only make a diagonal line thicker are removed at the
    end, so that each pixel of a line has two neighbours.
    """
    padded = np.pad(mask, 1)
    width = padded.shape[1]
    pixels = padded.ravel().astype(np.uint8)
    offsets = [row * width + column for row, column in _AROUND]
    inside = np.flatnonzero(pixels)
    unchanged = 0
    while unchanged < len(_REMOVED):
        for removed in _REMOVED:
            taken = removed[_codes(pixels, inside, offsets)]
            unchanged = 0 if taken.any() else unchanged + 1
            pixels[inside[taken]] = 0
            inside = inside[~taken]
    # One after the other: of two neighbours in a corner, only one may go.
    corners = inside[_IS_CORNER[_codes(pixels, inside, offsets)]]
    for pixel in corners.tolist():
        code = sum(int(pixels[pixel + offset]) << bit for bit, offset in enumerate(offsets))
        if _IS_CORNER[code]:
            pixels[pixel] = 0
    return pixels.reshape(padded.shape)[1:-1, 1:-1].astype(bool)


def _codes(
    pixels: NDArray[np.uint8], inside: NDArray[np.intp], offsets: list[int]
) -> NDArray[np.uint8]:
    codes = np.zeros(len(inside), np.uint8)
    for bit, offset in enumerate(offsets):
        codes |= pixels[inside + offset] << np.uint8(bit)
    return codes


def _guo_hall(code: int, is_second: bool) -> bool:
    """Return whether a pixel with these neighbours is removed; the names are those of the paper."""
    p2, p3, p4, p5, p6, p7, p8, p9 = (bool(code >> bit & 1) for bit in range(8))
    crossings = (
        (not p2 and (p3 or p4)) + (not p4 and (p5 or p6))
        + (not p6 and (p7 or p8)) + (not p8 and (p9 or p2))
    )  # fmt: skip
    neighbours = min(
        (p9 or p2) + (p3 or p4) + (p5 or p6) + (p7 or p8),
        (p2 or p3) + (p4 or p5) + (p6 or p7) + (p8 or p9),
    )
    kept = (p6 or p7 or not p9) and p8 if is_second else (p2 or p3 or not p5) and p4
    return crossings == 1 and 2 <= neighbours <= 3 and not kept


def _is_corner(code: int) -> bool:
    """Return whether a pixel fills the corner between two ink pixels that touch diagonally."""
    set_ = [bool(code >> bit & 1) for bit in range(8)]
    return any(
        set_[bit] and set_[(bit + 2) % 8] and not set_[(bit + 5) % 8] for bit in (0, 2, 4, 6)
    )


_REMOVED = tuple(
    np.array([_guo_hall(code, is_second) for code in range(256)]) for is_second in (False, True)
)
_IS_CORNER = np.array([_is_corner(code) for code in range(256)])
