"""The button of the most likely next step, in the accent colour."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton, QWidget

from lenet_desktop.ui.style.theme import colours

_RADIUS = 6.0
_PADDING = 16


class PrimaryButton(QPushButton):
    """A push button in the accent colour.

    Args:
        text: its text.
        filled: fill it; there is one filled button at a time on a page.
        parent: its parent.
    """

    def __init__(self, text: str, *, filled: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._filled = filled
        height = self.fontMetrics().height()
        self.setMinimumHeight(height + _PADDING)

    def set_filled(self, filled: bool) -> None:
        """Fill the button, or paint only its edge."""
        self._filled = filled
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the button in the theme's colours."""
        theme = colours(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        edge = QColor(theme.accent if self.isEnabled() else theme.track)
        fill = edge if self._filled else QColor(theme.surface)
        if self.isDown():
            fill = fill.darker(115)
        elif self.underMouse() and self.isEnabled():
            fill = fill.lighter(108) if self._filled else QColor(theme.window)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(fill if self._filled else edge, 1.5))
        painter.setBrush(fill)
        rect = self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(rect, _RADIUS, _RADIUS)
        if self.hasFocus():
            # Inside the button, so that it is seen on every background.
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.on_accent if self._filled else theme.accent), 1.5))
            painter.drawRoundedRect(rect.adjusted(2.5, 2.5, -2.5, -2.5), _RADIUS - 2, _RADIUS - 2)
        text = theme.on_accent if self._filled else theme.accent
        if not self.isEnabled():
            text = theme.disabled
        for role in (QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
            option.palette.setColor(role, QColor(text))
        option.rect = self.style().subElementRect(
            QStyle.SubElement.SE_PushButtonContents, option, self
        )
        self.style().drawControl(QStyle.ControlElement.CE_PushButtonLabel, option, painter, self)
