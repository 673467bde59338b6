"""Where the paper is in the pad: it fits the widget, but does not change under a hand."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from PySide6.QtCore import QMargins, QObject, QRectF, Signal
from PySide6.QtWidgets import QWidget

from lenet_desktop.drawing.strokes import PAD_SIZE, WIDEST
from lenet_desktop.ui.pad.paper import MARGIN, Paper
from lenet_desktop.ui.pad.sheet import Sheet


class Place(QObject):
    """The paper's place in a widget, and whether it is held there.

    Signals:
        moved (): the place or the size of the paper has changed, or how much of it can be seen.

    Attributes:
        is_wide: whether the paper may be wider than high: up to WIDEST, as the room allows. Call
            ``fit`` after a change.
        paper: where it is now.
    """

    moved = Signal()

    def __init__(self, widget: QWidget, sheet: Sheet) -> None:
        super().__init__(widget)
        self._widget, self._sheet = widget, sheet
        self._holding = self._held = False
        self.is_wide = False
        self.paper = Paper.in_widget(widget.size(), sheet.drawing.width)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Leave the paper where it is while the widget is resized, if a hand may be on it.

        That is: a stroke is being drawn, or the pointer is over the widget. The paper fits the
        widget again when the stroke has ended and the pointer leaves, when the paper becomes blank,
        when ink would be cut off, or when the widget is resized for another reason.
        """
        self._holding = True
        try:
            yield
        finally:
            self._holding = False

    def take_size(self) -> None:
        """Fit the paper to the widget's new size, unless it is held."""
        self._held = self._holding
        self.fit()
        if self._held:
            self.moved.emit()  # another part of it can be seen

    def release_blank(self) -> None:
        """Let a paper without ink take the room that there is; call this after a change."""
        if self._sheet.is_blank and not self._sheet.is_drawing:
            self._held = False
        self.fit()

    def fit(self) -> None:
        """Fit the paper to the widget, unless a hand is on it."""
        if self._sheet.is_drawing:
            return
        is_same_paper = self.paper.units == self._sheet.drawing.width
        if self._held and is_same_paper and self._widget.underMouse() and not self._cuts_ink():
            return
        self._held = False
        self._sheet.set_width(self._fitting_width())
        paper = Paper.in_widget(self._widget.size(), self._sheet.drawing.width)
        if paper != self.paper:
            self.paper = paper
            self.moved.emit()

    def _fitting_width(self) -> int:
        """Return the width in pad units at which the paper takes most of the room."""
        if not self.is_wide:
            return PAD_SIZE
        room = self._widget.size().shrunkBy(QMargins(MARGIN, MARGIN, MARGIN, MARGIN))
        width = round(PAD_SIZE * room.width() / max(room.height(), 1))
        return min(max(width, PAD_SIZE), WIDEST)

    def _cuts_ink(self) -> bool:
        """Return whether some ink lies beyond the widget's edges."""
        rows = np.flatnonzero(self._sheet.ink.any(axis=1))
        columns = np.flatnonzero(self._sheet.ink.any(axis=0))
        if not rows.size:
            return False
        box = int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
        return not QRectF(self._widget.rect()).contains(self.paper.area_of(box))
