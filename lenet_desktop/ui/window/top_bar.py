"""The bar at the top: tools on the left, the model, training and theme on the right."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSlider, QToolButton, QWidget

from lenet_desktop.drawing.strokes import MAX_BRUSH, MIN_BRUSH, PAD_SIZE
from lenet_desktop.ui.models.model_chip import ModelChip
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.theme import colours
from lenet_desktop.ui.window.actions import WindowActions

_ICON = QSize(20, 20)
_LARGEST_DOT = 26


class TopBar(QWidget):
    """Pen, eraser, undo, redo, clear, brush size; room for a choice; model, Train, theme.

    Attributes:
        middle: the layout in the middle, empty for now: the choice of digit or number goes there.
    """

    def __init__(self, canvas: Canvas, actions: WindowActions, chip: ModelChip) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(2)
        for action in (actions.pen, actions.erase):
            row.addWidget(_tool(action))
        row.addWidget(_line())
        for action in (actions.undo, actions.redo, actions.clear):
            row.addWidget(_tool(action))
        row.addWidget(_line())
        row.addWidget(_BrushSlider(canvas))
        row.addWidget(_BrushDot(canvas))
        row.addStretch(1)
        self.middle = QHBoxLayout()
        row.addLayout(self.middle)
        row.addStretch(1)
        row.addWidget(chip)
        row.addSpacing(8)
        row.addWidget(_tool(actions.train, Qt.ToolButtonStyle.ToolButtonTextBesideIcon))
        row.addWidget(_tool(actions.switch_theme, Qt.ToolButtonStyle.ToolButtonIconOnly))


class _BrushSlider(QSlider):
    def __init__(self, canvas: Canvas) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(MIN_BRUSH, MAX_BRUSH)
        self.setPageStep(8)
        self.setFixedWidth(110)
        self.setAccessibleName(self.tr("Brush size"))
        self.setToolTip(self.tr("Brush size ([ and ], or Ctrl and the wheel)"))
        self.setValue(canvas.brush)
        self.valueChanged.connect(canvas.set_brush)
        canvas.brush_changed.connect(self.setValue)


class _BrushDot(QWidget):
    """A dot as large as the brush is on the paper, as far as there is room."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__()
        self._canvas = canvas
        self.setFixedSize(_LARGEST_DOT + 6, _LARGEST_DOT + 6)
        canvas.brush_changed.connect(lambda: self.update())
        canvas.paper_moved.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dot."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours(self).text))
        diameter = self._canvas.brush * self._canvas.paper().width() / PAD_SIZE
        diameter = min(max(diameter, 2), _LARGEST_DOT)
        middle = QRectF(self.rect()).center()
        painter.drawEllipse(middle, diameter / 2, diameter / 2)


def _tool(
    action: QAction,
    style: Qt.ToolButtonStyle = Qt.ToolButtonStyle.ToolButtonTextUnderIcon,
) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setAccessibleName(action.iconText())
    button.setToolButtonStyle(style)
    button.setIconSize(_ICON)
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def _line() -> QFrame:
    line = QFrame()
    line.setFrameShape(QFrame.Shape.VLine)
    line.setFrameShadow(QFrame.Shadow.Plain)
    line.setFixedHeight(28)
    line.setForegroundRole(line.backgroundRole())
    return line
