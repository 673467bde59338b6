"""The recognition thread: it owns the network and reads the newest drawing."""

import logging
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Condition
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal

from lenet_desktop import paths
from lenet_desktop.drawing.strokes import Drawing
from lenet_desktop.errors import UserError
from lenet_desktop.inference.kind import Kind
from lenet_desktop.torch_loading import load_torch
from lenet_desktop.ui.translated import translated

if TYPE_CHECKING:
    from lenet_desktop.drawing.preprocess import Sample
    from lenet_desktop.inference.inside.layers import Off
    from lenet_desktop.inference.numbers import DigitReading, NumberReader, NumberReading
    from lenet_desktop.inference.recognizer import Recognizer, StageReading
    from lenet_desktop.models.model_card import ModelCard
    from lenet_desktop.models.model_file import Model

# While newer drawings wait, the stages and the layers are read no more often than this.
_STAGES_SECONDS = 1 / 30

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ModelInUse:
    """The model that reads the drawings.

    Attributes:
        card: its model card.
        path: its file.
        device: the device it runs on: 'cuda', 'mps', 'xpu' or 'cpu'.
        devices: all devices that can be chosen on this computer, the best first.
    """

    card: "ModelCard"
    path: Path
    device: str
    devices: tuple[str, ...]


@dataclass(frozen=True)
class _Choice:
    """Another model file, another device, or both; None means no change."""

    path: Path | None = None
    device: str | None = None

    def updated(self, later: "_Choice") -> "_Choice":
        return _Choice(later.path or self.path, later.device or self.device)


@dataclass(frozen=True, eq=False)
class _Trial:
    """A model to read beside the one in use; None for no other model."""

    challenger: "Path | Model | None"


@dataclass(frozen=True, eq=False)
class _Inside:
    """The model whose layers are read instead of those of the model in use; None to end that."""

    model: "Model | None"


@dataclass(frozen=True, eq=False)
class _Reader:
    path: Path | None
    model: "Model"
    recognizer: "Recognizer"
    numbers: "NumberReader"

    @classmethod
    def of(cls, path: Path | None, model: "Model", device: str) -> "_Reader":
        from lenet_desktop.inference.numbers import NumberReader
        from lenet_desktop.inference.recognizer import Recognizer

        recognizer = Recognizer(model, device)
        return cls(path, model, recognizer, NumberReader(recognizer))


