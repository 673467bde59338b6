"""From the drawing to what the network sees, step by step, with the answer at each."""

import html
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from lenet_desktop.ui.prediction_panel import SampleView, percent

if TYPE_CHECKING:
    from lenet_desktop.core.recognizer import StepReading

_STEPS = 4


class StepsView(QWidget):
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
                layout.addWidget(widget)
            row.addLayout(layout, stretch=1)
        self.setFixedHeight(140)
        self.show_readings(())

    def show_readings(self, readings: "tuple[StepReading, ...]") -> None:
        """Show a reading a step, or none at all."""
        for i in range(_STEPS):
            reading = readings[i] if i < len(readings) else None
            if reading is None:
                self._samples[i].show_sample(None)
                self.answers[i].setText("")
                continue
            self._names[i].setText(reading.name)
            self._samples[i].show_sample((reading.sample * 255 + 0.5).astype(np.uint8))
            self._samples[i].setAccessibleDescription(reading.name)
            guess = html.escape(reading.guess)
            self.answers[i].setText(f"<b>{guess}</b> · {percent(reading.probability)}")
