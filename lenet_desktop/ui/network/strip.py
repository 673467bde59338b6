"""From the drawing to what the network sees, stage by stage, with the answer at each."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from lenet_desktop.ui.answer.answer_texts import after_the_class, spoken
from lenet_desktop.ui.icons import icon
from lenet_desktop.ui.network.answer_tile import AnswerTile
from lenet_desktop.ui.network.stage_tile import StageTile
from lenet_desktop.ui.network.tile import Arrow, tile_height
from lenet_desktop.ui.style.theme import colours

if TYPE_CHECKING:
    from lenet_desktop.inference.recognizer import StageReading

_HEIGHT, _SIDE, _ABOVE = 150, 12, 8


class NetworkStrip(QWidget):
    """A row of tiles from left to right: the drawing, how it is prepared, and the answer.

    Later steps, such as the maps of a layer, are ``Tile`` objects that are put into ``row`` between
    the last stage and the answer, each after an ``Arrow``: ``row.insertWidget(place, ...)`` with
    ``row.indexOf(answer) - 1`` as the place, which is before the answer's own arrow. All room to
    the right of the answer is theirs.

    Signals:
        closed (): the user closes the strip.

    Attributes:
        row: the layout of the tiles and arrows.
        tiles: the tile of each stage, by the value of its ``StageKind``.
        answer: the tile at the end.
    """

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("From the drawing to the answer"))
        self.tiles = {
            stage: StageTile(title, explanation, stage)
            for stage, title, explanation in self._stages()
        }
        self.answer = AnswerTile(self.tr("answer"), self.tr("What the network reads"))
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(_SIDE, _ABOVE, _SIDE, _HEIGHT - _ABOVE - tile_height())
        self.row.setSpacing(0)
        for tile in self.tiles.values():
            self.row.addWidget(tile)
            self.row.addWidget(Arrow())
        self.row.addWidget(self.answer)
        self.row.addStretch(1)
        self.row.addWidget(self._close_button(), alignment=Qt.AlignmentFlag.AlignTop)
        self.setFixedHeight(_HEIGHT)

    @property
    def answers(self) -> list[str]:
        """The answer below each stage, '' for none."""
        return [tile.answer for tile in self.tiles.values()]

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
        self.answer.show_prediction(readings[-1])

    def show_nothing(self, reason: str) -> None:
        """Show bare paper and the reason, such as 'Draw a digit'."""
        for tile in self.tiles.values():
            tile.show_sample(None)
            tile.show_answer("", "", is_sure=True, spoken="")
        self.answer.show_nothing(reason)

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
