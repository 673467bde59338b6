"""The live plot: loss and accuracy over the steps."""

import csv
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lenet_desktop.atomic_write import replace_file
from lenet_desktop.ui.png import as_png

if TYPE_CHECKING:
    from lenet_desktop.training.progress import TrainingProgress

_LIGHT = {"raw": "#c3d4ef", "loss": "#2563c9", "validation": "#c2410c", "accuracy": "#15803d"}
_DARK = {"raw": "#2c4468", "loss": "#5b9bff", "validation": "#fb923c", "accuracy": "#4ade80"}
_MORE_EPOCH_MARKS_THAN = 12
_MOST_POINTS = 1500
# Random guesses among ten classes have a loss of log(10), 2.3.
_FIRST_LOSS = 2.8


class TrainingPlot(QWidget):
    """Training loss, raw and smoothed, validation loss, and validation accuracy on the right.

    The plot can be zoomed with the wheel and moved with the mouse; the small 'A' in its corner
    shows everything again.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plot = pg.PlotWidget()
        self._plot.setAccessibleName("Loss and accuracy over the training's steps")
        self._item = self._plot.getPlotItem()
        self._right = pg.ViewBox()
        self._item.showAxis("right")
        self._item.scene().addItem(self._right)
        self._item.getAxis("right").linkToView(self._right)
        self._right.setXLink(self._item)
        # Otherwise a single point is shown with fifty per cent above and below it.
        self._right.setLimits(yMin=-2, yMax=102)
        self._item.setLabel("bottom", "step")
        self._item.setLabel("left", "loss")
        self._item.setLabel("right", "validation accuracy", units="%")
        self._item.getAxis("right").enableAutoSIPrefix(False)
        self._item.setMenuEnabled(False)
        # No grid: painting it takes four times as long as everything else.
        self._item.vb.sigRangeChangedManually.connect(self._leave_range)
        self._item.vb.sigResized.connect(self._fit_right)
        self._legend = self._item.addLegend(offset=(-70, 12))
        self._raw = self._item.plot()
        self._smoothed = self._item.plot(name="training loss")
        self._validation = self._item.plot(name="validation loss", symbol="o", symbolSize=6)
        self._accuracy = pg.PlotDataItem(symbol="o", symbolSize=6)
        self._right.addItem(self._accuracy)
        self._legend.addItem(self._accuracy, "validation accuracy")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._plot)
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

    def clear(self) -> None:
        """Remove all curves."""
        for mark in getattr(self, "_marks", []):
            self._item.removeItem(mark)
        self._marks: list[pg.InfiniteLine] = []
        self._losses: list[float] = []
        self._before = 0
        self._smooth_steps: list[int] = []
        self._smooth_losses: list[float] = []
        self._epoch_steps: list[int] = []
        self._validation_losses: list[float] = []
        self._accuracies: list[float] = []
        self._has_own_range = True
        self._top = _FIRST_LOSS
        self._item.enableAutoRange()
        self._right.setYRange(0, 100, padding=0.02)
        self._draw()

    def add(self, records: "tuple[TrainingProgress, ...]") -> None:
        """Draw more records."""
        if not self._losses:
            self._show_all(records[-1].steps)
            # A training that continues from a checkpoint does not start at step 0.
            self._before = records[0].step - len(records[0].losses)
        for record in records:
            self._losses += record.losses
            if record.smoothed_loss is not None and record.losses:
                self._smooth_steps.append(record.step)
                self._smooth_losses.append(record.smoothed_loss)
            if record.validation_accuracy is not None and record.validation_loss is not None:
                if not self._epoch_steps:
                    self._right.enableAutoRange(axis="y")
                self._epoch_steps.append(record.step)
                self._validation_losses.append(record.validation_loss)
                self._accuracies.append(record.validation_accuracy * 100)
                self._mark_epoch(record.step, record.epoch, record.epochs)
        self._make_room()
        self._draw()

    def save_picture(self, path: Path) -> None:
        """Save the plot as it is shown, as PNG.

        Raises:
            OSError: the file could not be written.
        """
        replace_file(path, as_png(self._plot.grab().toImage()))

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
            share = accuracy / 100 if isinstance(accuracy, float) else ""
            table.writerow([step, loss, smoothed.get(step, ""), validation_loss, share])
        replace_file(path, text.getvalue().encode())

    def _show_all(self, steps: int) -> None:
        """Make room for the whole training at once.

        Fitting an axis at each update takes longer than drawing all curves.
        """
        if self._has_own_range:
            self._item.setXRange(0, max(steps, 1), padding=0.02)
            self._item.setYRange(0, _FIRST_LOSS, padding=0.02)

    def _make_room(self) -> None:
        """Keep a rising loss in view; too large a learning rate causes it."""
        highest = max((*self._smooth_losses, *self._validation_losses), default=0.0)
        if self._has_own_range and highest > self._top:
            self._top = 1.5 * highest
            self._item.setYRange(0, self._top, padding=0.02)

    def _leave_range(self) -> None:
        """Keep the range that the user has zoomed to."""
        self._has_own_range = False

    def _draw(self) -> None:
        # More points than pixels only take time; each point is the mean of its steps.
        every = 1 + len(self._losses) // _MOST_POINTS
        whole = len(self._losses) // every * every
        losses = np.array(self._losses[:whole]).reshape(-1, every).mean(axis=1)
        self._raw.setData(self._before + np.arange(every, whole + 1, every), losses)
        self._smoothed.setData(np.array(self._smooth_steps), np.array(self._smooth_losses))
        at = np.array(self._epoch_steps)
        self._validation.setData(at, np.array(self._validation_losses))
        self._accuracy.setData(at, np.array(self._accuracies))

    def _mark_epoch(self, step: int, epoch: int, epochs: int) -> None:
        if epochs > _MORE_EPOCH_MARKS_THAN and epoch % (epochs // _MORE_EPOCH_MARKS_THAN + 1):
            return
        options = {"position": 0.03, "color": self._mark_colour(), "movable": False}
        mark = pg.InfiniteLine(
            step, angle=90, label=f"{epoch}", labelOpts=options, pen=self._mark_pen()
        )
        self._marks.append(mark)
        self._item.addItem(mark, ignoreBounds=True)

    def _fit_right(self) -> None:
        self._right.setGeometry(QRectF(self._item.vb.sceneBoundingRect()))

    def _mark_colour(self) -> QColor:
        return self.palette().color(QPalette.ColorRole.PlaceholderText)

    def _mark_pen(self) -> object:
        colour = QColor(self._mark_colour())
        colour.setAlpha(90)
        return pg.mkPen(colour, width=1, style=Qt.PenStyle.DotLine)

    def _recolour(self) -> None:
        palette = self.palette()
        background = palette.color(QPalette.ColorRole.Base)
        text = palette.color(QPalette.ColorRole.WindowText)
        colours = _DARK if background.lightness() < 128 else _LIGHT
        self._plot.setBackground(background)
        for side in ("left", "bottom", "right"):
            axis = self._item.getAxis(side)
            axis.setPen(pg.mkPen(palette.color(QPalette.ColorRole.PlaceholderText), width=1))
            axis.setTextPen(text if side != "right" else QColor(colours["accuracy"]))
        for _sample, label in self._legend.items:
            label.setText(label.text, color=text)
        # Pens of width 1: wider ones are drawn many times slower.
        self._raw.setPen(pg.mkPen(colours["raw"], width=1))
        self._smoothed.setPen(pg.mkPen(colours["loss"], width=1))
        for curve, name in ((self._validation, "validation"), (self._accuracy, "accuracy")):
            curve.setPen(pg.mkPen(colours[name], width=1))
            curve.setSymbolBrush(QColor(colours[name]))
            curve.setSymbolPen(None)
            # The legend shows these; a curve without points does not update them.
            curve.scatter.setBrush(QColor(colours[name]))
            curve.scatter.setPen(None)
        for mark in self._marks:
            mark.setPen(self._mark_pen())
            mark.label.setColor(self._mark_colour())

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_marks"):
            self._recolour()
        super().changeEvent(event)
