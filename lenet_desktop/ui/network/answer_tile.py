"""The answer at the end of the network strip."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from lenet_desktop.ui.answer.answer_texts import large_text, spoken
from lenet_desktop.ui.network.tile import Tile
from lenet_desktop.ui.theme import Colours

if TYPE_CHECKING:
    from lenet_desktop.inference.recognizer import Prediction

_LARGEST, _SMALLEST = 72, 14


class AnswerTile(Tile):
    """What the network answers, large; the stage before says how sure it is."""

    @property
    def large(self) -> str:
        """What is shown: the best class, '?' if the drawing is none of them, or ''."""
        return self._large

    _large = ""
    _sure = True

    def show_prediction(self, prediction: "Prediction | None") -> None:
        """Show a prediction, or nothing."""
        self._large = "" if prediction is None else large_text(prediction)
        self._sure = prediction is None or prediction.is_sure
        answer = "" if prediction is None else spoken(prediction)
        self.show_answer("", "", is_sure=self._sure, spoken=answer)

    def accessible_value(self) -> str:
        """Return the class."""
        return self._large

    def paint_picture(self, painter: QPainter, area: QRectF, theme: Colours) -> None:
        """Paint the class, as large as fits."""
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        font.setPixelSize(_LARGEST)
        wide = QFontMetricsF(font).horizontalAdvance(self._large)
        if wide > area.width():
            font.setPixelSize(max(int(_LARGEST * area.width() / wide), _SMALLEST))
        elided = QFontMetricsF(font).elidedText(
            self._large, Qt.TextElideMode.ElideRight, area.width()
        )
        painter.setFont(font)
        painter.setPen(QColor(theme.text if self._sure else theme.quiet))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, elided)
