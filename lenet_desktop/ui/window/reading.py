"""From ink to the answer on screen: drawings go to the recognition thread, answers come back."""

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QGraphicsOpacityEffect

from lenet_desktop.drawing.strokes import Drawing
from lenet_desktop.inference.decision import Verdict
from lenet_desktop.inference.kind import Kind
from lenet_desktop.models.model_card import DIGITS
from lenet_desktop.ui.answer.answer_panel import AnswerPanel
from lenet_desktop.ui.answer.answer_texts import are_digits, shown_digit
from lenet_desktop.ui.network.strip import NetworkStrip
from lenet_desktop.ui.number.boxes import Boxes, DigitBox
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.teaching.labelling import Offer
from lenet_desktop.ui.workers.recognition import ModelInUse

if TYPE_CHECKING:
    from lenet_desktop.inference.inside.reading import InsideReading
    from lenet_desktop.inference.numbers import NumberReading
    from lenet_desktop.inference.recognizer import StageReading
    from lenet_desktop.ui.workers.training import ChallengerReading

# How visible an answer is that does not belong to what lies over the paper.
_FADED = 0.3


class Reading(QObject):
    """Submits what is on the pad, and shows the answers.

    Signals:
        sample_changed (Sample | None): what the network was shown, float32 (28, 28), 0 to 1; None
            for a blank pad.
        number_changed (str): the number, or the digit, that is read now, see ``number``.
        inside_changed (InsideReading): the values of all layers for what is on the pad; for bare
            paper, if nothing is.
        nothing_shown (str): there is nothing to read, or no model to read it with, and why.

    Attributes:
        last_ink_time: ``time.perf_counter()`` when the last drawing was submitted.
        shows_moment: whether the values of the layers are those of a moment of a training; the
            strip shows the model in use.
    """

    sample_changed = Signal(object)
    number_changed = Signal(str)
    inside_changed = Signal(object)
    nothing_shown = Signal(str)

    def __init__(
        self,
        canvas: Canvas,
        boxes: Boxes,
        panel: AnswerPanel,
        strip: NetworkStrip,
        session: Session,
    ) -> None:
        super().__init__(panel)
        self.last_ink_time = 0.0
        self.shows_moment = False
        self._canvas, self._boxes, self._panel, self._strip = canvas, boxes, panel, strip
        self._session = session
        self._chosen: int | None = None
        self._last_number = self._answered = self._dropped_until = 0
        self._champion: NumberReading | None = None
        self._challenger: NumberReading | None = None
        self._challenger_number = 0
        self._swapped = False
        boxes.digit_chosen.connect(self.choose_digit)
        panel.number.digit_chosen.connect(self.choose_digit)
        strip.stop_changed.connect(self._stop_at)
        canvas.pen_lifted.connect(self._show_answers)
        canvas.cleared.connect(self._drop_answers)
        canvas.drawing_changed.connect(self.submit)
        session.model_changed.connect(self._take_model)
        session.failed.connect(self._take_failure)
        recognition = session.recognition
        recognition.recognized.connect(self._take_answer)
        recognition.stages_read.connect(self._take_stages)
        recognition.inside_read.connect(self._take_inside)
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
            if self._session.recognition.reads_inside:
                # The layers are shown for bare paper, too.
                self._last_number = self._session.recognition.submit(Drawing())
            return
        self.last_ink_time = time.perf_counter()
        self._last_number = self._session.recognition.submit(self._canvas.drawing_so_far)

    @property
    def number(self) -> str:
        """The number, or the digit, that is read now; '?' for what is not sure, '' for nothing."""
        reading = self._champion
        is_number = reading is not None and len(reading.digits) > 1
        # The digits of a number are shown apart; a class's name may have spaces of its own.
        return self._panel.digit.replace(" ", "") if is_number else self._panel.digit

    @property
    def is_swapped(self) -> bool:
        """Whether the challenger's answer is shown in place of the champion's."""
        return self._swapped

    @property
    def digit_place(self) -> str:
        """Which digit of a number is shown, such as 'Digit 2 of 3'; '' for a single digit."""
        reading = self._champion
        if reading is None or len(reading.digits) < 2:
            return ""
        text = self.tr("Digit {number} of {all}")
        return text.format(number=self._index(reading) + 1, all=len(reading.digits))

    @property
    def champion(self) -> "NumberReading | None":
        """What the model in use reads now; None if there is nothing to read."""
        return self._champion

    @property
    def shown_drawing(self) -> Drawing:
        """The drawing whose sample is shown; of a number, the strokes of the digit only."""
        drawing, reading = self._canvas.drawing_so_far, self._champion
        if reading is None or len(reading.digits) < 2:
            return drawing
        # Of a picture, the strokes that were traced in it.
        return Drawing(reading.digits[self._index(reading)].strokes, bare_width=drawing.width)

    @property
    def offer(self) -> Offer | None:
        """What is read now and may be labelled; None while the pen is down."""
        reading = self._champion
        if reading is None or self._canvas.is_drawing or self._canvas.is_blank:
            return None
        drawing, index = self._canvas.drawing, self._index(reading)
        digit = reading.digits[index]
        part = drawing
        if len(reading.digits) > 1:
            # Of a picture, the strokes that were traced in it.
            part = Drawing(digit.strokes, bare_width=drawing.width)
        is_refused = digit.verdict is Verdict.NOT_A_DIGIT
        return Offer(drawing, index, part, digit.best_class, digit.classes, is_refused)

    def read_as(self, kind: Kind) -> None:
        """Read the drawing, and all later ones, as this kind."""
        self._session.recognition.kind = kind
        self.submit()

    def choose_digit(self, index: int | None) -> None:
        """Show the bars, the sample and the stages of one digit of a number; None for the last."""
        self._chosen = self._session.recognition.chosen_digit = index
        self._show_answers()
        recognition = self._session.recognition
        if self._champion is not None and (recognition.reads_stages or recognition.reads_inside):
            self.submit()

    def show_nothing(self) -> None:
        """Show that there is nothing to read, or no model to read it with."""
        self._champion = self._challenger = None
        self._chosen = self._session.recognition.chosen_digit = None
        self._boxes.show_boxes((), None)
        model = self._session.model
        classes = DIGITS if model is None else model.card.classes
        if self._session.is_loading:
            reason = self.tr("Loading the model\u00a0…")
        elif model is None:
            reason = self.tr("No model")
        else:
            is_digits = are_digits(classes)
            reason = self._invitation() if is_digits else self.tr("Draw one of these")
        self._panel.show_nothing(reason, classes)
        self._strip.show_nothing(reason)
        self.nothing_shown.emit(reason)
        self.sample_changed.emit(None)
        self.number_changed.emit("")

    def show_stages(self, shown: bool) -> None:
        """Have each stage of the preprocessing read as well, or not."""
        self._panel.show_sample_here(not shown)
        self._session.recognition.reads_stages = shown
        if not shown and not self._session.recognition.reads_inside:
            self._strip.stop_at("")  # what cannot be seen must not change the answer
        if shown and not self._canvas.is_blank:
            self.submit()

    def _stop_at(self, stage: str) -> None:
        """Have the drawing read as it is after a stage of the preprocessing."""
        self._session.recognition.stops_at = stage
        self.submit()

    def swap(self, swapped: bool) -> None:
        """Show the challenger's answer in place of the champion's while ``swapped``."""
        if swapped != self._swapped:
            self._swapped = self._session.recognition.is_swapped = swapped
            self._show_answers()
            recognition = self._session.recognition
            if self._session.challenger and (recognition.reads_stages or recognition.reads_inside):
                self.submit()

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
        self._swapped = self._session.recognition.is_swapped = False
        self._panel.set_names(self._champion_name(), name or None)
        self._show_answers()
        self.submit()

    def _champion_name(self) -> str:
        model = self._session.model
        return "" if model is None else model.card.title

    def _take_answer(self, number: int, reading: "NumberReading | None") -> None:
        if number <= self._dropped_until:
            return
        if self._challenger_number != self._answered:
            self._challenger = None  # it did not read the last drawing either
        self._answered = number
        if reading is None:
            self.show_nothing()
            return
        self._champion = reading
        self._show_answers()
        if number == self._last_number:
            model = self._session.model
            device = "" if model is None else model.device
            self._panel.show_time(time.perf_counter() - self.last_ink_time, device)

    def _take_challenger(self, number: int, reading: "NumberReading | None") -> None:
        # One that was changed meanwhile may still answer.
        if number > self._dropped_until and self._session.challenger:
            self._challenger, self._challenger_number = reading, number
            self._show_answers()

    def _show_answers(self) -> None:
        """Show the champion's answer, or the challenger's while they are swapped.

        Until the challenger has read a new drawing too, a few milliseconds later, its answer to
        the one before stays: without it the thin bars would flicker while somebody draws.
        """
        champion, challenger = self._champion, self._challenger
        if champion is None:
            return
        first, second = champion, challenger
        if challenger is not None and self._swapped:
            first, second = challenger, champion
        chosen = self._index(first)
        is_challenger = first is challenger
        if len(first.digits) > 1:
            self._panel.show_number(first, chosen, is_challenger=is_challenger)
        else:
            self._panel.show_prediction(first.digits[0], is_challenger=is_challenger)
        if second is not None:
            self._panel.show_other(second, chosen if second.has_same_cuts(first) else None)
        elif self._session.challenger:
            self._panel.show_challenger(None)
        self._show_boxes(first, chosen)
        self.number_changed.emit(self.number)
        self.sample_changed.emit(champion.digits[self._index(champion)].sample)

    def _index(self, reading: "NumberReading") -> int:
        """Return the index of the digit that is shown: the chosen one, or the last."""
        last = len(reading.digits) - 1
        return last if self._chosen is None else min(self._chosen, last)

    def _show_boxes(self, reading: "NumberReading", chosen: int) -> None:
        """Show the boxes of a number once the pen is up."""
        if self._canvas.is_drawing:
            return
        boxes = [
            DigitBox(*digit.ink_box, text=shown_digit(digit), is_sure=digit.is_sure)
            for digit in reading.digits
        ]
        self._boxes.show_boxes(boxes if len(boxes) > 1 else (), chosen)

    def _invitation(self) -> str:
        texts = {
            Kind.AUTO: self.tr("Draw a digit or a number"),
            Kind.DIGIT: self.tr("Draw a digit"),
            Kind.NUMBER: self.tr("Draw a number"),
        }
        return texts[self._session.recognition.kind]

    def _take_stages(self, number: int, readings: "tuple[StageReading, ...]") -> None:
        if number > self._dropped_until:
            self._strip.show_readings(readings)

    def _take_inside(self, number: int, reading: "InsideReading") -> None:
        if number <= self._dropped_until:
            return
        is_for_strip = self._session.recognition.reads_stages and not self.shows_moment
        if is_for_strip and reading.sample.any():
            self._strip.show_layers(reading)
        self.inside_changed.emit(reading)
