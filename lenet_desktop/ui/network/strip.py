"""From the drawing to what the network sees, stage by stage, with the answer at each."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from lenet_desktop.ui.answer.answer_texts import after_the_class, spoken
from lenet_desktop.ui.icons import icon
from lenet_desktop.ui.network.answer_tile import AnswerTile
from lenet_desktop.ui.network.layer_tile import LayerTile
from lenet_desktop.ui.network.stage_tile import StageTile
from lenet_desktop.ui.network.tile import Arrow, tile_height
from lenet_desktop.ui.style.theme import colours

if TYPE_CHECKING:
    from lenet_desktop.inference.inside.reading import InsideReading
    from lenet_desktop.inference.recognizer import StageReading

_HEIGHT, _SIDE, _ABOVE = 150, 12, 8
_CLOSE = 26  # the width of the button that closes the strip


class NetworkStrip(QWidget):
    """A row of tiles from left to right: the drawing, how it is prepared, the layers, the answer.

    The tiles of layers are made when a network has read something: what layers it has, only the
    network knows. Those that do not fit are hidden.

    Signals:
        closed (): the user closes the strip.
        stop_changed (str): the network is to read the drawing as it is after this stage, the value
            of its ``StageKind``; '' for the usual preprocessing.

    Attributes:
        row: the layout of the tiles and arrows.
        tiles: the tile of each stage, by the value of its ``StageKind``.
        layers: the tile of each layer, from the sample to the answer.
        answer: the tile at the end.
    """

    closed = Signal()
    stop_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("From the drawing to the answer"))
        self.tiles = {
            stage: StageTile(title, explanation, stage)
            for stage, title, explanation in self._stages()
        }
        self.layers: list[LayerTile] = []
        self._arrows: list[Arrow] = []
        self._count = 0
        self.answer = AnswerTile(self.tr("answer"), self.tr("What the network reads"))
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(_SIDE, _ABOVE, _SIDE, _HEIGHT - _ABOVE - tile_height())
        self.row.setSpacing(0)
        self._stops_at = ""
        for stage, tile in self.tiles.items():
            self.row.addWidget(tile)
            self.row.addWidget(Arrow())
            tile.clicked.connect(lambda stage=stage: self._click(stage))
        self.row.addWidget(self.answer)
        self.row.addStretch(1)
        self.row.addWidget(self._close_button(), alignment=Qt.AlignmentFlag.AlignTop)
        self.setFixedHeight(_HEIGHT)

    @property
    def answers(self) -> list[str]:
        """The answer below each stage, '' for none."""
        return [tile.answer for tile in self.tiles.values()]

    @property
    def stops_at(self) -> str:
        """The stage after which the preprocessing stops, '' for none."""
        return self._stops_at

    def stop_at(self, stage: str) -> None:
        """Stop the preprocessing after a stage; '' switches it on again."""
        stages = list(self.tiles)
        if stage == stages[-1]:
            stage = ""
        if stage == self._stops_at:
            return
        self._stops_at = stage
        for number, tile in enumerate(self.tiles.values()):
            tile.is_last = stages[number] == stage
            tile.is_off = bool(stage) and number > stages.index(stage)
            tile.update()
        self.stop_changed.emit(stage)

    def _click(self, stage: str) -> None:
        self.stop_at("" if stage == self._stops_at else stage)

    def show_readings(self, readings: "tuple[StageReading, ...]") -> None:
        """Show the reading at each stage, or none at all."""
        if not readings:
            self.show_nothing("")
            return
        for reading in readings:
            tile = self.tiles[reading.kind]
            tile.show_sample((reading.sample * 255 + 0.5).astype(np.uint8))
            tile.show_answer(
                reading.best_class,
                after_the_class(reading.verdict, reading.classes, reading.probability),
                is_sure=reading.is_sure,
                spoken=spoken(reading),
            )
            if reading.kind == self._stops_at:
                self.answer.show_prediction(reading)
        if not self._stops_at:
            self.answer.show_prediction(readings[-1])

    def show_layers(self, reading: "InsideReading | None") -> None:
        """Show the convolutions and linear layers before the logits; nothing for None."""
        if reading is None:
            for tile in self.layers:
                tile.show_nothing()
            return
        # Those inside a residual block, with a dot in their names, are left out.
        layers = [
            (layer, values)
            for layer, values in zip(reading.layers[:-1], reading.values[:-1], strict=True)
            if layer.weight is not None and "." not in layer.name
        ]
        while len(self.layers) < len(layers):
            tile, arrow = LayerTile(), Arrow()
            place = self.row.indexOf(self.answer)
            self.row.insertWidget(place, tile)
            self.row.insertWidget(place + 1, arrow)
            self.layers.append(tile)
            self._arrows.append(arrow)
        for tile, (layer, values) in zip(self.layers, layers, strict=False):
            tile.show_layer(layer, values)
        if len(layers) != self._count:
            self._count = len(layers)
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide the layers that do not fit."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        left = self.width() - self._width_without_layers()
        for number, (tile, arrow) in enumerate(zip(self.layers, self._arrows, strict=True)):
            left -= tile.sizeHint().width() + Arrow.WIDTH
            fits = left >= 0 and number < self._count
            tile.setVisible(fits)
            arrow.setVisible(fits)

    def _width_without_layers(self) -> int:
        tiles = (*self.tiles.values(), self.answer)
        wide = sum(tile.sizeHint().width() for tile in tiles)
        return wide + len(self.tiles) * Arrow.WIDTH + 2 * _SIDE + _CLOSE

    def show_nothing(self, reason: str) -> None:
        """Show bare paper and the reason, such as 'Draw a digit'."""
        for tile in self.tiles.values():
            tile.show_sample(None)
            tile.show_answer("", "", is_sure=True, spoken="")
        self.answer.show_nothing(reason)
        self.show_layers(None)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line that parts the strip from what is above it."""
        painter = QPainter(self)
        painter.setPen(QPen(QColor(colours(self).line), 1))
        painter.drawLine(QPointF(0, 0.5), QPointF(self.width(), 0.5))

    def _stages(self) -> tuple[tuple[str, str, str], ...]:
        """Return the value of each stage's ``StageKind``, its title and its explanation."""
        return (
            (
                "paper",
                self.tr("drawing, as read"),
                self.tr(
                    "The whole paper as it is read, its strokes evened out, with the box around ink"
                ),
            ),
            ("box", self.tr("cut out"), self.tr("Only what is inside the box")),
            (
                "scaled",
                self.tr("scaled to 20×20"),
                self.tr("Thin strokes are thickened, and the box is scaled to 20×20 pixels"),
            ),
            (
                "centred",
                self.tr("centred"),
                self.tr("The centre of mass is in the middle of 28×28: the network sees this"),
            ),
        )

    def _close_button(self) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon("down", "quiet"))
        button.setIconSize(QSize(18, 18))
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(self.tr("Close the network strip"))
        button.setToolTip(self.tr("Close (W)"))
        button.clicked.connect(lambda: self.closed.emit())
        return button
