"""The pill that says which model reads beside the one in use."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from lenet_desktop.ui.icons import icon
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.style.theme import colours
from lenet_desktop.ui.tooltip import plain_tooltip

# In average characters.
_WIDEST, _NARROWEST = 26, 14


class TrialPill(QWidget):
    """Names the challenger on trial, with buttons to use it and to end the trial.

    It is hidden while no model is on trial. A challenger that was not saved yet has no 'Use': the
    training drawer offers that.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._name = _ElidedLabel()
        self.use_button = QPushButton(self.tr("Use"))
        self.use_button.setAutoDefault(False)
        width = self.use_button.fontMetrics().horizontalAdvance(self.use_button.text())
        self.use_button.setFixedSize(width + 20, 24)
        self.use_button.clicked.connect(self._use)
        self.end_button = QToolButton()
        self.end_button.setIcon(icon("close"))
        self.end_button.setIconSize(QSize(14, 14))
        self.end_button.setAutoRaise(True)
        self.end_button.setAccessibleName(self.tr("End the comparison"))
        self.end_button.setToolTip(self.tr("End the comparison"))
        self.end_button.clicked.connect(lambda: session.try_beside(None))
        for button in (self.use_button, self.end_button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 3, 5, 3)
        row.setSpacing(4)
        row.addWidget(self._name, stretch=1)
        row.addWidget(self.use_button)
        row.addWidget(self.end_button)
        self.setFixedHeight(34)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        session.challenger_changed.connect(self._show_challenger)
        self.hide()

    @property
    def text(self) -> str:
        """What it says, or '' while it is hidden."""
        return "" if self.isHidden() else self._name.text()

    def _show_challenger(self, name: str) -> None:
        self._name.setText(self.tr("beside {name}").format(name=name))
        tip = self.tr("{name} reads each drawing too; hold X to see its answer large")
        self._name.setToolTip(plain_tooltip(tip.format(name=name)))
        self.use_button.setVisible(self._session.challenger_path is not None)
        self.use_button.setAccessibleName(self.tr("Use {name}").format(name=name))
        self.setVisible(bool(name))

    def _use(self) -> None:
        path = self._session.challenger_path
        if path is not None:
            self._session.use(path)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame in the challenger's colour."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = colours(self)
        painter.setPen(QPen(QColor(theme.challenger), 1))
        painter.setBrush(QColor(theme.surface))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(1.5, 1.5, -1.5, -1.5), 7, 7)


class _ElidedLabel(QLabel):
    """One line that ends in '…' where there is no room for all of it."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        """Return the size of the whole text, up to a limit."""
        metrics = self.fontMetrics()
        width = min(metrics.horizontalAdvance(self.text()) + 2, self._characters(_WIDEST))
        return QSize(width, metrics.height())

    def minimumSizeHint(self) -> QSize:
        """Return the size of the first characters."""
        hint = self.sizeHint()
        return QSize(min(hint.width(), self._characters(_NARROWEST)), hint.height())

    def _characters(self, count: int) -> int:
        return self.fontMetrics().averageCharWidth() * count

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as much of the text as fits."""
        painter = QPainter(self)
        painter.setPen(QColor(colours(self).text))
        elided = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.width()
        )
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, elided)
