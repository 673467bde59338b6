"""The layers of a network, painted: maps, neurons, logits, bars, and what is selected."""

from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from lenet_desktop.inference.inside.layers import Layer, LayerKind
from lenet_desktop.inference.inside.reading import InsideReading
from lenet_desktop.inference.inside.unit import Unit, arithmetic, receptive_field, windows
from lenet_desktop.percent import percent
from lenet_desktop.ui.inside.captions import parameters, sentence
from lenet_desktop.ui.inside.colouring import images, neurons, readable_on, shade, sized
from lenet_desktop.ui.inside.detail.figures import written
from lenet_desktop.ui.inside.layers.arrangement import Arrangement, Column
from lenet_desktop.ui.inside.sweep import Sweep
from lenet_desktop.ui.style.theme import Colours

CAPTION = 46.0
"""The height of the three lines above a column."""
SENTENCE = 66.0
"""The height of the sentence below it, where there is room."""
_ROOM_FOR_SENTENCE = 92.0
_LEAST_ROW = 11.0  # lower rows of text are illegible
_STRONGEST = 8  # so many of a neuron's inputs are linked to it
_CENTRED = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass
class Pictures:
    """The pictures of a reading's layers, made when they are first painted.

    Attributes:
        reading: the reading.
        theme: the colours that they are in.
    """

    reading: InsideReading
    theme: Colours
    _maps: dict[int, list[QImage]] = field(default_factory=dict)

    def of(self, column: Column) -> list[QImage]:
        """Return a picture of each map of a column, or one of all its neurons."""
        if column.layer not in self._maps:
            values = self.reading.values[column.layer]
            largest = float(np.abs(values).max())
            maps = values if values.ndim == 3 else neurons(values, column.across)
            self._maps[column.layer] = images(maps, largest, self.theme)
        return self._maps[column.layer]


def paint_column(
    painter: QPainter, column: Column, pictures: Pictures, sweep: Sweep | None = None
) -> None:
    """Paint a layer's maps or neurons, as far as a sweep has filled them."""
    reading, theme = pictures.reading, pictures.theme
    layer = reading.layers[column.layer]
    if sweep is not None and column.layer > sweep.layer:
        painter.fillRect(column.area, QColor(theme.paper))
        return
    swept = sweep if sweep is not None and column.layer == sweep.layer else None
    made = pictures.of(column)
    # Each value is a square of its own where there is room for it.
    is_small = column.side < 1.5 * layer.shape[-1] if layer.has_maps else column.side < 2
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_small)
    if layer.has_maps:
        for number, picture in enumerate(made):
            place = column.place(number)
            if swept is not None and number != swept.number:
                painter.setOpacity(0.25)
            painter.drawImage(place, picture)
            painter.setOpacity(1)
    elif layer is not reading.layers[-1]:
        across = column.across
        whole = QRectF(column.area.topLeft(), column.place(0).size())
        whole.setWidth(across * column.side)
        whole.setHeight(-(-layer.shape[0] // across) * column.down)
        painter.drawImage(whole, made[0])
        _clear_after(painter, column, layer.shape[0], QColor(theme.window))
    else:
        _paint_logits(painter, column, reading, theme)
    if swept is not None:
        _hide_unfilled(painter, column, swept, layer, QColor(theme.paper))
    for off_layer, number in reading.off:
        if off_layer == column.layer:
            _cross_out(painter, column.place(number), theme)


def paint_caption(
    painter: QPainter, column: Column, gap: float, layers: tuple[Layer, ...], theme: Colours
) -> None:
    """Paint a layer's name, shape and parameters above its column, the sentence below it."""
    layer = layers[column.layer]
    middle, width = column.area.center().x(), column.area.width() + gap
    count = parameters(layer)
    if QFontMetricsF(sized(painter.font(), 10)).horizontalAdvance(count) > width:
        count = f"{layer.parameters:,}"
    for number, text in enumerate((layer.name, layer.shape_text, count)):
        pixels = 10 if number else 12
        font = sized(painter.font(), pixels, strong=not number)
        while pixels > 8 and QFontMetricsF(font).horizontalAdvance(text) > width:
            pixels -= 1
            font = sized(font, pixels, strong=not number)
        painter.setFont(font)
        painter.setPen(QColor(theme.quiet if number else theme.text))
        # Of a long name such as 'block1.conv2' the end tells more.
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideLeft, width)
        room = QRectF(middle - width / 2, number * 14, width, 16)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, shown)


