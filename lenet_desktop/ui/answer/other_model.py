"""One line about the other model's answer: the legend of the thin bars."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from lenet_desktop.ui.theme import colours

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
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleDescription(self.tr("The other model's answer"))

    def show_answer(self, name: str, rest: str, *, is_champion: bool) -> None:
        """Show the name of a class, and what follows it; nothing is shown after the role for ''.

        Args:
            name: the class, '' if there is no answer.
            rest: what follows it, such as ' · 43.0 %'.
            is_champion: see the attribute.
        """
        self.is_champion = is_champion
        role = self.tr("Model in use") if is_champion else self.tr("Challenger")
        self.setText(
            self.tr("{role}: {answer}").format(role=role, answer=f"{name}{rest}") if name else role
        )

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
        text = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideMiddle, place.width()
        )
        painter.setPen(QColor(theme.text))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
