"""From a drawing to the reading of a whole number: candidates, network, best path."""

import itertools
import math
import time
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from lenet_desktop.drawing.line.erasure import without_erased
from lenet_desktop.drawing.line.ink import LineInk
from lenet_desktop.drawing.line.segmentation import (
    Box,
    Segmentation,
    around,
    box_of,
    segment,
)
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.strokes import Drawing, Ink, Stroke
from lenet_desktop.drawing.tracing.lines import lines_of
from lenet_desktop.drawing.tracing.trace import traced
from lenet_desktop.drawing.tracing.upright import Shear, shear_of
from lenet_desktop.inference.decision import Verdict, softmax
from lenet_desktop.inference.kind import Kind
from lenet_desktop.inference.lattice import Lattice, Path
from lenet_desktop.inference.path_features import PathFeatures, path_features
from lenet_desktop.inference.path_weights import PathWeights, shipped
from lenet_desktop.inference.recognizer import Prediction, Recognizer
from lenet_desktop.models.model_card import DIGITS

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
        line_lengths: how many of the digits are in each line, from top to bottom; a picture may
            have several lines. () for one line.
    """

    digits: tuple[DigitReading, ...]
    probability: float
    seconds: float
    line_lengths: tuple[int, ...] = ()

    @property
    def lines(self) -> tuple[tuple[DigitReading, ...], ...]:
        """The digits of each line."""
        digits = iter(self.digits)
        lengths = self.line_lengths or (len(self.digits),)
        return tuple(tuple(itertools.islice(digits, length)) for length in lengths)

    @property
    def text(self) -> str:
        """The most probable reading, whatever the verdicts; a line for each of several."""
        return "\n".join("".join(digit.best_class for digit in line) for line in self.lines)

    @property
    def shown(self) -> str:
        """The reading with a question mark for each digit that is not to be trusted: '4 ? 2'."""
        between = "" if self.is_sure else " "
        return "\n".join(
            between.join(digit.best_class if digit.is_sure else "?" for digit in line)
            for line in self.lines
        )

    def has_same_cuts(self, other: "NumberReading") -> bool:
        """Return whether another network's reading of the same drawing has the same digits."""
        return [digit.box for digit in self.digits] == [digit.box for digit in other.digits]

    @property
    def is_sure(self) -> bool:
        """Whether all digits are to be trusted."""
        return all(digit.is_sure for digit in self.digits)


def stopped_at(reading: NumberReading, stage: Prediction) -> NumberReading:
    """Return the reading of a single digit with the answer at a stage in place of its own."""
    (digit,) = reading.digits
    answer = replace(
        digit,
        probabilities=stage.probabilities,
        best_class=stage.best_class,
        verdict=stage.verdict,
        sample=stage.sample,
    )
    return replace(reading, digits=(answer,), probability=stage.probability)


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


