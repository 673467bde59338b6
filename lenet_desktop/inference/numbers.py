"""From a drawing to the reading of a whole number: candidates, network, best path."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from lenet_desktop.drawing.line.erasure import without_erased
from lenet_desktop.drawing.line.ink import LineInk
from lenet_desktop.drawing.line.segmentation import (
    Box,
    Candidate,
    Segmentation,
    around,
    box_of,
    segment,
)
from lenet_desktop.drawing.preprocess import SAMPLE_SIZE, Sample
from lenet_desktop.drawing.strokes import Drawing, Stroke
from lenet_desktop.inference.decision import Verdict, softmax
from lenet_desktop.inference.kind import Kind
from lenet_desktop.inference.lattice import Lattice, Path
from lenet_desktop.inference.path_features import PathFeatures, path_features
from lenet_desktop.inference.path_weights import PathWeights, shipped
from lenet_desktop.inference.recognizer import Prediction, Recognizer
from lenet_desktop.models.model_card import DIGITS

SampleOf = Callable[[Candidate], Sample | None]
"""Makes the sample of a candidate; None if it has no ink."""

# More pieces than a person draws in a number take seconds; such a drawing is read as one digit.
_MOST_PIECES = 120
# A digit that is less probable is unsure.
_LEAST_CERTAIN = 0.65
_NO_INK = 50.0


@dataclass(frozen=True, eq=False)
class DigitReading(Prediction):
    """The reading of one digit of a number.

    Attributes:
        box: left, top, right and bottom of its points, in pad units.
        strokes: its strokes, in the order in which they were drawn; parts of strokes where digits
            are joined.
        share: the probability, 0 to 1, that these strokes are one digit.
    """

    box: Box
    strokes: tuple[Stroke, ...] = field(repr=False)
    share: float

    @property
    def ink_box(self) -> Box:
        """Left, top, right and bottom of its ink, in pad units."""
        reach = max((stroke.brush for stroke in self.strokes), default=0.0) / 2
        left, top, right, bottom = self.box
        return left - reach, top - reach, right + reach, bottom + reach


@dataclass(frozen=True, eq=False)
class NumberReading:
    """The reading of a number.

    Attributes:
        digits: from left to right, at least one.
        probability: of the whole text, 0 to 1, over all ways to divide the drawing into digits.
        seconds: the time from the drawing to the reading.
    """

    digits: tuple[DigitReading, ...]
    probability: float
    seconds: float

    @property
    def text(self) -> str:
        """The most probable reading, whatever the verdicts."""
        return "".join(digit.best_class for digit in self.digits)

    @property
    def shown(self) -> str:
        """The reading with a question mark for each digit that is not to be trusted: '4 ? 2'."""
        parts = [digit.best_class if digit.is_sure else "?" for digit in self.digits]
        return ("" if self.is_sure else " ").join(parts)

    def has_same_cuts(self, other: "NumberReading") -> bool:
        """Return whether another network's reading of the same drawing has the same digits."""
        return [digit.box for digit in self.digits] == [digit.box for digit in other.digits]

    @property
    def is_sure(self) -> bool:
        """Whether all digits are to be trusted."""
        return all(digit.is_sure for digit in self.digits)


@dataclass(frozen=True, eq=False)
class Candidates:
    """All that is known about the candidates of a drawing before a path is chosen.

    Attributes:
        segmentation: N candidates.
        samples: float32 (N, 28, 28); blank for a candidate without ink.
        logits: float32 (N, classes).
        features: of candidates and borders.
    """

    segmentation: Segmentation
    samples: NDArray[np.float32]
    logits: NDArray[np.float32]
    features: PathFeatures


def judge(scores: NDArray[np.float64], share: float) -> tuple[NDArray[np.float32], Verdict]:
    """Return the probabilities of the classes of a candidate on the best path, and the verdict.

    Args:
        scores: (classes + 1,), see ``PathWeights.of_candidates``.
        share: the probability that the candidate is one character.
    """
    shares = softmax(scores)
    probabilities = softmax(scores[:-1])
    best = float(shares[:-1].max())
    if shares[-1] >= best:
        return probabilities, Verdict.NOT_A_DIGIT
    return probabilities, Verdict.DIGIT if best * share >= _LEAST_CERTAIN else Verdict.UNSURE


