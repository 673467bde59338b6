"""What goes with a model wherever it is used: its card, its input, how to decide on its answer."""

from lenet_desktop import __version__
from lenet_desktop.models.model_card import ModelCard
from lenet_desktop.models.model_file import Model
from lenet_desktop.percent import percent
from lenet_desktop.printable import printable

PREPROCESSING = (
    "A sample is 28x28 float32, 0 for paper to 1 for full ink, made as MNIST was: crop the ink to "
    "its bounding box, scale it by area averaging, with its proportions kept, until it just fits "
    "20x20, and put it into 28x28 so that its centre of mass is at (14.5, 14.5), measured from the "
    "outer edge, rounded to whole pixels. Before that, thicken strokes thinner than 1.5 pixels of "
    "the 20x20 box to that width: the training digits were written with similar pencils."
)
"""How a picture becomes the sample that the network takes."""

DECISION = (
    "If energy > max_energy, the sample belongs to none of the classes. Otherwise the class of the "
    "largest probability is the answer; if that probability is below min_probability, the answer "
    "is not sure."
)
"""How logits become a verdict; ``inference.decision`` in words."""

LICENCE = (
    "LeNet Desktop is under the MIT licence; the training data, which the weights were learned "
    "from, are under the licences that are named with them."
)

MADE_BY = f"LeNet Desktop {__version__}"

# The card of an untrusted file may be any text of any length.
_MAX_TEXT = 4000


def credits_of(card: ModelCard) -> str:
    """Return the training data with their credits and licences; '' if the card names none."""
    return printable(card.data, _MAX_TEXT)


def rows(model: Model) -> list[tuple[str, str]]:
    """Return the card as pairs of a name and a text, without those that the card leaves empty."""
    card = model.card
    parameters = sum(values.numel() for values in model.network.parameters())
    accuracy = ""
    if card.test_accuracy is not None:
        accuracy = f"{percent(card.test_accuracy, 2)} of the test images"
        accuracy += f" of {card.tested_on}" if card.tested_on else ""
    every = [
        ("Network", f"{card.architecture}, {parameters:,} parameters"),
        ("Classes", ", ".join(card.classes)),
        ("Read correctly", accuracy),
        ("Trained on", credits_of(card)),
        ("Trained", printable(card.trained, _MAX_TEXT)),
        ("Recipe", printable(str(card.recipe.get("name", "")), _MAX_TEXT)),
        ("Licence", LICENCE),
        ("Made by", MADE_BY),
    ]
    return [(name, text) for name, text in every if text]
