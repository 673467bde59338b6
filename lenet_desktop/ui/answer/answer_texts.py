"""Predictions in words."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from lenet_desktop.inference.decision import Verdict
from lenet_desktop.models.model_card import DIGITS
from lenet_desktop.percent import percent

if TYPE_CHECKING:
    from lenet_desktop.inference.numbers import NumberReading
    from lenet_desktop.inference.recognizer import Prediction

NO_CLASS = "?"
"""Shown in place of a class if the drawing is none of them."""


def are_digits(classes: tuple[str, ...]) -> bool:
    """Return whether the classes are the ten digits, in any order."""
    return set(classes) == set(DIGITS)


def large_text(prediction: "Prediction") -> str:
    """Return what is shown large: the best class, or '?' if the drawing is none of the classes."""
    return NO_CLASS if prediction.verdict is Verdict.NOT_A_DIGIT else prediction.best_class


def caption(prediction: "Prediction") -> str:
    """Return the line below it, such as '99.8 %' or 'Not a digit. Closest: 4'.

    A percentage beside 'Not a digit' would look like the probability of that verdict.
    """
    match prediction.verdict:
        case Verdict.DIGIT:
            return percent(prediction.probability)
        case Verdict.UNSURE:
            text = QCoreApplication.translate("Answer", "Not sure. Closest: {name}")
        case Verdict.NOT_A_DIGIT if are_digits(prediction.classes):
            text = QCoreApplication.translate("Answer", "Not a digit. Closest: {name}")
        case Verdict.NOT_A_DIGIT:
            text = QCoreApplication.translate("Answer", "None of these. Closest: {name}")
    return text.format(name=prediction.best_class)


def shown_digit(digit: "Prediction") -> str:
    """Return a digit of a number as it is shown: '?' unless it is to be trusted."""
    return digit.best_class if digit.is_sure else NO_CLASS


def number_caption(reading: "NumberReading") -> str:
    """Return the line below a number: its probability, or how many of its digits are not sure."""
    unsure = sum(not digit.is_sure for digit in reading.digits)
    if not unsure:
        return percent(reading.probability)
    text = QCoreApplication.translate("Answer", "Not sure: {count} of {all}")
    return text.format(count=unsure, all=len(reading.digits))


def digit_of_number(reading: "NumberReading", index: int) -> str:
    """Return the line about one digit of a number: 'Digit 2 of 3: 99.1 %'."""
    text = QCoreApplication.translate("Answer", "Digit {number} of {all}: {answer}")
    answer = caption(reading.digits[index])
    return text.format(number=index + 1, all=len(reading.digits), answer=answer)


def after_the_class(verdict: Verdict, classes: tuple[str, ...], probability: float) -> str:
    """Return what follows the class in one short line: '3' is followed by ' · 99.7 %'."""
    match verdict:
        case Verdict.DIGIT:
            return f" · {percent(probability)}"
        case Verdict.UNSURE:
            return QCoreApplication.translate("Answer", "? · not sure")
        case Verdict.NOT_A_DIGIT if are_digits(classes):
            return QCoreApplication.translate("Answer", "? · not a digit")
        case Verdict.NOT_A_DIGIT:
            return QCoreApplication.translate("Answer", "? · none of these")


def spoken(prediction: "Prediction") -> str:
    """Return the prediction for somebody who cannot see it: '3, 99.7 %'."""
    if prediction.is_sure:
        return f"{prediction.best_class}, {percent(prediction.probability)}"
    return caption(prediction)
