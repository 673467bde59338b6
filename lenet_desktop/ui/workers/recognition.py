"""The thread that owns the model and reads the newest drawing."""

import logging
from dataclasses import dataclass
from pathlib import Path
from threading import Condition
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal

from lenet_desktop import paths
from lenet_desktop.drawing.strokes import Drawing
from lenet_desktop.torch_loading import load_torch

if TYPE_CHECKING:
    from lenet_desktop.inference.recognizer import Recognizer
    from lenet_desktop.models.model_card import ModelCard

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ModelInUse:
    """The model that reads the drawings from now on.

    Attributes:
        card: its model card.
        path: its file.
        device: where it runs: 'cuda', 'mps', 'xpu' or 'cpu'.
        devices: all that could be chosen here, best first.
    """

    card: "ModelCard"
    path: Path
    device: str
    devices: tuple[str, ...]


@dataclass(frozen=True)
class _Choice:
    path: Path
    device: str


class RecognitionWorker(QThread):
    """Reads drawings one at a time; the newest wins, those it overtakes are never read.

    Signals:
        recognized (int, Prediction | None): the answer to the drawing of this number, or None
            where there was no ink.
        stages_read (int, tuple[StageReading, ...]): the answer at each stage of the
            preprocess, after ``recognized`` and only while ``reads_stages`` is set.
        model_changed (ModelInUse): another model or device reads from now on.
        noticed (str): one sentence of what was done otherwise than the user wanted.
        failed (str): one sentence of what could not be done.
    """

    recognized = Signal(int, object)
    stages_read = Signal(int, tuple)
    model_changed = Signal(object)
    noticed = Signal(str)
    failed = Signal(str)

    def __init__(self, model: Path, device: str = "auto", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.reads_stages = False
        self._changed = Condition()
        self._closing = False
        self._number = 0
        self._drawing: Drawing | None = None
        self._in_use = model
        self._wanted = _Choice(model, device)
        self._choice: _Choice | None = self._wanted
        self._recognizer: Recognizer | None = None  # touched by run() alone

    def submit(self, drawing: Drawing) -> int:
        """Have a drawing read, instead of any that still waits; give the number of its answer."""
        with self._changed:
            self._number += 1
            self._drawing = drawing
            self._changed.notify()
            return self._number

    def discard(self) -> int:
        """Have nothing read that still waits; give the number of the last drawing."""
        with self._changed:
            self._drawing = None
            return self._number

    def use(self, model: Path | None = None, device: str | None = None) -> None:
        """Read with another model file, on another device ('auto' for the best), or both."""
        with self._changed:
            self._wanted = _Choice(model or self._wanted.path, device or self._wanted.device)
            self._choice = self._wanted
            self._changed.notify()

    def stop(self) -> None:
        """End the thread and wait for it; afterwards it cannot be started again."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self.wait()

    def run(self) -> None:
        """Load torch, then the model, then read drawings until the end."""
        try:
            if not self._closing:
                load_torch()
            if not self._closing:
                import torch

                # One drawing is too little to share out; waiting for a busy core costs far more.
                torch.set_num_threads(1)
                self._read_drawings()
        except Exception as error:  # noqa: BLE001 -- the last resort of this thread
            # An exception that left run() would look like an ordinary end of the thread.
            _log.exception("the recognition thread ended")
            self.failed.emit(f"Reading digits has stopped: {error} Start the program again.")

    def _read_drawings(self) -> None:
        while self._wait_for_work():
            with self._changed:
                choice, self._choice = self._choice, None
                number, drawing = self._number, None
                if choice is None:
                    drawing, self._drawing = self._drawing, None
            if choice is not None:
                self._recognizer = self._load(choice, self._recognizer)
            elif drawing is not None and self._recognizer is not None:
                device = self._recognizer.device
                prediction = self._recognizer.recognize(drawing)
                if self._recognizer.device != device:
                    self.noticed.emit(self._recognizer.notice)
                self.recognized.emit(number, prediction)
                if self.reads_stages:
                    self.stages_read.emit(number, self._recognizer.read_stages(drawing))

    def _wait_for_work(self) -> bool:
        """Sleep until there is something to do; False when the thread is to end."""
        with self._changed:
            self._changed.wait_for(
                lambda: (
                    self._closing
                    or self._choice is not None
                    or (self._drawing is not None and self._recognizer is not None)
                )
            )
            return not self._closing

    def _load(self, choice: _Choice, current: "Recognizer | None") -> "Recognizer | None":
        """Load what was chosen; a file that cannot be used leaves the model in use in place."""
        from lenet_desktop.inference.recognizer import device_names

        path = choice.path
        recognizer, failure = _read(path, choice.device)
        if recognizer is None and current is None and path != paths.factory_model():
            path = paths.factory_model()
            recognizer, another_failure = _read(path, choice.device)
            if another_failure:
                self.failed.emit(another_failure)
        if failure:
            # Said together: a second sentence would take the place of the first.
            also = recognizer.notice if recognizer is not None else ""
            self.failed.emit(f"{failure} {also}".strip())
        if recognizer is None:
            if current is not None:
                # What is wanted is again what is used.
                with self._changed:
                    self._wanted = _Choice(self._in_use, self._wanted.device)
            return current
        if recognizer.notice and not failure:
            self.noticed.emit(recognizer.notice)
        self._in_use = path
        with self._changed:
            if self._choice is None:
                self._wanted = _Choice(path, choice.device)
        self.model_changed.emit(
            ModelInUse(recognizer.card, path, recognizer.device, device_names())
        )
        return recognizer


def _read(path: Path, device: str) -> "tuple[Recognizer | None, str]":
    """Read a model file; give nothing, and one sentence that says why, where that is impossible."""
    from lenet_desktop.inference.recognizer import Recognizer
    from lenet_desktop.models.model_file import ModelFileError

    try:
        return Recognizer.from_file(path, device), ""
    except ModelFileError as error:
        return None, str(error)
    except Exception as error:  # noqa: BLE001 -- no file, however odd, may end the thread
        _log.exception("a model file could not be used")
        return None, f"The model file {path} cannot be used: {str(error).rstrip('.')}."
