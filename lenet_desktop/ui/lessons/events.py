"""What the person does in the window, by the names that lessons give it."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from lenet_desktop.inference.decision import Verdict
from lenet_desktop.inference.inside.unit import Unit
from lenet_desktop.inference.kind import Kind

if TYPE_CHECKING:
    from lenet_desktop.inference.inside.layers import Off
    from lenet_desktop.inference.recognizer import StageReading
    from lenet_desktop.ui.inside.view import InsideView
    from lenet_desktop.ui.training.drawer import TrainingDrawer
    from lenet_desktop.ui.training.run import Phase
    from lenet_desktop.ui.window.main_window import MainWindow

_VERDICTS = {
    Verdict.DIGIT: "sure",
    Verdict.UNSURE: "unsure",
    Verdict.NOT_A_DIGIT: "refused",
}


class WindowEvents(QObject):
    """Turns signals of the window's parts into events.

    The parts that are made later, the drawer and the view inside the network, are met by ``meet``.

    Signals:
        happened (str, dict): one of ``EVENTS``, and its details by name.
    """

    happened = Signal(str, dict)

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._drawer: TrainingDrawer | None = None
        self._inside: InsideView | None = None
        self._phase: Phase | None = None
        self._off: Off = frozenset()
        self._stages: tuple[StageReading, ...] = ()
        window.canvas.pen_lifted.connect(self._take_stroke)
        window.canvas.blank_changed.connect(self._take_blank)
        window.reading.number_changed.connect(self._take_answer)
        window.session.recognition.stages_read.connect(self._take_stages)
        window.strip.stop_changed.connect(self._take_stop)
        window.kind_menu.kind_changed.connect(self._take_kind)
        actions = window.actions_
        for move in (actions.move_left, actions.move_right, actions.move_up, actions.move_down):
            move.triggered.connect(self._take_move)

    def meet(self) -> None:
        """Listen to the parts that have been made since the last time."""
        drawer, inside = self._window.training, self._window.inside
        if self._drawer is None and drawer is not None:
            self._drawer, self._phase = drawer, drawer.run.phase
            drawer.run.phase_changed.connect(self._take_phase)
        if self._inside is None and inside is not None:
            self._inside = inside
            inside.unit_selected.connect(self._take_unit)
            inside.off_changed.connect(self._take_off)

    def _take_stroke(self) -> None:
        canvas = self._window.canvas
        if not canvas.is_blank:
            self.happened.emit("drawn", {})
        self._take_answer("")
        self._compare_stages()

    def _take_blank(self, blank: bool) -> None:
        if blank:
            self.happened.emit("cleared", {})

    def _take_answer(self, _number: str) -> None:
        """Tell what is read once the pen is up and the answer is that of the last ink."""
        canvas, reading = self._window.canvas, self._window.reading
        shown = reading.champion
        if shown is None or canvas.is_drawing or canvas.is_blank or not reading.is_answered:
            return
        details: dict[str, Any] = {"class": shown.text}
        details["verdict"] = "sure" if shown.is_sure else _VERDICTS[shown.digits[-1].verdict]
        self.happened.emit("read", details)

    def _take_stages(self, _number: int, stages: "tuple[StageReading, ...]") -> None:
        self._stages = stages
        self._compare_stages()

    def _compare_stages(self) -> None:
        """Tell once the pen is up whether the preprocessing has made the answer."""
        canvas, stages = self._window.canvas, self._stages
        if not stages or canvas.is_drawing or canvas.is_blank:
            return
        first, last = stages[0], stages[-1]
        if last.is_sure and (not first.is_sure or first.best_class != last.best_class):
            self.happened.emit("stages-differ", {})

    def _take_stop(self, stage: str) -> None:
        if stage:
            self.happened.emit("preprocessing-off", {"stage": stage})
        else:
            self.happened.emit("preprocessing-on", {})

    def _take_kind(self, kind: Kind) -> None:
        self.happened.emit("read-as", {"kind": kind.value})

    def _take_move(self) -> None:
        if self._window.canvas.drawing.strokes:
            self.happened.emit("moved", {})

    def _take_phase(self, phase: "Phase") -> None:
        from lenet_desktop.ui.training.run import Phase

        before, self._phase = self._phase, phase
        if phase is Phase.DURING:
            self.happened.emit("training-started", {})
        elif phase is Phase.AFTER or before is Phase.DURING:
            self.happened.emit("training-ended", {})
        if phase is Phase.BEFORE:
            self.happened.emit("decided", {})

    def _take_unit(self, unit: Unit | None) -> None:
        if unit is not None:
            self.happened.emit("pointed", {"layer": self._name_of(unit.layer)})

    def _take_off(self, off: "Off") -> None:
        new, self._off = off - self._off, off
        for layer in sorted({layer for layer, _ in new}):
            self.happened.emit("switched-off", {"layer": self._name_of(layer)})
        if not off:
            self.happened.emit("switched-on", {})

    def _name_of(self, layer: int) -> str:
        reading = None if self._inside is None else self._inside.reading
        return "" if reading is None else reading.layers[layer].name
