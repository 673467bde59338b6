"""The place of the paper in the widget."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize

from lenet_desktop.drawing.strokes import PAD_SIZE, Rect

# The room around the paper for its shadow, in the widget's pixels.
MARGIN = 5


@dataclass(frozen=True)
class Paper:
    """The square that shows the pad's PAD_SIZE x PAD_SIZE units, in the widget's coordinates."""

    left: float
    top: float
    side: float

    @classmethod
    def in_widget(cls, size: QSize) -> "Paper":
        """Return the largest square in a widget of this size, with room for its shadow."""
        side = max(min(size.width(), size.height()) - 2 * MARGIN, 1)
        return cls((size.width() - side) / 2, (size.height() - side) / 2, side)

    @property
    def area(self) -> QRectF:
        """The square."""
        return QRectF(self.left, self.top, self.side, self.side)

    def to_pad(self, position: QPointF) -> tuple[float, float]:
        """Convert a point of the widget to pad units."""
        scale = PAD_SIZE / self.side
        # Rounded to hundredths as in stroke files, so that a saved drawing opens with exactly the
        # same ink.
        return (
            round((position.x() - self.left) * scale, 2),
            round((position.y() - self.top) * scale, 2),
        )

    def from_pad(self, x: float, y: float) -> QPointF:
        """Convert a point in pad units to one of the widget."""
        scale = self.side / PAD_SIZE
        return QPointF(self.left + x * scale, self.top + y * scale)

    def area_of(self, rect: Rect) -> QRectF:
        """Convert a part of the pad to one of the widget."""
        left, top, right, bottom = rect
        return QRectF(self.from_pad(left, top), self.from_pad(right, bottom))
