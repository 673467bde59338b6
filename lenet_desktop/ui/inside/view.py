"""The view 'Inside the network', beside the pad."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsOpacityEffect,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from lenet_desktop.inference.inside.layers import Layer, LayerKind, Off
from lenet_desktop.inference.inside.reading import InsideReading
from lenet_desktop.inference.inside.unit import Unit
from lenet_desktop.ui.answer.answer_texts import large_text
from lenet_desktop.ui.inside.detail.arithmetic_view import ArithmeticView
from lenet_desktop.ui.inside.detail.filters_view import FiltersView
from lenet_desktop.ui.inside.header import Header
from lenet_desktop.ui.inside.layers.network_picture import NetworkPicture
from lenet_desktop.ui.inside.step_bar import StepBar
from lenet_desktop.ui.inside.sweep import Sweep

_DETAIL_HEIGHT, _LEAST_DETAIL = 210, 148
_FADED = 0.3


class InsideView(QWidget):
    """The whole network while it reads: its answer, its layers, and where a value comes from.

    Signals:
        closed (): the user closes the view.
        unit_selected (Unit | None): another unit is selected, or none.
        off_changed (Off): something was switched off or on.
        class_chosen (int): a class was clicked in the bars.

    Attributes:
        header, picture, step_bar: the parts from top to bottom.
        step_through: the button with which stepping through the network begins.
        tabs: what is shown at the bottom.
        arithmetic, filters: the first pages of the tabs.
    """

    closed = Signal()
    unit_selected = Signal(object)
    off_changed = Signal(object)
    class_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Inside the network"))
        self._shown, self._digit_place, self._moment = "", "", ""
        self.header = Header()
        self.picture = NetworkPicture()
        self._scroll = QScrollArea()
        self.step_bar = StepBar()
        self.step_through = QPushButton(self.tr("Step thr&ough"))
        self.step_through.setToolTip(
            self.tr("See the network at work: a window slides over the sample and fills a map")
        )
        self.arithmetic = ArithmeticView()
        self.filters = FiltersView()
        self.tabs = QTabBar()
        self.tabs.setAccessibleName(self.tr("Pages below the network"))
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self._pages = QStackedWidget()
        self.add_page(self.tr("Arithmetic"), self.arithmetic)
        self.add_page(self.tr("Filters"), self.filters)
        self._lay_out()
        self.header.closed.connect(self.closed)
        self.header.switching.toggled.connect(self._set_switching)
        self.header.all_on.clicked.connect(self.picture.switch_on_all)
        self.picture.unit_selected.connect(self._show_unit)
        self.picture.unit_selected.connect(self.unit_selected)
        self.picture.off_changed.connect(self.off_changed)
        self.step_through.clicked.connect(self._step_through)
        self.picture.class_chosen.connect(self.class_chosen)
        self.step_bar.swept.connect(self._show_sweep)
        self.tabs.currentChanged.connect(self._pages.setCurrentIndex)

    @property
    def reading(self) -> InsideReading | None:
        """What is shown, or None."""
        return self.picture.reading

    @property
    def off(self) -> Off:
        """The maps and neurons that are switched off."""
        return self.picture.off

    def add_page(self, title: str, page: QWidget) -> None:
        """Add a page to the tabs at the bottom."""
        self._pages.addWidget(page)
        self.tabs.addTab(title)

    def show_page(self, page: QWidget) -> None:
        """Show one of the pages at the bottom."""
        self.tabs.setCurrentIndex(self._pages.indexOf(page))

    def show_answer(self, shown: str, digit_place: str) -> None:
        """Take the answer as the pad shows it; the values of the layers follow.

        Args:
            shown: the number, or the class.
            digit_place: which digit of a number this is, or ''.
        """
        self._shown, self._digit_place = shown, digit_place

    def set_moment(self, name: str) -> None:
        """Take what follows for the readings of a network in training; '' for the one in use."""
        self._moment = name

    def show_reading(self, reading: InsideReading) -> None:
        """Show the values of all layers."""
        self.step_bar.set_layers(reading.layers)
        is_own = bool(reading.off or self._moment)
        is_shown_sure = is_own or "?" not in self._shown
        self.picture.is_sure = reading.prediction.is_sure and is_shown_sure
        self.picture.show_reading(reading)
        if reading.sample.any():
            shown = large_text(reading.prediction) if is_own else self._shown
            self.header.show_reading(reading, shown, self._moment or self._digit_place)
        self._show_unit(self.picture.selected)

    def show_nothing(self, reason: str) -> None:
        """Show that nothing is on the pad."""
        self.header.show_nothing(reason)

    def set_aside(self, aside: bool) -> None:
        """Fade the answer and the layers while they do not belong to what lies over the paper."""
        for widget in (self.header, self.picture):
            effect = QGraphicsOpacityEffect(widget) if aside else None
            if effect is not None:
                effect.setOpacity(_FADED)
            widget.setGraphicsEffect(effect)  # type: ignore[arg-type]  # None removes it

    def release(self) -> bool:
        """End a sweep, or let go of a held unit; return False if there was neither."""
        if self.step_bar.sweep is not None:
            self.step_bar.end()
            return True
        if self.picture.is_held:
            self.picture.select(None)
            return True
        return False

    def _show_unit(self, unit: Unit | None) -> None:
        reading = self.picture.reading
        self.arithmetic.show_unit(reading, unit)
        if reading is not None:
            self.filters.show_layer(*_filters(reading.layers, unit, self.filters.layer))
        if unit is not None and self.step_bar.sweep is None:
            self.step_bar.choose_map(unit.number)
        if unit is not None and self.picture.is_held:
            # The keys, and stepping through, may lead to where one has not scrolled yet.
            place = self.picture.place_of_layer(unit.layer)
            assert place is not None
            middle, half = place.center().toPoint(), round(place.width() / 2)
            self._scroll.ensureVisible(middle.x(), middle.y(), half, 0)

    def _step_through(self) -> None:
        self.tabs.setCurrentIndex(0)
        self.step_bar.begin()

    def _show_sweep(self, sweep: Sweep | None) -> None:
        self.step_through.setEnabled(sweep is None)
        self.picture.show_sweep(sweep)

    def _set_switching(self, switches: bool) -> None:
        self.picture.switches = switches
        shape = Qt.CursorShape.PointingHandCursor if switches else Qt.CursorShape.ArrowCursor
        self.picture.setCursor(shape)

    def _lay_out(self) -> None:
        scroll = self._scroll
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self.picture)
        bar = QHBoxLayout()
        bar.setSpacing(8)
        bar.addWidget(self.tabs)
        bar.addStretch(1)
        bar.addWidget(self.step_through)
        self._pages.setMinimumHeight(_LEAST_DETAIL)
        self._pages.setMaximumHeight(_DETAIL_HEIGHT)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.header)
        layout.addWidget(scroll, stretch=1)
        layout.addWidget(self.step_bar)
        layout.addLayout(bar)
        layout.addWidget(self._pages)


def _filters(
    layers: tuple[Layer, ...], unit: Unit | None, shown: Layer | None
) -> tuple[Layer | None, int | None]:
    """Return the convolution whose filters are shown, and which map's are marked.

    It is that of the unit, or the one before it; without a unit, the one that is shown already.
    """
    convolutions = [n for n, layer in enumerate(layers) if layer.kind is LayerKind.CONVOLUTION]
    if not convolutions:
        return None, None
    if unit is None:
        return (shown if shown in layers else layers[convolutions[0]]), None
    before = [n for n in convolutions if n <= unit.layer]
    number = before[-1] if before else convolutions[0]
    return layers[number], unit.number if number == unit.layer else None
