"""A faint digit that draws itself on the empty paper, to show what the pad is for."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QObject, QPointF, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QWidget

from lenet_desktop import paths
from lenet_desktop.drawing.stroke_file import read_strokes
from lenet_desktop.drawing.strokes import DEFAULT_BRUSH, Points, Rect
from lenet_desktop.ui.pad.smooth import curve

_MILLISECONDS = 1200
# The opacity of the ink, 0 to 1: seen at a glance, and not mistaken for ink.
_FAINT = 0.1


def demonstration() -> tuple[Points, ...]:
    """Return the strokes of a digit that are drawn for a start, in pad units."""
    records = read_strokes(paths.resource("demo-strokes.jsonl"))
    return next(record.strokes for record in records if record.label == "3")


class Ghost(QObject):
    """Strokes that are painted, and are no part of the ink.

    Signals:
        changed (): it must be repainted.
    """

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._widget = parent
        self._strokes: list[Points] = []
        self._motion = QVariantAnimation(self)
        self._motion.setDuration(_MILLISECONDS)
        self._motion.setStartValue(0.0)
        self._motion.setEndValue(1.0)
        self._motion.valueChanged.connect(lambda _: self.changed.emit())

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to paint."""
        return bool(self._strokes)

    @property
    def is_moving(self) -> bool:
        """Whether it is still being drawn."""
        return self._motion.state() is QVariantAnimation.State.Running

    @property
    def area(self) -> Rect:
        """The part of the paper that it takes, in pad units."""
        points = np.concatenate(self._strokes)
        reach = DEFAULT_BRUSH / 2 + 2
        left, top = np.floor(points.min(axis=0) - reach).astype(int).tolist()
        right, bottom = np.ceil(points.max(axis=0) + reach).astype(int).tolist()
        return left, top, right, bottom

    def begin(self, strokes: Sequence[Points]) -> None:
        """Draw strokes, points (N, 2) in pad units, at once where the system wants no animation."""
        self._strokes = [curve(points) for points in strokes]
        moves = self._widget.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration)
        self._motion.setDuration(_MILLISECONDS if moves > 0 else 0)
        self._motion.start()
        self.changed.emit()

    def end(self) -> None:
        """Remove the strokes."""
        self._motion.stop()
        if self._strokes:
            self.changed.emit()
            self._strokes = []

    def paint(self, painter: QPainter, colour: QColor) -> None:
        """Paint as much as has been drawn so far, in pad units."""
        colour.setAlphaF(_FAINT)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(colour, DEFAULT_BRUSH)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        # One path for all strokes: where they cross they are not darker.
        painter.drawPath(self._path())

    def _path(self) -> QPainterPath:
        lengths = [float(np.hypot(*np.diff(points, axis=0).T).sum()) for points in self._strokes]
        rest = self._motion.currentValue() * sum(lengths)
        path = QPainterPath()
        for points, length in zip(self._strokes, lengths, strict=True):
            if rest <= 0:
                break
            done = np.concatenate([[0.0], np.hypot(*np.diff(points, axis=0).T).cumsum()])
            count = int(np.searchsorted(done, min(rest, length), side="right"))
            path.moveTo(QPointF(*points[0].tolist()))
            for point in points[1:count].tolist():
                path.lineTo(QPointF(*point))
            rest -= length
        return path
