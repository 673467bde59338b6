"""From the drawing to what the network sees, stage by stage, with the answer at each."""

import html
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from lenet_desktop.percent import percent
from lenet_desktop.ui.answer.sample_view import SampleView

if TYPE_CHECKING:
    from lenet_desktop.inference.recognizer import StageReading

_STAGES = 4


class NetworkStrip(QWidget):
    """A row of samples, one for each stage of the preprocessing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._readings: tuple[StageReading, ...] = ()
        self.answers = [QLabel() for _ in range(_STAGES)]
        self._names = [QLabel() for _ in range(_STAGES)]
        self._samples = [SampleView() for _ in range(_STAGES)]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for column in zip(self._names, self._samples, self.answers, strict=True):
            layout = QVBoxLayout()
            layout.setSpacing(3)
            for widget in column:
                if isinstance(widget, QLabel):
                    widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
                    # All pictures have the same size, however long the texts are.
                    widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
                layout.addWidget(widget)
            row.addLayout(layout, stretch=1)
        self.setFixedHeight(150)

    def show_readings(self, readings: "tuple[StageReading, ...]") -> None:
        """Show the reading at each stage, or none at all."""
        self._readings = readings
        for i, (sample, answer) in enumerate(zip(self._samples, self.answers, strict=True)):
            reading = readings[i] if i < len(readings) else None
            if reading is None:
                sample.show_sample(None)
                answer.setText("")
                continue
            sample.show_sample((reading.sample * 255 + 0.5).astype(np.uint8))
            answer.setEnabled(reading.is_sure)
            answer.setText(_text(reading, answer))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the answers to the new width."""
        super().resizeEvent(event)
        self.show_readings(self._readings)

    def showEvent(self, event: QShowEvent) -> None:
        """Show the names of the stages; the module with the names is loaded only now."""
        from lenet_desktop.drawing.preprocess import STAGE_NAMES

        for name, label, sample in zip(STAGE_NAMES, self._names, self._samples, strict=True):
            label.setText(name)
            sample.setAccessibleDescription(name)
        super().showEvent(event)


def _text(reading: "StageReading", label: QLabel) -> str:
    """Return the answer as rich text, with the class elided to fit the label."""
    metrics = label.fontMetrics()
    pattern = (
        f"<b>{{}}</b> · {percent(reading.probability)}"
        if reading.is_sure
        else f"{html.escape(reading.description)} ({{}}?)"
    )
    plain = pattern.format("").replace("<b></b>", "")
    # Bold letters are a little wider.
    room = (label.width() - metrics.horizontalAdvance(plain)) * 0.85
    least = metrics.averageCharWidth() * 4
    name = metrics.elidedText(
        reading.best_class, Qt.TextElideMode.ElideRight, round(max(room, least))
    )
    return pattern.format(html.escape(name))