def paint_sentence(
    painter: QPainter, column: Column, gap: float, room: QRectF, layers: tuple[Layer, ...],
    theme: Colours,
) -> None:  # fmt: skip
    """Paint the sentence about a layer below its column."""
    width = column.area.width() + gap - 10
    painter.setFont(sized(painter.font(), 10.5))
    painter.setPen(QColor(theme.quiet))
    left = max(column.area.center().x() - width / 2, room.left())
    right = column.area.center().x() + width / 2
    place = QRectF(left, room.top(), right - left, room.height())
    flags = _CENTRED | Qt.TextFlag.TextWordWrap
    painter.drawText(place, flags, sentence(layers[column.layer], layers))


def has_room_for_sentences(arrangement: Arrangement) -> bool:
    """Return whether all columns are wide enough for the sentences below them."""
    narrowest = min(column.area.width() for column in arrangement.columns)
    return narrowest + arrangement.gap >= _ROOM_FOR_SENTENCE


def paint_bars(
    painter: QPainter, arrangement: Arrangement, reading: InsideReading, theme: Colours,
    *, is_sure: bool,
) -> None:  # fmt: skip
    """Paint the probabilities beside the logits; where there are too many, the largest ones."""
    prediction = reading.prediction
    area = arrangement.bars
    best = int(prediction.probabilities.argmax())
    for index, row in bar_rows(arrangement, reading):
        size = min(max(row.height() * 0.62, 9.0), 13.0)
        font = sized(painter.font(), size, strong=index == best)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        name = prediction.classes[index]
        label = min(max(metrics.horizontalAdvance(each) for each in prediction.classes), 60.0)
        painter.setPen(QColor(theme.text if index == best else theme.quiet))
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, label + 1)
        painter.drawText(QRectF(row.left(), row.top(), label + 2, row.height()), _LEFT, shown)
        value = metrics.horizontalAdvance("99.9 %") + 2
        bar = QRectF(row.left() + label + 6, 0, area.width() - label - 8 - value, 6)
        bar.moveTop(row.center().y() - 3)
        share = float(prediction.probabilities[index])
        if bar.width() > 8:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.track))
            painter.drawRoundedRect(bar, 3, 3)
            colour = theme.accent if is_sure else theme.text
            painter.setBrush(QColor(colour if index == best else theme.disabled))
            filled = QRectF(bar)
            filled.setWidth(bar.width() * share)
            painter.setClipRect(filled)
            painter.drawRoundedRect(bar, 3, 3)
            painter.setClipping(False)
        if share >= 0.005:
            painter.setPen(QColor(theme.text if index == best else theme.quiet))
            painter.drawText(row, _RIGHT, percent(share))


def bar_rows(arrangement: Arrangement, reading: InsideReading) -> list[tuple[int, QRectF]]:
    """Return the classes whose probabilities are shown, and the place of each."""
    probabilities = reading.prediction.probabilities
    area, row = arrangement.bars, arrangement.columns[-1].down
    indices = list(range(len(probabilities)))
    if row < _LEAST_ROW:
        most = max(int(area.height() / 18), 1)
        indices = sorted(np.argsort(-probabilities, kind="stable")[:most].tolist())
        row = min(area.height() / len(indices), 30.0)
    return [
        (index, QRectF(area.left(), area.top() + place * row, area.width(), row))
        for place, index in enumerate(indices)
    ]


def paint_selection(
    painter: QPainter, arrangement: Arrangement, reading: InsideReading, unit: Unit,
    theme: Colours, *, is_held: bool,
) -> None:  # fmt: skip
    """Paint a unit's outline, what it reads, and its receptive field on the sample."""
    columns, layers = arrangement.columns, reading.layers
    place = columns[unit.layer].place_of(unit)
    field_pen = QPen(QColor(theme.text), 1.2, Qt.PenStyle.DashLine)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    layer = layers[unit.layer]
    if layer.kind is LayerKind.LINEAR:
        _paint_strongest(painter, columns, reading, unit, theme)
    else:
        for window in windows(layers, unit):
            source = columns[window.layer]
            for part in source.places_of(window):
                painter.setPen(QPen(QColor(theme.success), 1.6))
                painter.drawRect(part)
                thin = QColor(theme.success)
                thin.setAlpha(110)
                painter.setPen(QPen(thin, 1))
                painter.drawLine(QPointF(part.right(), part.center().y()), _left_of(place))
    left, top, right, bottom = receptive_field(layers, unit)
    if unit.layer:
        sample = columns[0].place(0)
        scale = sample.width() / layers[0].shape[-1]
        painter.setPen(field_pen)
        painter.drawRect(
            QRectF(
                sample.left() + left * scale,
                sample.top() + top * scale,
                (right - left) * scale,
                (bottom - top) * scale,
            )
        )
    grown = place.adjusted(-1.5, -1.5, 1.5, 1.5)
    painter.setPen(QPen(QColor(theme.paper), 3.5))
    painter.drawRect(grown)
    painter.setPen(QPen(QColor(theme.text), 2.4 if is_held else 1.4))
    painter.drawRect(grown)


