"""The row of tools below the pad."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QToolButton, QWidget

from lenet_desktop.drawing.strokes import MAX_BRUSH, MIN_BRUSH
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.window.actions import WindowActions


class ToolRow(QWidget):
    """Buttons for the actions on the drawing, and the brush size."""

    def __init__(self, canvas: Canvas, actions: WindowActions, parent: QWidget | None = None):
        super().__init__(parent)
        self._canvas = canvas
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        for action in (actions.clear, actions.undo, actions.redo, actions.erase):
            self._row.addWidget(tool_button(action))
        self._row.addStretch(1)
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(MIN_BRUSH, MAX_BRUSH)
        slider.setPageStep(8)
        slider.setMinimumWidth(80)
        slider.setMaximumWidth(140)
        slider.setAccessibleName("Brush size")
        slider.setToolTip("Brush size ([ and ], or Ctrl and the wheel)")
        slider.setValue(canvas.brush)
        slider.valueChanged.connect(canvas.set_brush)
        canvas.brush_changed.connect(slider.setValue)
        label = QLabel("&Brush")
        label.setBuddy(slider)
        self._row.addWidget(label)
        self._row.addWidget(slider)
        canvas.paper_moved.connect(self._align)

    def _align(self) -> None:
        """Place the row exactly below the paper."""
        paper = self._canvas.paper()
        margins = self._row.contentsMargins()
        needed = self._row.minimumSize().width() - margins.left() - margins.right()
        margin = max(0, min(round(paper.left()), (self._canvas.width() - needed) // 2))
        self._row.setContentsMargins(margin, 0, margin, 0)


def tool_button(action: QAction) -> QToolButton:
    """Return a button that shows the action's text."""
    button = QToolButton()
    button.setDefaultAction(action)
    button.setText(action.text().replace("&", ""))
    button.setAccessibleName(button.text())
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    button.setMinimumSize(64, 32)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
