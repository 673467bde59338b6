"""The live plot: loss and validation error over the steps."""

import csv
import math
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

from lenet_desktop.atomic_write import replace_file
from lenet_desktop.percent import percent
from lenet_desktop.ui.answer.accessible_graphic import AccessibleGraphic
from lenet_desktop.ui.png import as_png
from lenet_desktop.ui.style.theme import colours
from lenet_desktop.ui.training.during.legend import LegendEntry

if TYPE_CHECKING:
    from lenet_desktop.training.progress import TrainingProgress

_MORE_EPOCH_MARKS_THAN = 8
_MOST_POINTS = 1500
# Random guesses among ten classes have a loss of log(10), 2.3.
_FIRST_LOSS, _LEAST_TOP = 2.8, 0.2
# The range of the error's axis, in per cent. MNIST's best networks end at 0.2 %; without a single
# mistake there would be no place on a logarithmic axis.
_LEAST_ERROR, _MOST_ERROR = 0.1, 100.0
_ERROR_TICKS = (0.1, 1, 10, 100)
_AXIS_WIDTH = 46
_MIN_HEIGHT = 260
_TRAINING, _VALIDATION = "accent", "challenger"


class TrainingPlot(AccessibleGraphic):
    """Above, the training loss, raw and smoothed, and the validation loss; below, the error.

    The error is the share of validation images that are misread. Its axis is logarithmic and always
    covers 0.1 to 100 %, so that the curve of one training can be compared with that of another.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Loss and validation error over the training's steps"))
        self._loss_view, self._loss_plot = _new_plot()
        self._error_view, self._error_plot = _new_plot()
        self._error_plot.setXLink(self._loss_plot)
        self._error_plot.setYRange(math.log10(_LEAST_ERROR), math.log10(_MOST_ERROR), padding=0.05)
        self._loss_plot.getAxis("bottom").setStyle(showValues=False)
        self._raw = self._loss_plot.plot()
        self._smoothed = self._loss_plot.plot()
        self._validation = self._loss_plot.plot(symbol="o", symbolSize=6)
        self._error = self._error_plot.plot(symbol="o", symbolSize=6)
        self._training_entry = LegendEntry(self.tr("Training loss"), _TRAINING, has_points=False)
        self._validation_entry = LegendEntry(
            self.tr("Validation loss"), _VALIDATION, has_points=True
        )
        self._error_entry = LegendEntry(self.tr("Validation error"), _VALIDATION, has_points=True)
        self._empty = QLabel(self.tr("The curves begin with the first step."), self._loss_view)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        legend = QHBoxLayout()
        legend.addWidget(self._training_entry)
        legend.addStretch(1)
        legend.addWidget(self._validation_entry)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(legend)
        layout.addWidget(self._loss_view, stretch=4)
        layout.addWidget(self._error_entry)
        layout.addWidget(self._error_view, stretch=3)
        self.setMinimumHeight(_MIN_HEIGHT)
        self._has_axes: tuple[bool, bool] | None = None
        self._marks: list[pg.InfiniteLine] = []
        self._moment = pg.InfiniteLine(0, angle=90, movable=False)
        self._error_moment = pg.InfiniteLine(0, angle=90, movable=False)
        self._loss_plot.addItem(self._moment, ignoreBounds=True)
        self._error_plot.addItem(self._error_moment, ignoreBounds=True)
        self.mark_step(None)
        self.clear()
        self._recolour()

    @property
    def steps(self) -> int:
        """How many steps the curve of the training loss has."""
        return len(self._losses)

    @property
    def epochs(self) -> int:
        """How many points the validation curves have."""
        return len(self._epoch_steps)

    def accessible_value(self) -> str:
        """Return the newest figures in words."""
        if not self._losses:
            return self._empty.text()
        entries = (self._training_entry, self._validation_entry, self._error_entry)
        return ", ".join(entry.text for entry in entries)

    def clear(self) -> None:
        """Remove all curves."""
        for mark in self._marks:
            self._loss_plot.removeItem(mark)
        self._marks.clear()
        self._losses: list[float] = []
        self._before = 0
        self._smooth_steps: list[int] = []
        self._smooth_losses: list[float] = []
        self._epoch_steps: list[int] = []
        self._validation_losses: list[float] = []
        self._accuracies: list[float] = []
        self._top = _FIRST_LOSS
        self._loss_plot.setYRange(0, _FIRST_LOSS, padding=0.02)
        for entry in (self._training_entry, self._validation_entry, self._error_entry):
            entry.show_value("")
        self._draw()

    def add(self, records: "tuple[TrainingProgress, ...]") -> None:
        """Draw more records."""
        before = len(self._losses)
        if not before:
            # Fitting an axis at each update takes longer than drawing all curves.
            self._loss_plot.setXRange(0, max(records[-1].steps, 1), padding=0.02)
            # A training that continues from a checkpoint does not start at step 0.
            self._before = records[0].step - len(records[0].losses)
        for record in records:
            self._losses += record.losses
            if record.smoothed_loss is not None and record.losses:
                self._smooth_steps.append(record.step)
                self._smooth_losses.append(record.smoothed_loss)
                self._training_entry.show_value(f"{record.smoothed_loss:.3f}")
            if record.validation_accuracy is not None and record.validation_loss is not None:
                self._epoch_steps.append(record.step)
                self._validation_losses.append(record.validation_loss)
                self._accuracies.append(record.validation_accuracy)
                self._validation_entry.show_value(f"{record.validation_loss:.3f}")
                self._error_entry.show_value(percent(1 - record.validation_accuracy, decimals=2))
                self._mark_epoch(record.step, record.epoch, record.epochs)
        self._make_room(is_first=not before)
        self._draw()

    def mark_step(self, step: int | None) -> None:
        """Mark a step in both plots, or none."""
        for line in (self._moment, self._error_moment):
            line.setVisible(step is not None)
            line.setPos(step or 0)

    def save_picture(self, path: Path) -> None:
        """Save the plot as it is shown, as PNG.

        Raises:
            OSError: the file could not be written.
        """
        replace_file(path, as_png(self.grab().toImage()))

    def save_csv(self, path: Path) -> None:
        """Save the numbers as CSV: a row per step, the validation in the last row of each epoch.

        Raises:
            OSError: the file could not be written.
        """
        text = StringIO(newline="")
        table = csv.writer(text)
        table.writerow(
            ["step", "training_loss", "smoothed_loss", "validation_loss", "validation_accuracy"]
        )
        smoothed = dict(zip(self._smooth_steps, self._smooth_losses, strict=True))
        epochs = zip(self._validation_losses, self._accuracies, strict=True)
        validated = dict(zip(self._epoch_steps, epochs, strict=True))
        for step, loss in enumerate(self._losses, self._before + 1):
            validation_loss, accuracy = validated.get(step, ("", ""))
            table.writerow([step, loss, smoothed.get(step, ""), validation_loss, accuracy])
        replace_file(path, text.getvalue().encode())

    def _make_room(self, *, is_first: bool) -> None:
        """Keep a rising loss in view; too large a learning rate causes it.

        A training that learns on begins with a small loss: the first records choose the range.
        """
        highest = max((*self._smooth_losses, *self._validation_losses), default=0.0)
        if is_first and highest:
            self._top = min(max(2 * highest, _LEAST_TOP), _FIRST_LOSS)
        if highest > self._top:
            self._top = 1.5 * highest
        self._loss_plot.setYRange(0, self._top, padding=0.02)

    def _draw(self) -> None:
        # More points than pixels only take time; each point is the mean of its steps.
        every = 1 + len(self._losses) // _MOST_POINTS
        whole = len(self._losses) // every * every
        losses = np.array(self._losses[:whole]).reshape(-1, every).mean(axis=1)
        self._raw.setData(self._before + np.arange(every, whole + 1, every), losses)
        self._smoothed.setData(np.array(self._smooth_steps), np.array(self._smooth_losses))
        at = np.array(self._epoch_steps)
        self._validation.setData(at, np.array(self._validation_losses))
        errors = 100 * (1 - np.array(self._accuracies))
        self._error.setData(at, np.log10(np.maximum(errors, _LEAST_ERROR)))
        self._show_axes(bool(self._losses), bool(self._accuracies))

    def _show_axes(self, has_losses: bool, has_errors: bool) -> None:
        """Show numbers at the axes once there are curves that they belong to."""
        if (has_losses, has_errors) == self._has_axes:
            return
        self._has_axes = has_losses, has_errors
        self._empty.setVisible(not has_losses)
        ticks = [(math.log10(error), f"{error:g} %") for error in _ERROR_TICKS]
        self._error_plot.getAxis("left").setTicks([ticks if has_errors else []])
        self._error_plot.setLabel("bottom", self.tr("step") if has_losses else None)
        for axis in (self._loss_plot.getAxis("left"), self._error_plot.getAxis("bottom")):
            axis.setTicks(None if has_losses else [[]])

    def _mark_epoch(self, step: int, epoch: int, epochs: int) -> None:
        if epochs > _MORE_EPOCH_MARKS_THAN and epoch % (epochs // _MORE_EPOCH_MARKS_THAN + 1):
            return
        # At the top, where a falling loss has left room.
        options = {"position": 0.93, "color": colours(self).quiet, "movable": False}
        text = self.tr("epoch {number}") if epochs < 5 else "{number}"
        mark = pg.InfiniteLine(
            step,
            angle=90,
            label=text.format(number=epoch),
            labelOpts={**options, "anchors": [(1, 0.5), (1, 0.5)]},
            pen=self._mark_pen(),
        )
        self._marks.append(mark)
        self._loss_plot.addItem(mark, ignoreBounds=True)

    def _mark_pen(self) -> object:
        return pg.mkPen(QColor(colours(self).line), width=1, style=Qt.PenStyle.DotLine)

    def _recolour(self) -> None:
        theme = colours(self)
        for view, plot in (
            (self._loss_view, self._loss_plot),
            (self._error_view, self._error_plot),
        ):
            view.setBackground(QColor(theme.surface))
            for side in ("left", "bottom"):
                plot.getAxis(side).setPen(pg.mkPen(QColor(theme.line), width=1))
                plot.getAxis(side).setTextPen(QColor(theme.quiet))
        # Pens of width 1: wider ones are drawn many times slower.
        raw = QColor(theme.accent)
        raw.setAlpha(80)
        self._raw.setPen(pg.mkPen(raw, width=1))
        self._smoothed.setPen(pg.mkPen(QColor(theme.accent), width=1))
        for curve in (self._validation, self._error):
            curve.setPen(pg.mkPen(QColor(theme.challenger), width=1))
            curve.setSymbolBrush(QColor(theme.challenger))
            curve.setSymbolPen(None)
        for line in (self._moment, self._error_moment):
            line.setPen(pg.mkPen(QColor(theme.text), width=1))
        for mark in self._marks:
            mark.setPen(self._mark_pen())
            mark.label.setColor(QColor(theme.quiet))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the sentence of the empty plot in its middle."""
        super().resizeEvent(event)
        self._empty.setGeometry(self._loss_view.rect())

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_error_entry"):
            self._recolour()
        super().changeEvent(event)


def _new_plot() -> tuple[pg.PlotWidget, pg.PlotItem]:
    view = pg.PlotWidget()
    view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    view.setMinimumHeight(70)
    # Otherwise the view would keep the wheel from scrolling the drawer.
    view.viewport().setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    plot = view.getPlotItem()
    plot.setMenuEnabled(False)
    plot.setMouseEnabled(False, False)
    plot.hideButtons()
    plot.layout.setContentsMargins(2, 6, 10, 2)
    # Both plots have the same width, so that the same step is at the same place.
    plot.getAxis("left").setWidth(_AXIS_WIDTH)
    # No grid: painting it takes four times as long as everything else.
    return view, plot
