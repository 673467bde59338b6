"""Find the ink in a picture: what is darker (or lighter) than the paper, in any light and noise.

The brightness is divided by that of the paper, noise is removed, and the rest is stretched to full
ink. A clean picture is not changed: a drawing saved by the pad gives the same ink again.
"""

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

# Relative to the paper's brightness. Light pencil reaches 0.2, the texture of paper 0.05.
_LEAST_CONTRAST = 0.1
# The paper's light is estimated in a copy of this size, in windows of a third of it: wider than any
# stroke, narrower than a lamp's gradient.
_LIGHT_SIZE = 99
# Smaller differences of the light are not corrected: clean pictures keep their values.
_EVEN_LIGHT = 0.04
_SPECK_SIZE = 200
_SPECK_SHARE, _SPECK_DARKNESS = 0.02, 0.5

Grey = NDArray[np.float32]


def resize(grey: Grey, scale: float, how: Image.Resampling) -> Grey:
    """Scale a picture (H, W) with its proportions kept."""
    height, width = grey.shape
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(Image.fromarray(grey).resize(size, how))


def ink_of(grey: Grey) -> Grey:
    """Return the ink, 0 to 1, on a picture of brightness 0 to 1; all 0 if nothing stands out."""
    light = _light_from_the_rim(grey)
    if _is_light_on_dark(grey, light):
        grey, light = 1 - grey, 1 - light
    if np.ptp(light) > _EVEN_LIGHT:
        grey = np.clip(grey / np.maximum(light, 0.1) * light.max(), 0, 1)
    contrast = _contrast(grey)
    limit = _otsu(contrast)
    paper, ink = contrast[contrast <= limit], contrast[contrast > limit]
    if not ink.size:
        return np.zeros_like(grey)
    middle = float(np.median(paper))
    noise = max(
        1.4826 * float(np.median(np.abs(paper - middle))), _grain(contrast), _grain(contrast.T)
    )
    floor, full = middle + 5 * noise, float(np.quantile(ink, 0.95))
    if full - middle < max(_LEAST_CONTRAST, 8 * noise):
        return np.zeros_like(grey)
    stretched = np.clip((contrast - floor) / (full - floor), 0, 1)
    return _without_specks(stretched) if noise > 0 else stretched


def _contrast(grey: Grey) -> Grey:
    """Return how much darker than the paper each point is, 0 to 1, in any light."""
    light = _local_light(grey)
    return np.clip((light - grey) / np.maximum(light, 0.1), 0, 1)


def _grain(values: Grey) -> float:
    """Estimate the noise's standard deviation from the differences of neighbours in a row."""
    if values.shape[1] < 2:
        return 0.0
    return 1.4826 * float(np.median(np.abs(np.diff(values, axis=1)))) / math.sqrt(2)