@dataclass(frozen=True, eq=False)
class _Line:
    """The best path through the candidates of a line; ``scores`` is (N, classes + 1)."""

    candidates: Candidates
    scores: NDArray[np.float64]
    path: Path


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

    def read(self, drawing: Drawing, kind: Kind = Kind.AUTO) -> NumberReading | None:
        """Read a drawing; return None if it has no ink.

        Where the reading is one digit, its prediction is the recognizer's.

        Args:
            drawing: strokes of one line, on paper of any size; or a picture of one or several
                lines, in which strokes are traced first.
            kind: what to read it as. Where the classes are not the ten digits, AUTO is DIGIT: what
                other classes look like is not known.

        Raises:
            RecognitionError: see ``Recognizer.predict``.
        """
        start = time.perf_counter()
        strokes = without_erased(drawing.strokes)
        if kind is Kind.AUTO and set(self._recognizer.card.classes) != set(DIGITS):
            kind = Kind.DIGIT
        if kind is Kind.DIGIT or (drawing.picture is None and not strokes):
            return self._digit(drawing, strokes, start)
        if drawing.picture is not None:
            return self._picture(drawing, kind, start)
        line = self._line(strokes, self._weights)
        if line is None or (kind is Kind.AUTO and len(line.path.candidates) == 1):
            return self._digit(drawing, strokes, start)
        digits = self._digits(line, time.perf_counter() - start)
        return NumberReading(digits, line.path.probability, time.perf_counter() - start)

    def _picture(self, drawing: Drawing, kind: Kind, start: float) -> NumberReading | None:
        """Read the lines of a picture, or one digit."""
        weights = shipped(for_pictures=True)
        ink = rasterize(drawing)
        strokes = traced(ink)
        groups = lines_of(strokes)
        shear = shear_of(groups, ink.shape[1])
        if shear is not None:
            ink = shear.level(ink)
            groups = lines_of(traced(ink))
        lines = [self._line(some, weights, ink) for some in groups]
        found = [line for line in lines if line is not None]
        is_one = sum(len(line.path.candidates) for line in found) == 1
        if len(found) < len(lines) or not found or (kind is Kind.AUTO and is_one):
            return self._digit(drawing, strokes, start)
        seconds = time.perf_counter() - start
        digits = [self._digits(line, seconds) for line in found]
        if shear is not None:
            digits = [tuple(_undone(digit, shear) for digit in line) for line in digits]
        number = NumberReading(
            tuple(itertools.chain(*digits)),
            math.prod(line.path.probability for line in found),
            seconds,
            tuple(map(len, digits)) if len(digits) > 1 else (),
        )
        if kind is Kind.AUTO and not number.is_sure:
            # A photograph may hold more than its digit: shadows, ruled lines, the paper's rim.
            digit = self._digit(drawing, strokes, start)
            if digit is not None and digit.is_sure:
                return digit
        return number

    def _line(
        self,
        strokes: tuple[Stroke, ...],
        weights: PathWeights,
        picture: Ink | None = None,
    ) -> "_Line | None":
        """Return the best path through strokes; None if there are too many."""
        candidates = self.candidates(strokes, picture)
        if candidates is None:
            return None
        scores = weights.of_candidates(
            candidates.features, candidates.logits, self._recognizer.card
        )
        # Without ink there is no digit, whatever the network says about a blank sample.
        scores[~candidates.samples.any(axis=(1, 2)), :-1] -= _NO_INK
        every = candidates.segmentation.candidates
        features = candidates.features
        path = Lattice(
            [candidate.first for candidate in every],
            [candidate.last for candidate in every],
            scores,
            (features.left, features.right, weights.of_borders(features)),
        ).best_path()
        return _Line(candidates, scores, path)

    def candidates(
        self,
        strokes: tuple[Stroke, ...],
        picture: Ink | None = None,
    ) -> Candidates | None:
        """Return the candidates of strokes, at least one; None if there are too many.

        Args:
            strokes: of one line.
            picture: the ink in which the strokes were traced, of which samples are made.
        """
        segmentation = segment(strokes)
        if len(segmentation.pieces) > _MOST_PIECES:
            return None
        every = segmentation.candidates
        if picture is None:
            self._ink = ink = LineInk(segmentation, self._ink)
        else:
            ink = LineInk(segmentation, picture=picture)
        samples = ink.samples(every)
        return Candidates(
            segmentation, samples, self._recognizer.logits(samples), path_features(segmentation)
        )

    def _digits(self, line: "_Line", seconds: float) -> tuple[DigitReading, ...]:
        card = self._recognizer.card
        digits = []
        for place, node in enumerate(line.path.candidates):
            share = float(line.path.shares[place])
            probabilities, verdict = judge(line.scores[node], share)
            candidate = line.candidates.segmentation.candidates[node]
            digits.append(
                DigitReading(
                    classes=card.classes,
                    probabilities=probabilities,
                    best_class=card.classes[int(probabilities.argmax())],
                    verdict=verdict,
                    sample=line.candidates.samples[node],
                    seconds=seconds,
                    box=candidate.box,
                    strokes=candidate.strokes,
                    share=share,
                )
            )
        return tuple(digits)

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


def _undone(digit: DigitReading, shear: Shear) -> DigitReading:
    """Return a digit that was read on level paper where it lies in the picture."""
    strokes = tuple(map(shear.undone, digit.strokes))
    return replace(digit, box=shear.undone_box(digit.box), strokes=strokes)
