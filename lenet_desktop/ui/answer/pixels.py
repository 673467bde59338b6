"""Samples painted pixel by pixel, in the colours of the paper and the ink."""

from functools import cache

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, qRgb

from lenet_desktop.drawing.strokes import Ink
from lenet_desktop.ui.style.theme import Colours

_SIZE = 28  # SAMPLE_SIZE, without loading the preprocessing


def sharp_square(area: QRectF, ratio: float) -> QRectF:
    """Return the largest square in the middle of ``area`` that shows a sample sharply.

    Each of the 28x28 pixels is the same whole number of the screen's pixels wide.

    Args:
        area: where the square has to fit.
        ratio: the screen's pixels for each pixel of the widget.
    """
    scale = max(int(min(area.width(), area.height()) * ratio / _SIZE), 1)
    side = scale * _SIZE / ratio
    middle = area.center()
    corner = [round((at - side / 2) * ratio) / ratio for at in (middle.x(), middle.y())]
    return QRectF(QPointF(*corner), QPointF(corner[0] + side, corner[1] + side))


def paint_sample(painter: QPainter, square: QRectF, sample: Ink | None, theme: Colours) -> None:
    """Paint a sample, uint8 (28, 28), ink bright; bare paper for None."""
    painter.fillRect(square, QColor(theme.paper))
    if sample is not None:
        data = sample.tobytes()
        image = QImage(data, _SIZE, _SIZE, _SIZE, QImage.Format.Format_Indexed8)
        image.setColorTable(_shades(theme.paper, theme.ink))
        painter.drawImage(square, image)


@cache
def _shades(paper: str, ink: str) -> list[int]:
    """Return the colour of each amount of ink, 0 to 255."""
    bare, full = QColor(paper), QColor(ink)
    ends = zip(bare.getRgb()[:3], full.getRgb()[:3], strict=True)  # type: ignore[index]
    red, green, blue = ([low + (high - low) * i // 255 for i in range(256)] for low, high in ends)
    return [qRgb(*each) for each in zip(red, green, blue, strict=True)]