def _light_from_the_rim(grey: Grey) -> Grey:
    """Return the quadratic surface that fits the brightness of the picture's rim.

    It is the paper's light under the ink where a lamp stands to one side or a lens darkens the
    corners.
    """
    height, width = grey.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)
    rim = np.ones((height, width), bool)
    thickness = max(1, min(height, width) // 16)
    rim[thickness:-thickness, thickness:-thickness] = False
    at, values = terms[rim], grey[rim]
    near = np.abs(values - np.median(values))
    trusted = near <= np.quantile(near, 0.8)
    surface: Grey = terms @ np.linalg.lstsq(at[trusted], values[trusted], rcond=None)[0]
    return surface.astype(np.float32)


def _is_light_on_dark(grey: Grey, light: Grey) -> bool:
    """Return whether the ink is lighter than the paper; what differs most from paper is ink."""
    above = grey - light
    return bool(np.quantile(above, 0.995) > -np.quantile(above, 0.005))


def _local_light(grey: Grey) -> Grey:
    """Estimate the brightness of the bare paper at each point.

    It is the morphological closing of a small copy of the picture: dark things narrower than the
    window disappear, slow changes of light remain.
    """
    height, width = grey.shape
    scale = min(1.0, _LIGHT_SIZE / max(height, width))
    small = resize(grey, scale, Image.Resampling.BOX)
    window = max(3, max(small.shape) // 3) | 1
    # Continue the light beyond the rim: without that, the darker side would look inked.
    padded = np.pad(small, window, mode="reflect", reflect_type="odd")
    closed = -_local_maximum(-_local_maximum(padded, window), window)
    closed = closed[window:-window, window:-window]
    smooth = Image.fromarray(closed).resize((width, height), Image.Resampling.BILINEAR)
    light: Grey = np.maximum(np.asarray(smooth), 0)
    return light


def _local_maximum(values: Grey, window: int) -> Grey:
    reach = window // 2
    for axis in (0, 1):
        padding = [(reach, reach) if a == axis else (0, 0) for a in (0, 1)]
        padded = np.pad(values, padding, mode="edge")
        windows = np.lib.stride_tricks.sliding_window_view(padded, window, axis=axis)
        largest: Grey = windows.max(axis=-1)
        values = largest
    return values


def _otsu(values: Grey) -> float:
    """Return the limit that splits values, 0 to 1, into two groups as far apart as possible.

    N. Otsu, "A Threshold Selection Method from Gray-Level Histograms", IEEE Transactions on
    Systems, Man, and Cybernetics 9(1), 1979.
    """
    counts, edges = np.histogram(values, bins=256, range=(0, 1))
    middles = (edges[:-1] + edges[1:]) / 2
    below = counts.cumsum()
    above = below[-1] - below
    sums = (counts * middles).cumsum()
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return float(edges[int(np.nanargmax(np.nan_to_num(between))) + 1])


def _without_specks(ink: Grey) -> Grey:
    """Remove patches with almost no ink, or none that is dark: dust, grain, shadows."""
    height, width = ink.shape
    small = resize(ink, min(1.0, _SPECK_SIZE / max(height, width)), Image.Resampling.BOX)
    numbers = patches(small > 0.1)
    mass = np.bincount(numbers.ravel(), weights=small.ravel())
    mass[0] = 0
    darkest = np.zeros_like(mass)
    np.maximum.at(darkest, numbers.ravel(), small.ravel())
    kept = (mass >= _SPECK_SHARE * mass.sum()) & (darkest >= _SPECK_DARKNESS)
    mask = Image.fromarray(np.where(kept[numbers], np.uint8(255), np.uint8(0)))
    grown = mask.filter(ImageFilter.MaxFilter(3)).resize((width, height), Image.Resampling.NEAREST)
    return np.where(np.asarray(grown) > 0, ink, np.float32(0))


def patches(mask: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Number the connected patches of a mask (8 neighbours) from 1; 0 is outside.

    The runs of each row are joined with those they touch in the row above, by union-find (B. A.
    Galler, M. J. Fischer, "An Improved Equivalence Algorithm", 1964), in linear time.
    """
    height, width = mask.shape
    # All rows one after the other, with an empty column between them.
    row = np.pad(mask, ((0, 0), (0, 1))).ravel()
    edges = np.flatnonzero(np.diff(row, prepend=False, append=False))
    starts, ends = edges[::2], edges[1::2]
    # The runs in the row above that touch a run, beside or across a corner.
    first = np.searchsorted(ends, starts - (width + 1), "left").tolist()
    last = np.searchsorted(starts, ends - (width + 1), "right").tolist()
    parents = list(range(len(starts)))

    def root(run: int) -> int:
        while parents[run] != run:
            parents[run] = run = parents[parents[run]]
        return run

    for run, (begin, end) in enumerate(zip(first, last, strict=True)):
        for above in range(begin, end):
            parents[root(above)] = root(run)
    roots = [root(run) for run in range(len(starts))]
    numbers = np.unique(roots, return_inverse=True)[1] + 1
    labels = np.zeros(len(row), np.intp)
    labels[row] = np.repeat(numbers, ends - starts)
    return labels.reshape(height, width + 1)[:, :width]
