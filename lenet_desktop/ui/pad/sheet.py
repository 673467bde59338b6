"""The content of the pad: the drawing, its ink, what is shown of it, the new stroke. No Qt."""

import zlib
from dataclasses import dataclass, replace

import numpy as np

from lenet_desktop.drawing.raster import blank, draw_lines, unite
from lenet_desktop.drawing.strokes import (
    PAD_SIZE,
    Drawing,
    Ink,
    Points,
    Rect,
    Stroke,
    bounds,
    moved,
)
from lenet_desktop.ui.pad.smooth import ink_and_shown, last_pieces, show_erased

NOTHING: Rect = (0, 0, 0, 0)
# The room that stays to the right of the ink when the sheet becomes narrower, in pad units.
_BESIDE_INK = 60


@dataclass(frozen=True, eq=False)
class Step:
    """An undo step: the drawing before and after, and the ink that differs.

    Attributes:
        before, after: the drawings.
        rect: the part of the paper that changes; None for the whole, which may be of another size.
        inks: the ink in ``rect`` before and after, compressed to about a hundredth, since most of
            it is bare paper.
        shown: the same of the ink that is shown.
    """

    before: Drawing
    after: Drawing
    rect: Rect | None
    inks: tuple[bytes, bytes]
    shown: tuple[bytes, bytes]


class Sheet:
    """A sheet of paper with ink on it.

    The time that a method takes does not depend on the length of the stroke; only ``replace`` may
    have to rasterize a drawing.

    Attributes:
        drawing: the finished strokes over a picture or bare paper.
        ink: the ink, which is recognized and saved.
        shown: the ink that the paper shows: smooth curves through the same points.
    """

    def __init__(self) -> None:
        self.drawing = Drawing()
        self.ink = blank()
        self.shown = blank()
        self._before = blank()
        self._shown_before = blank()
        # What is shown without the last piece of the curve, which the next point will change.
        self._final = blank()
        self._tip = NOTHING
        self._points: _GrowingPoints | None = None
        self._brush = 0.0
        self._erases = False
        self._rect = NOTHING
        # None: not known since the last change. Looking takes as long as drawing a short line.
        self._is_blank: bool | None = True

    @property
    def whole(self) -> Rect:
        """The whole sheet."""
        return 0, 0, self.drawing.width, PAD_SIZE

    def set_width(self, width: int) -> None:
        """Make the sheet wider or narrower on the right, in pad units, but cut off no ink.

        A picture keeps its width, and nothing changes while a stroke is being drawn.
        """
        if self.drawing.picture is not None or self.is_drawing:
            return
        columns = np.flatnonzero(self.ink.any(axis=0))
        if columns.size:
            width = max(width, min(int(columns[-1]) + _BESIDE_INK, self.drawing.width))
        if width == self.drawing.width:
            return
        reach = max((_right_of(stroke) for stroke in self.drawing.strokes), default=0.0)
        is_cut_off = reach > self.drawing.width
        self._resize(width)
        if is_cut_off:
            # What was drawn beyond the edge is on the paper now, or was before.
            self.ink, self.shown = ink_and_shown(self.drawing)

    @property
    def is_blank(self) -> bool:
        """Whether there is no ink."""
        if self._is_blank is None:
            self._is_blank = not self.ink.any()
        return self._is_blank

    @property
    def is_drawing(self) -> bool:
        """Whether a stroke is being drawn."""
        return self._points is not None

    @property
    def is_erasing(self) -> bool:
        """Whether the stroke that is being drawn, or the last one, takes ink away."""
        return self._erases

    @property
    def drawing_so_far(self) -> Drawing:
        """The drawing with the stroke that is being drawn."""
        if self._points is None:
            return self.drawing
        return self._with_stroke(self._points)

    def begin(self, point: tuple[float, float], brush: float, erases: bool) -> Rect:
        """Begin a stroke with a dot; return the part of the paper that changed."""
        self._before = self.ink.copy()
        self._shown_before = self.shown.copy()
        self._final = self.shown.copy()
        self._tip = NOTHING
        self._points = _GrowingPoints(point)
        self._brush, self._erases, self._rect = brush, erases, NOTHING
        return self._draw(point, point)

    def extend(self, point: tuple[float, float]) -> Rect | None:
        """Continue the stroke; return the part that changed, or None if the pen has not moved."""
        assert self._points is not None
        last = self._points.last
        if point == last:
            return None
        self._points.append(point)
        return self._draw(last, point)

    def finish(self) -> Step | None:
        """End the stroke; return its undo step, or None if it changed nothing."""
        if self._points is None:
            return None
        points, self._points = self._points, None
        if self.is_blank:
            self.shown[:] = 0
            self._rect = self.whole
        inside = _inside(self._rect)
        inks = self._before[inside], self.ink[inside]
        shown = self._shown_before[inside], self.shown[inside]
        if np.array_equal(*inks) and np.array_equal(*shown):
            return None
        after = self._with_stroke(points)
        return Step(self.drawing, after, self._rect, _compress(*inks), _compress(*shown))

    def replace(self, drawing: Drawing, inks: tuple[Ink, Ink] | None = None) -> Step | None:
        """Return the undo step that replaces the drawing, or None if the picture stays the same.

        Args:
            drawing: the new drawing.
            inks: its ink and what is shown of it, if they are known already.
        """
        if _is_same_picture(drawing, self.drawing):
            return None
        ink, shown = ink_and_shown(drawing) if inks is None else inks
        both = _compress(self.ink, ink), _compress(self.shown, shown)
        return Step(self.drawing, drawing, None, *both)

    def move(self, across: int, down: int) -> Step | None:
        """Return the undo step that moves the strokes, in pad units; None if nothing moves.

        Nothing moves beyond the edges of the paper, nor over a picture.
        """
        drawing = self.drawing
        if not drawing.strokes or drawing.picture is not None:
            return None
        there, by = moved(drawing, across, down)
        if by == (0, 0):
            return None
        low, high = bounds(drawing)
        is_whole = (low >= 0).all() and (high <= (drawing.width, PAD_SIZE)).all()
        if not is_whole:
            return self.replace(there)  # what was beyond the edge may come into sight
        # The same pixels elsewhere: to draw a long drawing again would take seconds.
        ink, shown = (np.roll(each, by, (1, 0)) for each in (self.ink, self.shown))
        return self.replace(there, (ink, shown))

    def undo(self, step: Step) -> Rect | None:
        """Undo a step; return the part that changed, or None if no ink changed."""
        return self._go(step.before, step.rect, step.inks[0], step.shown[0])

    def redo(self, step: Step) -> Rect | None:
        """Do or redo a step; return the same as ``undo``."""
        return self._go(step.after, step.rect, step.inks[1], step.shown[1])

    def _go(self, drawing: Drawing, rect: Rect | None, ink: bytes, shown: bytes) -> Rect | None:
        resized = drawing.width != self.drawing.width
        if resized:
            self._resize(drawing.width)
        self.drawing = drawing
        self._is_blank = None
        rect = self.whole if rect is None else rect
        inside = _inside(rect)
        changed = [
            _put(self.ink[inside], ink),
            _put(self.shown[inside], shown),
        ]
        if not any(changed) and not resized:
            return None
        return self.whole if self.is_blank else rect

    def _resize(self, width: int) -> None:
        """Give the sheet another width; keep the ink that is on both."""
        both = np.s_[:, : min(width, self.drawing.width)]
        old, self.ink = self.ink, blank(width)
        self.ink[both] = old[both]
        old, self.shown = self.shown, blank(width)
        self.shown[both] = old[both]
        self.drawing = replace(self.drawing, picture=None, bare_width=width)

    def _draw(self, start: tuple[float, float], end: tuple[float, float]) -> Rect:
        line = np.array((start, end), np.float32)
        changed = draw_lines(self.ink, line, self._brush, self._erases)
        self._is_blank = None
        changed = unite(changed, self._show(line))
        self._rect = unite(self._rect, changed)
        return changed

    def _show(self, line: Points) -> Rect:
        """Show the last line of the stroke, smoothly; return the part that changed."""
        assert self._points is not None
        if self._erases:
            return show_erased(self.shown, self.ink, Stroke(line, self._brush))
        points = self._points.so_far()
        if len(points) < 3:
            self._tip = draw_lines(self.shown, line, self._brush)
            if len(points) == 1:
                self._final[_inside(self._tip)] = self.shown[_inside(self._tip)]
            return self._tip
        final, tip = last_pieces(points)
        self.shown[_inside(self._tip)] = self._final[_inside(self._tip)]
        changed = draw_lines(self._final, final, self._brush)
        self.shown[_inside(changed)] = self._final[_inside(changed)]
        changed = unite(changed, self._tip)
        self._tip = draw_lines(self.shown, tip, self._brush)
        return unite(changed, self._tip)

    def _with_stroke(self, points: "_GrowingPoints") -> Drawing:
        stroke = Stroke(points.so_far(), self._brush, self._erases)
        return replace(self.drawing, strokes=(*self.drawing.strokes, stroke))


