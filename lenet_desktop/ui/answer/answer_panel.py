"""The answer: the class, how probable it is, all the bars, and what the network was shown."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from lenet_desktop.ui.answer.bars import ProbabilityBars, percent
from lenet_desktop.ui.answer.fitted_label import FittedLabel
from lenet_desktop.ui.answer.sample_view import SampleView

if TYPE_CHECKING:
    from lenet_desktop.inference.recognizer import Prediction

_MIN_WIDTH = 290


class AnswerPanel(QWidget):
    """Shows one prediction at a time, or why there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._digit = FittedLabel(largest=132, smallest=24)
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        self._digit.setFont(font)
        self._digit.setFixedHeight(150)
        self._digit.setAccessibleDescription("Answer")
        self._caption = FittedLabel(largest=20, smallest=11)
        self._caption.setAccessibleDescription("Probability")
        self._bars = ProbabilityBars()
        self._sample = SampleView()
        sample_title = QLabel("What the network sees")
        sample_title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        sample_title.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._digit)
        layout.addWidget(self._caption)
        layout.addSpacing(8)
        layout.addWidget(self._bars, stretch=3)
        layout.addSpacing(8)
        layout.addWidget(sample_title)
        layout.addWidget(self._sample, stretch=2)
        self.setMinimumWidth(_MIN_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

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

    def show_prediction(self, prediction: "Prediction") -> None:
        """Show a prediction."""
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

    def show_nothing(self, reason: str, classes: tuple[str, ...]) -> None:
        """Show the reason instead of a class, and these classes without bars."""
        self._digit.setText("")
        self._caption.setText(reason)
        self._bars.show_probabilities(classes, None)
        self._sample.show_sample(None)
