"""The model card: what a model says of itself."""

from dataclasses import dataclass, field
from typing import Any

DIGITS = tuple("0123456789")
"""The classes of a model that reads digits; the default, not an assumption."""

MAX_NAME = 60


@dataclass(frozen=True)
class ModelCard:
    """What a model says of itself.

    Attributes:
        name: what the user calls it.
        architecture: a key of ``ARCHITECTURES``.
        options: what the architecture was built with besides the number of classes.
        classes: one text a class, in the order of the logits.
        data: what it was trained on, with credit and licence.
        recipe: everything that decided its training besides the data.
        seed: the seed of its training.
        command: the command that makes it again, or '' where there is none.
        trained: the day it was trained, as YYYY-MM-DD.
        validation_accuracy, test_accuracy: 0 to 1, or None where it was not measured.
        temperature: what the logits are divided by before the softmax.
        max_energy: a sample of a higher energy (``decision.energy``) is none of the classes.
        min_probability: a guess that is less probable than this, 0 to 1, is not sure.
        notes: anything else, by name.
    """

    name: str
    architecture: str = "lenet"
    options: dict[str, Any] = field(default_factory=dict)
    classes: tuple[str, ...] = DIGITS
    data: str = ""
    recipe: dict[str, Any] = field(default_factory=dict)
    seed: int | None = None
    command: str = ""
    trained: str = ""
    validation_accuracy: float | None = None
    test_accuracy: float | None = None
    temperature: float = 1.0
    max_energy: float = 1e9
    min_probability: float = 0.5
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The name as it is shown: one line of at most ``MAX_NAME`` letters.

        A file of unknown origin may call itself anything, at any length.
        """
        line = " ".join("".join(c if c.isprintable() else " " for c in self.name).split())
        return line if len(line) <= MAX_NAME else f"{line[: MAX_NAME - 1]}…"
