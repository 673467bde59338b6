"""From the strokes of a number to candidates: neighbouring pieces that may be one character.

Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-Based Learning Applied to Document
Recognition", Proceedings of the IEEE 86(11), 1998, sections V to VIII: cut the ink into pieces, let
every run of neighbouring pieces be a candidate, read all candidates, and find the best path
through them. Here the pieces are strokes, which are known on the pad. Only strokes that are wide
enough to hold several characters are cut.

Coordinates are pad units, y down, but the paper may have any size.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lenet_desktop.drawing.legibility import smoothed
from lenet_desktop.drawing.line.polylines import along
from lenet_desktop.drawing.strokes import Stroke

Box = tuple[float, float, float, float]
"""Left, top, right, bottom of points."""

_Floats = NDArray[np.float64]

WIDEST = 2.2
"""The width of the widest run of several pieces, in heights of the line. A lower limit turns the
far bar of a five into a digit of its own: at 1.5, two percentage points fewer of UNIPEN's numbers
were read."""

MOST_PIECES = 8
"""The pieces of the longest run. People write digits with up to four strokes."""

_STEP = 1 / 20  # the distance of the points at which a stroke may be cut, in heights of the line
_MOST_STEPS = 2_000
# Flatter strokes, in heights of the line, are bars of fours, fives and sevens.
_FLAT = 0.4
# How far what was drawn before a cut may reach over what follows, in heights of the line.
_REACH_OVER = 0.12
# A cut lies at least this far from the ends of its stroke, in heights of the line.
_SHORTEST = 0.15


@dataclass(frozen=True, eq=False)
class CutStroke(Stroke):
    """A stroke that may be cut at known places.

    Attributes:
        cuts: the places, in pad units along the stroke, from its start on.
    """

    cuts: tuple[float, ...] = ()


@dataclass(frozen=True, eq=False)
class Piece:
    """A stroke, or a part of a stroke that was cut.

    Attributes:
        stroke: its points and its brush.
        number: the index of the drawing's stroke that it is a part of.
        start, end: where it starts and ends on that stroke, in pad units along it.
        box: of its points.
    """

    stroke: Stroke
    number: int
    start: float
    end: float
    box: Box


@dataclass(frozen=True, eq=False)
class Candidate:
    """A run of neighbouring pieces, ``pieces[first:last]``.

    Attributes:
        first, last: which pieces; ``last`` is exclusive.
        strokes: its strokes in the order in which they were drawn; cuts inside are joined again.
        box: of its points.
    """

    first: int
    last: int
    strokes: tuple[Stroke, ...]
    box: Box


@dataclass(frozen=True, eq=False)
class Segmentation:
    """All ways to divide a line of strokes into characters.

    Attributes:
        height: the usual height of a character.
        pieces: from left to right.
        candidates: sorted by their first piece, then by their last.
    """

    height: float
    pieces: tuple[Piece, ...]
    candidates: tuple[Candidate, ...]


def segment(strokes: Sequence[Stroke]) -> Segmentation:
    """Cut the strokes of one line of characters, at least one stroke, into candidates."""
    height = line_height(strokes)
    strokes = smoothed(tuple(strokes), height)
    pieces: list[Piece] = []
    for number, stroke in enumerate(strokes):
        pieces += _cut(stroke, number, height)
    # By the middles, so that the long bar of a five stays beside its body. The sort is stable.
    pieces.sort(key=lambda piece: piece.box[0] + piece.box[2])
    return Segmentation(height, tuple(pieces), tuple(_runs(pieces, strokes, height)))


def box_of(stroke: Stroke) -> Box:
    """Return the box of a stroke's points."""
    (left, top), (right, bottom) = stroke.points.min(axis=0), stroke.points.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def around(boxes: Sequence[Box]) -> Box:
    """Return the smallest box around some, at least one."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def line_height(strokes: Sequence[Stroke]) -> float:
    """Return the usual height of a character in a line of strokes, in pad units, above 0.

    This is the median height of the strokes that are not much lower than others: at least half as
    high as the highest one, or as high as the median of all heights, weighted by the strokes'
    lengths. So neither the short bars of fives nor one long stem count much.
    """
    boxes = [box_of(stroke) for stroke in strokes]
    heights = np.array([bottom - top for _, top, _, bottom in boxes])
    left, top, right, bottom = around(boxes)
    if heights.max() <= 0.1 * max(right - left, bottom - top):
        # Only flat strokes and dots.
        return max(right - left, bottom - top, 1.0)
    lengths = np.array([along(stroke.points)[-1] for stroke in strokes])
    order = heights.argsort()
    usual = heights[order[np.searchsorted(lengths[order].cumsum(), lengths.sum() / 2)]]
    # Flat strokes may be the longest, but no line is as flat as a bar.
    least = max(min(heights.max() / 2, usual), heights.max() / 4)
    tall = np.sort(heights[heights >= least])
    return max(float(tall[len(tall) // 2]), 1e-3)


def _cut(stroke: Stroke, number: int, height: float) -> list[Piece]:
    """Return a stroke as pieces."""
    left, top, right, bottom = box_of(stroke)
    lengths = along(stroke.points)
    total = float(lengths[-1])
    cuts: list[float] = []
    if right - left > bottom - top > _FLAT * height:
        cuts = _places(stroke, lengths, height)
    if isinstance(stroke, CutStroke):
        shortest = _SHORTEST * height
        known = [place for place in stroke.cuts if shortest <= place <= total - shortest]
        # A cut at a crossing is better than one beside it.
        cuts = [each for each in cuts if all(abs(each - place) > shortest for place in known)]
        cuts = sorted({*cuts, *known})
    ends = [0.0, *cuts, total]
    pieces = []
    for start, end in pairwise(ends):
        part = _between(stroke, lengths, start, end) if cuts else stroke
        pieces.append(Piece(part, number, start, end, box_of(part)))
    return pieces


def _places(stroke: Stroke, lengths: _Floats, height: float) -> list[float]:
    """Return where to cut a stroke, in pad units along it.

    A cut is possible where all that was drawn before lies to the left of all that follows, or to
    the right. Of a stretch of possible cuts, the middle is taken.
    """
    total = float(lengths[-1])
    count = min(max(int(total / (_STEP * height)), 2), _MOST_STEPS)
    places = np.linspace(0, total, count + 1)
    x = np.interp(places, lengths, stroke.points[:, 0].astype(np.float64))
    if x[-1] < x[0]:
        x = -x
    over = np.maximum.accumulate(x) - np.minimum.accumulate(x[::-1])[::-1]
    possible = over <= _REACH_OVER * height
    possible &= (places >= _SHORTEST * height) & (places <= total - _SHORTEST * height)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], possible, [False]]).astype(np.int8)))
    cuts = []
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        # Of the places with the least overlap, the middle one.
        least = np.flatnonzero(over[first:last] <= over[first:last].min() + 1e-3 * height)
        cuts.append(float(places[first + least[len(least) // 2]]))
    return cuts


def _runs(pieces: Sequence[Piece], strokes: Sequence[Stroke], height: float) -> list[Candidate]:
    candidates = []
    count = len(pieces)
    for first in range(count):
        for last in range(first + 1, count + 1):
            # All pieces together may be more: somebody may have drawn one digit with many strokes.
            if last - first > MOST_PIECES and (first, last) != (0, count):
                continue
            run = pieces[first:last]
            box = around([piece.box for piece in run])
            if last > first + 1 and box[2] - box[0] > WIDEST * height:
                break
            candidates.append(Candidate(first, last, _joined(run, strokes), box))
    return candidates


def _joined(run: Sequence[Piece], strokes: Sequence[Stroke]) -> tuple[Stroke, ...]:
    """Return the strokes of a run of pieces; pieces that were cut apart are joined again."""
    joined: list[Stroke] = []
    ordered = sorted(run, key=lambda piece: (piece.number, piece.start))
    start = 0
    for index, piece in enumerate(ordered):
        following = ordered[index + 1] if index + 1 < len(ordered) else None
        if following and following.number == piece.number and following.start == piece.end:
            continue
        whole = strokes[piece.number]
        if start == index:
            joined.append(piece.stroke)
        else:
            lengths = along(whole.points)
            begin = ordered[start].start
            is_all = begin == 0 and piece.end == float(lengths[-1])
            joined.append(whole if is_all else _between(whole, lengths, begin, piece.end))
        start = index + 1
    return tuple(joined)


def _between(stroke: Stroke, lengths: _Floats, start: float, end: float) -> Stroke:
    """Return the part of a stroke between two places along it."""
    inside = (lengths > start) & (lengths < end)
    places = np.concatenate([[start], lengths[inside], [end]])
    points = np.stack([np.interp(places, lengths, stroke.points[:, axis]) for axis in (0, 1)], 1)
    return replace(stroke, points=points.astype(np.float32))