def _paint_strongest(
    painter: QPainter, columns: tuple[Column, ...], reading: InsideReading, unit: Unit,
    theme: Colours,
) -> None:  # fmt: skip
    """Paint lines from a neuron's strongest inputs, in the colours of their products."""
    products = arithmetic(reading.layers, reading.values, unit, reading.off).products
    source = columns[reading.layers[unit.layer].sources[0]]
    shape = reading.layers[source.layer].shape
    largest = float(np.abs(products).max())
    end = _left_of(columns[unit.layer].place_of(unit))
    if largest == 0:
        return
    for index in strongest(products, _STRONGEST):
        read = Unit(source.layer, tuple(int(i) for i in np.unravel_index(index, shape)))
        place = source.place_of(read)
        colour = shade(float(np.sign(products[index])), theme)
        share = abs(float(products[index])) / largest
        colour.setAlphaF(0.35 + 0.65 * share)
        painter.setPen(QPen(colour, 0.8 + 1.6 * share))
        painter.drawLine(QPointF(place.right(), place.center().y()), end)
        painter.drawRect(place.adjusted(-1, -1, 1, 1))


def strongest(products: "np.ndarray[tuple[int], np.dtype[np.float64]]", count: int) -> list[int]:
    """Return the indices of the products of the largest magnitude, the largest first; no zeros."""
    order = np.argsort(-np.abs(products), kind="stable")[:count]
    return [int(i) for i in order if products[i] != 0]


def _paint_logits(
    painter: QPainter, column: Column, reading: InsideReading, theme: Colours
) -> None:
    values = reading.values[column.layer]
    largest = max(float(np.abs(values).max()), 1e-9)
    font = sized(painter.font(), min(max(column.down * 0.55, 9.0), 12.0))
    painter.setFont(font)
    for number, value in enumerate(values.tolist()):
        place = column.place(number)
        colour = shade(value / largest, theme)
        painter.fillRect(place.adjusted(0, 0.5, 0, -0.5), colour)
        if column.down >= _LEAST_ROW:
            painter.setPen(readable_on(colour, theme))
            painter.drawText(place.adjusted(0, 0, -4, 0), _RIGHT, written(value, 2))


def _clear_after(painter: QPainter, column: Column, count: int, ground: QColor) -> None:
    """Remove what follows the last neuron in its row."""
    last = column.place(count - 1)
    rest = QRectF(last.right(), last.top(), column.area.right() - last.right(), last.height())
    if rest.width() > 0.5:
        painter.fillRect(rest.adjusted(0, 0, 1, 1), ground)


def _hide_unfilled(
    painter: QPainter, column: Column, sweep: Sweep, layer: Layer, paper: QColor
) -> None:
    last = column.place_of(sweep.unit)
    if layer.has_maps:
        place = column.place(sweep.number)
        painter.fillRect(
            QRectF(last.right(), last.top(), place.right() - last.right(), last.height()), paper
        )
        painter.fillRect(
            QRectF(place.left(), last.bottom(), place.width(), place.bottom() - last.bottom()),
            paper,
        )
        return
    for number in range(sweep.filled, layer.shape[0]):
        painter.fillRect(column.place(number), paper)


def _cross_out(painter: QPainter, place: QRectF, theme: Colours) -> None:
    """Paint a map or neuron that is switched off."""
    painter.fillRect(place, QColor(theme.track))
    painter.setPen(QPen(QColor(theme.error), 1.6))
    inner = place.adjusted(1, 1, -1, -1)
    painter.drawLine(inner.topLeft(), inner.bottomRight())
    painter.drawLine(inner.topRight(), inner.bottomLeft())


def _left_of(place: QRectF) -> QPointF:
    return QPointF(place.left(), place.center().y())
