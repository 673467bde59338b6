"""The answer: the class, how probable it is, all the bars, and what the network was shown."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from lenet_desktop.percent import percent
from lenet_desktop.ui.answer.bars import ProbabilityBars
from lenet_desktop.ui.answer.fitted_label import FittedLabel
from lenet_desktop.ui.answer.sample_view import SampleView

if TYPE_CHECKING:
    from lenet_desktop.inference.recognizer import Prediction


class AnswerPanel(QWidget):
    """Shows one prediction at a time, or why there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._digit = FittedLabel(largest=132, smallest=24)
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        self._digit.setFont(font)
        self._digit.setFixedHeight(150)
        self._digit.setAccessibleDescription(self.tr("Answer"))
        self._caption = FittedLabel(largest=20, smallest=11)
        self._caption.setAccessibleDescription(self.tr("Probability"))
        self._bars = ProbabilityBars()
        self._sample = SampleView()
        self._time = QLabel()
        self._time.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._time.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._time.setAccessibleDescription(self.tr("Device, and time from ink to answer"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._digit)
        layout.addWidget(self._caption)
        layout.addSpacing(8)
        layout.addWidget(self._bars, stretch=3)
        layout.addSpacing(8)
        layout.addWidget(self._sample, stretch=2)
        layout.addWidget(self._time)

    @property
    def digit(self) -> str:
        """The class that is shown large, or ''."""
        return self._digit.text()

    @property
    def caption(self) -> str:
        """The line below the class."""
        return self._caption.text()

    @property
    def bars(self) -> ProbabilityBars:
        """The bars."""
        return self._bars

    @property
    def sample(self) -> SampleView:
        """The view of the sample."""
        return self._sample

    @property
    def time(self) -> str:
        """The device, and the time from ink to answer."""
        return self._time.text()

    def show_prediction(self, prediction: "Prediction", *, is_challenger: bool = False) -> None:
        """Show a prediction, of the model in use or of the challenger."""
        self._digit.setText(prediction.best_class)
        # An answer that is not to be trusted is shown in grey.
        self._digit.setEnabled(prediction.is_sure)
        self._bars.setEnabled(prediction.is_sure)
        # A percentage beside 'not a digit' would look like the probability of that verdict.
        self._caption.setText(
            percent(prediction.probability)
            if prediction.is_sure
            else f"{prediction.description}, perhaps {prediction.best_class}"
        )
        self._bars.show_probabilities(prediction.classes, prediction.probabilities.tolist())
        self._sample.show_sample((prediction.sample * 255 + 0.5).astype(np.uint8))

    def show_challenger(self, probabilities: list[float] | None) -> None:
        """Show the other model's probabilities, 0 to 1, as a second row of bars, or none."""

    def show_time(self, seconds: float, device: str) -> None:
        """Show how long the answer took, and where it was computed."""
        milliseconds = seconds * 1000
        self._time.setText(
            self.tr("{device} · {milliseconds} ms").format(
                device=device.upper(), milliseconds=f"{milliseconds:.1f}"
            )
        )

    def show_nothing(self, reason: str, classes: tuple[str, ...]) -> None:
        """Show the reason instead of a class, and these classes without bars."""
        self._digit.setText("")
        self._caption.setText(reason)
        self._bars.show_probabilities(classes, None)
        self._sample.show_sample(None)
        self._time.clear()
