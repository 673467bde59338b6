"""The pad: pointer events become strokes on a sheet, and the sheet is painted."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPointingDevice,
    QResizeEvent,
    QUndoStack,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from lenet_desktop.drawing.strokes import (
    DEFAULT_BRUSH,
    MAX_BRUSH,
    MIN_BRUSH,
    PAD_SIZE,
    Drawing,
    Ink,
    Points,
    Rect,
)
from lenet_desktop.ui.pad.overlays.brush_cursor import BrushCursor
from lenet_desktop.ui.pad.overlays.ghost import Ghost
from lenet_desktop.ui.pad.pad_widget import PadWidget
from lenet_desktop.ui.pad.paint import image_of, ink_colours, paint_edge, paint_ink
from lenet_desktop.ui.pad.place import Place
from lenet_desktop.ui.pad.sheet import Sheet, Step
from lenet_desktop.ui.pad.undo import Edit
from lenet_desktop.ui.style.theme import colours

_BRUSH_STEP = 8
# The square paper is shown to the network as 28x28 pixels; a pixel in pad units.
_PIXEL = PAD_SIZE / 28
# In pixels: a hand that taps moves no more.
_STILL = 2
_UNDO_LIMIT = 200
_ERASING_POINTERS = (QPointingDevice.PointerType.Eraser,)


class Canvas(PadWidget):
    """A sheet of paper, PAD_SIZE units high, shown as large as there is room.

    The drawing is kept in pad units and scaled only for painting: it does not depend on the
    window's size or the screen's pixel ratio.

    Signals:
        drawing_changed (Drawing): the ink on the pad has changed.
        blank_changed (bool): the first ink came onto the pad, or the last was removed (True).
        pen_lifted (): a stroke has ended.
        cleared (): the drawing was removed or replaced by another one.
        brush_changed (int): the brush's diameter in pad units.
        erasing_changed (bool): whether the left button erases.
        paper_moved (): the place or the size of the paper in the widget has changed, or how much
            of the paper can be seen.
        tapped (QPointF): a tap at a place that ``takes_tap`` accepts, in the widget's coordinates.

    Attributes:
        place: where the paper is in the widget.
        takes_tap: tells for a place in the widget whether a tap there is signalled and leaves no
            ink. A pen that moves from there draws.
    """

    drawing_changed = Signal(object)
    blank_changed = Signal(bool)
    pen_lifted = Signal()
    cleared = Signal()
    brush_changed = Signal(int)
    erasing_changed = Signal(bool)
    paper_moved = Signal()
    tapped = Signal(QPointF)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(_UNDO_LIMIT)
        self._sheet = Sheet()
        self._image = image_of(self._sheet.shown, colours(self))
        self._ghost = Ghost(self)
        self._ghost.changed.connect(self._repaint_ghost)
        self._was_blank = True
        self._was_drawn = False
        self._button = Qt.MouseButton.NoButton
        self._brush = DEFAULT_BRUSH
        self._erasing = False
        self._busy = False
        self.takes_tap: Callable[[QPointF], bool] = lambda _: False
        self._tap: QPointF | None = None
        self.place = Place(self, self._sheet)
        self.place.moved.connect(self._follow_paper)
        self._cursor = BrushCursor(self)
        self._update_cursor()

    # What is on the pad

    @property
    def drawing(self) -> Drawing:
        """The drawing: finished strokes over a picture or bare paper."""
        return self._sheet.drawing

    @property
    def drawing_so_far(self) -> Drawing:
        """The drawing with the stroke that is being drawn."""
        return self._sheet.drawing_so_far

    @property
    def is_blank(self) -> bool:
        """Whether there is no ink on the pad."""
        return self._sheet.is_blank

    @property
    def is_drawing(self) -> bool:
        """Whether a stroke is being drawn."""
        return self._sheet.is_drawing

    def ink(self) -> Ink:
        """Return a copy of the ink, uint8 (PAD_SIZE, width)."""
        return self._sheet.ink.copy()

    def inks(self) -> tuple[Ink, Ink]:
        """Return copies of the ink and of what is shown of it, for ``set_drawing``."""
        return self._sheet.ink.copy(), self._sheet.shown.copy()

    def set_drawing(self, drawing: Drawing, text: str, inks: tuple[Ink, Ink] | None = None) -> None:
        """Replace the drawing, as one undo step unless the picture stays the same.

        Args:
            drawing: the new drawing.
            text: the name of the undo step.
            inks: its ink and what is shown of it, if they are known already.
        """
        self._finish_stroke()
        self._take(self._sheet.replace(drawing, inks), text)

    def undo(self) -> None:
        """Undo the last step; a stroke that is being drawn counts as one."""
        self._finish_stroke()
        self.undo_stack.undo()

    def redo(self) -> None:
        """Redo the last undone step."""
        self._finish_stroke()
        self.undo_stack.redo()

    def clear(self) -> None:
        """Empty the pad; this can be undone."""
        self._finish_stroke()
        if self.drawing.strokes or self.drawing.picture is not None:
            empty = Drawing(bare_width=self.drawing.width)
            self._take(self._sheet.replace(empty), self.tr("clear"))

    def move_drawing(self, right: int, down: int) -> None:
        """Move strokes on bare paper by some pixels of the sample, at most to the paper's edge."""
        self._finish_stroke()
        self._take(self._sheet.move(round(right * _PIXEL), round(down * _PIXEL)), self.tr("move"))

    def show_ghost(self, strokes: Sequence[Points] | None) -> None:
        """Let a faint drawing appear on the empty paper, or remove it (None).

        It is no part of the ink, and goes when one begins to draw. After that none appears again.

        Args:
            strokes: points (N, 2) each, in pad units of square paper; shown in the middle.
        """
        if strokes is None:
            self._ghost.end()
        elif not self._was_drawn and not self._ghost.is_shown:
            self._ghost.begin(strokes)

    @property
    def has_ghost(self) -> bool:
        """Whether a faint drawing is shown that is no ink."""
        return self._ghost.is_shown

    # The brush

    @property
    def brush(self) -> int:
        """The brush's diameter in pad units, MIN_BRUSH to MAX_BRUSH."""
        return self._brush

    def set_brush(self, brush: int) -> None:
        """Set the brush's diameter in pad units; it is limited to MIN_BRUSH to MAX_BRUSH."""
        brush = min(max(brush, MIN_BRUSH), MAX_BRUSH)
        if brush != self._brush:
            self._brush = brush
            self._update_cursor()
            self.brush_changed.emit(brush)

    def step_brush(self, steps: int) -> None:
        """Make the brush thicker by some steps, or thinner by a negative number of them."""
        self.set_brush(self._brush + steps * _BRUSH_STEP)

    @property
    def is_erasing(self) -> bool:
        """Whether the left button erases."""
        return self._erasing

    def set_erasing(self, erasing: bool) -> None:
        """Set whether the left button erases."""
        if erasing != self._erasing:
            self._erasing = erasing
            self._update_cursor()
            self.erasing_changed.emit(erasing)

    def set_busy(self, busy: bool) -> None:
        """Show the busy cursor instead of the brush; drawing is still possible."""
        if busy != self._busy:
            self._busy = busy
            self._update_cursor()

    # Coordinates

    def paper(self) -> QRectF:
        """Return the rectangle that the paper covers, in the widget's coordinates."""
        return self.place.paper.area

    def to_pad(self, position: QPointF) -> tuple[float, float]:
        """Convert a point of the widget to pad units."""
        return self.place.paper.to_pad(position)

    def from_pad(self, x: float, y: float) -> QPointF:
        """Convert a point in pad units to one of the widget."""
        return self.place.paper.from_pad(x, y)

    def paper_held(self) -> AbstractContextManager[None]:
        """Leave the paper where it is while the widget is resized, if a hand may be on it."""
        return self.place.held()

    def set_wide(self, wide: bool) -> None:
        """Take wide paper, for a number, or square paper, as soon as nothing is on it."""
        self.place.is_wide = wide
        self.place.fit()

    def _follow_paper(self) -> None:
        if self._image.width() != self._sheet.drawing.width:
            self._image = image_of(self._sheet.shown, colours(self))
        self._update_cursor()
        self.paper_moved.emit()
        self.update()

    # Changes

    def _begin_stroke(self, point: tuple[float, float], erases: bool) -> None:
        self._was_drawn = True
        self._ghost.end()
        changed = self._sheet.begin(point, self._brush, erases)
        if erases is not self._erasing:
            self._update_cursor()
        self._show(changed)

    def _extend_stroke(self, point: tuple[float, float]) -> None:
        changed = self._sheet.extend(point)
        if changed is not None:
            self._show(changed)

    def _finish_stroke(self) -> None:
        self._button = Qt.MouseButton.NoButton
        if not self._sheet.is_drawing:
            return
        step = self._sheet.finish()
        if step is not None:
            erases = step.after.strokes[-1].erases
            self._take(step, self.tr("erasing") if erases else self.tr("stroke"))
        if self.is_blank:
            self.update()  # what was shown of the last bits of ink
        if self._sheet.is_erasing is not self._erasing:
            self._update_cursor()
        self.place.release_blank()
        self.pen_lifted.emit()

    def _take(self, step: Step | None, text: str) -> None:
        if step is not None:
            self.undo_stack.push(Edit(text, self._sheet, step, self._show_change))

    def _show_change(self, rect: Rect) -> None:
        if rect == self._sheet.whole:
            self.cleared.emit()
        self.place.release_blank()
        self._show(rect)

    def _show(self, rect: Rect) -> None:
        self._repaint(rect)
        blank = self.is_blank
        if not blank:
            self._was_drawn = True
            self._ghost.end()
        if blank is not self._was_blank:
            self._was_blank = blank
            self.blank_changed.emit(blank)
        self.drawing_changed.emit(self.drawing_so_far)

    # Painting

    def _repaint(self, rect: Rect) -> None:
        left, top, right, bottom = rect
        if left < right and top < bottom:
            self.update(self.place.paper.area_of(rect).toAlignedRect().adjusted(-1, -1, 1, 1))

    def _repaint_ghost(self) -> None:
        left, top, right, bottom = self._ghost.area
        shift = self._left_of_ghost()
        self._repaint((left + shift, top, right + shift, bottom))

    def _left_of_ghost(self) -> int:
        return (self.drawing.width - PAD_SIZE) // 2

    def _update_cursor(self) -> None:
        erases = self._sheet.is_erasing if self._sheet.is_drawing else self._erasing
        self._cursor.show(self._brush * self.place.paper.scale, erases, self._busy)

    # Qt's events

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what changed."""
        painter = QPainter(self)
        paper, theme = self.place.paper, colours(self)
        area = paper.area
        if not area.contains(QRectF(event.rect())):
            paint_edge(painter, area, theme, focused=self._focus_is_shown)
        paint_ink(painter, self._image, paper, QRectF(event.rect()).intersected(area))
        if self._ghost.is_shown:
            painter.save()
            painter.translate(paper.left, paper.top)
            painter.scale(paper.scale, paper.scale)
            painter.translate(self._left_of_ghost(), 0)
            self._ghost.paint(painter, QColor(theme.ink))
            painter.restore()
        self._cursor.paint(painter)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke."""
        button = event.button()
        if button not in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            return
        if self._sheet.is_drawing and button is self._button:
            self._finish_stroke()  # the release went to another widget or program
        if self._sheet.is_drawing:
            return
        self._button = button
        self.mark_focus(False)
        self._tap = None
        erases = (
            self._erasing
            or button is Qt.MouseButton.RightButton
            or event.pointerType() in _ERASING_POINTERS
        )
        if not erases and self.takes_tap(event.position()):
            self._tap = event.position()
            return
        self._begin_stroke(self.to_pad(event.position()), erases)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Continue the stroke."""
        self._cursor.move(event.position())
        if self._tap is not None and event.buttons() & self._button:
            if (event.position() - self._tap).manhattanLength() <= _STILL:
                return
            start, self._tap = self._tap, None
            self._begin_stroke(self.to_pad(start), erases=False)
        if self._sheet.is_drawing and event.buttons() & self._button:
            self._extend_stroke(self.to_pad(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the stroke."""
        if self._tap is not None and event.button() == self._button:
            self._tap = None
            self.tapped.emit(event.position())
        if self._sheet.is_drawing and event.button() == self._button:
            self._extend_stroke(self.to_pad(event.position()))
            self._finish_stroke()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Change the brush while Ctrl is held."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.angleDelta().y():
            self.step_brush(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the paper to the widget, unless it is held."""
        self.place.take_size()
        super().resizeEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Fit the cursor to the screen that the window is on."""
        self._update_cursor()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Remove the outline of a large brush; the paper takes the room that there is."""
        self._cursor.move(None)
        self.place.fit()
        super().leaveEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of a new theme."""
        if event.type() is QEvent.Type.PaletteChange:
            self._image.setColorTable(ink_colours(colours(self)))
            self._update_cursor()
            self.update()
        super().changeEvent(event)
