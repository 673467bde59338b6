"""The part of a page that scrolls where the window is low."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget


class Scrolling(QScrollArea):
    """A column of widgets that scrolls vertically.

    Attributes:
        content: the widget that is scrolled.
        inside: its layout.
    """

    def __init__(self, spacing: int) -> None:
        super().__init__()
        self.content = QWidget()
        self.inside = QVBoxLayout(self.content)
        self.inside.setSpacing(spacing)
        self.setWidget(self.content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.verticalScrollBar().rangeChanged.connect(self._leave_room)
        self._leave_room(0, 0)

    def _leave_room(self, _lowest: int, highest: int) -> None:
        """Leave a gap beside the scroll bar, if there is one."""
        self.inside.setContentsMargins(1, 0, 8 if highest > 0 else 1, 4)
