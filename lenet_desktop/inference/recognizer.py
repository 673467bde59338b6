"""From ink to an answer: the device, the model in use, and what it makes of a sample."""

import copy
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from lenet_desktop.drawing.legibility import readable
from lenet_desktop.drawing.preprocess import SAMPLE_SIZE, Sample, preprocess, stages
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.strokes import Drawing
from lenet_desktop.inference.decision import Verdict, decide
from lenet_desktop.models import model_file
from lenet_desktop.models.model_card import ModelCard
from lenet_desktop.models.model_file import Model

# What torch raises for a device that is not there or fails: NotImplementedError is a RuntimeError,
# and devices of other makers are imported.
_DEVICE_ERRORS = (RuntimeError, AssertionError, ImportError)


@dataclass(frozen=True, eq=False)
class Prediction:
    """What the network makes of a drawing.

    Attributes:
        classes: one text a class.
        probabilities: float32 (classes,), 0 to 1, adding up to 1.
        best_class: the likeliest class.
        verdict: 'digit', 'not sure' or 'not a digit' (``decision``); the guess is the nearest
            digit in any case.
        sample: float32 (28, 28), 0 to 1, what the network was shown.
        seconds: from the ink to the probabilities.
    """

    classes: tuple[str, ...]
    probabilities: NDArray[np.float32]
    best_class: str
    verdict: Verdict
    sample: Sample
    seconds: float

    @property
    def is_sure(self) -> bool:
        """Whether the guess is to be trusted."""
        return self.verdict is Verdict.DIGIT

    @property
    def probability(self) -> float:
        """The probability of the guess, 0 to 1."""
        return float(self.probabilities.max())


@dataclass(frozen=True, eq=False)
class StageReading:
    """What the network would have answered, had the preprocess stopped at a stage.

    Attributes:
        name: the step, for people.
        sample: float32 (28, 28), 0 to 1, what it would have been shown.
        best_class: the likeliest class.
        probability: of the guess, 0 to 1.
        verdict: 'digit', 'not sure' or 'not a digit', as for a prediction.
    """

    name: str
    sample: Sample
    best_class: str
    probability: float
    verdict: Verdict


def device_names() -> tuple[str, ...]:
    """Give the devices of this machine that torch can use, best first; 'cpu' is always there."""
    accelerator = torch.accelerator.current_accelerator(check_available=True)
    return ("cpu",) if accelerator is None else (accelerator.type, "cpu")


class Recognizer:
    """Runs one model on one device. A device that fails is given up for the CPU.

    Attributes:
        card: the card of the model in use.
        device: the name of the device in use: 'cuda', 'mps', 'xpu' or 'cpu'.
        notice: one sentence for the user when the wanted device had to be given up, else ''.
    """

    def __init__(self, model: Model, device: str = "auto") -> None:
        self._model = model
        self._network = model.network
        self.card: ModelCard = model.card
        self.notice = ""
        self.device = device_names()[0] if device == "auto" else device
        try:
            self._network = copy.deepcopy(model.network).to(torch.device(self.device))
            self._logits(np.zeros((SAMPLE_SIZE, SAMPLE_SIZE), np.float32))
        except _DEVICE_ERRORS as error:
            self._fall_back(error)

    @classmethod
    def from_file(cls, path: Path, device: str = "auto") -> "Recognizer":
        """Load a model file.

        Raises:
            ModelFileError: the file cannot be used; see ``model_file.load``.
        """
        return cls(model_file.load(path), device)

    def recognize(self, drawing: Drawing) -> Prediction | None:
        """Read a drawing; None where it leaves no ink."""
        start = time.perf_counter()
        sample = preprocess(rasterize(readable(drawing)))
        return None if sample is None else self.predict(sample, start)

    def read_stages(self, drawing: Drawing) -> tuple[StageReading, ...]:
        """Read a drawing at every stage of the preprocess; empty where it leaves no ink."""
        readings = []
        for stage in stages(rasterize(readable(drawing))):
            prediction = self.predict(stage.sample)
            readings.append(
                StageReading(
                    stage.name,
                    stage.sample,
                    prediction.best_class,
                    prediction.probability,
                    prediction.verdict,
                )
            )
        return tuple(readings)

    def predict(self, sample: Sample, start: float | None = None) -> Prediction:
        """Read a sample, float32 (28, 28), 0 to 1; ``start`` is when the work on it began."""
        start = time.perf_counter() if start is None else start
        try:
            logits = self._logits(sample)
        except _DEVICE_ERRORS as error:
            if self.device == "cpu":
                raise
            self._fall_back(error)
            logits = self._logits(sample)
        decision = decide(logits[np.newaxis], self.card)
        return Prediction(
            classes=self.card.classes,
            probabilities=decision.probabilities[0],
            best_class=self.card.classes[int(decision.predicted[0])],
            verdict=decision.verdicts[0],
            sample=sample,
            seconds=time.perf_counter() - start,
        )

    def _logits(self, sample: Sample) -> NDArray[np.float32]:
        with torch.inference_mode():
            batch = torch.from_numpy(sample).to(self.device).reshape(1, 1, SAMPLE_SIZE, SAMPLE_SIZE)
            logits: NDArray[np.float32] = self._network(batch)[0].float().cpu().numpy()
            return logits

    def _fall_back(self, error: Exception) -> None:
        reason = str(error).strip().splitlines()
        self.notice = (
            f"The device '{self.device}' cannot be used, so the CPU is: "
            f"{reason[0] if reason else type(error).__name__}"
        )
        self.device = "cpu"
        self._network = self._model.network
