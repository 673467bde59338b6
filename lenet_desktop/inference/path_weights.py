"""The weights of the path through a number, and the scores that they give.

The score of a path is a sum of weighted features: of its candidates, read as classes, and of the
borders between them. The weights were learned discriminatively by
``tests/benchmarks/numbers/number_path.py``. They are kept in a JSON file, by name.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lenet_desktop import paths
from lenet_desktop.drawing.line.polylines import Floats
from lenet_desktop.errors import UserError
from lenet_desktop.inference.decision import energy
from lenet_desktop.inference.path_features import AS_CLASS, BORDER, CANDIDATE, PathFeatures
from lenet_desktop.models.model_card import DIGITS, ModelCard


class PathWeightsError(UserError):
    """The program's own weights are missing or damaged; the message is one sentence."""


NONE = "none"
"""What the weights call a character that is none of the classes."""


@dataclass(frozen=True, eq=False)
class PathWeights:
    """The weights.

    Attributes:
        candidate: (len(CANDIDATE),).
        border: (len(BORDER),).
        as_class: (len(AS_CLASS), 11), for each digit and for none of them; 0 for other classes.
        log_probability: of the network's log-probability of a class.
        energy: of the network's energy, for all classes.
        energy_of_none: of the network's energy, for none of the classes.
    """

    candidate: Floats
    border: Floats
    as_class: Floats
    log_probability: float
    energy: float
    energy_of_none: float

    @classmethod
    def from_file(cls, path: Path) -> "PathWeights":
        """Read the weights.

        Raises:
            PathWeightsError: the file is missing or damaged.
        """
        try:
            values = json.loads(path.read_bytes())
            table = [_by_name(values["as class"][name], AS_CLASS) for name in (*DIGITS, NONE)]
            return cls(
                candidate=_by_name(values["candidate"], CANDIDATE),
                border=_by_name(values["border"], BORDER),
                as_class=np.stack(table, axis=1),
                log_probability=float(values["network"]["log probability"]),
                energy=float(values["network"]["energy"]),
                energy_of_none=float(values["network"]["energy of none"]),
            )
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise PathWeightsError(
                "{path} is missing or damaged: install the program again.", path=path
            ) from error

    def to_json(self) -> dict[str, object]:
        """Return the weights as JSON values, by name."""
        return {
            "network": {
                "log probability": self.log_probability,
                "energy": self.energy,
                "energy of none": self.energy_of_none,
            },
            "candidate": dict(zip(CANDIDATE, self.candidate.tolist(), strict=True)),
            "border": dict(zip(BORDER, self.border.tolist(), strict=True)),
            "as class": {
                name: dict(zip(AS_CLASS, self.as_class[:, index].tolist(), strict=True))
                for index, name in enumerate((*DIGITS, NONE))
            },
        }

    def of_candidates(
        self, features: PathFeatures, logits: NDArray[np.float32], card: ModelCard
    ) -> Floats:
        """Return the score of each candidate as each class, and as none of them, (N, classes + 1).

        Args:
            features: of N candidates.
            logits: (N, classes); where they are not finite, all classes are equally probable.
            card: the card of the network that gave them.
        """
        by_class = np.zeros((len(AS_CLASS), len(card.classes) + 1))
        for index, name in enumerate(card.classes):
            if name in DIGITS:
                by_class[:, index] = self.as_class[:, DIGITS.index(name)]
        by_class[:, -1] = self.as_class[:, -1]
        log_probabilities, energies = network_features(logits, card)
        scores = (features.candidates @ self.candidate + energies * self.energy)[:, np.newaxis]
        scores = scores + features.as_class @ by_class
        scores[:, :-1] += self.log_probability * log_probabilities
        scores[:, -1] += self.energy_of_none * energies
        return scores

    def of_borders(self, features: PathFeatures) -> Floats:
        """Return the score of each border, (M,)."""
        scores: Floats = features.borders @ self.border
        return scores


def network_features(logits: NDArray[np.float32], card: ModelCard) -> tuple[Floats, Floats]:
    """Return the log-probabilities (N, classes) and the energies (N,), scaled to about -1 to 1.

    The energy is counted from the one above which the card says 'none of the classes', so that
    other networks can read numbers with the same weights.
    """
    finite = np.where(np.isfinite(logits).all(axis=1, keepdims=True), logits, 0).astype(np.float64)
    cool = finite / card.temperature
    log_probabilities = np.maximum(cool - np.logaddexp.reduce(cool, axis=1, keepdims=True), -50)
    return log_probabilities, np.clip((energy(finite) - card.max_energy) / 10, -2, 2)


def _by_name(values: dict[str, float], names: Sequence[str]) -> Floats:
    weights = np.array([float(values[name]) for name in names])
    if not np.isfinite(weights).all():
        raise ValueError("a weight is not a number")
    return weights


@cache
def shipped(*, for_pictures: bool = False) -> PathWeights:
    """Return the weights that are shipped with the program.

    Args:
        for_pictures: those for strokes that were traced in a picture; otherwise those for strokes
            as they were drawn, whose order and direction are known.

    Raises:
        PathWeightsError: the program's own file is missing or damaged.
    """
    name = "number-path-pictures.json" if for_pictures else "number-path.json"
    return PathWeights.from_file(paths.resource(name))
