"""A model's accuracy in words: a number is shown with the images that it was measured on."""

from PySide6.QtCore import QCoreApplication

from lenet_desktop.evaluation.interval import interval
from lenet_desktop.models.model_card import MNIST, STARTER_DIGITS, ModelCard
from lenet_desktop.percent import percent

# The numbers of their test images.
_TEST_IMAGES = {MNIST: 10_000, STARTER_DIGITS: 1_000}


def test_set_name(card: ModelCard) -> str:
    """Return the name of the test set that the accuracy belongs to, as it is shown."""
    if card.tested_on == STARTER_DIGITS:
        return QCoreApplication.translate("Accuracy", "starter digits")
    return card.tested_on or QCoreApplication.translate("Accuracy", "unknown test set")


def accuracy(card: ModelCard) -> str:
    """Return the accuracy on the test set, such as '99.46 %', or '' if it was not measured."""
    return "" if card.test_accuracy is None else percent(card.test_accuracy, decimals=2)


def accuracy_in_words(card: ModelCard) -> str:
    """Return the accuracy with its 95 % interval and its test set, or '' if not measured.

    The interval is left out for a test set of unknown size.
    """
    if card.test_accuracy is None:
        return ""
    count = _TEST_IMAGES.get(card.tested_on)
    if count is None:
        text = QCoreApplication.translate("Accuracy", "{accuracy} on the test set: {name}")
        return text.format(accuracy=accuracy(card), name=test_set_name(card))
    low, high = interval(round(card.test_accuracy * count), count)
    text = QCoreApplication.translate(
        "Accuracy", "{accuracy} ({low} to {high}) on the {count} test digits of {name}"
    )
    return text.format(
        accuracy=accuracy(card),
        low=percent(low, decimals=2).removesuffix(" %"),
        high=percent(high, decimals=2),
        count=f"{count:,}",
        name=test_set_name(card),
    )