class _GrowingPoints:
    """An array of points that doubles when it is full: adding a point is O(1) on average."""

    def __init__(self, first: tuple[float, float]) -> None:
        self._array = np.empty((64, 2), np.float32)
        self._count = 0
        self.last = first
        self.append(first)

    def append(self, point: tuple[float, float]) -> None:
        if self._count == len(self._array):
            grown = np.empty((2 * self._count, 2), np.float32)
            grown[: self._count] = self._array
            self._array = grown
        self._array[self._count] = self.last = point
        self._count += 1

    def so_far(self) -> Points:
        """Return a view of the points that never changes: later points are written after it."""
        points = self._array[: self._count]
        points.flags.writeable = False
        return points


def _right_of(stroke: Stroke) -> float:
    return float(stroke.points[:, 0].max()) + stroke.brush / 2 + 1


def _inside(rect: Rect) -> tuple[slice, slice]:
    left, top, right, bottom = rect
    return np.s_[top:bottom, left:right]


def _put(part: Ink, compressed: bytes) -> bool:
    """Put compressed ink into a part of the sheet; return whether that changed it."""
    ink = np.frombuffer(zlib.decompress(compressed), np.uint8).reshape(part.shape)
    if np.array_equal(part, ink):
        return False
    part[:] = ink
    return True


def _compress(before: Ink, after: Ink) -> tuple[bytes, bytes]:
    return zlib.compress(before.tobytes(), 1), zlib.compress(after.tobytes(), 1)


def _is_same_picture(one: Drawing, other: Drawing) -> bool:
    return (
        one.picture is not None
        and other.picture is not None
        and not one.strokes
        and not other.strokes
        and np.array_equal(one.picture, other.picture)
    )
