"""Opens and closes the view inside the network, and gives it what the recognition thread reads."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from lenet_desktop.inference.inside.layers import Off
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.window.reading import Reading
from lenet_desktop.ui.window.side import Side

if TYPE_CHECKING:
    from lenet_desktop.ui.inside.view import InsideView


class InsideNetwork(QObject):
    """The view inside the network; it is made when it is first opened, and costs nothing closed.

    Signals:
        shown (bool): the view was opened or closed.

    Attributes:
        view: the view, or None before it is first opened.
    """

    shown = Signal(bool)

    def __init__(self, side: Side, reading: Reading, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._side, self._reading, self._session = side, reading, session
        self.view: InsideView | None = None

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
        recognition = self._session.recognition
        recognition.reads_inside = is_open
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

    def _make(self) -> "InsideView":
        from lenet_desktop.ui.inside.view import InsideView

        view = InsideView()
        view.closed.connect(lambda: self.open(False))
        view.off_changed.connect(self._switch)
        reading = self._reading
        reading.number_changed.connect(lambda number: view.show_answer(number, reading.digit_line))
        reading.inside_changed.connect(view.show_reading)
        reading.nothing_shown.connect(view.show_nothing)
        view.show_answer(reading.number, reading.digit_line)
        return view

    def _switch(self, off: Off) -> None:
        self._session.recognition.switched_off = off
        if self.is_open:
            self._reading.submit()
