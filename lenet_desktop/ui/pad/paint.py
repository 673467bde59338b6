"""Painting of the paper and the ink on it."""

from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, qRgb

from lenet_desktop.drawing.strokes import Ink
from lenet_desktop.ui.pad.paper import MARGIN, Paper
from lenet_desktop.ui.style.theme import Colours

# How dark the shadow of the paper is at its edge, 0 to 255.
_SHADOW = 34


def image_of(ink: Ink, theme: Colours) -> QImage:
    """Return an image that shares its memory with ``ink`` and shows every later change."""
    height, width = ink.shape
    image = QImage(ink.data, width, height, width, QImage.Format.Format_Indexed8)
    image.setColorTable(ink_colours(theme))
    return image


@cache
def ink_colours(theme: Colours) -> list[int]:
    """Return the colours of ink from 0, paper, to 255, full ink."""
    paper, ink = QColor(theme.paper), QColor(theme.ink)
    ends = (
        (paper.red(), ink.red()),
        (paper.green(), ink.green()),
        (paper.blue(), ink.blue()),
    )
    return [qRgb(*(round(p + (i - p) * amount / 255) for p, i in ends)) for amount in range(256)]


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


def paint_edge(painter: QPainter, area: QRectF, theme: Colours, focused: bool) -> None:
    """Paint the edge of the paper and its shadow on the desk, or the mark of the keyboard focus."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for step in range(1, MARGIN):
        shadow = QColor(0, 0, 0, round(_SHADOW * (1 - step / MARGIN) ** 2))
        painter.setPen(QPen(shadow, 1))
        grown = area.adjusted(-step, -step, step, step)
        painter.drawRoundedRect(grown, step + 1, step + 1)
    if focused:
        painter.setPen(QPen(QColor(theme.accent), 2))
        painter.drawRoundedRect(area.adjusted(-2, -2, 2, 2), 3, 3)
    else:
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawRect(area.adjusted(-0.5, -0.5, 0.5, 0.5))
    painter.restore()
