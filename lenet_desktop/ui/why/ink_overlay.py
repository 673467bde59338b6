"""What lies over the ink: what speaks for a class, what each stroke does, and changes of ink."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from lenet_desktop.drawing.preprocess import Sample, bounding_box
from lenet_desktop.drawing.strokes import Rect, Stroke
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.pad.smooth import curve
from lenet_desktop.ui.style.theme import Colours, colours

# Small values can still be seen, and the ink shines through the largest ones.
_CONTRAST, _STRONGEST = 0.6, 0.92
# Paper over the ink, so that the colours are seen on it.
_VEIL = 0.65
# A stroke that changes nothing is still seen as a stroke.
_FAINTEST = 0.12
_FONT, _HEIGHT, _PADDING, _RADIUS = 13, 22.0, 7.0, 6.0


class InkOverlay(QWidget):
    """Lies over the paper; the pen draws through it, and it is empty again when the ink changes.

    The colour is the accent where something speaks for the class, or was added, and the
    challenger's where it speaks against it, or was removed.

    Attributes:
        values: float32 (28, 28), what is shown over the pixels of the sample, or None.
        labels: the text at each stroke; () if none is shown.
    """

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.values: NDArray[np.float32] | None = None
        self.labels: tuple[str, ...] = ()
        self._largest = 1.0
        # The whole sample's place on the paper, in pad units.
        self._place = QRectF()
        self._strokes: tuple[Stroke, ...] = ()
        self._changes: tuple[float, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("What speaks for the class"))
        canvas.paper_moved.connect(self._fit)
        canvas.drawing_changed.connect(self.clear)
        self._fit()
        self.lower()  # messages and images lie above it
        self.hide()

    @property
    def place(self) -> QRectF:
        """Where the whole sample lies, in the widget's coordinates."""
        paper = self._canvas.place.paper
        place = self._place
        return QRectF(
            paper.from_pad(place.left(), place.top()), paper.from_pad(place.right(), place.bottom())
        )

    def show_attribution(
        self, values: NDArray[np.float32], sample: Sample, ink_box: Rect | None
    ) -> None:
        """Show what speaks for a class and what against it.

        Args:
            values: float32 (28, 28), above zero for the class.
            sample: float32 (28, 28), 0 to 1, on which they lie.
            ink_box: the rectangle of the drawing's ink, in pad units.
        """
        self._show_values(values, float(np.abs(values).max()), sample, ink_box)

    def show_change(self, before: Sample, after: Sample, ink_box: Rect | None) -> None:
        """Show the ink that was added to a sample and that was removed."""
        self._show_values(after - before, 1.0, before, ink_box)

    def show_strokes(self, strokes: Sequence[Stroke], changes: Sequence[float]) -> None:
        """Show how much a class's probability changes, -1 to 1, when each stroke is left out."""
        self._forget()
        self._strokes, self._changes = tuple(strokes), tuple(changes)
        self.labels = tuple(change_text(change) for change in changes)
        self._appear()

    def clear(self) -> None:
        """Show nothing."""
        self._forget()
        self.hide()

    def _forget(self) -> None:
        self.values, self.labels, self._strokes, self._changes = None, (), (), ()

    def _show_values(
        self, values: NDArray[np.float32], largest: float, sample: Sample, ink_box: Rect | None
    ) -> None:
        self._forget()
        inked = bounding_box((sample > 0).astype(np.uint8))
        if inked is None or ink_box is None:
            self.hide()
            return
        left, top, right, bottom = ink_box
        across = (right - left) / (inked[2] - inked[0])
        down = (bottom - top) / (inked[3] - inked[1])
        height, width = sample.shape
        self._place = QRectF(
            left - inked[0] * across, top - inked[1] * down, width * across, height * down
        )
        self.values, self._largest = values, largest
        self._appear()

    def _appear(self) -> None:
        self.show()
        self.update()

    def _fit(self) -> None:
        self.setGeometry(self._canvas.rect())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the values or the strokes on the paper."""
        painter = QPainter(self)
        painter.setClipRect(self._canvas.paper())
        theme = colours(self)
        veil = QColor(theme.paper)
        veil.setAlphaF(_VEIL)
        painter.fillRect(self._canvas.paper(), veil)
        if self.values is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self.place, _image(self.values, self._largest, theme))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for stroke, change in zip(self._strokes, self._changes, strict=True):
            self._paint_stroke(painter, stroke, change, theme)
        self._paint_labels(painter, theme)

    def _paint_stroke(
        self, painter: QPainter, stroke: Stroke, change: float, theme: Colours
    ) -> None:
        if stroke.erases:
            return
        paper = self._canvas.place.paper
        path = QPainterPath()
        points = curve(stroke.points).tolist()
        path.moveTo(paper.from_pad(*points[0]))
        # A point alone is painted as a line of no length.
        for point in points[1:] or points:
            path.lineTo(paper.from_pad(*point))
        colour = _colour(change, theme)
        colour.setAlphaF(max(min(abs(change) ** _CONTRAST, 1.0) * _STRONGEST, _FAINTEST))
        pen = QPen(colour, stroke.brush * paper.scale)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)

    def _paint_labels(self, painter: QPainter, theme: Colours) -> None:
        font = QFont(self.font())
        font.setPixelSize(_FONT)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        places: list[QRectF] = []
        for stroke, change, text in zip(self._strokes, self._changes, self.labels, strict=True):
            place = self._place_of_label(stroke, metrics.horizontalAdvance(text), places)
            places.append(place)
            colour = _colour(change, theme)
            painter.setPen(QPen(colour, 1.5))
            painter.setBrush(QColor(theme.surface))
            painter.drawRoundedRect(place, _RADIUS, _RADIUS)
            painter.setPen(QColor(theme.text))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _place_of_label(self, stroke: Stroke, width: float, taken: list[QRectF]) -> QRectF:
        """Return a place at the middle of a stroke, below those that are taken."""
        paper = self._canvas.place.paper
        middle = paper.from_pad(*stroke.points[len(stroke.points) // 2].tolist())
        place = QRectF(0, 0, width + 2 * _PADDING, _HEIGHT)
        place.moveCenter(middle)
        area = paper.area.adjusted(2, 2, -2, -2)
        place.moveLeft(min(max(place.left(), area.left()), area.right() - place.width()))
        place.moveTop(min(max(place.top(), area.top()), area.bottom() - place.height()))
        while any(place.intersects(other) for other in taken):
            place.moveTop(place.top() + _HEIGHT + 2)
        return place


def change_text(change: float) -> str:
    """Return a change of a probability, such as '−62 %' or '+3 %'."""
    rounded = round(change * 100)
    sign = "−" if rounded < 0 else "+" if rounded > 0 else "±"
    return f"{sign}{abs(rounded)} %"


def _colour(change: float, theme: Colours) -> QColor:
    """Return the colour of a stroke; one without which the class loses speaks for it."""
    return QColor(theme.accent if change < 0 else theme.challenger)


def _image(values: NDArray[np.float32], largest: float, theme: Colours) -> QImage:
    """Return values as an image, transparent where they are zero."""
    share = np.clip(np.abs(values) / max(largest, 1e-9), 0, 1)
    rgba = np.empty((*values.shape, 4), np.uint8)
    rgba[...] = QColor(theme.challenger).getRgb()
    rgba[values > 0] = QColor(theme.accent).getRgb()
    rgba[..., 3] = np.rint(share**_CONTRAST * _STRONGEST * 255)
    height, width = values.shape
    image = QImage(rgba.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888)
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
