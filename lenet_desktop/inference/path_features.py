"""What the path through a number looks at, besides the network's answers.

A candidate is judged by its size and place, by its gaps, and by how it was written; the border
between two candidates is judged by their distance, their overlap and their relative sizes. Lengths
are in heights of the line. ``PathWeights`` has the weights.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lenet_desktop.drawing.line.gesture import GESTURE, gesture
from lenet_desktop.drawing.line.polylines import Floats, crossings, distances, evenly
from lenet_desktop.drawing.line.segmentation import Segmentation

_Indices = NDArray[np.intp]

CANDIDATE = (
    "candidate",  # 1: the cost of each character
    "height",  # the logarithm of its height
    "height squared",
    "low",  # how much lower than 0.6
    "wide",  # how much wider than 1
    "gap",  # the widest gap between its pieces in x
    "apart",  # the longest of the shortest lines that connect its pieces
    "rejoined",  # how many cuts lie inside
    "head",  # how far its top lies from the line's
    "foot",  # how far its bottom lies from the line's
    "returns",  # 1 if other pieces were drawn in between
)
"""The features of a candidate, whatever its class."""

AS_CLASS = (
    "class",  # 1
    "slender",  # the logarithm of height to width
    "slender squared",
    "two strokes",  # 1 if it has two
    "more strokes",  # 1 if it has more
    *GESTURE,
)
"""The features of a candidate as one class; each has a weight for each class."""

BORDER = (
    "border",  # 1
    "gap",  # between the two boxes in x
    "overlap",  # of the two boxes in x
    "distance",  # of the strokes
    "touches",  # 1 if they meet
    "cut",  # 1 if a stroke is cut
    "tops",  # how far apart the tops are
    "bottoms",
    "heights",  # the logarithm of the ratio of the heights, without its sign
    "middles",  # how much less than 0.6 the middles are apart in x
    "hidden",  # how much of the narrower one the overlap takes
    "crossings",  # 0.5 if the strokes cross once, 1 if more often
    "interleaved",  # 1 if the pieces of both were drawn by turns
    "reversed",  # 1 if the right one was drawn first
    "covered",  # how much of the smaller box the other one covers
)
"""The features of the border between two neighbouring candidates."""

_SPACING = 1 / 16  # of the points between which distances are measured, in heights of the line
_MOST_POINTS = 24  # of a piece
_TOUCHES = 0.06  # in heights of the line
_NARROWEST = 0.15  # in heights of the line; narrower boxes and lower ones count as this


@dataclass(frozen=True, eq=False)
class PathFeatures:
    """The features of N candidates and of their M borders.

    Attributes:
        candidates: (N, len(CANDIDATE)).
        as_class: (N, len(AS_CLASS)).
        borders: (M, len(BORDER)).
        left, right: (M,), the candidates on both sides of each border.
    """

    candidates: Floats
    as_class: Floats
    borders: Floats
    left: _Indices
    right: _Indices


def path_features(segmentation: Segmentation) -> PathFeatures:
    """Return the features of a segmentation."""
    height = segmentation.height
    pieces = np.array([piece.box for piece in segmentation.pieces]) / height
    boxes = np.array([candidate.box for candidate in segmentation.candidates]) / height
    first = np.array([candidate.first for candidate in segmentation.candidates])
    last = np.array([candidate.last for candidate in segmentation.candidates])
    points = [
        evenly(piece.stroke.points, _points(piece.end - piece.start, height))[0] / height
        for piece in segmentation.pieces
    ]
    away, cuts = distances(points), _cuts(segmentation)
    order = _order(segmentation)
    candidates = _of_candidates(pieces, boxes, first, last, away, cuts, order)
    across, down = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    slender = np.log(np.maximum(down, 0.1) / np.maximum(across, 0.1))
    strokes = np.array([len(candidate.strokes) for candidate in segmentation.candidates])
    as_class = np.concatenate(
        [
            np.stack([np.ones(len(boxes)), slender, slender**2, strokes == 2, strokes > 2], axis=1),
            [gesture(candidate.strokes, candidate.box) for candidate in segmentation.candidates],
        ],
        axis=1,
    )
    left, right = np.nonzero(last[:, np.newaxis] == first)
    crossed = crossings(points)
    borders = np.zeros((len(left), len(BORDER)))
    for number, (a, b) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        before, after = slice(first[a], last[a]), slice(first[b], last[b])
        later = order[before, np.newaxis] > order[after]
        borders[number, [3, 5, 11, 12, 13]] = (
            min(float(away[before, after].min()), 0.6),
            cuts[last[a] - 1],
            min(int(crossed[before, after].sum()), 2) / 2,
            later.any() and not later.all(),
            later.all(),
        )
    borders[:, 4] = borders[:, 3] < _TOUCHES
    _compare(borders, boxes[left], boxes[right])
    return PathFeatures(candidates, as_class, borders, left, right)


def _points(length: float, height: float) -> int:
    return min(int(length / height / _SPACING) + 2, _MOST_POINTS)


def _of_candidates(
    pieces: Floats,
    boxes: Floats,
    first: _Indices,
    last: _Indices,
    away: Floats,
    cuts: NDArray[np.bool_],
    order: _Indices,
) -> Floats:
    tall = pieces[:, 3] - pieces[:, 1] >= 0.6
    line = pieces[tall] if tall.any() else pieces
    # The medians. np.median imports numpy.ma, for which the first answer would wait 9 ms.
    ordered = np.sort(line[:, [1, 3]], axis=0)
    top, bottom = ((ordered[(len(line) - 1) // 2] + ordered[len(line) // 2]) / 2).tolist()
    across, down = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    logs = np.log(np.maximum(down, 0.05))
    features = np.zeros((len(boxes), len(CANDIDATE)))
    features[:, 0] = 1
    features[:, 1], features[:, 2] = logs, logs**2
    features[:, 3] = np.maximum(0.6 - down, 0)
    features[:, 4] = np.clip(across - 1, 0, 2)
    features[:, 8] = np.minimum(np.abs(boxes[:, 1] - top), 1)
    features[:, 9] = np.minimum(np.abs(boxes[:, 3] - bottom), 1)
    for number, (begin, end) in enumerate(zip(first.tolist(), last.tolist(), strict=True)):
        if end > begin + 1:
            run = slice(begin, end)
            drawn = order[run]
            features[number, 5:8] = (
                min(_widest_gap(pieces[run]), 1),
                min(_longest_bridge(away[run, run]), 1),
                cuts[begin : end - 1].sum(),
            )
            features[number, 10] = drawn.max() - drawn.min() >= len(drawn)
    return features


def _compare(borders: Floats, a: Floats, b: Floats) -> None:
    """Fill in the features that depend on the boxes (M, 4) on both sides."""
    gap = b[:, 0] - a[:, 2]
    across = np.minimum(a[:, 2] - a[:, 0], b[:, 2] - b[:, 0])
    down = np.minimum(a[:, 3] - a[:, 1], b[:, 3] - b[:, 1])
    both = np.minimum(a[:, 3], b[:, 3]) - np.maximum(a[:, 1], b[:, 1])
    heights = [np.maximum(box[:, 3] - box[:, 1], 0.05) for box in (a, b)]
    borders[:, 0] = 1
    borders[:, 1], borders[:, 2] = np.clip(gap, 0, 1), np.clip(-gap, 0, 1)
    borders[:, 6] = np.minimum(np.abs(a[:, 1] - b[:, 1]), 1)
    borders[:, 7] = np.minimum(np.abs(a[:, 3] - b[:, 3]), 1)
    borders[:, 8] = np.minimum(np.abs(np.log(heights[0] / heights[1])), 2)
    middles = (b[:, 0] + b[:, 2] - a[:, 0] - a[:, 2]) / 2
    borders[:, 9] = np.clip(0.6 - middles, 0, 2)
    borders[:, 10] = np.minimum(np.maximum(-gap, 0) / np.maximum(across, _NARROWEST), 1.5)
    borders[:, 14] = borders[:, 10] * np.maximum(both, 0) / np.maximum(down, _NARROWEST)


def _order(segmentation: Segmentation) -> _Indices:
    """Return each piece's place in the order in which they were drawn, (P,)."""
    drawn = [(piece.number, piece.start) for piece in segmentation.pieces]
    order = np.zeros(len(drawn), np.intp)
    order[sorted(range(len(drawn)), key=drawn.__getitem__)] = np.arange(len(drawn))
    return order


def _cuts(segmentation: Segmentation) -> NDArray[np.bool_]:
    """Return whether a stroke was cut between each piece and the next one, (P,); the last False."""
    pieces = segmentation.pieces
    between = [
        a.number == b.number and (a.end == b.start or b.end == a.start) for a, b in pairwise(pieces)
    ]
    return np.array([*between, False])


def _widest_gap(boxes: Floats) -> float:
    """Return the widest gap in x between the boxes of pieces, at least two."""
    ordered = boxes[np.argsort(boxes[:, 0])]
    reached = np.maximum.accumulate(ordered[:, 2])
    return max(float((ordered[1:, 0] - reached[:-1]).max()), 0.0)


def _longest_bridge(away: Floats) -> float:
    """Return the longest line of the shortest ones that connect pieces, given their distances.

    It is the longest edge of the minimum spanning tree, found by Prim's algorithm.
    """
    nearest, left, longest = away[0].copy(), list(range(1, len(away))), 0.0
    while left:
        best = min(left, key=nearest.__getitem__)
        longest = max(longest, float(nearest[best]))
        left.remove(best)
        nearest = np.minimum(nearest, away[best])
    return longest
