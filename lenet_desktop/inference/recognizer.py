"""From a drawing to a prediction: one model on one device."""

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from lenet_desktop.drawing.legibility import readable
from lenet_desktop.drawing.line.side_by_side import stands_side_by_side
from lenet_desktop.drawing.preprocess import SAMPLE_SIZE, Sample, StageKind, preprocess, stages
from lenet_desktop.drawing.raster import Rasterizer
from lenet_desktop.drawing.strokes import Drawing
from lenet_desktop.errors import NO_TEXT, Text, UserError
from lenet_desktop.inference.decision import Verdict, decide, words
from lenet_desktop.inference.inside.attribution import attributed
from lenet_desktop.inference.inside.layer_reader import LayerReader
from lenet_desktop.inference.inside.layers import Off
from lenet_desktop.inference.inside.methods import DEFAULT, Attribution, Method
from lenet_desktop.inference.inside.reading import InsideReading
from lenet_desktop.models import model_file
from lenet_desktop.models.model_card import DIGITS, ModelCard
from lenet_desktop.models.model_file import Model

# What torch raises for a device that is missing or fails. Some devices need a package of their
# own, hence the ImportError. A NotImplementedError is a RuntimeError.
_DEVICE_ERRORS = (RuntimeError, AssertionError, ImportError)


class RecognitionError(UserError):
    """A model has no usable answer; the message is one sentence for the user."""


@dataclass(frozen=True, eq=False)
class Prediction:
    """A model's answer to a drawing.

    Attributes:
        classes: the name of each class, in the order of the probabilities.
        probabilities: float32 (classes,), 0 to 1, adding up to 1.
        best_class: the name of the most probable class, whatever the verdict.
        verdict: whether to trust ``best_class``.
        sample: float32 (28, 28), 0 to 1, what the network was shown.
        seconds: the time from the drawing to the probabilities.
    """

    classes: tuple[str, ...]
    probabilities: NDArray[np.float32]
    best_class: str
    verdict: Verdict
    sample: Sample
    seconds: float

    @property
    def is_sure(self) -> bool:
        """Whether ``best_class`` is to be trusted."""
        return self.verdict is Verdict.DIGIT

    @property
    def probability(self) -> float:
        """The probability of ``best_class``, 0 to 1."""
        return float(self.probabilities.max())

    @property
    def description(self) -> str:
        """The verdict in words that suit the classes, such as 'not a digit'."""
        return words(self.verdict, self.classes)


@dataclass(frozen=True, eq=False)
class StageReading(Prediction):
    """The prediction that results if preprocessing stops at this stage.

    Attributes:
        kind: which stage it is.
    """

    kind: StageKind


def device_names() -> tuple[str, ...]:
    """Return the devices that torch can use on this machine, the fastest first, 'cpu' last."""
    accelerator = torch.accelerator.current_accelerator(check_available=True)
    return ("cpu",) if accelerator is None else (accelerator.type, "cpu")


