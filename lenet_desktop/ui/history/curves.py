"""The curves of several trainings, laid over each other."""

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout

from lenet_desktop.training.history.folder import Run
from lenet_desktop.ui.answer.accessible_graphic import AccessibleGraphic
from lenet_desktop.ui.style.theme import Colours, colours

MOST = 6
"""So many trainings are told apart by their colours."""
_LEAST_ERROR = 0.1
_TICKS = (0.1, 1, 10, 100)


def curve_colours(theme: Colours) -> tuple[str, ...]:
    """Return a colour for each of ``MOST`` trainings."""
    return theme.accent, theme.challenger, theme.success, theme.error, theme.text, theme.edge


class OverlaidCurves(AccessibleGraphic):
    """Above, the training loss of each training; below, its validation error.

    The steps of all begin at the same place. The error's axis is logarithmic.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Loss and validation error of the chosen trainings"))
        self._runs: list[Run] = []
        self._loss, self._error = pg.PlotWidget(), pg.PlotWidget()
        ticks = [(math.log10(error), f"{error:g} %") for error in _TICKS]
        self._error.getPlotItem().getAxis("left").setTicks([ticks])
        self._error.getPlotItem().setYRange(-1, 2, padding=0.05)
        self._error.getPlotItem().setXLink(self._loss.getPlotItem())
        self._loss.getPlotItem().setLabel("left", self.tr("loss"))
        self._error.getPlotItem().setLabel("left", self.tr("validation error"))
        self._error.getPlotItem().setLabel("bottom", self.tr("step"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for view in (self._loss, self._error):
            view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            view.setMinimumHeight(90)
            view.viewport().setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            plot = view.getPlotItem()
            plot.setMenuEnabled(False)
            plot.setMouseEnabled(False, False)
            plot.hideButtons()
            plot.getAxis("left").setWidth(62)
            layout.addWidget(view)
        self.show_runs([])

    def accessible_value(self) -> str:
        """Return the numbers of the trainings that are shown."""
        return ", ".join(str(run.number) for run in self._runs)

    def show_runs(self, runs: Sequence[Run]) -> None:
        """Show the curves of at most ``MOST`` trainings, each in the colour of its place."""
        self._runs = list(runs[:MOST])
        theme = colours(self)
        for view in (self._loss, self._error):
            view.clear()
            view.setBackground(QColor(theme.surface))
            for side in ("left", "bottom"):
                axis = view.getPlotItem().getAxis(side)
                axis.setPen(pg.mkPen(QColor(theme.line), width=1))
                axis.setTextPen(QColor(theme.quiet))
        for run, name in zip(self._runs, curve_colours(theme), strict=False):
            curves, colour = run.record.curves, QColor(name)
            pen = pg.mkPen(colour, width=1)
            self._loss.plot(np.array(curves.steps), np.array(curves.losses), pen=pen)
            errors = 100 * (1 - np.array(curves.validation_accuracies))
            points = {"symbol": "o", "symbolSize": 6, "symbolBrush": colour, "symbolPen": None}
            self._error.plot(
                np.array(curves.epoch_steps),
                np.log10(np.maximum(errors, _LEAST_ERROR)),
                pen=pen,
                **points,
            )

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_error"):
            self.show_runs(self._runs)
        super().changeEvent(event)
