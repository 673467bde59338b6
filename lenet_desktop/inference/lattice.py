"""The best path through the candidates of a number, and the probability of what it reads.

The candidates are the nodes of a graph, and borders lead from one to the next. A path from the
first piece to the last is one way to divide the number, and a class for each of its candidates is
one way to read it. Its probability is its exponentiated score, divided by the sum over all paths
and readings: a conditional random field (J. Lafferty, A. McCallum, F. Pereira, "Conditional Random
Fields", ICML 2001) over segments (S. Sarawagi, W. Cohen, "Semi-Markov Conditional Random Fields",
NIPS 2004).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lenet_desktop.drawing.line.polylines import Floats


@dataclass(frozen=True, eq=False)
class Path:
    """The best path.

    Attributes:
        candidates: the indices of the L candidates on it, from left to right.
        classes: the index of the class of each.
        shares: (L,), the probability, 0 to 1, that the number is divided so that this candidate is
            one character.
        probability: of the text that it reads, over all ways to divide the number, 0 to 1.
    """

    candidates: tuple[int, ...]
    classes: tuple[int, ...]
    shares: Floats
    probability: float


class Lattice:
    """N candidates between P pieces, with the scores of candidates and borders."""

    def __init__(
        self,
        first: Sequence[int],
        last: Sequence[int],
        scores: Floats,
        borders: tuple[NDArray[np.intp], NDArray[np.intp], Floats],
    ) -> None:
        """Take the scores.

        Args:
            first, last: the first piece of each candidate and the one after its last, (N,);
                candidates are sorted by their first piece.
            scores: (N, C), of each candidate as each of C classes.
            borders: the left and the right candidate of each border, and its score, (M,) each.
        """
        self._scores = scores
        self._first, self._last = np.array(first), np.array(last)
        self._pieces = int(self._last.max())
        left, right, score = borders
        table = np.full((len(scores), len(scores)), -np.inf)
        table[left, right] = score
        # For each place between two pieces: the candidates that end there, those that begin there,
        # and the borders between them.
        self._steps = []
        for place in range(1, self._pieces):
            ending = np.flatnonzero(self._last == place)
            beginning = np.flatnonzero(self._first == place)
            if len(ending) and len(beginning):
                self._steps.append((ending, beginning, table[np.ix_(ending, beginning)]))
        self._begins, self._ends = self._first == 0, self._last == self._pieces

    def best_path(self) -> Path:
        """Return the path and the reading with the highest score."""
        best = self._scores.max(axis=1)
        total = np.where(self._begins, best, -np.inf)
        back = np.full(len(best), -1)
        for ending, beginning, borders in self._steps:
            arrived = total[ending, np.newaxis] + borders
            choice = arrived.argmax(axis=0)
            back[beginning] = ending[choice]
            total[beginning] = arrived.max(axis=0) + best[beginning]
        node = int(np.where(self._ends, total, -np.inf).argmax())
        candidates: list[int] = []
        while node >= 0:
            candidates.insert(0, node)
            node = int(back[node])
        classes = tuple(int(self._scores[node].argmax()) for node in candidates)
        all_scores = np.logaddexp.reduce(self._scores, axis=1)
        before, everything = self._forward(all_scores)
        after = self._backward(all_scores)
        shares = np.exp(np.minimum((before + after - all_scores)[list(candidates)] - everything, 0))
        probability = float(np.exp(min(self._score_of(classes) - everything, 0)))
        return Path(tuple(candidates), classes, shares, probability)

    def _forward(self, scores: Floats) -> tuple[Floats, float]:
        """Return the summed scores of all paths up to each candidate, and of all whole paths."""
        total = np.where(self._begins, scores, -np.inf)
        for ending, beginning, borders in self._steps:
            arrived = np.logaddexp.reduce(total[ending, np.newaxis] + borders, axis=0)
            total[beginning] = arrived + scores[beginning]
        return total, float(np.logaddexp.reduce(total[self._ends]))

    def _backward(self, scores: Floats) -> Floats:
        """Return the summed scores of all paths from each candidate to the end, itself included."""
        total = np.where(self._ends, scores, -np.inf)
        for ending, beginning, borders in reversed(self._steps):
            leaving = np.logaddexp.reduce(borders + total[beginning], axis=1)
            total[ending] = leaving + scores[ending]
        return total

    def _score_of(self, classes: Sequence[int]) -> float:
        """Return the summed scores of all paths that read these classes."""
        wanted = self._scores[:, list(classes)]  # (N, L)
        total = np.full(wanted.shape, -np.inf)
        total[self._begins, 0] = wanted[self._begins, 0]
        for ending, beginning, borders in self._steps:
            arrived = np.logaddexp.reduce(
                total[ending, np.newaxis, :-1] + borders[:, :, np.newaxis], axis=0
            )
            total[beginning, 1:] = arrived + wanted[beginning, 1:]
        return float(np.logaddexp.reduce(total[self._ends, -1]))
