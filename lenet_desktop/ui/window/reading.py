"""From ink to the answer on screen: drawings go to the recognition thread, answers come back."""

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QGraphicsOpacityEffect

from lenet_desktop.models.model_card import DIGITS
from lenet_desktop.ui.answer.answer_panel import AnswerPanel
from lenet_desktop.ui.answer.answer_texts import are_digits
from lenet_desktop.ui.network.strip import NetworkStrip
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.workers.recognition import ModelInUse

if TYPE_CHECKING:
    from lenet_desktop.inference.recognizer import Prediction, StageReading
    from lenet_desktop.ui.workers.training import ChallengerReading

# How visible an answer is that does not belong to what lies over the paper.
_FADED = 0.3


class Reading(QObject):
    """Submits what is on the pad, and shows the answers.

    Signals:
        sample_changed (Sample | None): what the network was shown, float32 (28, 28), 0 to 1; None
            for a blank pad.

    Attributes:
        last_ink_time: ``time.perf_counter()`` when the last drawing was submitted.
    """

    sample_changed = Signal(object)

    def __init__(
        self, canvas: Canvas, panel: AnswerPanel, strip: NetworkStrip, session: Session
    ) -> None:
        super().__init__(panel)
        self.last_ink_time = 0.0
        self._canvas, self._panel, self._strip, self._session = canvas, panel, strip, session
        self._last_number = self._answered = self._dropped_until = 0
        self._champion: Prediction | None = None
        self._challenger: Prediction | None = None
        self._challenger_number = 0
        self._swapped = False
        canvas.cleared.connect(self._drop_answers)
        canvas.drawing_changed.connect(self.submit)
        session.model_changed.connect(self._take_model)
        session.failed.connect(self._take_failure)
        recognition = session.recognition
        recognition.recognized.connect(self._take_answer)
        recognition.stages_read.connect(self._take_stages)
        recognition.challenger_recognized.connect(self._take_challenger)
        session.challenger_changed.connect(self._change_challenger)

    @property
    def is_answered(self) -> bool:
        """Whether the answer shown belongs to the ink that is on the pad now."""
        return self._answered == self._last_number

    def submit(self) -> None:
        """Have the drawing read as it is now."""
        if self._canvas.is_blank:
            self._drop_answers()
            self.show_nothing()
            return
        self.last_ink_time = time.perf_counter()
        self._last_number = self._session.recognition.submit(self._canvas.drawing_so_far)

    def show_nothing(self) -> None:
        """Show that there is nothing to read, or no model to read it with."""
        self._champion = self._challenger = None
        model = self._session.model
        classes = DIGITS if model is None else model.card.classes
        if self._session.is_loading:
            reason = self.tr("Loading the model …")
        elif model is None:
            reason = self.tr("No model")
        else:
            is_digits = are_digits(classes)
            reason = self.tr("Draw a digit") if is_digits else self.tr("Draw one of these")
        self._panel.show_nothing(reason, classes)
        self._strip.show_nothing(reason)
        self.sample_changed.emit(None)

    def show_stages(self, shown: bool) -> None:
        """Have each stage of the preprocessing read as well, or not."""
        self._panel.show_sample_here(not shown)
        self._session.recognition.reads_stages = shown
        if shown and not self._canvas.is_blank:
            self.submit()

    def swap(self, swapped: bool) -> None:
        """Show the challenger's answer in place of the champion's while ``swapped``."""
        if swapped != self._swapped:
            self._swapped = swapped
            self._show_answers()

    def set_aside(self, aside: bool) -> None:
        """Fade what belongs to the drawing while something else lies over the paper, or end that.

        Screen readers are told that it is disabled.
        """
        for widget in (self._panel, self._strip):
            widget.setEnabled(not aside)
            effect = QGraphicsOpacityEffect(widget) if aside else None
            if effect is not None:
                effect.setOpacity(_FADED)
            widget.setGraphicsEffect(effect)  # type: ignore[arg-type]  # None removes it

    def show_challenger_in_training(self, reading: "ChallengerReading | None") -> None:
        """Show what the network that is being trained makes of the drawing.

        None ends that. A model that the user tries beside the one in use is shown instead.
        """
        if self._session.challenger:
            return
        self._panel.set_names(self._champion_name(), None if reading is None else "")
        if reading is not None and self._champion is not None:
            self._panel.show_challenger(reading.probabilities.tolist(), reading.classes)

    def _drop_answers(self) -> None:
        """Remove the answer to a drawing that is no longer on the pad."""
        self._dropped_until = self._session.recognition.discard()

    def _take_model(self, _model: ModelInUse) -> None:
        if self._session.challenger:
            self._panel.set_names(self._champion_name(), self._session.challenger)
        self.submit()

    def _take_failure(self, _sentence: str) -> None:
        if self._session.model is None:
            self.show_nothing()
        elif self._challenger_number != self._answered and self._challenger is not None:
            # The challenger could not read this drawing.
            self._challenger = None
            self._show_answers()

    def _change_challenger(self, name: str) -> None:
        self._challenger = None
        self._swapped = False
        self._panel.set_names(self._champion_name(), name or None)
        self._show_answers()
        self.submit()

    def _champion_name(self) -> str:
        model = self._session.model
        return "" if model is None else model.card.title

    def _take_answer(self, number: int, prediction: "Prediction | None") -> None:
        if number <= self._dropped_until:
            return
        if self._challenger_number != self._answered:
            self._challenger = None  # it did not read the last drawing either
        self._answered = number
        if prediction is None:
            self.show_nothing()
            return
        self._champion = prediction
        self._show_answers()
        self.sample_changed.emit(prediction.sample)
        if number == self._last_number:
            model = self._session.model
            device = "" if model is None else model.device
            self._panel.show_time(time.perf_counter() - self.last_ink_time, device)

    def _take_challenger(self, number: int, prediction: "Prediction") -> None:
        # One that was changed meanwhile may still answer.
        if number > self._dropped_until and self._session.challenger:
            self._challenger, self._challenger_number = prediction, number
            self._show_answers()

    def _show_answers(self) -> None:
        """Show the champion's answer, or the challenger's while they are swapped.

        Until the challenger has read a new drawing too, a few milliseconds later, its answer to
        the one before stays: without it the thin bars would flicker while somebody draws.
        """
        champion, challenger = self._champion, self._challenger
        if champion is None:
            return
        if challenger is None:
            self._panel.show_prediction(champion)
            if self._session.challenger:
                self._panel.show_challenger(None)
            return
        first, second = (challenger, champion) if self._swapped else (champion, challenger)
        self._panel.show_prediction(first, is_challenger=self._swapped)
        self._panel.show_challenger(second.probabilities.tolist(), second.classes, second.verdict)

    def _take_stages(self, number: int, readings: "tuple[StageReading, ...]") -> None:
        if number > self._dropped_until:
            self._strip.show_readings(readings)
