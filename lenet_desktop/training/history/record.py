"""The record of one training, and how it is written and read."""

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from lenet_desktop.models.model_card import MAX_NAME
from lenet_desktop.printable import printable

MAX_BYTES = 400_000
"""The largest record that is read; those that are written take about 20 KB."""
MAX_POINTS = 400
_LONGEST_TEXT = 400
_MOST_VALUES = 2_000
_LARGEST = 1e15
_FORMAT = 1
_TEXTS = (
    "started",
    "data",
    "source",
    "device",
    "champion",
    "reason",
    "name",
    "test_data",
    "verdict",
)


class Fate(StrEnum):
    """What became of a training."""

    RUNNING = "running"
    """It is under way, or the program was killed."""
    INTERRUPTED = "interrupted"
    """It can be continued."""
    CANCELLED = "cancelled"
    FAILED = "failed"
    TRAINED = "trained"
    """Its model waits to be kept or discarded."""
    KEPT = "kept"
    DISCARDED = "discarded"


@dataclass(frozen=True)
class Curves:
    """The curves of a training.

    Attributes:
        steps, losses: the smoothed training loss after these steps, at most ``MAX_POINTS`` of them.
        epoch_steps, validation_losses, validation_accuracies: at the end of each epoch; the
            accuracies are 0 to 1.
    """

    steps: tuple[int, ...] = ()
    losses: tuple[float, ...] = ()
    epoch_steps: tuple[int, ...] = ()
    validation_losses: tuple[float, ...] = ()
    validation_accuracies: tuple[float, ...] = ()


@dataclass(frozen=True)
class Record:
    """One training.

    Attributes:
        started: when, in UTC, as ISO 8601: '2026-11-25T22:05:00+00:00'.
        recipe: all values of the recipe by name, the seed among them.
        data: the name of the training data.
        source: the folder of the data, or the name of the starter digits.
        images: how many images were trained on.
        device: where.
        choices: what else was chosen, by name: whether it started from the champion, whether the
            convolutions were frozen, the strokes, the teachers, and to how many images the training
            was limited (0 for all).
        versions: of this program, Python and torch, by name.
        champion: the name of the model that it was compared with.
        fate: what became of it.
        reason: why it failed, in one sentence, or ''.
        name: the name or file under which the model was kept, or ''.
        seconds: how long it took, without pauses.
        validation_accuracy, test_accuracy: 0 to 1, or None if they are not known.
        test_data: what ``test_accuracy`` was measured on.
        verdict: the value of the comparison's ``Better``, or ''.
        curves: the curves.
    """

    started: str
    recipe: dict[str, Any]
    data: str
    source: str
    images: int
    device: str
    choices: dict[str, Any]
    versions: dict[str, str]
    champion: str
    fate: Fate = Fate.RUNNING
    reason: str = ""
    name: str = ""
    seconds: float = 0.0
    validation_accuracy: float | None = None
    test_accuracy: float | None = None
    test_data: str = ""
    verdict: str = ""
    curves: Curves = field(default_factory=Curves)

    @property
    def recipe_name(self) -> str:
        """The recipe's name."""
        return printable(str(self.recipe.get("name", "")), MAX_NAME)

    def to_bytes(self) -> bytes:
        """Return the record as JSON."""
        values = {"format": _FORMAT} | asdict(self)
        return (json.dumps(values, indent=1, ensure_ascii=False) + "\n").encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Record":
        """Read what ``to_bytes`` wrote; the content is not trusted.

        Raises:
            ValueError: it is no record.
        """
        try:
            values = json.loads(content)
            if values.pop("format") != _FORMAT:
                raise ValueError("a record of another version")
            curves = values.pop("curves")
            record = cls(
                **values | {"fate": Fate(values["fate"])},
                curves=Curves(**{name: tuple(curve) for name, curve in curves.items()}),
            )
        except (TypeError, KeyError, AttributeError, RecursionError) as error:
            raise ValueError("no record of a training") from error
        _check(record)
        return record


def differences(records: list[Record]) -> list[tuple[str, tuple[str, ...]]]:
    """Return the settings in which trainings differ: the name, and the value in each of them."""
    settings = []
    for record in records:
        values = {name: _written(value) for name, value in sorted(record.recipe.items())}
        values |= {name: _written(value) for name, value in sorted(record.choices.items())}
        values |= {"data": record.data, "images": f"{record.images:,}", "device": record.device}
        values |= dict(sorted(record.versions.items()))
        settings.append(values)
    names = dict.fromkeys(name for values in settings for name in values)
    rows = [(name, tuple(values.get(name, "") for values in settings)) for name in names]
    return [(name, values) for name, values in rows if len(set(values)) > 1]


def _written(value: object) -> str:
    if isinstance(value, dict):
        value = ", ".join(f"{name} {part}" for name, part in sorted(value.items())) or "none"
    return printable(str(value), _LONGEST_TEXT)


def _check(record: Record) -> None:
    """Check the types of all values.

    Raises:
        ValueError: one is of another type.
    """
    for name in _TEXTS:
        value = getattr(record, name)
        if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
            raise ValueError(f"{name} must be a text")
    for name in ("images", "seconds"):
        if not _is_number(getattr(record, name)):
            raise ValueError(f"{name} must be a number")
    for name in ("validation_accuracy", "test_accuracy"):
        value = getattr(record, name)
        if value is not None and not (_is_number(value) and 0 <= value <= 1):
            raise ValueError(f"{name} must be from 0 to 1")
    if not all(isinstance(each, dict) for each in (record.recipe, record.choices, record.versions)):
        raise ValueError("recipe, choices and versions must be values by name")
    curves = asdict(record.curves)
    for name, values in curves.items():
        if len(values) > _MOST_VALUES or not all(map(_is_number, values)):
            raise ValueError(f"{name} are not the values of a curve")
    lengths = [len(values) for values in curves.values()]
    if len(set(lengths[:2])) > 1 or len(set(lengths[2:])) > 1:
        raise ValueError("the values of a curve belong to its steps")


def _is_number(value: object) -> bool:
    """Return whether a value is a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < _LARGEST
