"""Opens and closes the view inside the network, and gives it what the recognition thread reads."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from lenet_desktop.inference.inside.layers import Off
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.pad.overlays.over_paper import OverPaper
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.window.reading import Reading
from lenet_desktop.ui.window.side import Side

if TYPE_CHECKING:
    from lenet_desktop.inference.inside.reading import InsideReading
    from lenet_desktop.models.model_file import Model
    from lenet_desktop.ui.inside.view import InsideView
    from lenet_desktop.ui.why.what_if_page import WhatIfPage
    from lenet_desktop.ui.why.why_page import WhyPage
    from lenet_desktop.ui.workers.explaining import ExplainingWorker


class InsideNetwork(QObject):
    """The view inside the network; it is made when it is first opened, and costs nothing closed.

    Signals:
        shown (bool): the view was opened or closed.

    Attributes:
        view, why, what_if: the view and its two pages, or None before it is first opened.
    """

    shown = Signal(bool)

    def __init__(
        self,
        canvas: Canvas,
        over_paper: OverPaper,
        side: Side,
        reading: Reading,
        session: Session,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._canvas, self._over_paper = canvas, over_paper
        self._side, self._reading, self._session = side, reading, session
        self._explaining: ExplainingWorker | None = None
        self._moment: Model | None = None
        self.view: InsideView | None = None
        self.why: WhyPage | None = None
        self.what_if: WhatIfPage | None = None

    @property
    def is_open(self) -> bool:
        """Whether the view is shown."""
        return self._side.is_inside_shown

    def open(self, is_open: bool) -> None:
        """Open the view, or close it; what was switched off is on again then."""
        if is_open == self.is_open:
            return
        if self.view is None:
            self.view = self._make()
        self._session.recognition.reads_inside = is_open
        if not is_open:
            self.view.step_bar.end()
            self.view.picture.switch_on_all()
        self._side.show_inside(self.view if is_open else None)
        self.shown.emit(is_open)
        if is_open:
            self._reading.submit()

    def release(self) -> bool:
        """Let go of what is held in the view, or close it; return False if it is not open."""
        if self.view is None or not self.is_open:
            return False
        if not self.view.release():
            self.open(False)
        return True

    def set_aside(self, aside: bool) -> None:
        """Fade the answer and the layers while something else lies over the paper."""
        if self.view is not None:
            self.view.set_aside(aside)

    def show_moment(self, model: "Model | None") -> None:
        """Show the network of a moment of a training; the one in use again for None."""
        self._moment = model
        if self.view is not None:
            self.view.set_moment(self._moment_name)
        self._explain_what_is_shown()
        self._reading.shows_moment = model is not None
        self._session.recognition.show_moment(model)

    def stop(self) -> None:
        """End the thread that explains answers, and wait for it."""
        if self._explaining is not None:
            self._explaining.stop()

    def _make(self) -> "InsideView":
        from lenet_desktop.ui.inside.view import InsideView
        from lenet_desktop.ui.why.ink_overlay import InkOverlay
        from lenet_desktop.ui.why.what_if_page import WhatIfPage
        from lenet_desktop.ui.why.why_page import WhyPage
        from lenet_desktop.ui.workers.explaining import ExplainingWorker

        view, reading, session = InsideView(), self._reading, self._session
        worker = self._explaining = ExplainingWorker(self._moment or session.model_path, self)
        overlay = InkOverlay(self._canvas)
        self.why = WhyPage(worker, overlay)
        self.what_if = WhatIfPage(worker, overlay, self._over_paper)
        view.add_page(self.tr("Why?"), self.why)
        view.add_page(self.tr("What if?"), self.what_if)
        view.closed.connect(lambda: self.open(False))
        view.off_changed.connect(self._switch)
        view.class_chosen.connect(self._ask_why)
        view.unit_selected.connect(self.what_if.set_unit)
        reading.number_changed.connect(lambda number: view.show_answer(number, reading.digit_place))
        reading.inside_changed.connect(self._take_reading)
        reading.nothing_shown.connect(view.show_nothing)
        session.model_changed.connect(lambda _: self._explain_what_is_shown())
        view.show_answer(reading.number, reading.digit_place)
        view.set_moment(self._moment_name)
        return view

    @property
    def _moment_name(self) -> str:
        return "" if self._moment is None else self._moment.card.title

    def _explain_what_is_shown(self) -> None:
        """Explain the answers of the network whose layers are shown."""
        if self._explaining is not None:
            self._explaining.use(self._moment or self._session.model_path)

    def _take_reading(self, reading: "InsideReading") -> None:
        if self.view is None or self.why is None or self.what_if is None or not self.is_open:
            return
        self.view.show_reading(reading)
        if self._reading.is_swapped and self._moment is None:
            return  # the challenger's layers are shown while a key is held: nothing is explained
        for page in (self.why, self.what_if):
            page.show_reading(reading, self._reading.shown_drawing)

    def _ask_why(self, chosen: int) -> None:
        """Explain the class that was clicked in the bars."""
        if self.view is not None and self.why is not None and self.what_if is not None:
            self.why.set_target(chosen)
            self.what_if.set_target(chosen)
            self.view.show_page(self.why)

    def _switch(self, off: Off) -> None:
        self._session.recognition.switched_off = off
        if self.is_open:
            self._reading.submit()