class NumberReader:
    """Reads numbers with one recognizer, in one thread."""

    def __init__(self, recognizer: Recognizer, weights: PathWeights | None = None) -> None:
        """Take the recognizer and the weights of the path; those shipped for strokes if None.

        Raises:
            PathWeightsError: the shipped weights are missing or damaged.
        """
        self._recognizer = recognizer
        self._weights = shipped() if weights is None else weights
        # Of the last reading: while somebody writes, the next one has most of it in common.
        self._ink: LineInk | None = None

    def read(
        self, drawing: Drawing, kind: Kind = Kind.AUTO, sample_of: SampleOf | None = None
    ) -> NumberReading | None:
        """Read a drawing; return None if it has no ink.

        Where the reading is one digit, its prediction is the recognizer's.

        Args:
            drawing: strokes of one line, on paper of any size. A picture without strokes is read
                as one digit.
            kind: what to read it as. Where the classes are not the ten digits, AUTO is DIGIT: what
                other classes look like is not known.
            sample_of: makes the samples of the candidates; by default their strokes are drawn.

        Raises:
            RecognitionError: see ``Recognizer.predict``.
        """
        start = time.perf_counter()
        strokes = without_erased(drawing.strokes)
        if kind is Kind.AUTO and set(self._recognizer.card.classes) != set(DIGITS):
            kind = Kind.DIGIT
        if kind is Kind.DIGIT or drawing.picture is not None or not strokes:
            return self._digit(drawing, strokes, start)
        candidates = self.candidates(strokes, sample_of)
        if candidates is None:
            return self._digit(drawing, strokes, start)
        scores = self._weights.of_candidates(
            candidates.features, candidates.logits, self._recognizer.card
        )
        # Without ink there is no digit, whatever the network says about a blank sample.
        scores[~candidates.samples.any(axis=(1, 2)), :-1] -= _NO_INK
        path = self._path(candidates, scores)
        if kind is Kind.AUTO and len(path.candidates) == 1:
            return self._digit(drawing, strokes, start)
        return self._number(candidates, scores, path, start)

    def candidates(
        self, strokes: tuple[Stroke, ...], sample_of: SampleOf | None = None
    ) -> Candidates | None:
        """Return the candidates of strokes, at least one; None if there are too many."""
        segmentation = segment(strokes)
        if len(segmentation.pieces) > _MOST_PIECES:
            return None
        every = segmentation.candidates
        if sample_of is None:
            self._ink = LineInk(segmentation, self._ink)
            samples = self._ink.samples(every)
        else:
            samples = np.zeros((len(every), SAMPLE_SIZE, SAMPLE_SIZE), np.float32)
            for number, candidate in enumerate(every):
                sample = sample_of(candidate)
                if sample is not None:
                    samples[number] = sample
        return Candidates(
            segmentation, samples, self._recognizer.logits(samples), path_features(segmentation)
        )

    def _path(self, candidates: Candidates, scores: NDArray[np.float64]) -> Path:
        every = candidates.segmentation.candidates
        features = candidates.features
        return Lattice(
            [candidate.first for candidate in every],
            [candidate.last for candidate in every],
            scores,
            (features.left, features.right, self._weights.of_borders(features)),
        ).best_path()

    def _number(
        self, candidates: Candidates, scores: NDArray[np.float64], path: Path, start: float
    ) -> NumberReading:
        card = self._recognizer.card
        seconds = time.perf_counter() - start
        digits = []
        for place, node in enumerate(path.candidates):
            share = float(path.shares[place])
            probabilities, verdict = judge(scores[node], share)
            candidate = candidates.segmentation.candidates[node]
            digits.append(
                DigitReading(
                    classes=card.classes,
                    probabilities=probabilities,
                    best_class=card.classes[int(probabilities.argmax())],
                    verdict=verdict,
                    sample=candidates.samples[node],
                    seconds=seconds,
                    box=candidate.box,
                    strokes=candidate.strokes,
                    share=share,
                )
            )
        return NumberReading(tuple(digits), path.probability, seconds)

    def _digit(
        self, drawing: Drawing, strokes: tuple[Stroke, ...], start: float
    ) -> NumberReading | None:
        """Return the recognizer's reading of the whole drawing as one digit."""
        prediction = self._recognizer.recognize(drawing)
        if prediction is None:
            return None
        seconds = time.perf_counter() - start
        box = around([box_of(stroke) for stroke in strokes]) if strokes else (0.0, 0.0, 0.0, 0.0)
        fields = vars(replace(prediction, seconds=seconds))
        digit = DigitReading(**fields, box=box, strokes=strokes, share=1.0)
        return NumberReading((digit,), digit.probability, seconds)
