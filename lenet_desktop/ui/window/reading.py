"""From ink to the answer on screen: drawings go to the recognition thread, answers come back."""

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from lenet_desktop.models.model_card import DIGITS
from lenet_desktop.ui.answer.answer_panel import AnswerPanel
from lenet_desktop.ui.network.strip import NetworkStrip
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.workers.recognition import ModelInUse

if TYPE_CHECKING:
    from lenet_desktop.inference.recognizer import Prediction, StageReading
    from lenet_desktop.ui.workers.training import ChallengerReading


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
            is_digits = set(classes) == set(DIGITS)
            reason = self.tr("Draw a digit") if is_digits else self.tr("Draw one of these")
        self._panel.show_nothing(reason, classes)
        self._strip.show_readings(())
        self.sample_changed.emit(None)

    def show_stages(self, shown: bool) -> None:
        """Have each stage of the preprocessing read as well, or not."""
        self._session.recognition.reads_stages = shown
        if shown and not self._canvas.is_blank:
            self.submit()

    def swap(self, swapped: bool) -> None:
        """Show the challenger's answer in place of the champion's while ``swapped``."""
        if swapped != self._swapped:
            self._swapped = swapped
            self._show_answers()

    def show_challenger_in_training(self, reading: "ChallengerReading | None") -> None:
        """Show what the network that is being trained makes of the drawing."""
        if self._champion is None or reading is None:
            self._panel.show_challenger(None)
        elif reading.classes == self._champion.classes:
            self._panel.show_challenger(reading.probabilities.tolist())

    def _drop_answers(self) -> None:
        """Remove the answer to a drawing that is no longer on the pad."""
        self._dropped_until = self._session.recognition.discard()

    def _take_model(self, _model: ModelInUse) -> None:
        self.submit()

    def _take_failure(self, _sentence: str) -> None:
        if self._session.model is None:
            self.show_nothing()

    def _change_challenger(self, _name: str) -> None:
        self._challenger = None
        self._swapped = False
        self._panel.show_challenger(None)
        self.submit()

    def _take_answer(self, number: int, prediction: "Prediction | None") -> None:
        if number <= self._dropped_until:
            return
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

    def _take_challenger(self, number: int, prediction: "Prediction | None") -> None:
        if number > self._dropped_until:
            self._challenger = prediction
            self._show_answers()

    def _show_answers(self) -> None:
        champion, challenger = self._champion, self._challenger
        if champion is None:
            return
        if challenger is None:
            self._panel.show_prediction(champion)
            return
        first, second = (challenger, champion) if self._swapped else (champion, challenger)
        self._panel.show_prediction(first, is_challenger=self._swapped)
        same_classes = first.classes == second.classes
        self._panel.show_challenger(second.probabilities.tolist() if same_classes else None)

    def _take_stages(self, number: int, readings: "tuple[StageReading, ...]") -> None:
        if number > self._dropped_until:
            self._strip.show_readings(readings)
