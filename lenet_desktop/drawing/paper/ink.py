"""Find the ink in a picture: what is darker (or lighter) than the paper, in any light and noise.

The brightness is divided by that of the paper, noise is removed, and the rest is stretched to full
ink. A clean picture is not changed: a drawing saved by the pad gives the same ink again.
"""

import math

import numpy as np

from lenet_desktop.drawing.paper.grey import Grey, reduced
from lenet_desktop.drawing.paper.light import contrast, dark_on_even_light
from lenet_desktop.drawing.paper.not_ink import without_what_is_no_ink
from lenet_desktop.drawing.paper.strokes import looks_drawn

# Relative to the paper's brightness. Light pencil reaches 0.2, the texture of paper 0.05.
_LEAST_CONTRAST = 0.1
# The light is estimated in windows of a third of the picture, wider than any stroke. Narrower ones
# follow the edges of shadows, but lose wide strokes. Ink that is the same in both narrow windows is
# made of fine strokes, unless most of it is missing there. Chosen on the made-up pictures of
# tests/benchmarks/pictures.py.
_WIDE, _NARROW, _NARROWEST = 1 / 3, 1 / 8, 1 / 20
# The ink of the narrowest window relative to the narrow one's; that of the narrow one relative to
# the wide one's, where both look drawn and where only the narrow one does.
_SAME, _LESS, _MOST_LOST, _LITTLE = 0.75, 0.9, 0.3, 0.05
# Where nearly everything that stands out is no ink, the rest is none, either.
_ENOUGH = 0.08
# For medians, so many points are enough.
_ENOUGH_POINTS = 20_000
# In pixels: the copy in which the window is chosen, and pictures that are too small to be judged.
_SIZE, _TINY = 400, 64


def ink_of(grey: Grey, *, is_clean: bool = False) -> Grey | None:
    """Return the ink, 0 to 1, on a picture of brightness 0 to 1.

    All 0 if nothing stands out; None if something does, but does not look drawn.

    Args:
        grey: the picture.
        is_clean: there is nothing but ink on it, such as in a picture that the pad has saved.
    """
    grey = dark_on_even_light(grey)
    if is_clean:
        return _stretched(contrast(grey, _WIDE))[0]
    # The window is chosen in a smaller copy, which takes a quarter of the time.
    window = _window_of(reduced(grey, _SIZE))
    if window is None:
        return None
    ink, _ = _stretched(contrast(grey, window))
    return without_what_is_no_ink(ink) if ink.any() else ink


def _window_of(grey: Grey) -> float | None:
    """Return the window in which what stands out looks drawn, or nothing does; None if none does.

    Pictures that are tiny or without any noise are no photographs, and not checked.
    """
    ink, noise = _stretched(contrast(grey, _WIDE))
    if noise == 0 or not ink.any() or max(grey.shape) < _TINY:
        return _WIDE
    wide, is_wide_drawn = _cleaned(ink)
    narrow, is_narrow_drawn = _cleaned(_stretched(contrast(grey, _NARROW))[0])
    share = float(narrow.sum()) / max(float(wide.sum()), 1e-6)
    least, most = (_MOST_LOST, _LESS) if is_wide_drawn else (_LITTLE, np.inf)
    if is_narrow_drawn and least <= share <= most:
        narrowest, _ = _cleaned(_stretched(contrast(grey, _NARROWEST))[0])
        if _SAME <= float(narrowest.sum()) / float(narrow.sum()) <= 1 / _SAME:
            return _NARROW
    return _WIDE if is_wide_drawn else None


def _cleaned(ink: Grey) -> tuple[Grey, bool]:
    """Return ink without what is none, and whether the rest looks drawn."""
    cleaned = without_what_is_no_ink(ink)
    is_enough = cleaned.sum() >= _ENOUGH * ink.sum()
    return cleaned, bool(is_enough and looks_drawn(cleaned))


def _stretched(values: Grey) -> tuple[Grey, float]:
    """Return the ink, 0 to 1, of a contrast with the paper, and the noise that was in it."""
    limit = _otsu(values)
    few = values[:: _step(values), :: _step(values)]
    paper, ink = few[few <= limit], few[few > limit]
    if not ink.size or not paper.size:
        return np.zeros_like(values), 0.0
    middle = float(np.median(paper))
    noise = max(1.4826 * float(np.median(np.abs(paper - middle))), _grain(values), _grain(values.T))
    floor, full = middle + 5 * noise, float(np.quantile(ink, 0.95))
    if full - middle < max(_LEAST_CONTRAST, 8 * noise):
        return np.zeros_like(values), noise
    return np.clip((values - floor) / (full - floor), 0, 1), noise


def _step(values: Grey) -> int:
    """Return of how many points along each axis one is enough for a median."""
    return max(math.isqrt(values.size // _ENOUGH_POINTS), 1)


def _grain(values: Grey) -> float:
    """Estimate the noise's standard deviation from the differences of neighbours in a row."""
    if values.shape[1] < 2:
        return 0.0
    rows = values[:: _step(values) ** 2] if len(values) > 200 else values
    return 1.4826 * float(np.median(np.abs(np.diff(rows, axis=1)))) / math.sqrt(2)


def _otsu(values: Grey) -> float:
    """Return the limit that splits values, 0 to 1, into two groups as far apart as possible.

    N. Otsu, "A Threshold Selection Method from Gray-Level Histograms", IEEE Transactions on
    Systems, Man, and Cybernetics 9(1), 1979.
    """
    counts = np.bincount(np.minimum((values * 256).astype(np.uint8).ravel(), 255), minlength=256)
    middles = (np.arange(256) + 0.5) / 256
    below = counts.cumsum()
    above = below[-1] - below
    sums = (counts * middles).cumsum()
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return (int(np.nanargmax(np.nan_to_num(between))) + 1) / 256
