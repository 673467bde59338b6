"""Tells screen readers about a new answer."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

# While somebody draws, the answer changes several times a second: only one that has stood for this
# long is announced.
_STEADY_MS = 250


class Announcer(QTimer):
    """Announces an answer, politely, once it has stood for a quarter of a second.

    Args:
        widget: the widget that shows the answer.

    Signals:
        announced (str): this was announced.
    """

    announced = Signal(str)

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._next = self._last = ""
        self.setSingleShot(True)
        self.setInterval(_STEADY_MS)
        self.timeout.connect(self._announce)

    def take(self, sentence: str) -> None:
        """Take the answer that is shown now, '' for none; the same one is announced only once."""
        if sentence != self._next:
            self._next = sentence
            self.start()

    def _announce(self) -> None:
        if self._next and self._next != self._last:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._widget, self._next))
            self.announced.emit(self._next)
        self._last = self._next
