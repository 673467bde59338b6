"""The answer: the class, how probable it is, all the bars, and what the network was shown."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from lenet_desktop.inference.decision import Verdict
from lenet_desktop.ui.answer.announcer import Announcer
from lenet_desktop.ui.answer.answer_texts import (
    after_the_class,
    caption,
    digit_of_number,
    large_text,
    number_caption,
    shown_digit,
)
from lenet_desktop.ui.answer.badge import Badge
from lenet_desktop.ui.answer.bars import ProbabilityBars
from lenet_desktop.ui.answer.fitted_label import FittedLabel
from lenet_desktop.ui.answer.other_model import OtherModel
from lenet_desktop.ui.answer.sample_view import SampleView
from lenet_desktop.ui.number.number_view import NumberView, ShownDigit
from lenet_desktop.ui.teaching.label_row import HEIGHT as _LABEL_ROW
from lenet_desktop.ui.teaching.label_row import LabelRow
from lenet_desktop.ui.tooltip import plain_tooltip

if TYPE_CHECKING:
    from lenet_desktop.inference.numbers import NumberReading
    from lenet_desktop.inference.recognizer import Prediction

_LEAST_HEIGHT = 310
_CAPTION, _LINE, _GAP, _BEFORE_SAMPLE = 28, 20, 8, 24
_DIGIT, _LEAST_DIGIT, _LARGEST_DIGIT = 0.25, 52, 190
_LARGEST_WORD = 52
_SAMPLE, _LEAST_SAMPLE, _LARGEST_SAMPLE = 0.22, 90, 174


class AnswerPanel(QWidget):
    """Shows one prediction at a time, or why there is none; beside it the other model's.

    In a low window the class becomes smaller before the bars do; in a high one everything has a
    largest size, and the room is left below the bars.

    Attributes:
        announcer: tells screen readers about new answers.
        label_row: where the person says whether the answer is right.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._best_class = ""
        self._has_challenger = False
        self._names = ("", "")
        self._digit = FittedLabel(_LARGEST_DIGIT, 24, self, largest_word=_LARGEST_WORD)
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        self._digit.setFont(font)
        self._digit.setAccessibleDescription(self.tr("Answer"))
        self._badge = Badge(self)
        self._number = NumberView(self)
        self._number.hide()
        self._digit_line = FittedLabel(13, 10, self)
        self._digit_line.setAccessibleDescription(self.tr("The chosen digit"))
        self._digit_line.hide()
        self._caption = FittedLabel(18, 12, self)
        self._caption.setAccessibleDescription(self.tr("How sure the answer is"))
        self._bars = ProbabilityBars(self)
        self._other = OtherModel(self)
        self._sample = SampleView(self)
        self._time = QLabel(self)
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 0.9)
        self._time.setFont(font)
        self._time.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._time.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._time.setAccessibleDescription(self.tr("Device, and time from ink to answer"))
        self._other.hide()
        self.label_row = LabelRow(self)
        self.announcer = Announcer(self)
        self.setMinimumHeight(_LEAST_HEIGHT)

    @property
    def digit(self) -> str:
        """What is shown large: the best class, '?' if the drawing is none of them, or ''."""
        return self._digit.text()

    @property
    def number(self) -> NumberView:
        """The view of a number; hidden while a single digit is shown."""
        return self._number

    @property
    def digit_line(self) -> str:
        """The line about the chosen digit of a number; '' for a single digit."""
        return self._digit_line.text()

    @property
    def best_class(self) -> str:
        """The most probable class, whatever the verdict; '' if there is no answer."""
        return self._best_class

    @property
    def caption(self) -> str:
        """The line below the class."""
        return self._caption.text()

    @property
    def badge(self) -> str:
        """The name above the class while the other model's answer is shown large, or ''."""
        return self._badge.text()

    @property
    def other(self) -> str:
        """The line about the other model's answer; '' if there is no other model."""
        return self._other.text() if self._has_challenger else ""

    @property
    def answer_area(self) -> QRect:
        """Where the class or the number and the line below it are."""
        large = self._digit if self._number.isHidden() else self._number
        return large.geometry().united(self._caption.geometry())

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
        """Show one digit, read by the model in use or by the challenger."""
        self._show_number(False)
        self._digit.setText(large_text(prediction))
        self._digit.setForegroundRole(
            QPalette.ColorRole.WindowText
            if prediction.is_sure
            else QPalette.ColorRole.PlaceholderText
        )
        self._show_caption(caption(prediction), QPalette.ColorRole.WindowText)
        self._show_digit(prediction, is_challenger)
        answer = prediction.best_class if prediction.is_sure else self.caption
        self.announcer.take(f"{self.badge}: {answer}" if is_challenger else answer)

    def show_number(
        self, reading: "NumberReading", chosen: int, *, is_challenger: bool = False
    ) -> None:
        """Show a number, read by the model in use or by the challenger.

        Args:
            reading: the reading.
            chosen: the index of the digit whose bars and sample are shown.
            is_challenger: whether the challenger has read it.
        """
        self._show_number(True)
        lines = [
            [ShownDigit(shown_digit(digit), digit.is_sure) for digit in line]
            for line in reading.lines
        ]
        self._number.show_lines(lines, chosen)
        self._digit.setText(reading.shown)
        self._digit_line.setText(digit_of_number(reading, chosen))
        self._show_caption(number_caption(reading), QPalette.ColorRole.WindowText)
        self._show_digit(reading.digits[chosen], is_challenger)
        self.announcer.take(f"{self.badge}: {self.digit}" if is_challenger else self.digit)

    def _show_digit(self, prediction: "Prediction", is_challenger: bool) -> None:
        """Show the bars and the sample of a digit."""
        self._best_class = prediction.best_class
        self._show_badge(is_challenger)
        self._show_bars(prediction, is_challenger)
        self._sample.show_sample((prediction.sample * 255 + 0.5).astype(np.uint8))

    def set_names(self, champion: str, challenger: str | None) -> None:
        """Tell the names of the two models; the other model's line has room from now on.

        Args:
            champion: the model in use.
            challenger: the other model, '' if it has no name yet; None if there is none.
        """
        names = champion, challenger or ""
        is_new = names != self._names
        self._names = names
        self._show_other(challenger is not None)
        if challenger is None:
            self._badge.setText("")
        if is_new:
            self._place()

    def show_other(self, reading: "NumberReading", chosen: int | None) -> None:
        """Show the other model's reading.

        Args:
            reading: the reading.
            chosen: the index of the digit whose thin bars are shown; None for no bars, where the
                other model has cut the drawing otherwise.
        """
        digit = reading.digits[chosen or 0]
        probabilities = digit.probabilities.tolist()
        self.show_challenger(probabilities, digit.classes, digit.verdict)
        if len(reading.digits) > 1 or chosen is None:
            if chosen is None:
                self._bars.show_others(None)
            self._other.show_answer(
                self._other_name(),
                reading.shown.replace("\n", ", "),
                f" · {number_caption(reading)}" if reading.is_sure else "",
                is_champion=self._bars.is_challenger,
            )

    def show_challenger(
        self,
        probabilities: list[float] | None,
        classes: tuple[str, ...] | None = None,
        verdict: Verdict = Verdict.DIGIT,
    ) -> None:
        """Show the other model's answer as thin bars and as a line, or that there is none now.

        The other model is the challenger; it is the champion while the challenger's answer is
        shown large.

        Args:
            probabilities: 0 to 1, or None.
            classes: theirs, if they are not those of the bars: then there are no thin bars.
            verdict: whether to trust the most probable class.
        """
        is_champion = self._bars.is_challenger
        if probabilities is None:
            self._bars.show_others(None)
            self._other.show_answer(self._other_name(), "", "", is_champion=is_champion)
            return
        shown = self._bars.classes
        names = shown if classes is None else classes
        best = max(probabilities)
        self._bars.show_others(probabilities if names == shown else None)
        self._other.show_answer(
            self._other_name(),
            names[probabilities.index(best)],
            after_the_class(verdict, names, best),
            is_champion=is_champion,
        )
        tip = self.tr("{name} · hold X to swap the two answers").format(name=self._other_name())
        self._other.setToolTip(plain_tooltip(tip) if self._names[1] else "")
        self._show_other(True)

    def show_time(self, seconds: float, device: str) -> None:
        """Show how long the answer took, and where it was computed."""
        milliseconds = seconds * 1000
        self._time.setText(
            self.tr("{device} · {milliseconds} ms").format(
                device=device.upper(), milliseconds=f"{milliseconds:.1f}"
            )
        )
        self._place_bottom()

    def show_nothing(self, reason: str, classes: tuple[str, ...]) -> None:
        """Show the reason instead of a class, and these classes without bars."""
        self._best_class = ""
        self._show_number(False)
        self._digit.setText("")
        self._badge.setText("")
        self._show_caption(reason, QPalette.ColorRole.PlaceholderText)
        self._show_classes(classes)
        self.show_challenger(None)
        self._sample.show_sample(None)
        self._time.clear()
        self.announcer.take("")

    def show_sample_here(self, shown: bool) -> None:
        """Show the sample below the bars, or not: the network strip shows it too."""
        self._sample.setVisible(shown)
        self._place()

    def _show_number(self, shown: bool) -> None:
        if shown is not self._number.isHidden():
            return
        self._number.setVisible(shown)
        self._digit.setHidden(shown)
        self._digit_line.setVisible(shown)
        if not shown:
            self._digit_line.setText("")
        self._place()

    def _show_caption(self, text: str, role: QPalette.ColorRole) -> None:
        self._caption.setForegroundRole(role)
        self._caption.setText(text)

    def _other_name(self) -> str:
        return self._names[0 if self._bars.is_challenger else 1]

    def _show_badge(self, is_challenger: bool) -> None:
        name = self._names[1]
        self._badge.setText((name or self.tr("Challenger")) if is_challenger else "")

    def _show_bars(self, prediction: "Prediction", is_challenger: bool) -> None:
        if prediction.classes != self._bars.classes or is_challenger != self._bars.is_challenger:
            # The thin bars that are there belong to other classes, or to the other model.
            self._bars.show_others(None)
        count = len(self._bars.classes)
        self._bars.show_probabilities(
            prediction.classes,
            prediction.probabilities.tolist(),
            is_sure=prediction.is_sure,
            is_challenger=is_challenger,
        )
        if len(prediction.classes) != count:
            self._place()

    def _show_classes(self, classes: tuple[str, ...]) -> None:
        count = len(self._bars.classes)
        self._bars.show_others(None)
        self._bars.show_probabilities(classes, None)
        if len(classes) != count:
            self._place()

    def _show_other(self, shown: bool) -> None:
        if not shown:
            self._bars.show_others(None)
            self._other.setText("")
        if shown != self._has_challenger:
            self._has_challenger = shown
            self._other.setVisible(shown)
            if shown and not self._other.text():
                self._other.show_answer(self._other_name(), "", "", is_champion=False)
            self._place()

    # Where everything is

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place everything anew."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        width, height = self.width(), self.height()
        sample = 0
        if not self._sample.isHidden():
            sample = round(min(max(height * _SAMPLE, _LEAST_SAMPLE), _LARGEST_SAMPLE))
        # There is room for the challenger's lines before it comes: then nothing moves.
        other, badge = _LINE + _GAP, _LINE
        room = height - badge - _CAPTION - 2 * _GAP - other - _LABEL_ROW - sample
        digit = round(min(max(height * _DIGIT, _LEAST_DIGIT), _LARGEST_DIGIT))
        lacking = max(self._bars.legible_height() - (room - digit), 0)
        digit = max(digit - lacking, _LEAST_DIGIT)
        bars = min(room - digit, self._bars.best_height())
        top = badge
        for widget, high, gap in (
            (self._digit, digit, 0),
            (self._caption, _CAPTION, _GAP),
            (self._bars, bars, _GAP),
            (self._other, _LINE, 0),
        ):
            widget.setGeometry(0, top, width, high)
            top += high + gap
        if not self._number.isHidden():
            # The number is a line lower than a digit: what is below stays in its place.
            self._number.setGeometry(0, badge, width, digit - _LINE)
            self._caption.setGeometry(0, badge + digit - _LINE, width, _CAPTION)
            self._digit_line.setGeometry(0, badge + digit - _LINE + _CAPTION, width, _LINE)
        self._badge.place(width)
        self._place_bottom()
        bottom = height - _LABEL_ROW
        top = min(top + _BEFORE_SAMPLE, bottom - sample)
        self._sample.setGeometry((width - sample) // 2, top, sample, sample)

    def _place_bottom(self) -> None:
        """Place the time in the right corner, and the label's row beside it."""
        bottom = self.height() - _LABEL_ROW
        time = min(self._time.sizeHint().width(), self.width())
        self._time.setGeometry(self.width() - time, bottom, time, _LABEL_ROW)
        self.label_row.setGeometry(0, bottom, self.width() - time - _GAP, _LABEL_ROW)
