"""Remove the lines of ruled and squared paper, which run straight from rim to rim.

As staves are removed from music: a line is followed, and its ink removed where it is as thin as the
line; where a stroke crosses it, the ink stays (I. Fujinaga, "Staff Detection and Removal", in
"Visual Perception of Music Notation", 2004).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lenet_desktop.drawing.paper.grey import Grey, reduced

# Lines are looked for in a copy of this size, in strips of so many pixels.
_SIZE, _STRIP = 400, 16
# How steep lines may be, and in which steps that is looked for.
_STEEPEST, _STEP = 0.2, 0.01
# A line is darker by this than what is so many pixels away from it.
_DARKER, _THIN = 0.06, 5
# So dark, ink on both sides hides a line.
_HIDING = 0.3
# In how many of the strips that it crosses a line must be seen, and how many these must be.
_SEEN, _LONG = 0.8, 0.6
_MOST_LINES = 80
# How far a line may be from a straight one, and how thick it is at most, relative to the picture.
_BEND, _THICKEST = 0.006, 0.012


@dataclass(frozen=True)
class _Line:
    """A line at ``y = middle + slope * (x - width / 2)``, relative to the picture's width."""

    middle: float
    slope: float


def without_ruling(ink: Grey) -> Grey:
    """Return ink, 0 to 1, without thin lines from rim to rim; the same array if there are none."""
    for is_upright in (False, True):
        turned = ink.T if is_upright else ink
        lines = _lines(turned)
        if lines:
            turned = _without(turned, lines)
            ink = turned.T if is_upright else turned
    return ink


def _lines(ink: Grey) -> list[_Line]:
    """Return the lines that run from left to right."""
    small = reduced(np.ascontiguousarray(ink), _SIZE)
    height, width = small.shape
    count = width // _STRIP
    if count < 6 or height < 4 * _THIN:
        return []
    strips = small[:, : count * _STRIP].reshape(height, count, _STRIP).mean(axis=2)
    padded = np.pad(strips, ((_THIN, _THIN), (0, 0)), mode="edge")
    ridge = strips - np.maximum(padded[: -2 * _THIN], padded[2 * _THIN :]) > _DARKER
    if ridge.any(axis=0).sum() < _LONG * _SEEN * count:
        return []
    # A thick stroke hides the line below it.
    hidden = np.minimum(padded[: -2 * _THIN], padded[2 * _THIN :]) > _HIDING
    # Two pixels up and down, as slopes are looked for in steps.
    seen = np.pad(ridge, ((2, 2), (0, 0)))
    seen = seen[:-4] | seen[1:-3] | seen[2:-2] | seen[3:-1] | seen[4:]
    reach = int(np.ceil(_STEEPEST * width / 2))
    room = np.pad(seen, ((reach, reach), (0, 0)))
    visible = np.pad(~hidden | seen, ((reach, reach), (0, 0)))
    slopes = np.arange(-_STEEPEST, _STEEPEST + _STEP / 2, _STEP)
    places = (np.arange(count) + 0.5) * _STRIP - width / 2
    rows = np.arange(height)[:, np.newaxis] + reach
    scores = np.zeros((len(slopes), height))
    for number, slope in enumerate(slopes):
        shifted = rows + np.rint(slope * places).astype(int)
        hits, crossed = room[shifted, np.arange(count)], visible[shifted, np.arange(count)]
        # It is seen at both rims, where it does not leave the picture above or below.
        is_whole = np.ones(height, bool)
        for end in (np.s_[:, :2], np.s_[:, -2:]):
            is_whole &= hits[end].any(axis=1) | ~crossed[end].any(axis=1)
        total = crossed.sum(axis=1)
        is_whole &= total >= _LONG * count
        scores[number] = np.where(is_whole, hits.sum(axis=1) / np.maximum(total, 1), 0)
    lines: list[_Line] = []
    while len(lines) < _MOST_LINES:
        best = int(scores.max(axis=0).argmax())
        score = float(scores[:, best].max())
        if score < _SEEN:
            break
        # Of slopes and places that are as good, the middle ones.
        steps, offsets = np.nonzero(scores[:, best : best + _THIN] == score)
        lines.append(_Line((best + float(offsets.mean()) + 0.5) / width, slopes[steps].mean()))
        scores[:, max(best - _THIN, 0) : best + _THIN + 1] = 0
    return lines


def _without(ink: Grey, lines: list[_Line]) -> Grey:
    """Return ink without the thin parts of lines."""
    height, width = ink.shape
    result = ink.copy()
    columns = np.arange(width)
    bend = max(round(_BEND * width), 3)
    thickest = max(round(_THICKEST * width), 3)
    reach = bend + 2 * thickest
    around = np.arange(-reach, reach + 1)[:, np.newaxis]
    for line in lines:
        centre = np.rint(line.middle * width + line.slope * (columns - width / 2)).astype(int)
        rows = centre + around
        part = ink[np.clip(rows, 0, height - 1), columns]
        part = np.where((rows >= 0) & (rows < height), part, 0)
        # The darkest place near the line, here and along it.
        near = part[reach - bend : reach + bend + 1]
        at = (_sums(near) + 4 * near).argmax(axis=0) + reach - bend
        inked = part > 0.02
        above, below = _run(inked[::-1], 2 * reach - at), _run(inked, at)
        thickness = above + below - 1
        thin = np.median(thickness[thickness > 0]) if (thickness > 0).any() else 0
        is_line = (thickness > 0) & (thickness <= min(1.5 * thin + 1, thickest))
        removed = (around + reach > at - above) & (around + reach < at + below) & is_line
        where = removed & (rows >= 0) & (rows < height)
        result[rows[where], np.broadcast_to(columns, rows.shape)[where]] = 0
    return result


def _sums(values: Grey) -> Grey:
    """Return the sum over nine neighbours along the rows."""
    padded = np.pad(values, ((0, 0), (5, 4)), mode="edge").cumsum(axis=1)
    sums: Grey = padded[:, 9:] - padded[:, :-9]
    return sums


def _run(inked: NDArray[np.bool_], start: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return how many inked places follow the start of each column, itself included."""
    rows = np.arange(len(inked))[:, np.newaxis]
    ends = (~inked) & (rows >= start)
    first = np.where(ends.any(axis=0), ends.argmax(axis=0), len(inked))
    run: NDArray[np.intp] = np.maximum(first - start, 0)
    return run
