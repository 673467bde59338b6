"""The thread that explains answers: attribution, strokes, changes and dreams."""

import copy
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Condition
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QThread, Signal

from lenet_desktop.drawing.preprocess import SAMPLE_SIZE, Sample, bounding_box
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.strokes import Drawing, Rect
from lenet_desktop.errors import UserError
from lenet_desktop.inference.inside.methods import DEFAULT, Method
from lenet_desktop.torch_loading import load_torch
from lenet_desktop.ui.translated import translated

if TYPE_CHECKING:
    from lenet_desktop.inference.inside.synthesis import Growth
    from lenet_desktop.inference.recognizer import Recognizer
    from lenet_desktop.models.model_file import Model

_log = logging.getLogger(__name__)

# More would not be seen.
_REPORT_SECONDS = 1 / 30


@dataclass(frozen=True, eq=False)
class _Attribute:
    sample: Sample
    drawing: Drawing
    target: int
    method: Method


@dataclass(frozen=True, eq=False)
class _Weigh:
    drawing: Drawing
    target: int


@dataclass(frozen=True, eq=False)
class _Change:
    sample: Sample
    drawing: Drawing
    target: int


@dataclass(frozen=True)
class _Dream:
    layer: int | None
    number: int


_Request = _Attribute | _Weigh | _Change | _Dream


class _EndedError(Exception):
    """What is under way is no longer wanted."""


