"""The answer: the digit, how probable it is, all the bars, and what the network was shown."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from lenet_desktop.drawing.strokes import Ink

if TYPE_CHECKING:
    from lenet_desktop.inference.recognizer import Prediction

_MIN_WIDTH = 290


def percent(probability: float) -> str:
    """Write a probability for people; what is not certain never reads '100 %'."""
    if probability < 1:
        return f"{min(probability * 100, 99.9):.1f} %"
    return "100 %"


class AnswerPanel(QWidget):
    """Shows one prediction at a time, or why there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._digit = QLabel()
        self._digit.setTextFormat(Qt.TextFormat.PlainText)
        self._digit.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._digit.setAccessibleDescription("Recognized digit")
        font = QFont(self.font())
        font.setPixelSize(132)
        font.setWeight(QFont.Weight.DemiBold)
        self._digit.setFont(font)
        self._digit.setFixedHeight(150)
        self._caption = QLabel()
        self._caption.setTextFormat(Qt.TextFormat.PlainText)
        self._caption.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._caption.setAccessibleDescription("Probability")
        caption_font = QFont(self.font())
        caption_font.setPixelSize(20)
        self._caption.setFont(caption_font)
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
        """The digit that is shown large, or ''."""
        return self._digit.text()

    @property
    def caption(self) -> str:
        """What stands below the digit."""
        return self._caption.text()

    @property
    def bars(self) -> "ProbabilityBars":
        """The bars."""
        return self._bars

    @property
    def sample(self) -> "SampleView":
        """The view of the sample."""
        return self._sample

    def show_prediction(self, prediction: "Prediction") -> None:
        """Show what the network makes of the drawing."""
        self._digit.setText(prediction.best_class)
        # A guess that is not to be trusted stays in sight, but does not shine.
        self._digit.setEnabled(prediction.is_sure)
        self._bars.setEnabled(prediction.is_sure)
        # A percentage beside 'not a digit' would be taken for how sure that is.
        self._caption.setText(
            percent(prediction.probability)
            if prediction.is_sure
            else f"{prediction.verdict}, perhaps {prediction.best_class}"
        )
        self._bars.show_probabilities(prediction.classes, prediction.probabilities.tolist())
        self._sample.show_sample((prediction.sample * 255 + 0.5).astype(np.uint8))

    def show_nothing(self, reason: str) -> None:
        """Show no digit and no bars, and say why."""
        self._digit.setText("")
        self._caption.setText(reason)
        self._bars.show_probabilities(self._bars.classes, None)
        self._sample.show_sample(None)


class ProbabilityBars(QWidget):
    """A bar for each class, the likeliest one in the accent colour unless disabled."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.classes: tuple[str, ...] = tuple("0123456789")
        self.probabilities: list[float] | None = None
        self.setAccessibleName("Probability of each digit")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(150)

    def sizeHint(self) -> QSize:
        """Give the size that all bars read well at."""
        return QSize(_MIN_WIDTH, 230)

    def show_probabilities(self, classes: tuple[str, ...], values: list[float] | None) -> None:
        """Show the probabilities, 0 to 1, of these classes, or no bars for None."""
        self.classes, self.probabilities = classes, values
        pairs = zip(classes, values or [], strict=False)
        self.setAccessibleDescription(", ".join(f"{c}: {percent(p)}" for c, p in pairs))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        row = self.height() / len(self.classes)
        font = self.font()
        font.setPixelSize(int(min(max(row * 0.62, 9), 15)))
        painter.setFont(font)
        label_width, value_width = 22.0, 62.0
        track_width = self.width() - label_width - value_width
        bar = min(row * 0.5, 12.0)
        best = self.probabilities.index(max(self.probabilities)) if self.probabilities else -1
        for i, name in enumerate(self.classes):
            top = i * row
            painter.setPen(palette.color(QPalette.ColorRole.WindowText))
            left_middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, top, label_width, row), left_middle, name)
            track = QRectF(label_width, top + (row - bar) / 2, track_width, bar)
            painter.setPen(Qt.PenStyle.NoPen)
            faint = QColor(palette.color(QPalette.ColorRole.WindowText))
            faint.setAlpha(22)
            painter.setBrush(faint)
            painter.drawRoundedRect(track, bar / 2, bar / 2)
            if self.probabilities is None:
                continue
            probability = self.probabilities[i]
            rest = QColor(palette.color(QPalette.ColorRole.WindowText))
            rest.setAlpha(110)
            accent = palette.color(QPalette.ColorRole.Accent) if self.isEnabled() else rest
            painter.setBrush(accent if i == best else rest)
            filled = QRectF(track)
            filled.setWidth(track_width * probability)
            painter.setClipRect(filled)
            painter.drawRoundedRect(track, bar / 2, bar / 2)
            painter.setClipping(False)
            painter.setPen(
                palette.color(
                    QPalette.ColorRole.WindowText
                    if i == best
                    else QPalette.ColorRole.PlaceholderText
                )
            )
            right_middle = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            area = QRectF(self.width() - value_width, top, value_width, row)
            painter.drawText(area, right_middle, percent(probability))


class SampleView(QWidget):
    """The 28x28 sample, each of its pixels a square."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sample: Ink | None = None
        self.setAccessibleName("What the network sees: the drawing as 28 by 28 pixels")
        self.setMinimumSize(84, 84)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    @property
    def sample(self) -> Ink | None:
        """What is shown, uint8 (28, 28), or None."""
        return self._sample

    def sizeHint(self) -> QSize:
        """Give a size that shows each pixel five wide."""
        return QSize(140, 140)

    def show_sample(self, sample: Ink | None) -> None:
        """Show a sample, uint8 (28, 28), ink bright, or nothing."""
        self._sample = sample
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it unsmoothed, as what it is."""
        painter = QPainter(self)
        side = min(self.width(), self.height(), 168)
        square = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        painter.fillRect(square, QColor(12, 13, 16))
        if self._sample is not None:
            height, width = self._sample.shape
            image = QImage(
                self._sample.tobytes(), width, height, width, QImage.Format.Format_Grayscale8
            )
            painter.drawImage(square, image)
