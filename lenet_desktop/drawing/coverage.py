"""How much of each pixel a round, anti-aliased brush covers as it moves along straight lines.

Coverage falls from 255 to 0 over the one pixel around the brush's edge. ``cover_few_lines``
measures every pixel of a box, which is fast for the few short lines that a live pad draws at a
time. ``cover_lines`` returns the same for many lines, bit for bit: it divides the box into blocks,
and measures only the pixels near the brush's edge.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lenet_desktop.drawing.strokes import Rect

Coverage = NDArray[np.uint8]
_Points = NDArray[np.float64]
_Floats = NDArray[np.float32]
_Indices = NDArray[np.intp]

# The sides of the blocks in pixels, large to small; each a multiple of the next one.
_SIDES = (80, 40, 20, 10, 5)
# How many lines are sorted into blocks at a time, and how many pairs of a line and a small block
# are measured at a time: few enough for their arrays to stay in a processor's cache.
_LINES, _PAIRS = 1024, 4096


class _Lines(NamedTuple):
    """The vectors that distances to lines are computed from, all of the same shape."""

    x: _Floats  # the middle of pixel (0, 0), seen from the line's start
    y: _Floats
    along_x: _Floats  # from the start to the end
    along_y: _Floats
    unit_x: _Floats  # the same, divided by its squared length; 0 for a dot
    unit_y: _Floats

    def at(self, index: _Indices) -> "_Lines":
        return _Lines(*(values[index] for values in self))


def cover_few_lines(starts: _Points, ends: _Points, brush: float, box: Rect) -> Coverage:
    """Return the largest coverage of any of the lines in a box, uint8 (H, W).

    Args:
        starts, ends: x and y, (N, 2); a line of no length is a dot.
        brush: the brush's diameter.
        box: the pixels to look at.
    """
    left, top, right, bottom = box
    columns = np.arange(left, right, dtype=np.float32)
    rows = np.arange(top, bottom, dtype=np.float32)[:, np.newaxis]
    lines = _prepare(starts, ends)
    squared = _squared_distance(
        _Lines(*(values[:, np.newaxis, np.newaxis] for values in lines)), columns, rows
    )
    return _coverage(squared.min(axis=0), brush)


def cover_lines(starts: _Points, ends: _Points, brush: float, box: Rect) -> Coverage:
    """Return the same as ``cover_few_lines``, much faster for long or many lines."""
    left, top, right, bottom = box
    blocks = _Blocks(box, brush, float(max(np.abs(starts).max(), np.abs(ends).max())))
    for first in range(0, len(starts), _LINES):
        part = np.s_[first : first + _LINES]
        blocks.add(_prepare(starts[part], ends[part]))
    return blocks.coverage()[: bottom - top, : right - left]


def _prepare(starts: _Points, ends: _Points) -> _Lines:
    along = ends - starts
    squared = (along * along).sum(axis=-1, keepdims=True)
    is_dot = squared < 1e-12
    along = np.where(is_dot, 0, along)
    unit = along / np.where(is_dot, 1, squared)
    both = np.concatenate([0.5 - starts, along, unit], axis=-1).astype(np.float32)
    return _Lines(*both.T)


def _squared_distance(lines: _Lines, columns: _Floats, rows: _Floats) -> _Floats:
    """Return the squared distance from the middles of pixels to lines; the shapes broadcast."""
    dx, dy = columns + lines.x, rows + lines.y
    nearest = dx * lines.unit_x + dy * lines.unit_y
    _limit(nearest)
    dx = dx - nearest * lines.along_x
    nearest *= lines.along_y
    dy = np.subtract(dy, nearest, out=nearest)
    dx *= dx
    dy *= dy
    squared: _Floats = np.add(dx, dy, out=dx)
    return squared


def _limit(values: _Floats) -> None:
    """Limit values to 0 to 1, in place; ``np.clip`` takes twice as long for small arrays."""
    np.maximum(values, 0, out=values)
    np.minimum(values, 1, out=values)


def _coverage(squared_distance: _Floats, brush: float) -> Coverage:
    """Return the coverage for squared distances, which are overwritten."""
    values = np.sqrt(squared_distance, out=squared_distance)
    np.subtract(np.float32(brush / 2 + 0.5), values, out=values)
    _limit(values)
    values *= np.float32(255)
    values += np.float32(0.5)
    return values.astype(np.uint8)


class _Blocks:
    """The coverage of a box by lines.

    A block is skipped if every line is out of the brush's reach, or if one line covers all of it.
    Other blocks are divided into smaller ones; the smallest are measured.
    """

    def __init__(self, box: Rect, brush: float, farthest: float) -> None:
        left, top, right, bottom = box
        self._left, self._top = left, top
        down, across = -(-(bottom - top) // _SIDES[0]), -(-(right - left) // _SIDES[0])
        self._shapes = [(down * (_SIDES[0] // s), across * (_SIDES[0] // s)) for s in _SIDES]
        self._full = [np.zeros(rows * columns, bool) for rows, columns in self._shapes]
        self._distances = np.full((len(self._full[-1]), _SIDES[-1], _SIDES[-1]), np.inf, np.float32)
        self._brush = brush
        # Single precision is less exact the farther a line reaches.
        self._doubt = 0.01 + 1e-6 * farthest

    def add(self, lines: _Lines) -> None:
        """Measure the distance to some more lines."""
        count = len(lines.x)
        blocks = np.arange(len(self._full[0])).repeat(count)
        numbers = np.tile(np.arange(count), len(self._full[0]))
        for level, side in enumerate(_SIDES):
            blocks, numbers = self._reached(level, blocks, numbers, lines)
            if level + 1 < len(_SIDES):
                blocks = self._divided(level, blocks, side // _SIDES[level + 1])
                numbers = numbers.repeat(len(blocks) // max(len(numbers), 1))
        order = np.argsort(blocks, kind="stable")
        for first in range(0, len(order), _PAIRS):
            pairs = order[first : first + _PAIRS]
            self._measure(blocks[pairs], lines.at(numbers[pairs]))

    def _reached(
        self, level: int, blocks: _Indices, numbers: _Indices, lines: _Lines
    ) -> tuple[_Indices, _Indices]:
        """Return the pairs of a block and a line whose edge may lie in that block."""
        full = self._full[level]
        open_ones = np.flatnonzero(~full[blocks])
        blocks, numbers = blocks[open_ones], numbers[open_ones]
        columns, rows = self._corner(level, blocks)
        middle = np.float32((_SIDES[level] - 1) / 2)
        squared = _squared_distance(lines.at(numbers), columns + middle, rows + middle)
        # From the block's middle to the middle of its corner pixels.
        half = (_SIDES[level] - 1) / math.sqrt(2) + self._doubt
        inside = self._brush / 2 - 0.5 - half
        if inside > 0:
            full[blocks[squared <= inside * inside]] = True
        outside = self._brush / 2 + 0.5 + half
        kept = np.flatnonzero((squared <= outside * outside) & ~full[blocks])
        return blocks[kept], numbers[kept]

    def _corner(self, level: int, blocks: _Indices) -> tuple[_Floats, _Floats]:
        """Return the column and the row of each block's first pixel."""
        rows, columns = np.divmod(blocks, self._shapes[level][1])
        side = _SIDES[level]
        return (
            (self._left + columns * side).astype(np.float32),
            (self._top + rows * side).astype(np.float32),
        )

    def _divided(self, level: int, blocks: _Indices, times: int) -> _Indices:
        """Return the smaller blocks that each block consists of, one block's after another's."""
        rows, columns = np.divmod(blocks, self._shapes[level][1])
        width = self._shapes[level + 1][1]
        first = rows * (times * width) + columns * times
        inside = np.arange(times)[:, np.newaxis] * width + np.arange(times)
        divided: _Indices = (first[:, np.newaxis] + inside.ravel()).ravel()
        return divided

    def _measure(self, blocks: _Indices, lines: _Lines) -> None:
        """Measure the pixels of small blocks, in ascending order, each to the line beside it."""
        pixels = np.arange(_SIDES[-1], dtype=np.float32)
        columns, rows = self._corner(len(_SIDES) - 1, blocks)
        squared = _squared_distance(
            _Lines(*(values[:, np.newaxis, np.newaxis] for values in lines)),
            columns[:, np.newaxis, np.newaxis] + pixels,
            rows[:, np.newaxis, np.newaxis] + pixels[:, np.newaxis],
        )
        different, first = np.unique(blocks, return_index=True)
        nearest = np.minimum.reduceat(squared, first, axis=0)
        np.minimum(nearest, self._distances[different], out=nearest)
        self._distances[different] = nearest
        inside = self._brush / 2 - 0.5 - self._doubt
        if inside > 0:
            self._full[-1][different] |= nearest.max(axis=(1, 2)) <= inside * inside

    def coverage(self) -> Coverage:
        """Return the coverage as a picture at least as large as the box."""
        covered = np.zeros(self._distances.shape, np.uint8)
        measured = np.flatnonzero(np.isfinite(self._distances[:, 0, 0]))
        covered[measured] = _coverage(self._distances[measured], self._brush)
        for side, shape, full in zip(_SIDES, self._shapes, self._full, strict=True):
            times = side // _SIDES[-1]
            covered[full.reshape(shape).repeat(times, 0).repeat(times, 1).ravel()] = 255
        rows, columns = self._shapes[-1]
        picture = covered.reshape(rows, columns, _SIDES[-1], _SIDES[-1]).swapaxes(1, 2)
        return picture.reshape(rows * _SIDES[-1], columns * _SIDES[-1])
