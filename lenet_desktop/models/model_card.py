"""The model card, the description of a model, as a dataclass and as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from lenet_desktop.errors import Text
from lenet_desktop.printable import printable

DIGITS = tuple("0123456789")
"""The classes of a model that reads digits; the default, not an assumption."""

MNIST, STARTER_DIGITS = "MNIST", "starter digits"
"""The names of the data whose test images most models are tested on."""

MAX_NAME = 60
MAX_CLASS_NAME = 20

# The cards that this program writes nest three levels.
_MAX_NESTING = 20

# Format 1 of model files had other names for some entries, and energies of the other sign.
_RENAMED = {"least_probability": "min_probability"}
_RENAMED_IN_RECIPE = {
    "non_digits": "outliers",
    "exposure": "outlier_weight",
    "averaging": "ema_decay",
}


@dataclass(frozen=True)
class ModelCard:
    """The description of a model.

    Attributes:
        name: the name that the user has given it.
        architecture: a key of ``ARCHITECTURES``.
        options: the architecture's arguments besides the number of classes.
        classes: the name of each class, in the order of the logits.
        data: the training data, with credit and licence.
        recipe: everything that decided its training apart from the data.
        seed: the random seed of its training.
        command: the command that trains it again, or '' if there is none.
        trained: the day it was trained, as YYYY-MM-DD.
        validation_accuracy, test_accuracy: 0 to 1, or None if not measured.
        test_data: the name of the data whose test images gave ``test_accuracy``; '' in older cards,
            see ``tested_on``.
        temperature: the logits are divided by it before the softmax, 0.01 to 100.
        max_energy: a sample of higher energy (``decision.energy``) belongs to none of the classes.
        min_probability: an answer of lower probability, 0 to 1, is unsure.
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
    test_data: str = ""
    temperature: float = 1.0
    max_energy: float = 1e9
    min_probability: float = 0.5
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The name as it is shown: one printable line of at most ``MAX_NAME`` characters.

        The name in an untrusted file may be any text of any length.
        """
        return printable(self.name, MAX_NAME)

    @property
    def tested_on(self) -> str:
        """The name of the data whose test images gave ``test_accuracy``; '' if it is unknown.

        In an older card it is the first of the data that the model was trained on, as far as that
        is MNIST or the starter digits. Strokes that joined them were never among the test images.
        """
        if self.test_data:
            return printable(self.test_data, MAX_NAME)
        first = self.data.split(",")[0].split(" and ")[0]
        return first if first in (MNIST, STARTER_DIGITS) else ""

    def to_json(self) -> str:
        """Return the card as JSON; the same card always gives the same text."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str, *, is_format_1: bool = False) -> "ModelCard":
        """Read an untrusted card; unknown entries are ignored.

        Args:
            text: the JSON.
            is_format_1: it was written by the first version of the program.

        Raises:
            ValueError: the text is not a card, or an entry is not as ``ModelCard`` describes it;
                the message is a clause to follow 'the model cannot be used:'.
        """
        try:
            values = json.loads(text)
            if _is_nested_deeper(values, _MAX_NESTING):
                raise ValueError("too many levels")
            if is_format_1:
                values = _from_format_1(values)
            # Half a surrogate pair can be read from JSON, but not written again.
            json.dumps(values, ensure_ascii=False).encode()
            known = {f.name for f in fields(cls)}
            card = cls(**{name: value for name, value in values.items() if name in known})
            classes = tuple(card.classes)
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(Text("its model card is damaged")) from error
        card = replace(card, classes=classes)
        _check(card)
        return card


def check_classes(classes: Sequence[str]) -> None:
    """Check the class names of a model or of data to train on.

    Raises:
        ValueError: there are not 2 to 100 classes, or a name is used twice, empty, too long or not
            printable; the message is a clause that says which.
    """
    if not 2 <= len(classes) <= 100:
        raise ValueError(
            Text("it has {count} classes, but 2 to 100 are possible", count=len(classes))
        )
    for name in classes:
        if not name or printable(name, MAX_CLASS_NAME) != name:
            raise ValueError(
                Text(
                    "its class '{name}' has a name that is empty, longer than {most} characters "
                    "or not printable",
                    name=printable(name, MAX_CLASS_NAME),
                    most=MAX_CLASS_NAME,
                )
            )
    if len(set(classes)) != len(classes):
        raise ValueError(Text("two of its classes have the same name"))


def _check(card: ModelCard) -> None:
    texts = (
        card.name,
        card.architecture,
        card.data,
        card.command,
        card.trained,
        card.test_data,
    )
    scores = (card.validation_accuracy, card.test_accuracy)
    if not (
        all(isinstance(text, str) for text in (*texts, *card.classes))
        and all(isinstance(values, dict) for values in (card.options, card.recipe, card.notes))
        and all(score is None or _is_number(score, 0, 1) for score in scores)
        and _is_number(card.temperature, 0.01, 100)
        and _is_number(card.max_energy, -1e12, 1e12)
        and _is_number(card.min_probability, 0, 1)
        and (card.seed is None or (type(card.seed) is int and 0 <= card.seed < 2**64))
    ):
        raise ValueError(Text("its model card is damaged"))
    check_classes(card.classes)


def _is_number(value: object, lowest: float, highest: float) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return lowest <= value <= highest


def _is_nested_deeper(value: object, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    children = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_is_nested_deeper(child, levels - 1) for child in children)


def _from_format_1(values: dict[str, Any]) -> dict[str, Any]:
    new = {_RENAMED.get(name, name): value for name, value in values.items()}
    if "least_evidence" in new:
        new["max_energy"] = -new.pop("least_evidence")
    recipe = new.get("recipe", {})
    new["recipe"] = {_RENAMED_IN_RECIPE.get(name, name): recipe[name] for name in recipe}
    return new