class Recognizer:
    """Reads drawings with one model on one device; if the device fails, on the CPU.

    Attributes:
        card: the card of the model.
        device: the device in use: 'cuda', 'mps', 'xpu' or 'cpu'.
        notice: one sentence for the user if the chosen device failed, else ''.
    """

    def __init__(self, model: Model, device: str = "auto") -> None:
        self._rasterizer = Rasterizer()
        self._model = model
        self._network = model.network
        self._layers: LayerReader | None = None  # most programs never ask for it
        self.card: ModelCard = model.card
        self.notice = NO_TEXT
        self.device = device_names()[0] if device == "auto" else device
        try:
            self._network = copy.deepcopy(model.network).to(torch.device(self.device))
            self._logits(np.zeros((1, SAMPLE_SIZE, SAMPLE_SIZE), np.float32))
        except _DEVICE_ERRORS as error:
            self._fall_back(error)

    @property
    def network(self) -> nn.Module:
        """The network in evaluation mode, on the device in use."""
        return self._network

    @classmethod
    def from_file(cls, path: Path, device: str = "auto") -> "Recognizer":
        """Load a model file.

        Raises:
            ModelFileError: the file cannot be used; see ``model_file.load``.
        """
        return cls(model_file.load(path), device)

    def recognize(self, drawing: Drawing) -> Prediction | None:
        """Read a drawing; return None if it has no ink.

        Raises:
            RecognitionError: see ``predict``.
        """
        start = time.perf_counter()
        legible = readable(drawing)
        sample = preprocess(self._rasterizer.rasterize(legible))
        if sample is None:
            return None
        return self._without_pairs(legible, self.predict(sample, start))

    def read_stages(self, drawing: Drawing) -> tuple[StageReading, ...]:
        """Read the sample of each stage of the preprocessing; return nothing if there is no ink.

        Raises:
            RecognitionError: see ``predict``.
        """
        legible = readable(drawing)
        return tuple(
            StageReading(
                **vars(self._without_pairs(legible, self.predict(stage.sample))), kind=stage.kind
            )
            for stage in stages(self._rasterizer.rasterize(legible))
        )

    def read_inside(self, sample: Sample | None, off: Off = frozenset()) -> InsideReading:
        """Read a sample and return the values of all layers as well.

        Args:
            sample: what the network is shown, float32 (28, 28), 0 to 1; None for bare paper.
            off: the maps and neurons that are switched off.

        Raises:
            RecognitionError: see ``predict``.
            ValueError: the layers of this network cannot be shown, see ``LayerReader``.
        """
        start = time.perf_counter()
        if sample is None:
            sample = np.zeros((SAMPLE_SIZE, SAMPLE_SIZE), np.float32)
        if self._layers is None:
            self._layers = LayerReader(self._network)
        values = self._layers.read(sample, off)
        prediction = self._decided(values[-1][np.newaxis], sample, start)
        intact = self.predict(sample) if off else prediction
        return InsideReading(self._layers.layers, values, off, prediction, intact)

    def attribute(
        self,
        sample: Sample,
        target: int,
        method: Method = DEFAULT,
        check: Callable[[], None] = lambda: None,
    ) -> Attribution:
        """Return how much each pixel of a sample speaks for a class.

        Args:
            sample: float32 (28, 28), 0 to 1.
            target: the index of the class.
            method: how the pixels are weighed.
            check: called many times; what it raises ends the work.

        Raises:
            RecognitionError: see ``predict``.
            ValueError: there is no such class.
        """
        if not 0 <= target < len(self.card.classes):
            raise ValueError(f"there is no class {target}")
        probability = float(self.predict(sample).probabilities[target])
        values = self._on_device(
            lambda: attributed(self._network, self.card.temperature, sample, target, method, check)
        )
        return Attribution(method, target, values, probability)

    def predict(self, sample: Sample, start: float | None = None) -> Prediction:
        """Read a sample.

        Args:
            sample: float32 (28, 28), 0 to 1, ink bright.
            start: ``time.perf_counter()`` when the work on it began; now if None.

        Raises:
            RecognitionError: the network's logits for this sample are not finite.
        """
        start = time.perf_counter() if start is None else start
        return self._decided(self.logits(sample[np.newaxis]), sample, start)

    def _decided(self, logits: NDArray[np.float32], sample: Sample, start: float) -> Prediction:
        decision = decide(logits, self.card)
        if decision.verdicts[0] is Verdict.NOT_A_DIGIT and not np.isfinite(logits).all():
            raise RecognitionError(
                "The model '{title}' gives no finite answer for this drawing: use another model.",
                title=self.card.title,
            )
        return Prediction(
            classes=self.card.classes,
            probabilities=decision.probabilities[0],
            best_class=self.card.classes[int(decision.predicted[0])],
            verdict=decision.verdicts[0],
            sample=sample,
            seconds=time.perf_counter() - start,
        )

    def _without_pairs(self, drawing: Drawing, prediction: Prediction) -> Prediction:
        """Return the prediction; for two tall things side by side, which no digit is, a refusal."""
        if (
            prediction.is_sure
            and set(self.card.classes) == set(DIGITS)
            and stands_side_by_side(drawing)
        ):
            return replace(prediction, verdict=Verdict.NOT_A_DIGIT)
        return prediction

    def logits(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the logits, float32 (N, classes), of samples, float32 (N, 28, 28), 0 to 1."""
        return self._on_device(lambda: self._logits(samples))

    def _on_device(self, compute: Callable[[], NDArray[np.float32]]) -> NDArray[np.float32]:
        """Return what is computed on the device; if that fails, on the CPU."""
        try:
            return compute()
        except _DEVICE_ERRORS as error:
            if self.device == "cpu":
                raise
            self._fall_back(error)
            return compute()

    def _logits(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        with torch.inference_mode():
            batch = torch.from_numpy(samples[:, np.newaxis]).to(self.device)
            logits: NDArray[np.float32] = self._network(batch).float().cpu().numpy()
            return logits

    def _fall_back(self, error: Exception) -> None:
        reason = str(error).strip().splitlines()
        self.notice = Text(
            "The device '{device}' cannot be used, so the CPU is used: {reason}",
            device=self.device,
            reason=reason[0] if reason else type(error).__name__,
        )
        self.device = "cpu"
        self._network = self._model.network
        self._layers = None
