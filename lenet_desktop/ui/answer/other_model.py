"""One line about the other model's answer: the legend of the thin bars."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from lenet_desktop.ui.style.theme import colours

_SWATCH = QRectF(0, 0, 16, 4)
_GAP = 8


class OtherModel(QLabel):
    """A thin bar in the other model's colour, and what that model answers.

    Attributes:
        is_champion: whether the other model is the champion, because the challenger's answer is
            shown large now.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_champion = False
        self._model = self._answer = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleDescription(self.tr("The other model's answer"))

    def show_answer(self, model: str, name: str, rest: str, *, is_champion: bool) -> None:
        """Show the name of a class, and what follows it; nothing is shown after the model for ''.

        Args:
            model: the name of the model; '' for the one that is being trained.
            name: the class, '' if there is no answer.
            rest: what follows it, such as ' · 43.0 %'.
            is_champion: see the attribute.
        """
        self.is_champion = is_champion
        self._model = model or self.tr("Challenger")
        self._answer = f"{name}{rest}" if name else ""
        text = self.tr("{model}: {answer}").format(model=self._model, answer=self._answer)
        self.setText(text if name else self._model)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the thin bar and the text."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = colours(self)
        swatch = QRectF(_SWATCH)
        swatch.moveTop((self.height() - swatch.height()) / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.accent if self.is_champion else theme.challenger))
        painter.drawRoundedRect(swatch, 2, 2)
        place = self.rect().adjusted(int(swatch.width()) + _GAP, 0, 0, 0)
        painter.setPen(QColor(theme.text))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, self.shown_text(place.width()))

    def shown_text(self, width: int) -> str:
        """Return the text as it fits into a width in pixels: of the name only the beginning."""
        metrics = self.fontMetrics()
        if metrics.horizontalAdvance(self.text()) <= width or not self._answer:
            return metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, width)
        rest = self.text().removeprefix(self._model)
        room = width - metrics.horizontalAdvance(rest)
        return metrics.elidedText(self._model, Qt.TextElideMode.ElideRight, room) + rest
