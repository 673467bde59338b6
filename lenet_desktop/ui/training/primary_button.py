"""The button of the most likely next step, in the accent colour."""

from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton, QWidget

from lenet_desktop.ui.theme import colours

_RADIUS = 6.0
_PADDING = 16


class PrimaryButton(QPushButton):
    """A push button filled with the accent colour; there is one at a time on a page."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        height = self.fontMetrics().height()
        self.setMinimumHeight(height + _PADDING)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the button in the theme's colours."""
        theme = colours(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        fill = QColor(theme.accent if self.isEnabled() else theme.track)
        if self.isDown():
            fill = fill.darker(115)
        elif self.underMouse() and self.isEnabled():
            fill = fill.lighter(108)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(fill))
        painter.setBrush(fill)
        rect = self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(rect, _RADIUS, _RADIUS)
        if self.hasFocus():
            # Inside the button, so that it is seen on every background.
            painter.setPen(QPen(QColor(theme.on_accent), 1.5))
            painter.drawRoundedRect(rect.adjusted(2.5, 2.5, -2.5, -2.5), _RADIUS - 2, _RADIUS - 2)
        text = theme.on_accent if self.isEnabled() else theme.disabled
        for role in (QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
            option.palette.setColor(role, QColor(text))
        option.rect = self.style().subElementRect(
            QStyle.SubElement.SE_PushButtonContents, option, self
        )
        self.style().drawControl(QStyle.ControlElement.CE_PushButtonLabel, option, painter, self)
