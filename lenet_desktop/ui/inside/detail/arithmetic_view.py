"""Where a unit's value comes from, down to the multiplication."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from lenet_desktop.inference.inside.layers import LayerKind
from lenet_desktop.inference.inside.reading import InsideReading
from lenet_desktop.inference.inside.unit import Step, Unit
from lenet_desktop.ui.answer.accessible_graphic import AccessibleGraphic
from lenet_desktop.ui.inside.captions import parameters, sentence, unit_name
from lenet_desktop.ui.inside.colouring import images, readable_on, shade, sized
from lenet_desktop.ui.inside.detail.figures import DECIMALS, Figures, Term, figures, written
from lenet_desktop.ui.style.theme import Colours, colours

_TITLE, _EQUATION, _SIDE = 20.0, 22.0, 10.0
_CELL = QSize(46, 24)  # the largest cell of a grid of numbers
_SIGN = 20.0  # the room for '×' and '='
_TILE, _TILE_GAP = 92.0, 6.0
_MIDDLE = Qt.AlignmentFlag.AlignCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class ArithmeticView(AccessibleGraphic):
    """A unit's inputs, weights, products, bias and what follows, as numbers that add up.

    What a convolution reads in several maps is shown map by map; a click on a map shows the
    multiplications in it, another click all maps again.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reading: InsideReading | None = None
        self._unit: Unit | None = None
        self._figures: Figures | None = None
        self._map: int | None = None
        self._tiles: list[tuple[QRectF, int]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Where the value comes from"))

    @property
    def figures(self) -> Figures | None:
        """The figures that are shown, or None."""
        if self._reading is not None and self._unit is not None and self._figures is None:
            room = int((self.width() - 2 * _SIDE + _TILE_GAP) / (_TILE + _TILE_GAP))
            self._figures = figures(self._reading, self._unit, max(room, 2))
        return self._figures

    @property
    def shown_map(self) -> int | None:
        """The map whose multiplications are shown; None while all maps are."""
        return self._map

    def show_unit(self, reading: InsideReading | None, unit: Unit | None) -> None:
        """Show a unit of a reading; an invitation for None."""
        other = self._unit is None or unit is None or unit.layer != self._unit.layer
        if other or self._reading is None or reading is None:
            self._map = None
        self._reading, self._unit, self._figures = reading, unit, None
        self.update()

    def accessible_value(self) -> str:
        """Return the equation."""
        return "" if self.figures is None else self.equation()

    def equation(self) -> str:
        """Return the equation from the sum to the value, on one line."""
        shown = self.figures
        assert shown is not None and self._unit is not None and self._reading is not None
        parts = []
        for step, value in shown.steps:
            number = written(value)
            match step:
                case Step.PRODUCTS:
                    parts.append(self.tr("sum of the products {sum}").format(sum=number))
                case Step.BIAS:
                    text = self.tr("+ bias {bias} = {sum}")
                    parts.append(text.format(bias=written(shown.bias), sum=number))
                case Step.LARGEST:
                    parts.append(self.tr("the largest of them is {value}").format(value=number))
                case Step.SUM if self._unit.layer == 0:
                    parts.append(
                        self.tr("ink: {value} (0 is paper, 1 is full ink)").format(value=number)
                    )
                case Step.SUM:
                    parts.append(self.tr("sum {sum}").format(sum=number))
                case Step.NORM:
                    exact = shown.arithmetic
                    text = self.tr("→ batch normalization × {scale} + {shift} = {value}")
                    scale, shift = written(exact.scale), written(exact.shift)
                    parts.append(text.format(scale=scale, shift=shift, value=number))
                case Step.RELU:
                    parts.append(self.tr("→ ReLU: {value}").format(value=number))
                case Step.OFF:
                    parts.append(self.tr("→ switched off: 0"))
        return " ".join(parts)

    def sizeHint(self) -> QSize:
        """Return a size at which a grid of 5x5 numbers can be read."""
        return QSize(640, 150)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell apart as many terms as there is room for."""
        self._figures = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show the multiplications in the map that was clicked, or all maps again."""
        if self._map is not None:
            self._map = None
        else:
            hit = [n for place, n in self._tiles if place.contains(event.position())]
            self._map = hit[0] if hit else None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the title, the grids or terms, and the equation."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = colours(self)
        self._tiles = []
        shown, reading, unit = self.figures, self._reading, self._unit
        whole = QRectF(self.rect()).adjusted(_SIDE, 2, -_SIDE, -2)
        if shown is None or reading is None or unit is None:
            painter.setPen(QColor(theme.quiet))
            text = self.tr(
                "Point at any value to see where it comes from. "
                "A click holds it, arrow keys move it."
            )
            painter.drawText(whole, _MIDDLE | Qt.TextFlag.TextWordWrap, text)
            return
        layer = reading.layers[unit.layer]
        title = unit_name(unit, reading.layers, reading.prediction.classes)
        self._paint_title(painter, whole, title, theme)
        body = whole.adjusted(0, _TITLE, 0, -_EQUATION)
        terms = shown.terms
        if self._map is not None and not any(term.source == (self._map,) for term in terms):
            self._map = None
        if layer.kind is LayerKind.CONVOLUTION and len(terms) == 1:
            self._paint_products(painter, body, terms[0], theme)
        elif layer.kind is LayerKind.CONVOLUTION and self._map is not None:
            term = next(term for term in terms if term.source == (self._map,))
            self._paint_products(painter, body, term, theme)
        elif layer.kind is LayerKind.POOLING:
            self._paint_pooling(painter, body, shown.arithmetic.inputs, theme)
        elif terms:
            self._paint_terms(painter, body, terms, theme)
        painter.setFont(sized(self.font(), 12, strong=True))
        painter.setPen(QColor(theme.text))
        line = QRectF(whole.left(), whole.bottom() - _EQUATION, whole.width(), _EQUATION)
        self._paint_fitted(painter, line, self.equation())

    def _paint_title(self, painter: QPainter, whole: QRectF, title: str, theme: Colours) -> None:
        assert self._reading is not None and self._unit is not None
        layer = self._reading.layers[self._unit.layer]
        painter.setFont(sized(self.font(), 12, strong=True))
        painter.setPen(QColor(theme.text))
        width = QFontMetricsF(painter.font()).horizontalAdvance(title)
        line = QRectF(whole.left(), whole.top(), whole.width(), _TITLE)
        painter.drawText(line, _LEFT, title)
        painter.setFont(sized(self.font(), 11))
        painter.setPen(QColor(theme.quiet))
        about = sentence(layer, self._reading.layers)
        count = parameters(layer)
        if count:
            about = f"{about} {count}."
        if self._map is not None:
            about = self.tr("Click again for all maps.")
        rest = line.adjusted(width + 12, 0, 0, 0)
        metrics = QFontMetricsF(painter.font())
        painter.drawText(
            rest, _LEFT, metrics.elidedText(about, Qt.TextElideMode.ElideRight, rest.width())
        )

    def _paint_fitted(self, painter: QPainter, line: QRectF, text: str) -> None:
        """Paint a line of text, smaller where it would not fit."""
        font = painter.font()
        while QFontMetricsF(font).horizontalAdvance(text) > line.width() and font.pixelSize() > 9:
            font.setPixelSize(font.pixelSize() - 1)
        painter.setFont(font)
        painter.drawText(line, _LEFT, text)

    def _paint_products(self, painter: QPainter, body: QRectF, term: Term, theme: Colours) -> None:
        """Paint what is under the window, the kernel and their products as grids of numbers."""
        assert term.inputs is not None and term.weights is not None
        side = term.inputs.shape[-1]
        wide = min((body.width() - 2 * _SIGN) / (3 * side), _CELL.width())
        high = min((body.height() - 15) / side, _CELL.height())
        titles = (self.tr("under the window"), self.tr("kernel"), self.tr("products"))
        grids = (
            term.inputs.round(DECIMALS),
            term.weights.round(DECIMALS),
            term.products,
        )
        left = body.left()
        for number, (title, values) in enumerate(zip(titles, grids, strict=True)):
            if number:
                painter.setFont(sized(self.font(), 15))
                painter.setPen(QColor(theme.text))
                sign = QRectF(left, body.top() + 15, _SIGN, side * high)
                painter.drawText(sign, _MIDDLE, "×" if number == 1 else "=")
                left += _SIGN
            place = QRectF(left, body.top(), side * wide, 15)
            painter.setFont(sized(self.font(), 10))
            painter.setPen(QColor(theme.quiet))
            painter.drawText(place, _MIDDLE, title)
            self._paint_grid(painter, QPointF(left, place.bottom()), wide, high, values, theme)
            left += side * wide

    def _paint_pooling(
        self, painter: QPainter, body: QRectF, inputs: NDArray[np.float64], theme: Colours
    ) -> None:
        """Paint the values of which the largest is kept, and mark it."""
        side = inputs.shape[-1]
        wide = min(body.width() / side, 56.0)
        high = min(body.height() / side, 30.0)
        corner = QPointF(body.left(), body.top())
        self._paint_grid(painter, corner, wide, high, inputs.round(DECIMALS), theme)
        row, column = np.unravel_index(int(inputs.argmax()), inputs.shape)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.text), 2))
        painter.drawRect(QRectF(corner.x() + column * wide, corner.y() + row * high, wide, high))

    def _paint_grid(
        self, painter: QPainter, corner: QPointF, wide: float, high: float,
        values: NDArray[np.float64], theme: Colours,
    ) -> None:  # fmt: skip
        largest = max(float(np.abs(values).max()), 1e-9)
        painter.setFont(sized(self.font(), min(high * 0.62, wide / 3.95, 12)))
        for (row, column), value in np.ndenumerate(values):
            cell = QRectF(corner.x() + column * wide, corner.y() + row * high, wide, high)
            colour = shade(float(value) / largest, theme)
            painter.fillRect(cell.adjusted(0.5, 0.5, -0.5, -0.5), colour)
            painter.setPen(readable_on(colour, theme))
            painter.drawText(cell, _MIDDLE, written(float(value)))

    def _paint_terms(
        self, painter: QPainter, body: QRectF, terms: tuple[Term, ...], theme: Colours
    ) -> None:
        """Paint what each map or value adds to the sum, side by side."""
        width = min((body.width() + _TILE_GAP) / len(terms) - _TILE_GAP, 150.0)
        largest = max(abs(term.shown) for term in terms)
        for number, term in enumerate(terms):
            left = body.left() + number * (width + _TILE_GAP)
            tile = QRectF(left, body.top(), width, body.height())
            self._paint_term(painter, tile, term, largest, theme)
            if term.inputs is not None and term.inputs.ndim == 2:
                self._tiles.append((tile, term.source[0]))

    def _paint_term(
        self, painter: QPainter, tile: QRectF, term: Term, largest: float, theme: Colours
    ) -> None:
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.setBrush(QColor(theme.surface))
        painter.drawRoundedRect(tile.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        painter.setFont(sized(self.font(), 11))
        painter.setPen(QColor(theme.quiet))
        painter.drawText(
            tile.adjusted(2, 3, -2, 0), Qt.AlignmentFlag.AlignHCenter, self._name(term)
        )
        middle = tile.adjusted(4, 18, -4, -22)
        if term.inputs is not None and term.weights is not None and term.inputs.ndim == 2:
            side = min((middle.width() - 14) / 2, middle.height())
            for values, centre in (
                (term.inputs, middle.center().x() - side / 2 - 6),
                (term.weights, middle.center().x() + side / 2 + 6),
            ):
                square = QRectF(0, 0, side, side)
                square.moveCenter(QPointF(centre, middle.center().y()))
                top = float(np.abs(values).max())
                picture = images(values[np.newaxis].astype(np.float32), top, theme)[0]
                painter.drawImage(square, picture)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(QColor(theme.line), 1))
                painter.drawRect(square)
            painter.setPen(QColor(theme.text))
            painter.drawText(middle, _MIDDLE, "×")
        elif term.inputs is not None:
            painter.setPen(QColor(theme.text))
            text = written(float(term.inputs[0]))
            if term.weights is not None:
                text = f"{text} × {written(float(term.weights[0]))}"
            painter.setFont(sized(self.font(), 11))
            painter.drawText(middle, _MIDDLE, text)
        else:
            painter.drawText(middle, _MIDDLE, "…")
        below = QRectF(tile.left() + 1, tile.bottom() - 21, tile.width() - 2, 20)
        colour = shade(term.shown / largest if largest else 0, theme)
        painter.fillRect(below.adjusted(3, 1, -3, -3), colour)
        painter.setFont(sized(self.font(), 12, strong=True))
        painter.setPen(readable_on(colour, theme))
        painter.drawText(below, _MIDDLE, f"= {written(term.shown)}")

    def _name(self, term: Term) -> str:
        assert self._reading is not None and self._unit is not None
        layers = self._reading.layers
        layer = layers[self._unit.layer]
        if not term.source:
            return self.tr("{count} others").format(count=term.count)
        if layer.kind is LayerKind.SUM:
            return layers[term.source[0]].name
        if len(term.source) == 3:
            number, row, column = (each + 1 for each in term.source)
            if layers[layer.sources[0]].shape[1:] == (1, 1):
                return self.tr("map {number}").format(number=number)
            text = self.tr("map {number} ({row}, {column})")
            return text.format(number=number, row=row, column=column)
        if layer.kind is LayerKind.CONVOLUTION:
            return self.tr("map {number}").format(number=term.source[0] + 1)
        return self.tr("neuron {number}").format(number=term.source[0] + 1)