class ExplainingWorker(QThread):
    """Carries out one request at a time; a newer one ends the one under way and replaces it.

    The thread starts, and loads the model, with the first request. It computes on the CPU: the
    recognition thread may use another device, and only one thread may.

    Signals:
        attributed (int, Attribution, Rect): the answer to the request with this number; the
            rectangle is that of the drawing's ink, in pad units.
        strokes_weighed (int, tuple[float, ...]): how much the class's probability changes without
            each stroke, -1 to 1.
        grown (int, Growth, Rect | None): the input so far, at most 30 times a second; the rectangle
            of the drawing's ink for a change, None for a dream.
        ended (int, Growth, Rect | None): the input at the end.
        failed (str): one sentence about what failed.
    """

    attributed = Signal(int, object, object)
    strokes_weighed = Signal(int, tuple)
    grown = Signal(int, object, object)
    ended = Signal(int, object, object)
    failed = Signal(str)

    def __init__(self, model: "Path | Model", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changed = Condition()
        self._closing = False
        self._number = 0
        self._request: _Request | None = None
        self._model = model
        # Only the thread itself uses it.
        self._reader: tuple[Path | Model, Recognizer] | None = None

    def use(self, model: "Path | Model") -> None:
        """Explain the answers of another model, or of that in another file, from now on."""
        with self._changed:
            self._model = model

    def attribute(
        self, sample: Sample, drawing: Drawing, target: int, method: Method = DEFAULT
    ) -> int:
        """Request which pixels speak for a class; return the request's number.

        Args:
            sample: float32 (28, 28), 0 to 1, not changed afterwards.
            drawing: what the sample was made of.
            target: the index of the class.
            method: how the pixels are weighed.
        """
        return self._submit(_Attribute(sample, drawing, target, method))

    def weigh_strokes(self, drawing: Drawing, target: int) -> int:
        """Request what each stroke does to a class's probability; return the number."""
        return self._submit(_Weigh(drawing, target))

    def change(self, sample: Sample, drawing: Drawing, target: int) -> int:
        """Request the smallest change that makes a sample one of another class; see above."""
        return self._submit(_Change(sample, drawing, target))

    def dream(self, number: int, layer: int | None = None) -> int:
        """Request what a class likes best, or a map or neuron of a layer; return the number."""
        return self._submit(_Dream(layer, number))

    def cancel(self, number: int) -> None:
        """End the request with this number, if no newer one has; nothing more is signalled."""
        with self._changed:
            if self._number == number:
                self._number += 1
                self._request = None

    def stop(self) -> None:
        """End the thread at once and wait for it; later requests are not carried out."""
        with self._changed:
            self._closing = True
            self._number += 1
            self.requestInterruption()
            self._changed.notify()
        self.wait()

    def _submit(self, request: _Request) -> int:
        with self._changed:
            self._number += 1
            self._request = request
            self._changed.notify()
            if not self._closing:
                self.start()  # does nothing while it runs
            return self._number

    def run(self) -> None:
        """Carry out requests until the thread is stopped."""
        try:
            load_torch()
            import torch

            # As in the recognition thread: waiting for a busy core would take far longer.
            torch.set_num_threads(1)
        except Exception as error:  # noqa: BLE001 -- an exception would end the thread silently
            _log.exception("torch could not be loaded")
            sentence = self.tr("Nothing can be explained: {reason}. Install the program again.")
            self.failed.emit(sentence.format(reason=error))
            return
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closing or self._request is not None)
                if self._closing:
                    return
                number, request, self._request = self._number, self._request, None
                model = self._model
            assert request is not None
            try:
                self._carry_out(number, request, self._recognizer(model))
            except _EndedError:
                continue
            except UserError as error:
                self.failed.emit(translated(error))
            except Exception as error:  # noqa: BLE001 -- no drawing, however odd, may end the thread
                _log.exception("an answer could not be explained")
                sentence = self.tr("This answer cannot be explained: {reason}.")
                self.failed.emit(sentence.format(reason=translated(error).rstrip(".")))

    def _recognizer(self, model: "Path | Model") -> "Recognizer":
        from lenet_desktop.inference.recognizer import Recognizer

        if self._reader is None or self._reader[0] != model:
            self._reader = None
            if isinstance(model, Path):
                recognizer = Recognizer.from_file(model, "cpu")
            else:
                # Another thread reads with the network: hooks would catch its values, too.
                recognizer = Recognizer(replace(model, network=copy.deepcopy(model.network)), "cpu")
            self._reader = model, recognizer
        return self._reader[1]

    def _carry_out(self, number: int, request: _Request, recognizer: "Recognizer") -> None:
        from lenet_desktop.inference.inside import attribution, synthesis

        def check() -> None:
            if self._number != number:
                raise _EndedError

        if isinstance(request, _Attribute):
            box = _ink_box(request.drawing)
            found = recognizer.attribute(request.sample, request.target, request.method, check)
            check()
            self.attributed.emit(number, found, box)
        elif isinstance(request, _Weigh):
            changes = []
            for each in attribution.changes_without_strokes(
                recognizer, request.drawing, request.target
            ):
                check()
                changes.append(each)
            self.strokes_weighed.emit(number, tuple(changes))
        elif isinstance(request, _Change):
            growths = synthesis.smallest_change(recognizer, request.sample, request.target)
            self._grow(number, growths, _ink_box(request.drawing))
        else:
            blank = np.zeros((SAMPLE_SIZE, SAMPLE_SIZE), np.float32)
            layers = recognizer.read_inside(blank).layers
            layer = len(layers) - 1 if request.layer is None else request.layer
            if not (layer < len(layers) and request.number < layers[layer].shape[0]):
                raise ValueError("the network has no such map, neuron or class")
            self._grow(number, synthesis.dream(recognizer, layers, layer, request.number), None)

    def _grow(self, number: int, growths: "Iterator[Growth]", box: Rect | None) -> None:
        reported = 0.0
        growth = next(growths)
        for later in growths:
            if self._number != number:
                raise _EndedError
            if time.perf_counter() - reported >= _REPORT_SECONDS:
                reported = time.perf_counter()
                self.grown.emit(number, growth, box)
            growth = later
        self.ended.emit(number, growth, box)


def _ink_box(drawing: Drawing) -> Rect | None:
    return bounding_box(rasterize(drawing))
