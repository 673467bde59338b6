"""The kernels of the first convolution as small pictures."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from lenet_desktop.ui.answer.accessible_graphic import AccessibleGraphic
from lenet_desktop.ui.inside.colouring import images
from lenet_desktop.ui.style.theme import colours

_HEIGHT, _GAP = 46, 6


class Kernels(AccessibleGraphic):
    """Kernels side by side: positive weights, zero and negative ones have the colours of the view
    of the network, and the largest weight has the full colour.

    Attributes:
        kernels: float32 (maps, side, side), or None.
    """

    def __init__(self) -> None:
        super().__init__()
        self.kernels: NDArray[np.float32] | None = None
        self.setAccessibleName(self.tr("Kernels of the first convolution"))
        self.setToolTip(
            self.tr("The kernels of the first convolution: blue is above zero, orange below")
        )
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_kernels(self, kernels: NDArray[np.float32] | None) -> None:
        """Show kernels, or none."""
        self.kernels = kernels
        self.update()

    def accessible_value(self) -> str:
        """Return how many kernels there are, and their largest weight."""
        if self.kernels is None:
            return ""
        text = self.tr("{count} kernels, weights up to {largest}")
        largest = float(np.abs(self.kernels).max())
        return text.format(count=len(self.kernels), largest=f"{largest:.2f}")

    def places(self) -> list[QRectF]:
        """Return where each kernel is."""
        count = 0 if self.kernels is None else len(self.kernels)
        if not count:
            return []
        side = min((self.width() - (count - 1) * _GAP) / count, float(self.height()))
        step = side + _GAP
        return [QRectF(i * step, (self.height() - side) / 2, side, side) for i in range(count)]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the kernels."""
        if self.kernels is None:
            return
        painter = QPainter(self)
        theme = colours(self)
        pictures = images(self.kernels, float(np.abs(self.kernels).max()), theme)
        painter.setPen(QPen(QColor(theme.line), 1))
        for place, picture in zip(self.places(), pictures, strict=True):
            painter.drawImage(place, picture)
            painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5))
