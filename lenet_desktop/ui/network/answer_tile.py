"""The answer at the end of the network strip."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from lenet_desktop.ui.answer.answer_texts import large_text, spoken
from lenet_desktop.ui.network.tile import Tile
from lenet_desktop.ui.style.theme import Colours

if TYPE_CHECKING:
    from lenet_desktop.inference.recognizer import Prediction

_LARGEST, _SMALLEST = 72, 14


class AnswerTile(Tile):
    """What the network answers, large; the stage before says how sure it is."""

    def __init__(self, title: str, explanation: str, parent: QWidget | None = None) -> None:
        super().__init__(title, explanation, parent)
        self._large = self._reason = ""

    @property
    def large(self) -> str:
        """What is shown: the best class, '?' if the drawing is none of them, or ''."""
        return self._large

    @property
    def reason(self) -> str:
        """Why there is no answer, or ''."""
        return self._reason

    def show_prediction(self, prediction: "Prediction") -> None:
        """Show a prediction."""
        self._large, self._reason = large_text(prediction), ""
        self.show_answer("", "", is_sure=prediction.is_sure, spoken=spoken(prediction))

    def show_nothing(self, reason: str) -> None:
        """Show why there is no answer, such as 'Draw a digit'."""
        self._large, self._reason = "", reason
        self.show_answer("", "", is_sure=True, spoken="")

    def accessible_value(self) -> str:
        """Return the class, or why there is none."""
        return self._large or self._reason

    def paint_picture(self, painter: QPainter, area: QRectF, theme: Colours) -> None:
        """Paint the class, as large as fits, or why there is none."""
        if self._reason:
            painter.setPen(QColor(theme.quiet))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(area, flags, self._reason)
            return
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
        painter.setPen(QColor(theme.text if self.is_sure else theme.quiet))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, elided)
