"""The bar at the top: tools on the left, the model, training and theme on the right."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QSpacerItem, QWidget

from lenet_desktop.drawing.strokes import MAX_BRUSH, MIN_BRUSH, PAD_SIZE
from lenet_desktop.ui.models.model_chip import ModelChip
from lenet_desktop.ui.number.kind_switch import KindMenu, KindSwitch
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.style.theme import colours
from lenet_desktop.ui.window.actions import WindowActions
from lenet_desktop.ui.window.bar_button import BarButton, Look

_LARGEST_DOT = 40
_SLIDER, _NARROW_SLIDER = 104, 50
_SPACING, _NARROW_SPACING = 4, 1
_SMALL_FONT = 0.78


class TopBar(QWidget):
    """Pen, eraser, undo, redo, clear, brush size; digit or number; model, Train, theme.

    Where the bar is too narrow for the names of the tools, it shows their icons only; for a trial
    the dot goes, too.

    In the middle is the choice of digit or number.
    """

    def __init__(
        self, canvas: Canvas, actions: WindowActions, kind_menu: KindMenu, chip: ModelChip
    ) -> None:
        super().__init__()
        self._tools = [
            BarButton(Look.TOOL, actions.pen, "pen"),
            BarButton(Look.TOOL, actions.erase, "eraser"),
            BarButton(Look.TOOL, actions.undo, "undo"),
            BarButton(Look.TOOL, actions.redo, "redo"),
            BarButton(Look.TOOL, actions.clear, "clear"),
        ]
        theme = BarButton(Look.TOOL, actions.switch_theme, "theme")
        theme.show_name(False)
        left, right = QHBoxLayout(), QHBoxLayout()
        for tool in self._tools[:2]:
            left.addWidget(tool)
        left.addWidget(_Line())
        for tool in self._tools[2:]:
            left.addWidget(tool)
        left.addWidget(_Line())
        self._slider = _BrushSlider(canvas)
        left.addWidget(self._slider)
        self._dot = _BrushDot(canvas)
        left.addWidget(self._dot)
        middle = QHBoxLayout()
        middle.setContentsMargins(4, 0, 4, 0)
        middle.addWidget(KindSwitch(kind_menu))
        for widget in (chip, chip.trial, BarButton(Look.PRIMARY, actions.train, "train"), theme):
            right.addWidget(widget)
        left.setSpacing(_SPACING)
        right.setSpacing(6)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 5, 12, 5)
        row.setSpacing(0)
        self._left, self._middle, self._right = left, middle, right
        narrow = QSizePolicy.Policy.Preferred
        self._gaps = QSpacerItem(0, 0, narrow), QSpacerItem(0, 0, narrow)
        row.addLayout(left)
        row.addItem(self._gaps[0])
        row.addLayout(middle)
        row.addItem(self._gaps[1])
        row.addLayout(right)
        # The tools lose their names before the window would have to grow.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def _fit(self) -> None:
        """Show the names of the tools if there is room for them."""
        layout = self.layout()
        assert layout is not None
        gained = sum(tool.width_of_name for tool in self._tools if not tool.shows_name)
        gained += _SLIDER - self._slider.width()
        gained += (_SPACING - self._left.spacing()) * (self._left.count() - 1)
        fits = layout.totalMinimumSize().width() + gained <= self.width()
        for tool in self._tools:
            tool.show_name(fits)
        self._slider.setFixedWidth(_SLIDER if fits else _NARROW_SLIDER)
        spacing = _SPACING if fits else _NARROW_SPACING
        if spacing != self._left.spacing():  # setting the same asks for another layout
            self._left.setSpacing(spacing)
        # The cursor shows the brush's size, too.
        room = self.width() - layout.totalMinimumSize().width()
        self._dot.setHidden(room < (self._dot.width() if self._dot.isHidden() else 0))
        self._centre()

    def _centre(self) -> None:
        """Put the middle into the middle of the bar, or as near to it as there is room."""
        row = self.layout()
        assert row is not None
        inside = row.contentsRect().width()
        left, right = self._left.sizeHint().width(), self._right.sizeHint().width()
        middle = self._middle.sizeHint().width()
        free = max(inside - left - middle - right, 0)
        before = min(max((inside - middle) // 2 - left, 0), free)
        widths = before, free - before
        if widths != tuple(gap.sizeHint().width() for gap in self._gaps):
            for gap, width in zip(self._gaps, widths, strict=True):
                gap.changeSize(width, 0, QSizePolicy.Policy.Preferred)
            row.invalidate()
            row.activate()  # Qt has placed the parts before it tells the bar

    def sizeHint(self) -> QSize:
        """Return the height for tools with names: the bar does not change it."""
        hint = super().sizeHint()
        return QSize(hint.width(), max(hint.height(), 56))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the names of the tools if there is room for them."""
        self._fit()
        super().resizeEvent(event)

    def event(self, event: QEvent) -> bool:
        """Fit again when a part has changed its size, such as the chip for a longer name."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)


class _BrushSlider(QSlider):
    """The brush's size in pad units."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(MIN_BRUSH, MAX_BRUSH)
        self.setSingleStep(4)
        self.setPageStep(8)
        self.setFixedSize(_SLIDER, 34)
        self.setAccessibleName(self.tr("Brush size"))
        self.setToolTip(self.tr("Brush size ([ and ], or Ctrl and the wheel)"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setValue(canvas.brush)
        self.valueChanged.connect(canvas.set_brush)
        canvas.brush_changed.connect(self.setValue)


class _BrushDot(QWidget):
    """A dot as large as the brush is on the paper; one that does not fit has its size in it."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__()
        self._canvas = canvas
        self.setFixedSize(_LARGEST_DOT + 2, _LARGEST_DOT + 2)
        canvas.brush_changed.connect(lambda: self.update())
        canvas.paper_moved.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dot."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = colours(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.text))
        real = self._canvas.brush * self._canvas.paper().height() / PAD_SIZE
        diameter = min(max(real, 2.0), float(_LARGEST_DOT))
        middle = QRectF(self.rect()).center()
        painter.drawEllipse(middle, diameter / 2, diameter / 2)
        if real > _LARGEST_DOT:
            font = painter.font()
            font.setPointSizeF(font.pointSizeF() * _SMALL_FONT)
            painter.setFont(font)
            painter.setPen(QColor(theme.window))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, str(self._canvas.brush))


class _Line(QWidget):
    """A thin line between groups of tools."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(13, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line."""
        painter = QPainter(self)
        theme = colours(self)
        painter.fillRect(QRectF(6, 0, 1, self.height()), QColor(theme.disabled))
