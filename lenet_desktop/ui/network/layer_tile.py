"""The maps or the neurons of a layer in the network strip."""

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from lenet_desktop.ui.network.tile import PICTURE, Tile
from lenet_desktop.ui.style.theme import Colours

if TYPE_CHECKING:
    from lenet_desktop.inference.inside.layers import Layer, Values


class LayerTile(Tile):
    """The activations of a layer: positive ones in the accent's colour, negative ones in the
    challenger's, zero as paper; the strongest of the layer has the full colour.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self._values: Values | None = None

    @property
    def values(self) -> "Values | None":
        """The values that are shown, or None."""
        return self._values

    def show_layer(self, layer: "Layer", values: "Values") -> None:
        """Show the values of a layer."""
        title = f"{layer.name} · {layer.shape_text}"
        if title != self.title:
            self.title = title
            text = (
                self.tr("{count} maps: each filter of the convolution looks for one pattern")
                if layer.has_maps
                else self.tr("{count} neurons: each adds up all that the layer before has found")
            )
            colours = self.tr("Blue is above zero, orange below; the strongest is fully coloured")
            self.setToolTip(f"{text.format(count=layer.shape[0])}\n{colours}")
            self.setAccessibleDescription(self.toolTip())
            parameters = self.tr("{count} parameters").format(count=f"{layer.parameters:,}")
            self.show_answer("", parameters, is_sure=False, spoken=parameters)
            self.updateGeometry()
        self._values = values
        self.update()

    def sizeHint(self) -> QSize:
        """Return a size for the title and for the line below the picture."""
        size = super().sizeHint()
        wide = math.ceil(self._metrics().horizontalAdvance(self.answer)) + 4
        return QSize(max(size.width(), wide), size.height())

    def show_nothing(self) -> None:
        """Show no activations; the layer's name stays."""
        self._values = None
        self.update()

    def paint_picture(self, painter: QPainter, area: QRectF, theme: Colours) -> None:
        """Paint the maps side by side, or a cell for each neuron."""
        square = QRectF(0, 0, PICTURE - 14, PICTURE - 14)
        square.moveCenter(area.center())
        painter.fillRect(square, QColor(theme.paper))
        if self._values is None:
            return
        cells = _in_a_grid(self._values)
        image = _coloured(cells, theme)
        # Each value is a square of its own where there is room for it.
        painter.setRenderHint(
            QPainter.RenderHint.SmoothPixmapTransform, 1.5 * max(cells.shape) > square.width()
        )
        high = square.height() * min(cells.shape[0] / cells.shape[1], 1)
        wide = square.width() * min(cells.shape[1] / cells.shape[0], 1)
        place = QRectF(0, 0, wide, high)
        place.moveCenter(square.center())
        painter.drawImage(place, image)


def _in_a_grid(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return maps (N, H, W), a pixel apart, or neurons (N,), in rows; NaN where there is none."""
    maps = values if values.ndim == 3 else values[:, np.newaxis, np.newaxis]
    count, height, width = maps.shape
    columns = math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    gap = 1 if values.ndim == 3 else 0
    grid = np.full((rows * (height + gap) - gap, columns * (width + gap) - gap), np.nan, np.float32)
    for number, one in enumerate(maps):
        top, left = (number // columns) * (height + gap), (number % columns) * (width + gap)
        grid[top : top + height, left : left + width] = one
    return grid


def _coloured(values: NDArray[np.float32], theme: Colours) -> QImage:
    """Return values (H, W) in colours, transparent where they are NaN."""
    there = np.isfinite(values)
    known = np.where(there, values, np.float32(0))
    share = (known / max(float(np.abs(known).max()), 1e-9))[..., np.newaxis]
    paper, positive, negative = (
        np.array((colour.red(), colour.green(), colour.blue()), np.float32)
        for colour in map(QColor, (theme.paper, theme.accent, theme.challenger))
    )
    towards = np.where(share > 0, positive, negative)
    rgb = paper + np.abs(share) * (towards - paper)
    rgba = np.dstack([rgb, np.where(there, 255, 0)]).astype(np.uint8)
    height, width = values.shape
    image = QImage(rgba.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888)
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