class RecognitionWorker(QThread):
    """Reads drawings one at a time; a newer drawing replaces one that still waits.

    Signals:
        recognized (int, NumberReading | None): the answer to the drawing with this number, or None
            if there was no ink or reading failed. A single digit is a number of one digit.
        challenger_recognized (int, NumberReading | None): the answer of the model that reads beside
            the one in use to the drawing with this number, after ``recognized``; None if it has
            none, and ``failed`` follows.
        challenger_changed (str, Path | None): the name of the model that reads beside the one in
            use, or '', and its file if it has one.
        stages_read (int, tuple[StageReading, ...]): the answer at each stage of the preprocess of
            one digit, after ``recognized`` and only while ``reads_stages`` is set.
        inside_read (int, InsideReading): the values of all layers for that digit, after
            ``recognized`` and only while ``reads_stages`` or ``reads_inside`` is set; with the
            latter for bare paper, too. Again for the last one after ``show_moment``.
        model_changed (ModelInUse): the model or the device in use has changed.
        noticed (str): one sentence if something was done differently than the user chose.
        settled (): a change of model or device has succeeded or failed.
        failed (str): one sentence about what failed.

    Attributes:
        kind: what the drawings are read as.
        stops_at: the stage at which the preprocessing of a single digit stops, by the value of its
            ``StageKind``; '' to prepare it as usual.
        reads_stages: whether the stages of the preprocess are read, too.
        reads_inside: whether the values of all layers are read, too.
        switched_off: the maps and neurons that are switched off for this.
        is_swapped: whether the challenger reads them, if there is one.
        chosen_digit: those of which digit of a number, from 0; None for the last one.
    """

    recognized = Signal(int, object)
    challenger_recognized = Signal(int, object)
    challenger_changed = Signal(str, object)
    stages_read = Signal(int, tuple)
    inside_read = Signal(int, object)
    model_changed = Signal(object)
    settled = Signal()
    noticed = Signal(str)
    failed = Signal(str)

    def __init__(self, model: Path, device: str = "auto", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.kind = Kind.AUTO
        self.stops_at = ""
        self.reads_stages = self.reads_inside = self.is_swapped = False
        self.switched_off: Off = frozenset()
        self.chosen_digit: int | None = None
        self._changed = Condition()
        self._closing = False
        self._number = 0
        self._drawing: Drawing | None = None
        self._choice: _Choice | None = _Choice(model, device)
        self._is_changing = False
        self._trial: _Trial | None = None
        self._inside: _Inside | None = None
        # Only the thread itself uses these.
        self._reader: _Reader | None = None
        self._challenger: _Reader | None = None
        self._moment: Recognizer | None = None
        # The number of the last drawing, and its sample; None for bare paper.
        self._last: tuple[int, Sample | None] | None = None
        self._stages_at = 0.0
        self._device = device

    def submit(self, drawing: Drawing) -> int:
        """Request a drawing to be read, instead of one that still waits; return its number."""
        with self._changed:
            self._number += 1
            self._drawing = drawing
            self._changed.notify()
            return self._number

    def discard(self) -> int:
        """Discard the drawing that still waits; return the number of the last drawing."""
        with self._changed:
            self._drawing = None
            return self._number

    def use(self, model: Path | None = None, device: str | None = None) -> None:
        """Use another model file, another device ('auto' for the best), or both."""
        with self._changed:
            self._choice = (self._choice or _Choice()).updated(_Choice(model, device))
            self._changed.notify()

    def try_beside(self, challenger: "Path | Model | None") -> None:
        """Have another model read each drawing after the one in use; None to end that."""
        with self._changed:
            self._trial = _Trial(challenger)
            self._changed.notify()

    def show_moment(self, model: "Model | None") -> None:
        """Read the values of all layers with another network, such as one of a training's film.

        The answers stay those of the model in use. None ends that.
        """
        with self._changed:
            self._inside = _Inside(model)
            self._changed.notify()

    @property
    def is_settled(self) -> bool:
        """Whether no change of model or device is waiting or under way."""
        with self._changed:
            return self._choice is None and not self._is_changing

    def start(self, priority: QThread.Priority = QThread.Priority.InheritPriority) -> None:
        """Start the thread, unless it was stopped already."""
        if not self._closing:
            super().start(priority)

    def stop(self) -> None:
        """End the thread and wait for it; afterwards it cannot be started again."""
        with self._changed:
            self._closing = True
            self.requestInterruption()
            self._changed.notify()
        self.wait()

    def run(self) -> None:
        """Load torch, then carry out requests until the thread is stopped."""
        try:
            if self._closing:
                return
            load_torch()
            import torch

            # One drawing is too little work for two threads; waiting for a busy core would take far
            # longer.
            torch.set_num_threads(1)
        except Exception as error:  # noqa: BLE001 -- an exception would end the thread silently
            _log.exception("torch could not be loaded")
            sentence = self.tr("Reading is not possible: {reason}. Install the program again.")
            self.failed.emit(sentence.format(reason=error))
            return
        while (item := self._next_item()) is not None:
            self._handle(item)
            if isinstance(item, _Choice):
                with self._changed:
                    self._is_changing = False
                self.settled.emit()

    def _next_item(self) -> "_Choice | _Trial | _Inside | tuple[int, Drawing] | None":
        """Wait for the next request; return None if the thread must end."""
        with self._changed:
            self._changed.wait_for(
                lambda: (
                    self._closing
                    or self._choice is not None
                    or self._trial is not None
                    or self._inside is not None
                    or (self._drawing is not None and self._reader is not None)
                )
            )
            if self._closing:
                return None
            if self._choice is not None:
                choice, self._choice = self._choice, None
                self._is_changing = True
                return choice
            if self._trial is not None:
                trial, self._trial = self._trial, None
                return trial
            if self._inside is not None:
                inside, self._inside = self._inside, None
                return inside
            drawing, self._drawing = self._drawing, None
            assert drawing is not None
            return self._number, drawing

    def _handle(self, item: "_Choice | _Trial | _Inside | tuple[int, Drawing]") -> None:
        """Carry out a request; a failure is reported and does not end the thread."""
        try:
            if isinstance(item, _Choice):
                self._change(item)
            elif isinstance(item, _Trial):
                self._try_beside(item.challenger)
            elif isinstance(item, _Inside):
                self._show_moment(item.model)
            elif self._reader is not None:
                self._read(self._reader, *item)
        except UserError as error:
            self.failed.emit(translated(error))
        except Exception as error:  # noqa: BLE001 -- no drawing, however odd, may end the thread
            _log.exception("the recognition thread continues after this error")
            sentence = (
                self.tr("The program could not read this drawing: {reason}.")
                if isinstance(item, tuple)
                else self.tr("The program could not use this model: {reason}.")
            )
            self.failed.emit(sentence.format(reason=translated(error).rstrip(".")))

    def _read(self, reader: _Reader, number: int, drawing: Drawing) -> None:
        recognizer, device = reader.recognizer, reader.recognizer.device
        reading = None
        try:
            reading = self._reading_of(reader, drawing, self.kind)
        finally:
            self.recognized.emit(number, reading)
        if recognizer.device != device:
            self.noticed.emit(translated(recognizer.notice))
            self._tell_model(reader)
            self._move_challenger()
        if reading is None:
            self._last = number, None
            if self.reads_inside:
                self._read_inside()
            return
        self._last = number, self._chosen(reading).sample
        if (self.reads_stages or self.reads_inside) and self._has_time_for_stages():
            if self.reads_stages:
                self.stages_read.emit(number, self._stages(self._shown(), drawing, reading))
            self._read_inside()
        if self._challenger is not None:
            answer = None
            try:
                kind = Kind.DIGIT if len(reading.digits) == 1 else Kind.NUMBER
                answer = self._reading_of(self._challenger, drawing, kind)
            finally:
                self.challenger_recognized.emit(number, answer)

    def _reading_of(self, reader: _Reader, drawing: Drawing, kind: Kind) -> "NumberReading | None":
        """Read a drawing; the preprocessing of a single digit stops where it is told to."""
        reading, stops_at = reader.numbers.read(drawing, kind), self.stops_at
        if not stops_at or reading is None or len(reading.digits) > 1:
            return reading
        from lenet_desktop.inference.numbers import stopped_at

        stages = reader.recognizer.read_stages(drawing)
        return next((stopped_at(reading, s) for s in stages if s.kind == stops_at), reading)

    def _shown(self) -> "Recognizer":
        """Return the recognizer whose answer is shown first: the champion's unless swapped."""
        assert self._reader is not None
        swapped = self._challenger if self.is_swapped else None
        return (swapped or self._reader).recognizer

    def _read_inside(self) -> None:
        """Read the values of all layers for the last drawing."""
        if self._last is None or self._reader is None:
            return
        number, sample = self._last
        reads = self._moment or self._shown()
        self.inside_read.emit(number, reads.read_inside(sample, self.switched_off))

    def _show_moment(self, model: "Model | None") -> None:
        from lenet_desktop.inference.recognizer import Recognizer

        # On the CPU: a training may use the device.
        self._moment = None if model is None else Recognizer(model, "cpu")
        has_ink = self._last is not None and self._last[1] is not None
        if self.reads_inside or (self.reads_stages and has_ink):
            self._read_inside()

    def _has_time_for_stages(self) -> bool:
        """Return whether to read the stages now: not too often while newer drawings wait."""
        now = time.perf_counter()
        with self._changed:
            is_late = self._drawing is not None
        if is_late and now - self._stages_at < _STAGES_SECONDS:
            return False
        self._stages_at = now
        return True

    def _stages(
        self, recognizer: "Recognizer", drawing: Drawing, reading: "NumberReading"
    ) -> "tuple[StageReading, ...]":
        """Return the stages of the drawing, or those of the chosen digit of a number."""
        if len(reading.digits) == 1:
            return recognizer.read_stages(drawing)
        digit = self._chosen(reading)
        # Of a picture, the strokes that were traced in it.
        return recognizer.read_stages(Drawing(digit.strokes, bare_width=drawing.width))

    def _chosen(self, reading: "NumberReading") -> "DigitReading":
        chosen = self.chosen_digit
        return reading.digits[-1 if chosen is None else min(chosen, len(reading.digits) - 1)]

    def _change(self, choice: _Choice) -> None:
        """Load the model, or move the one in use; a file that cannot be used changes nothing."""
        self._device = choice.device or self._device
        reader, failure = None, ""
        if choice.path is not None:
            reader, failure = self._load(choice.path)
            if reader is None and self._reader is None and choice.path != paths.factory_model():
                reader, another_failure = self._load(paths.factory_model())
                if another_failure:
                    self.failed.emit(another_failure)
        if reader is None and self._reader is not None and choice.device is not None:
            reader = _Reader.of(self._reader.path, self._reader.model, self._device)
        notice = "" if reader is None else translated(reader.recognizer.notice)
        if failure:
            # One message for both: a second one would replace the first.
            self.failed.emit(f"{failure} {notice}".strip())
        elif notice:
            self.noticed.emit(notice)
        if reader is not None:
            self._reader = reader
            # Before the window hears of it: a training may use the device from then on.
            self._move_challenger()
            self._tell_model(reader)

    def _try_beside(self, challenger: "Path | Model | None") -> None:
        from lenet_desktop.models import model_file

        path = challenger if isinstance(challenger, Path) else None
        # A file that cannot be used changes nothing.
        model = model_file.load(challenger) if isinstance(challenger, Path) else challenger
        self._challenger = None
        if model is not None:
            self._challenger = _Reader.of(path, model, self._device_in_use())
        name = "" if self._challenger is None else self._challenger.model.card.title
        self.challenger_changed.emit(name, path)

    def _move_challenger(self) -> None:
        """Have the challenger read on the champion's device: another one may be lent away."""
        device = self._device_in_use()
        if self._challenger is not None and self._challenger.recognizer.device != device:
            model, path = self._challenger.model, self._challenger.path
            self._challenger = _Reader.of(path, model, device)

    def _device_in_use(self) -> str:
        return self._device if self._reader is None else self._reader.recognizer.device

    def _load(self, path: Path) -> tuple[_Reader | None, str]:
        """Return the recognizer for a model file, or None and why it cannot be used."""
        from lenet_desktop.models import model_file

        try:
            return _Reader.of(path, model_file.load(path), self._device), ""
        except UserError as error:
            return None, translated(error)
        except Exception as error:  # noqa: BLE001 -- no file, however odd, may end the thread
            _log.exception("a model file could not be used")
            sentence = self.tr("The model file {file} cannot be used: {reason}.")
            return None, sentence.format(file=path, reason=translated(error).rstrip("."))

    def _tell_model(self, reader: _Reader) -> None:
        from lenet_desktop.inference.recognizer import device_names

        recognizer = reader.recognizer
        assert reader.path is not None, "only a challenger may have no file"
        self.model_changed.emit(
            ModelInUse(recognizer.card, reader.path, recognizer.device, device_names())
        )
