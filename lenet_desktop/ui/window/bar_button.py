"""The buttons of the top bar: tools, the primary button, and chips."""

from enum import Enum

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QColor,
    QEnterEvent,
    QFont,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolButton

from lenet_desktop.ui.icons import icon
from lenet_desktop.ui.style.theme import colours

_ICON = 20
_BARE = QSize(36, 34)
_RADIUS = 7.0
_TALL, _LOW = 46, 34
_SMALL_FONT = 0.86
_HOVER, _DOWN, _CHECKED = 20, 36, 40  # alpha, of 255


class Look(Enum):
    """How a button looks."""

    TOOL = "tool"
    """An icon, and a small name below it if there is room."""
    PRIMARY = "primary"
    """The one button that stands out: an icon, and its name beside it."""
    CHIP = "chip"
    """A name in a frame, with an arrow: it opens a menu."""


class BarButton(QToolButton):
    """A button that is painted in the colours of the theme.

    Args:
        look: how it looks.
        action: what it does; a button without an action gets its text from its owner.
        symbol: one of ``ICONS``, or '' for the action's icon.
    """

    def __init__(self, look: Look, action: QAction | None = None, symbol: str = "") -> None:
        super().__init__()
        self._look, self._symbol = look, symbol
        self._shows_name = look is not Look.TOOL or action is not None
        if action is not None:
            self.setDefaultAction(action)
            self.setAccessibleName(action.iconText())
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_name(self, shown: bool) -> None:
        """Show the name, or the icon only; the accessible name stays."""
        if shown != self._shows_name:
            self._shows_name = shown
            self.updateGeometry()
            self.update()

    @property
    def shows_name(self) -> bool:
        """Whether the name is shown."""
        return self._shows_name

    def name(self) -> str:
        """Return the name that is shown."""
        action = self.defaultAction()
        return self.text() if action is None else action.iconText()

    @property
    def width_of_name(self) -> int:
        """How much wider a tool is with its name than without."""
        return self._named_size().width() - _BARE.width()

    def sizeHint(self) -> QSize:
        """Return the size with or without the name."""
        return self._named_size() if self._shows_name else _BARE

    def _named_size(self) -> QSize:
        metrics = QFontMetrics(self._font())
        width = metrics.horizontalAdvance(self.name())
        if self._look is Look.CHIP:
            return QSize(width + 38, _LOW)
        if self._look is Look.PRIMARY:
            return QSize(width + _ICON + 32, _LOW)
        return QSize(max(width + 14, 46), max(_TALL, _ICON + metrics.height() + 12))

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size at which nothing is cut off."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the button."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        text = self._paint_ground(painter, area)
        if self.hasFocus():
            theme = colours(self)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.text), 2))
            painter.drawRoundedRect(area, _RADIUS, _RADIUS)
        painter.setFont(self._font())
        painter.setPen(QColor(getattr(colours(self), text)))
        self._paint_content(painter, text)

    def _paint_ground(self, painter: QPainter, area: QRectF) -> str:
        """Paint what is behind the text; return the name of the text's colour."""
        theme = colours(self)
        hovered = self.isEnabled() and self.underMouse()
        down = self.isDown()
        painter.setPen(Qt.PenStyle.NoPen)
        if self._look is Look.PRIMARY and not self.isChecked():
            ground = QColor(theme.accent if self.isEnabled() else theme.track)
            if hovered or down:
                ground = ground.darker(125 if down else 112)
            painter.setBrush(ground)
            painter.drawRoundedRect(area, _RADIUS, _RADIUS)
            return "on_accent" if self.isEnabled() else "disabled"
        if self._look is Look.CHIP:
            painter.setBrush(QColor(theme.surface))
            painter.setPen(QPen(QColor(theme.accent if hovered or down else theme.line), 1))
            painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
            return "text" if self.isEnabled() else "disabled"
        if self.isChecked():
            ground = QColor(theme.accent)
            ground.setAlpha(_CHECKED + (_HOVER if hovered else 0))
            painter.setBrush(ground)
            painter.drawRoundedRect(area, _RADIUS, _RADIUS)
            # A line as well: what is chosen must not be told by a colour alone.
            painter.setBrush(QColor(theme.accent))
            middle = area.center().x()
            painter.drawRoundedRect(QRectF(middle - 9, area.bottom() - 3, 18, 2.5), 1.2, 1.2)
        elif hovered or down:
            ground = QColor(theme.text)
            ground.setAlpha(_DOWN if down else _HOVER)
            painter.setBrush(ground)
            painter.drawRoundedRect(area, _RADIUS, _RADIUS)
        return "text" if self.isEnabled() else "disabled"

    def _paint_content(self, painter: QPainter, colour: str) -> None:
        rect, centre = self.rect(), Qt.AlignmentFlag.AlignCenter
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        if self._look is Look.CHIP:
            text = rect.adjusted(12, 0, -26, 0)
            painter.drawText(text, middle, self.shown_text(text.width(), painter.fontMetrics()))
            self._paint_icon(
                painter, "down", colour, QPointF(rect.right() - 15, rect.height() / 2), 14
            )
        elif not self._shows_name:
            self._paint_icon(painter, self._symbol, colour, QRectF(rect).center())
        elif self._look is Look.PRIMARY:
            self._paint_icon(painter, self._symbol, colour, QPointF(22, rect.height() / 2))
            painter.drawText(rect.adjusted(38, 0, 0, 0), middle, self.name())
        else:
            height = painter.fontMetrics().height()
            top = (rect.height() - _ICON - height - 1) // 2
            self._paint_icon(
                painter, self._symbol, colour, QPointF(rect.width() / 2, top + _ICON / 2)
            )
            below = QRect(0, top + _ICON + 1, rect.width(), height)
            painter.drawText(below, centre, self.name())

    def shown_text(self, width: int, metrics: QFontMetrics) -> str:
        """Return a chip's text as it fits into a width in pixels."""
        return metrics.elidedText(self.name(), Qt.TextElideMode.ElideRight, width)

    def _paint_icon(
        self, painter: QPainter, symbol: str, colour: str, centre: QPointF, size: int = _ICON
    ) -> None:
        place = QRectF(0, 0, size, size)
        place.moveCenter(centre)
        icon(symbol, colour).paint(painter, place.toAlignedRect())

    def _font(self) -> QFont:
        font = QFont(self.font())
        if self._look is Look.TOOL:
            font.setPointSizeF(font.pointSizeF() * _SMALL_FONT)
        elif self._look is Look.PRIMARY:
            font.setWeight(QFont.Weight.DemiBold)
        return font

    def enterEvent(self, event: QEnterEvent) -> None:
        """Look hovered."""
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Look as usual again."""
        self.update()
        super().leaveEvent(event)
