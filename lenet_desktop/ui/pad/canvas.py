"""The pad: pointer events become strokes, and strokes become ink."""

import math
import zlib

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QCursor,
    QDragEnterEvent,
    QDropEvent,
    QEnterEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPointingDevice,
    QResizeEvent,
    QUndoCommand,
    QUndoStack,
    QWheelEvent,
    qRgb,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from lenet_desktop.drawing.raster import blank, draw_line, rasterize, unite
from lenet_desktop.drawing.strokes import (
    DEFAULT_BRUSH,
    MAX_BRUSH,
    MIN_BRUSH,
    PAD_SIZE,
    Drawing,
    Ink,
    Rect,
    Stroke,
)

# Paper and ink are the same in the light and in the dark theme, as on a desk.
_PAPER, _INK = (253, 253, 250), (28, 32, 48)
_HINT = "draw a digit"
_BRUSH_STEP = 8
_EVERYTHING: Rect = (0, 0, PAD_SIZE, PAD_SIZE)
_ERASING_POINTERS = (QPointingDevice.PointerType.Eraser,)


def _shades() -> list[int]:
    """Give the colour of each amount of ink, 0 to 255."""
    return [
        qRgb(*(round(p + (i - p) * amount / 255) for p, i in zip(_PAPER, _INK, strict=True)))
        for amount in range(256)
    ]


