"""The controls with which one steps through a network: play, pause, step, speed."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QWidget

from lenet_desktop.inference.inside.layers import Layer
from lenet_desktop.ui.inside.sweep import Sweep

_TICK_MS = 33
# Values a second at each notch of the slider.
_SPEEDS = (1, 2, 5, 15, 40, 100, 300)
_USUAL = 3


class StepBar(QWidget):
    """Moves a sweep on: value after value by itself, or one at each press of a button.

    It is hidden while there is no sweep.

    Signals:
        swept (Sweep | None): the sweep has moved on; None when it has ended.

    Attributes:
        play, step_button, layer_button, stop_button: the buttons.
        speed: the slider.
    """

    swept = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layers: tuple[Layer, ...] = ()
        self._sweep: Sweep | None = None
        self._number = 0
        self._due = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self.play = QPushButton()
        self.play.setToolTip(
            self.tr("Watch one map being filled value by value, then the next layer")
        )
        self.play.clicked.connect(self._play_or_pause)
        self.step_button = QPushButton(self.tr("Ste&p"))
        self.step_button.setToolTip(self.tr("Compute one more value"))
        self.step_button.clicked.connect(self._step)
        self.layer_button = QPushButton(self.tr("Ne&xt layer"))
        self.layer_button.clicked.connect(self._next_layer)
        self.stop_button = QPushButton(self.tr("End"))
        self.stop_button.setToolTip(self.tr("Show the whole network again"))
        self.stop_button.clicked.connect(self.end)
        self.speed = QSlider(Qt.Orientation.Horizontal)
        self.speed.setRange(0, len(_SPEEDS) - 1)
        self.speed.setValue(_USUAL)
        self.speed.setPageStep(1)
        self.speed.setFixedWidth(80)
        self.speed.setAccessibleName(self.tr("Speed"))
        self.speed.setToolTip(self.tr("How many values are computed in a second"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for widget in (
            self.play, self.step_button, self.layer_button, QLabel(self.tr("Speed")),
            self.speed,
        ):  # fmt: skip
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.stop_button)
        self._show_state()
        self.hide()

    @property
    def sweep(self) -> Sweep | None:
        """Where the sweep is, or None while the whole network is shown."""
        return self._sweep

    @property
    def is_playing(self) -> bool:
        """Whether the sweep moves on by itself."""
        return self._timer.isActive()

    def set_layers(self, layers: tuple[Layer, ...]) -> None:
        """Step through other layers from now on; an old sweep ends."""
        if layers is not self._layers:
            self.end()
            self._layers = layers

    def choose_map(self, number: int) -> None:
        """Fill this map when the next sweep begins."""
        self._number = number

    def begin(self) -> None:
        """Show the first value of the first layer, and nothing of what follows."""
        if self._layers:
            self._sweep = Sweep(self._layers, self._number)
            self.show()
            self.play.setFocus()
            self.swept.emit(self._sweep)

    def end(self) -> None:
        """Show the whole network again."""
        self._timer.stop()
        self._show_state()
        self.hide()
        if self._sweep is not None:
            self._sweep = None
            self.swept.emit(None)

    def _play_or_pause(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
        else:
            if self._sweep is None or self._sweep.is_at_end:
                self.begin()
            self._due = 0.0
            self._timer.start()
        self._show_state()

    def _step(self) -> None:
        self._timer.stop()
        self._advance(1)
        self._show_state()

    def _next_layer(self) -> None:
        if self._sweep is not None:
            self._sweep.next_layer()
            self.swept.emit(self._sweep)

    def _tick(self) -> None:
        self._due += _SPEEDS[self.speed.value()] * _TICK_MS / 1000
        count = int(self._due)
        if count:
            self._due -= count
            self._advance(count)

    def _advance(self, count: int) -> None:
        sweep = self._sweep
        if sweep is None:
            return
        sweep.step(count)
        if sweep.is_at_end:
            self._timer.stop()
            self._show_state()
        self.swept.emit(sweep)

    def _show_state(self) -> None:
        self.play.setText(self.tr("&Pause") if self._timer.isActive() else self.tr("&Play"))
