"""The picture of the whole network: pointed at, clicked, moved through with the keys."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from lenet_desktop.inference.inside.layers import Layer, Off
from lenet_desktop.inference.inside.reading import InsideReading
from lenet_desktop.inference.inside.unit import Unit
from lenet_desktop.ui.answer.accessible_graphic import AccessibleGraphic
from lenet_desktop.ui.inside.captions import parameters, sentence, unit_name
from lenet_desktop.ui.inside.detail.figures import written
from lenet_desktop.ui.inside.layers.arrangement import Arrangement, arrange, least_width
from lenet_desktop.ui.inside.layers.painting import (
    CAPTION,
    SENTENCE,
    Pictures,
    bar_rows,
    has_room_for_sentences,
    paint_bars,
    paint_caption,
    paint_column,
    paint_selection,
    paint_sentence,
)
from lenet_desktop.ui.inside.layers.selection import Move, first_unit, moved
from lenet_desktop.ui.inside.sweep import Sweep
from lenet_desktop.ui.style.theme import colours

_Key = Qt.Key
_MOVES = {
    _Key.Key_Left: Move.LEFT,
    _Key.Key_Right: Move.RIGHT,
    _Key.Key_Up: Move.UP,
    _Key.Key_Down: Move.DOWN,
    _Key.Key_PageDown: Move.NEXT_MAP,
    _Key.Key_PageUp: Move.PREVIOUS_MAP,
}
_LAYER_MOVES = {_Key.Key_Left: Move.PREVIOUS_LAYER, _Key.Key_Right: Move.NEXT_LAYER}
_MARGIN = 10.0


class NetworkPicture(AccessibleGraphic):
    """All layers of a network from left to right, with their values for what is on the pad.

    The unit under the mouse is selected; a click holds the selection, another one on the same unit
    releases it. The keys move it: arrows within a map, Page Up and Down from map to map, with Ctrl
    from layer to layer. A right click, Space, or a click while ``switches`` is set switches a map
    or a neuron off or on.

    Signals:
        unit_selected (Unit | None): another unit is selected, or none.
        off_changed (Off): something was switched off or on.
        class_chosen (int): a class was clicked in the bars.

    Attributes:
        switches: whether a click switches off or on.
        is_sure: whether the answer is to be trusted: only then it has a colour.
    """

    unit_selected = Signal(object)
    off_changed = Signal(object)
    class_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.switches, self.is_sure = False, True
        self._reading: InsideReading | None = None
        self._pictures: Pictures | None = None
        self._arrangement: Arrangement | None = None
        self._sentences: QRectF | None = None
        self._selected: Unit | None = None
        self._held = self._shows_focus = False
        self._off: Off = frozenset()
        self._sweep: Sweep | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("The layers of the network"))
        self.setAccessibleDescription(
            self.tr(
                "Arrow keys move within a map, Page Up and Page Down from map to map, with Ctrl "
                "from layer to layer; Space switches a map or neuron off or on"
            )
        )

    @property
    def reading(self) -> InsideReading | None:
        """What is shown, or None."""
        return self._reading

    @property
    def selected(self) -> Unit | None:
        """The unit that is selected, or None."""
        return self._selected

    @property
    def is_held(self) -> bool:
        """Whether the selection stays while the mouse moves on."""
        return self._held

    @property
    def off(self) -> Off:
        """The maps and neurons that are switched off."""
        return self._off

    def show_reading(self, reading: InsideReading | None) -> None:
        """Show the values of a reading; bare paper for None."""
        before = self._layers()
        self._reading = reading
        self._pictures = None
        if reading is not None and reading.layers is not before:
            self._arrangement = None
            self._sweep = None
            self.setMinimumWidth(round(least_width(reading.layers) + 2 * _MARGIN))
            if before is None or not _have_same_units(before, reading.layers):
                self.select(None)
            if self._off:
                # The layers of another network.
                self.switch_on_all()
        self.update()

    def show_sweep(self, sweep: Sweep | None) -> None:
        """Show the network as far as a sweep has come, or whole again for None."""
        self._sweep = sweep
        if sweep is None:
            self.select(None)
        else:
            self.select(sweep.unit, held=True, announced=False)
        self.update()

    def select(self, unit: Unit | None, *, held: bool = False, announced: bool = False) -> None:
        """Select a unit, or none."""
        self._held = held and unit is not None
        if unit != self._selected:
            self._selected = unit
            self.unit_selected.emit(unit)
            if announced:
                QAccessible.updateAccessibility(
                    QAccessibleAnnouncementEvent(self, self.accessible_value())
                )
        self.update()

    def switch(self, layer: int, number: int) -> None:
        """Switch a map or a neuron off, or on again."""
        self._off = self._off ^ {(layer, number)}
        self.off_changed.emit(self._off)

    def switch_on_all(self) -> None:
        """Switch everything on again."""
        self._off = frozenset()
        self.off_changed.emit(self._off)

    def accessible_value(self) -> str:
        """Return the selected unit and its value."""
        if self._reading is None or self._selected is None:
            return ""
        reading, unit = self._reading, self._selected
        name = unit_name(unit, reading.layers, reading.prediction.classes)
        return f"{name}: {written(float(reading.values[unit.layer][unit.place]))}"

    def place_of_layer(self, layer: int) -> QRectF | None:
        """Return the place of a layer's column, or None before anything was read."""
        arrangement = self.arrangement()
        return None if arrangement is None else arrangement.columns[layer].area

    # Painting

    def sizeHint(self) -> QSize:
        """Return a size at which the classic network is easy to look at."""
        return QSize(760, 330)

    def arrangement(self) -> Arrangement | None:
        """Return where everything is, or None before anything was read."""
        layers = self._layers()
        if layers is None:
            return None
        if self._arrangement is None:
            room = QRectF(self.rect()).adjusted(_MARGIN, CAPTION + 4, -_MARGIN, -6)
            arrangement = arrange(layers, room)
            self._sentences = None
            if has_room_for_sentences(arrangement) and room.height() > 260:
                room.setHeight(room.height() - SENTENCE)
                arrangement = arrange(layers, room)
                self._sentences = QRectF(2, room.bottom() + 6, self.width() - 4, SENTENCE)
            self._arrangement = arrangement
        return self._arrangement

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the layers anew."""
        self._arrangement = None
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the layers and what is selected."""
        painter = QPainter(self)
        theme = colours(self)
        reading, arrangement = self._reading, self.arrangement()
        if reading is None or arrangement is None:
            self._paint_focus(painter)
            return
        if self._pictures is None or self._pictures.theme is not theme:
            self._pictures = Pictures(reading, theme)
        painter.setFont(self.font())
        is_blank = not reading.sample.any()
        for column in arrangement.columns:
            paint_caption(painter, column, arrangement.gap, reading.layers, theme)
            if is_blank:
                # What the network makes of bare paper would look like an answer.
                painter.fillRect(column.area, QColor(theme.paper))
            else:
                paint_column(painter, column, self._pictures, self._sweep)
            painter.setPen(QPen(QColor(theme.line), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(column.area.adjusted(-0.5, -0.5, 0.5, 0.5))
            if self._sentences is not None:
                paint_sentence(
                    painter, column, arrangement.gap, self._sentences, reading.layers, theme
                )
        if not is_blank and (self._sweep is None or self._sweep.is_at_end):
            paint_bars(painter, arrangement, reading, theme, is_sure=self.is_sure)
        if self._selected is not None and not is_blank:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_selection(
                painter, arrangement, reading, self._selected, theme, is_held=self._held
            )
        self._paint_focus(painter)

    def _paint_focus(self, painter: QPainter) -> None:
        if self.hasFocus() and self._shows_focus:
            painter.setPen(QPen(QColor(colours(self).accent), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    # Mouse and keys

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Select the unit under the mouse, unless another one is held.

        It stays selected beside the layers: one may go on to the arithmetic below.
        """
        unit = self._unit_at(event.position())
        if unit is not None and not self._held:
            self.select(unit)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Hold the selection or release it, or switch off or on."""
        unit = self._unit_at(event.position())
        right = event.button() is Qt.MouseButton.RightButton
        if right or (self.switches and event.button() is Qt.MouseButton.LeftButton):
            if unit is not None and self._can_be_switched(unit):
                self.switch(unit.layer, unit.number)
            return
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        if unit is None:
            chosen = self._class_at(event.position())
            if chosen is not None:
                self.class_chosen.emit(chosen)
            self.select(None)
        else:
            self.select(unit, held=not (self._held and unit == self._selected))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the selection, or switch off or on what is selected."""
        layers, arrangement = self._layers(), self.arrangement()
        if layers is None or arrangement is None:
            super().keyPressEvent(event)
            return
        key = _Key(event.key())
        with_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        move = (_LAYER_MOVES if with_control else _MOVES).get(key)
        if move is not None:
            unit = self._selected
            if unit is None:
                unit = first_unit(layers)
            else:
                unit = moved(layers, unit, move, arrangement.columns[unit.layer].across)
            self._shows_focus = True
            self.select(unit, held=True, announced=True)
        elif key is _Key.Key_Space and self._selected is not None:
            if self._can_be_switched(self._selected):
                self.switch(self._selected.layer, self._selected.number)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the keys act here, unless a click brought the focus."""
        self._shows_focus = event.reason() is not Qt.FocusReason.MouseFocusReason
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the keys act elsewhere."""
        self.update()
        super().focusOutEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show a tooltip about the layer under the mouse; keep keys from the window's actions."""
        is_override = event.type() is QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and _Key(event.key()) in _MOVES:
            event.accept()
            return True
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            layers, arrangement = self._layers(), self.arrangement()
            number = None if arrangement is None else arrangement.layer_at(QPointF(event.pos()))
            if layers is None or number is None:
                QToolTip.hideText()
            else:
                layer = layers[number]
                lines = (f"{layer.name} · {layer.shape_text}", parameters(layer))
                text = "\n".join(filter(None, (*lines, sentence(layer, layers))))
                QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def _unit_at(self, point: QPointF) -> Unit | None:
        arrangement = self.arrangement()
        if arrangement is None or self._reading is None or not self._reading.sample.any():
            return None
        return arrangement.unit_at(point)

    def _class_at(self, point: QPointF) -> int | None:
        arrangement = self.arrangement()
        if arrangement is None or self._reading is None:
            return None
        rows = bar_rows(arrangement, self._reading)
        return next((index for index, row in rows if row.contains(point)), None)

    def _can_be_switched(self, unit: Unit) -> bool:
        """Return whether it is a map or neuron between the sample and the logits."""
        layers = self._layers()
        return layers is not None and 0 < unit.layer < len(layers) - 1

    def _layers(self) -> tuple[Layer, ...] | None:
        return None if self._reading is None else self._reading.layers


def _have_same_units(layers: tuple[Layer, ...], others: tuple[Layer, ...]) -> bool:
    """Return whether two networks differ in their weights only, as the moments of a training do."""
    each, other = ([(layer.name, layer.shape) for layer in some] for some in (layers, others))
    return each == other