class Canvas(QWidget):
    """A square sheet of paper of PAD_SIZE x PAD_SIZE units, shown as large as there is room.

    The drawing is kept in pad units and scaled only where it is painted: it is the same whatever
    the window's size and the screen's pixel ratio.

    Signals:
        drawing_changed (Drawing): there is other ink on the pad.
        cleared (): what was on the pad is gone or was replaced by something else.
        brush_changed (int): the brush's diameter in pad units.
        erasing_changed (bool): whether the left button erases.
        paper_moved (): the paper has another place or size in the widget.
        files_dropped (list[str]): the user dropped these files onto the pad.
        image_dropped (QImage): the user dropped a picture that is no file.
    """

    drawing_changed = Signal(object)
    cleared = Signal()
    brush_changed = Signal(int)
    erasing_changed = Signal(bool)
    paper_moved = Signal()
    files_dropped = Signal(list)
    image_dropped = Signal(QImage)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(200)
        self._drawing = Drawing()
        self._ink = blank()
        self._image = self._wrap(self._ink)
        self._ink_before = blank()
        self._points: list[tuple[float, float]] = []
        self._button = Qt.MouseButton.NoButton
        self._stroke_erases = False
        self._stroke_brush = DEFAULT_BRUSH
        self._stroke_rect: Rect = (0, 0, 0, 0)
        self._brush = DEFAULT_BRUSH
        self._erasing = False
        self.setAccessibleName("Drawing pad")
        self.setAccessibleDescription(
            "Draw one digit with the left mouse button, a pen or a finger; "
            "the right button erases. Pictures can be dropped or pasted here."
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 240)
        self._update_cursor()

    # What is on the pad

    @property
    def drawing(self) -> Drawing:
        """What was drawn, as strokes over a picture or bare paper."""
        return self._drawing

    @property
    def drawing_so_far(self) -> Drawing:
        """What was drawn, with the stroke that the pen is at."""
        if not self._points:
            return self._drawing
        points = np.array(self._points, np.float32)
        stroke = Stroke(points, self._stroke_brush, self._stroke_erases)
        return Drawing((*self._drawing.strokes, stroke), self._drawing.picture)

    @property
    def is_blank(self) -> bool:
        """Whether there is no ink on the pad."""
        return not self._ink.any()

    def ink(self) -> Ink:
        """Give a copy of the ink, uint8 (PAD_SIZE, PAD_SIZE)."""
        return self._ink.copy()

    def set_drawing(self, drawing: Drawing, text: str) -> None:
        """Replace what is on the pad; it can be undone under the name ``text``.

        The picture that is there already, and nothing else, is no step to undo.
        """
        self._finish_stroke()
        before = self._drawing
        is_there = (
            drawing.picture is not None
            and before.picture is not None
            and not drawing.strokes
            and not before.strokes
            and np.array_equal(drawing.picture, before.picture)
        )
        if not is_there:
            self._replace(text, drawing)

    def undo(self) -> None:
        """Take back the last step, the stroke that is being drawn included."""
        self._finish_stroke()
        self.undo_stack.undo()

    def redo(self) -> None:
        """Do again what was taken back."""
        self._finish_stroke()
        self.undo_stack.redo()

    def clear(self) -> None:
        """Empty the pad; it can be undone."""
        self._finish_stroke()
        if self._drawing.strokes or self._drawing.picture is not None:
            self._replace("clear", Drawing())

    # The brush

    @property
    def brush(self) -> int:
        """The brush's diameter in pad units, MIN_BRUSH to MAX_BRUSH."""
        return self._brush

    def set_brush(self, brush: int) -> None:
        """Choose the brush's diameter in pad units; it is kept within its limits."""
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
        """Choose whether the left button erases."""
        if erasing != self._erasing:
            self._erasing = erasing
            self.erasing_changed.emit(erasing)

    # Where things are

    def paper(self) -> QRectF:
        """Give the square that the paper takes in the widget, in the widget's coordinates."""
        side = max(min(self.width(), self.height()) - 2, 1)
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)

    def to_pad(self, position: QPointF) -> tuple[float, float]:
        """Turn a point of the widget into pad units."""
        paper = self.paper()
        scale = PAD_SIZE / paper.width()
        # To the hundredth, as stroke files are: a saved drawing opens with the very same ink.
        return (
            round((position.x() - paper.x()) * scale, 2),
            round((position.y() - paper.y()) * scale, 2),
        )

    def from_pad(self, x: float, y: float) -> QPointF:
        """Turn a point in pad units into one of the widget."""
        paper = self.paper()
        scale = paper.width() / PAD_SIZE
        return QPointF(paper.x() + x * scale, paper.y() + y * scale)

    # Strokes

    def _begin_stroke(self, point: tuple[float, float], erases: bool) -> None:
        if self.is_blank:
            self.update()  # the hint goes
        self._ink_before = self._ink.copy()
        self._points = [point]
        self._stroke_erases, self._stroke_brush = erases, self._brush
        self._stroke_rect = (0, 0, 0, 0)
        self._draw(point, point)

    def _extend_stroke(self, point: tuple[float, float]) -> None:
        if point != self._points[-1]:
            self._points.append(point)
            self._draw(self._points[-2], point)

    def _draw(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        line = np.array((start, end), np.float32)
        changed = draw_line(self._ink, line[0], line[1], self._stroke_brush, self._stroke_erases)
        self._stroke_rect = unite(self._stroke_rect, changed)
        self._repaint(changed)
        self.drawing_changed.emit(self.drawing_so_far)

    def _finish_stroke(self) -> None:
        if not self._points:
            return
        stroke = Stroke(np.array(self._points, np.float32), self._stroke_brush, self._stroke_erases)
        self._points = []
        self._button = Qt.MouseButton.NoButton
        left, top, right, bottom = self._stroke_rect
        inside = np.s_[top:bottom, left:right]
        if np.array_equal(self._ink[inside], self._ink_before[inside]):
            return
        after = Drawing((*self._drawing.strokes, stroke), self._drawing.picture)
        text = "erasing" if stroke.erases else "stroke"
        inks = self._ink_before[inside], self._ink[inside]
        self.undo_stack.push(_Edit(self, text, (self._drawing, after), inks, self._stroke_rect))

    def _replace(self, text: str, drawing: Drawing) -> None:
        inks = self._ink, rasterize(drawing)
        self.undo_stack.push(_Edit(self, text, (self._drawing, drawing), inks, _EVERYTHING))

    def restore(self, drawing: Drawing, rect: Rect, ink: Ink) -> None:
        """Put back ``ink`` in ``rect``, which makes the pad hold ``drawing``."""
        left, top, right, bottom = rect
        part = self._ink[top:bottom, left:right]
        self._drawing = drawing
        if np.array_equal(part, ink):
            return
        part[:] = ink
        if rect == _EVERYTHING or self.is_blank:
            self.cleared.emit()
            rect = _EVERYTHING
        self._repaint(rect)
        self.drawing_changed.emit(self.drawing_so_far)

    # Painting

    @staticmethod
    def _wrap(ink: Ink) -> QImage:
        """Give an image that shows ``ink`` as it is at any time, without a copy."""
        image = QImage(ink.data, PAD_SIZE, PAD_SIZE, PAD_SIZE, QImage.Format.Format_Indexed8)
        image.setColorTable(_shades())
        return image

    def _repaint(self, rect: Rect) -> None:
        left, top, right, bottom = rect
        if left < right and top < bottom:
            area = QRectF(self.from_pad(left, top), self.from_pad(right, bottom))
            self.update(area.toAlignedRect().adjusted(-1, -1, 1, 1))

    def _paint_ink(self, painter: QPainter, seen: QRectF) -> None:
        """Paint the part of the paper that lies in ``seen``, in the widget's coordinates."""
        if seen.isEmpty():
            return
        # A little more than is seen, in whole pad units: its rim is not sharp when scaled.
        source = QRectF(
            QPointF(*self.to_pad(seen.topLeft())), QPointF(*self.to_pad(seen.bottomRight()))
        )
        cut = source.toAlignedRect().adjusted(-3, -3, 3, 3).intersected(self._image.rect())
        target = QRectF(
            self.from_pad(cut.left(), cut.top()),
            self.from_pad(cut.left() + cut.width(), cut.top() + cut.height()),
        )
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setClipRect(seen)
        piece = self._image.copy(cut).convertToFormat(QImage.Format.Format_RGB32)
        painter.drawImage(target, piece)
        painter.restore()

    def _update_cursor(self) -> None:
        """Show the brush's size as a ring."""
        ratio = self.devicePixelRatioF()
        diameter = max(self._brush * self.paper().width() / PAD_SIZE, 4)
        side = math.ceil(diameter) + 4
        ring = QPixmap(round(side * ratio), round(side * ratio))
        ring.setDevicePixelRatio(ratio)
        ring.fill(Qt.GlobalColor.transparent)
        painter = QPainter(ring)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, radius in (
            (QColor(255, 255, 255, 180), diameter / 2 + 1),
            ("#606880", diameter / 2),
        ):
            painter.setPen(QPen(QColor(colour), 1))
            painter.drawEllipse(QPointF(side / 2, side / 2), radius, radius)
        painter.end()
        self.setCursor(QCursor(ring))

    # Qt's events

    def sizeHint(self) -> QSize:
        """Give the size that the window opens with."""
        return QSize(560, 560)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what changed."""
        painter = QPainter(self)
        paper = self.paper()
        self._paint_ink(painter, QRectF(event.rect()).intersected(paper))
        if self.is_blank and not self._points:
            painter.setPen(QColor(176, 180, 190))
            font = self.font()
            font.setPixelSize(max(round(paper.height() / 22), 10))
            painter.setFont(font)
            painter.drawText(paper, Qt.AlignmentFlag.AlignCenter, _HINT)
        focused = self.hasFocus()
        painter.setPen(QPen(self.palette().accent() if focused else QColor(128, 132, 145, 110), 1))
        painter.drawRect(paper)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke."""
        button = event.button()
        if button not in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            return
        if self._points and button is self._button:
            self._finish_stroke()  # something else took the mouse, and its release
        if self._points:
            return
        self._button = button
        erases = (
            self._erasing
            or button is Qt.MouseButton.RightButton
            or event.pointerType() in _ERASING_POINTERS
        )
        self._begin_stroke(self.to_pad(event.position()), erases)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the stroke."""
        if self._points and event.buttons() & self._button:
            self._extend_stroke(self.to_pad(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the stroke."""
        if self._points and event.button() == self._button:
            self._extend_stroke(self.to_pad(event.position()))
            self._finish_stroke()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Change the brush when Ctrl is held."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.angleDelta().y():
            self.step_brush(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the cursor to the new scale."""
        self._update_cursor()
        self.paper_moved.emit()
        super().resizeEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Fit the cursor to the screen that the window is on."""
        self._update_cursor()
        super().enterEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and pictures."""
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand on what was dropped."""
        data = event.mimeData()
        files = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
        if files:
            self.files_dropped.emit(files)
        elif data.hasImage():
            self.image_dropped.emit(QImage(data.imageData()))
        event.acceptProposedAction()


class _Edit(QUndoCommand):
    """One step: the part of the pad that it changes, before and after."""

    def __init__(
        self,
        canvas: Canvas,
        text: str,
        drawings: tuple[Drawing, Drawing],
        inks: tuple[Ink, Ink],
        rect: Rect,
    ) -> None:
        super().__init__(text)
        self._canvas = canvas
        self._drawings = drawings
        self._shape = inks[0].shape
        # Mostly bare paper: a hundredth of its size when compressed.
        self._inks = [zlib.compress(ink.tobytes(), 1) for ink in inks]
        self._rect = rect

    def undo(self) -> None:
        """Bring back what was there."""
        self._restore(0)

    def redo(self) -> None:
        """Do it, for the first time or again."""
        self._restore(1)

    def _restore(self, which: int) -> None:
        flat = np.frombuffer(zlib.decompress(self._inks[which]), np.uint8)
        self._canvas.restore(self._drawings[which], self._rect, flat.reshape(self._shape))
