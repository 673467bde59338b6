"""The place of the paper in the widget."""

from dataclasses import dataclass

from PySide6.QtCore import QMargins, QPointF, QRectF, QSize

from lenet_desktop.drawing.strokes import PAD_SIZE, Rect

# The room around the paper for its shadow, in the widget's pixels.
MARGIN = 5


@dataclass(frozen=True)
class Paper:
    """The rectangle that shows the pad, in the widget's coordinates.

    Attributes:
        left, top: its corner.
        scale: how long a pad unit is.
        units: its width in pad units.
    """

    left: float
    top: float
    scale: float
    units: int

    @classmethod
    def in_widget(cls, size: QSize, units: int) -> "Paper":
        """Return the largest paper in a widget of this size, with room for its shadow."""
        room = size.shrunkBy(QMargins(MARGIN, MARGIN, MARGIN, MARGIN))
        scale = max(min(room.width() / units, room.height() / PAD_SIZE), 1 / PAD_SIZE)
        left, top = size.width() - units * scale, size.height() - PAD_SIZE * scale
        return cls(left / 2, top / 2, scale, units)

    @property
    def area(self) -> QRectF:
        """The rectangle."""
        return QRectF(self.left, self.top, self.units * self.scale, PAD_SIZE * self.scale)

    def to_pad(self, position: QPointF) -> tuple[float, float]:
        """Convert a point of the widget to pad units."""
        # Rounded to hundredths as in stroke files, so that a saved drawing opens with exactly the
        # same ink.
        return (
            round((position.x() - self.left) / self.scale, 2),
            round((position.y() - self.top) / self.scale, 2),
        )

    def from_pad(self, x: float, y: float) -> QPointF:
        """Convert a point in pad units to one of the widget."""
        return QPointF(self.left + x * self.scale, self.top + y * self.scale)

    def area_of(self, rect: Rect) -> QRectF:
        """Convert a part of the pad to one of the widget."""
        left, top, right, bottom = rect
        return QRectF(self.from_pad(left, top), self.from_pad(right, bottom))
