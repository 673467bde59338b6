"""The choice of what a drawing is read as: Auto, Digit or Number."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QColor,
    QFont,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from lenet_desktop.inference.kind import Kind
from lenet_desktop.ui.settings import Settings
from lenet_desktop.ui.style.theme import colours

_HEIGHT, _PADDING, _RADIUS, _INSET = 34, 7, 8.0, 3.0


class KindMenu(QMenu):
    """The menu of kinds; the choice is remembered in the settings.

    Signals:
        kind_changed (Kind): the user has chosen.

    Attributes:
        choices: an action for each kind.
    """

    kind_changed = Signal(object)

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("&Read as"))
        texts = {
            Kind.AUTO: (self.tr("&Auto"), self.tr("One digit, or a number if it looks like one")),
            Kind.DIGIT: (self.tr("&Digit"), self.tr("One digit on square paper")),
            Kind.NUMBER: (self.tr("&Number"), self.tr("A number of several digits")),
        }
        self._settings = settings
        self.choices: dict[Kind, QAction] = {}
        group = QActionGroup(self)
        for kind, (text, tip) in texts.items():
            action = self.choices[kind] = self.addAction(text)
            action.setCheckable(True)
            action.setChecked(kind is settings.kind)
            action.setToolTip(tip)
            action.triggered.connect(lambda _checked, kind=kind: self.choose(kind))
            group.addAction(action)

    @property
    def kind(self) -> Kind:
        """What is chosen."""
        return next(kind for kind, action in self.choices.items() if action.isChecked())

    def choose(self, kind: Kind) -> None:
        """Read drawings as this kind from now on."""
        self.choices[kind].setChecked(True)
        self._settings.kind = kind
        self.kind_changed.emit(kind)


class KindSwitch(QWidget):
    """The same choice as buttons side by side: one stop of Tab, and the arrow keys choose."""

    def __init__(self, menu: KindMenu) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Read as"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._segments = [_Segment(action) for action in menu.choices.values()]
        for segment in self._segments:
            row.addWidget(segment)
            segment.stepped.connect(self._step)

    def _step(self, step: int) -> None:
        number = [segment.hasFocus() for segment in self._segments].index(True) + step
        if 0 <= number < len(self._segments):
            self._segments[number].click()
            self._segments[number].setFocus(Qt.FocusReason.TabFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground behind the buttons."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = colours(self)
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.setBrush(QColor(theme.track))
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(area, _RADIUS, _RADIUS)


class _Segment(QToolButton):
    """One of the buttons; only the chosen one is a stop of the Tab key.

    Signals:
        stepped (int): an arrow key asks for the next button (1) or the previous one (-1).
    """

    stepped = Signal(int)

    def __init__(self, action: QAction) -> None:
        super().__init__()
        self.setDefaultAction(action)
        self.setAccessibleName(action.iconText())
        self.setAccessibleDescription(action.toolTip())
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._take_focus_if(action.isChecked())
        action.toggled.connect(self._take_focus_if)

    def _take_focus_if(self, checked: bool) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if checked else Qt.FocusPolicy.NoFocus)

    def sizeHint(self) -> QSize:
        """Return the size for the text in bold: choosing does not move the others."""
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        width = max(
            metrics.horizontalAdvance(self.defaultAction().iconText())
            for metrics in (self.fontMetrics(), type(self.fontMetrics())(font))
        )
        return QSize(width + 2 * _PADDING, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Return the same."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the next or the previous button."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(step)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the button."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, font = colours(self), QFont(self.font())
        area = QRectF(self.rect()).adjusted(_INSET, _INSET, -_INSET, -_INSET)
        if self.isChecked():
            font.setWeight(QFont.Weight.DemiBold)
            painter.setPen(QPen(QColor(theme.line), 1))
            painter.setBrush(QColor(theme.surface))
            painter.drawRoundedRect(area, _RADIUS - _INSET, _RADIUS - _INSET)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area, _RADIUS - _INSET, _RADIUS - _INSET)
        painter.setFont(font)
        is_strong = self.isChecked() or self.underMouse()
        painter.setPen(QColor(theme.text if is_strong else theme.quiet))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.defaultAction().iconText())
