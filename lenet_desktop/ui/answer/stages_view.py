"""From the drawing to what the network sees, step by step, with the answer at each."""

import html
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from lenet_desktop.ui.answer.answer_panel import SampleView, percent

if TYPE_CHECKING:
    from lenet_desktop.inference.recognizer import StageReading

_STEPS = 4


class StagesView(QWidget):
    """A row of the samples there would be, had the program stopped earlier."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.answers = [QLabel() for _ in range(_STEPS)]
        self._names = [QLabel() for _ in range(_STEPS)]
        self._samples = [SampleView() for _ in range(_STEPS)]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for column in zip(self._names, self._samples, self.answers, strict=True):
            layout = QVBoxLayout()
            layout.setSpacing(3)
            for widget in column:
                if isinstance(widget, QLabel):
                    widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
                    # The pictures are of one size, however long the words.
                    widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
                layout.addWidget(widget)
            row.addLayout(layout, stretch=1)
        self.setFixedHeight(140)
        self.show_readings(())

    def show_readings(self, readings: "tuple[StageReading, ...]") -> None:
        """Show a reading a step, or none at all."""
        for i in range(_STEPS):
            reading = readings[i] if i < len(readings) else None
            if reading is None:
                self._samples[i].show_sample(None)
                self.answers[i].setText("")
                continue
            self._samples[i].show_sample((reading.sample * 255 + 0.5).astype(np.uint8))
            guess, is_sure = html.escape(reading.best_class), reading.verdict == "digit"
            # As in the panel: a guess that is not to be trusted does not shine.
            self.answers[i].setEnabled(is_sure)
            self.answers[i].setText(
                f"<b>{guess}</b> · {percent(reading.probability)}"
                if is_sure
                else f"{reading.verdict} ({guess}?)"
            )

    def showEvent(self, event: QShowEvent) -> None:
        """Name the steps; what knows them need not be loaded before somebody looks."""
        from lenet_desktop.drawing.preprocess import STAGE_NAMES

        for name, label, sample in zip(STAGE_NAMES, self._names, self._samples, strict=True):
            label.setText(name)
            sample.setAccessibleDescription(name)
        super().showEvent(event)
