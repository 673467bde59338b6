"""Painting of paper, ink, hint and brush cursor."""

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QCursor, QImage, QPainter, QPen, QPixmap, qRgb

from lenet_desktop.drawing.strokes import PAD_SIZE, Ink
from lenet_desktop.ui.pad.paper import Paper

# Paper and ink look the same in the light and in the dark theme.
_PAPER, _INK = (253, 253, 250), (28, 32, 48)
_RING_COLOURS = QColor(255, 255, 255, 180), QColor("#606880")


def image_of(ink: Ink) -> QImage:
    """Return an image that shares its memory with ``ink`` and shows every later change."""
    image = QImage(ink.data, PAD_SIZE, PAD_SIZE, PAD_SIZE, QImage.Format.Format_Indexed8)
    image.setColorTable(
        [
            qRgb(*(round(p + (i - p) * amount / 255) for p, i in zip(_PAPER, _INK, strict=True)))
            for amount in range(256)
        ]
    )
    return image


def paint_ink(painter: QPainter, image: QImage, paper: Paper, seen: QRectF) -> None:
    """Paint the part of the paper that lies in ``seen``, in the widget's coordinates."""
    if seen.isEmpty():
        return
    # Paint a little more than is visible, in whole pad units: scaling blurs the rim.
    source = QRectF(
        QPointF(*paper.to_pad(seen.topLeft())), QPointF(*paper.to_pad(seen.bottomRight()))
    )
    cut = source.toAlignedRect().adjusted(-3, -3, 3, 3).intersected(image.rect())
    target = paper.area_of(
        (cut.left(), cut.top(), cut.left() + cut.width(), cut.top() + cut.height())
    )
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setClipRect(seen)
    piece = image.copy(cut).convertToFormat(QImage.Format.Format_RGB32)
    painter.drawImage(target, piece)
    painter.restore()


def brush_cursor(diameter: float, ratio: float) -> QCursor:
    """Return a cursor that is a ring of the brush's size.

    Args:
        diameter: the diameter in the widget's pixels.
        ratio: the device pixel ratio, screen pixels per pixel of the widget.
    """
    diameter = max(diameter, 4)
    side = math.ceil(diameter) + 4
    ring = QPixmap(round(side * ratio), round(side * ratio))
    ring.setDevicePixelRatio(ratio)
    ring.fill(Qt.GlobalColor.transparent)
    painter = QPainter(ring)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    outside, inside = _RING_COLOURS
    for colour, radius in ((outside, diameter / 2 + 1), (inside, diameter / 2)):
        painter.setPen(QPen(colour, 1))
        painter.drawEllipse(QPointF(side / 2, side / 2), radius, radius)
    painter.end()
    return QCursor(ring)
