"""The comparison of champion and challenger in words."""

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from lenet_desktop.percent import percent

if TYPE_CHECKING:
    from lenet_desktop.evaluation.compare import Mistake
    from lenet_desktop.evaluation.metrics import Evaluation
    from lenet_desktop.training.job import Outcome
    from lenet_desktop.training.teaching.hand import HandOutcome

# A line of the drawer has room for this many letters of a word, however wide.
_LONGEST_WORD = 18
# A network that reads less of what it was trained on has not learned it.
_LEARNED = 0.9


def verdict_sentence(outcome: "Outcome") -> str:
    """Return which model is better, with both accuracies and their 95 % intervals.

    There is no other model for new classes, and no interval: the drawings were trained on.
    """
    from lenet_desktop.evaluation.compare import Better
    from lenet_desktop.training.teaching.classes_job import ClassesOutcome

    comparison = outcome.comparison
    if isinstance(outcome, ClassesOutcome):
        return _classes_sentence(comparison.challenger.accuracy, comparison.data)
    match comparison.verdict:
        case Better.CHALLENGER:
            text = QCoreApplication.translate(
                "Verdict",
                "The challenger is better: it reads {challenger} of {data}, '{name}' {champion}.",
            )
        case Better.CHAMPION:
            text = QCoreApplication.translate(
                "Verdict",
                "The challenger is worse: it reads {challenger} of {data}, '{name}' {champion}.",
            )
        case Better.NEITHER:
            text = QCoreApplication.translate(
                "Verdict",
                "No significant difference: the challenger reads {challenger} of {data}, "
                "'{name}' {champion}.",
            )
        case Better.UNKNOWN:
            text = QCoreApplication.translate(
                "Verdict",
                "The challenger reads {challenger} of {data}; it cannot be compared with '{name}', "
                "which has other classes.",
            )
    champion = comparison.champion
    return text.format(
        challenger=_accuracy(comparison.challenger),
        data=comparison.data,
        name=outcome.champion_name,
        champion="" if champion is None else _accuracy(champion),
    )


def _classes_sentence(accuracy: float, data: str) -> str:
    """Return how the drawings are read from which new classes were learned."""
    text = QCoreApplication.translate(
        "Verdict",
        "It has learned your classes: it reads {accuracy} of {data}. How well it reads other "
        "drawings is not known yet: try it on the pad.",
    )
    if accuracy < _LEARNED:
        text = QCoreApplication.translate(
            "Verdict",
            "It confuses some of your classes: it reads only {accuracy} of {data}. Draw more of "
            "those that are confused, or draw them in another way, and learn again.",
        )
    return text.format(accuracy=percent(accuracy), data=data)


def hand_sentences(outcome: "HandOutcome") -> tuple[str, str]:
    """Return the advice after learning a person's hand, and how it reads their drawings."""
    from lenet_desktop.training.teaching.hand import MIN_HELD_OUT, Advice

    match outcome.advice:
        case Advice.KEEP:
            text = QCoreApplication.translate(
                "Verdict", "It reads your hand better, and other digits as well as before."
            )
        case Advice.NO_DIFFERENCE:
            text = QCoreApplication.translate(
                "Verdict", "No significant difference on your drawings: nothing is gained so far."
            )
        case Advice.WORSE_HAND:
            text = QCoreApplication.translate(
                "Verdict", "It reads your drawings worse than before: discard it."
            )
        case Advice.WORSE_DIGITS:
            text = QCoreApplication.translate(
                "Verdict", "It reads the digits of other people worse than before: discard it."
            )
        case Advice.TOO_FEW:
            text = QCoreApplication.translate(
                "Verdict",
                "It cannot be told yet whether it reads your hand better: that takes {count} "
                "held-out drawings, about {all} in all.",
            )
    advice = text.format(count=MIN_HELD_OUT, all=4 * MIN_HELD_OUT)
    hand = outcome.hand
    if hand is None or hand.champion is None:
        return advice, ""
    row = QCoreApplication.translate(
        "Verdict", "On {data} the challenger reads {challenger}, '{name}' {champion}."
    )
    return advice, row.format(
        data=hand.data,
        challenger=percent(hand.challenger.accuracy),
        name=outcome.champion_name,
        champion=percent(hand.champion.accuracy),
    )


def differences_sentence(outcome: "Outcome") -> str:
    """Return how many images only one of the two read correctly; '' if they have other classes."""
    comparison = outcome.comparison
    if comparison.champion is None:
        return ""
    text = QCoreApplication.translate(
        "Verdict", "Read correctly by the challenger alone: {won}, by '{name}' alone: {lost}."
    )
    return text.format(
        won=f"{comparison.only_challenger:,}",
        name=outcome.champion_name,
        lost=f"{comparison.only_champion:,}",
    )


def lines_about(mistake: "Mistake", champion_name: str) -> tuple[str, ...]:
    """Return what a mistake was meant to be, and what each model read."""
    label = QCoreApplication.translate("Verdict", "Labelled {name} in the test set")
    challenger = QCoreApplication.translate("Verdict", "Challenger: {name} · {probability}")
    lines = [
        label.format(name=mistake.meant),
        challenger.format(name=mistake.best_class, probability=percent(mistake.probability)),
    ]
    if mistake.champion_class is not None and mistake.champion_probability is not None:
        probability = percent(mistake.champion_probability)
        lines.append(f"{champion_name}: {mistake.champion_class} · {probability}")
    return tuple(lines)


def breakable(text: str) -> str:
    """Return a text whose long words can be broken at the end of a line, percentages not."""
    pieces = re.compile(rf"(\S{{{_LONGEST_WORD}}})(?=\S)")
    return pieces.sub("\\1\N{ZERO WIDTH SPACE}", text).replace(" %", "\N{NO-BREAK SPACE}%")


def _accuracy(evaluation: "Evaluation") -> str:
    low, high = (percent(share, 2) for share in evaluation.interval)
    text = QCoreApplication.translate("Verdict", "{accuracy} ({low} to {high})")
    return text.format(
        accuracy=percent(evaluation.accuracy, 2), low=low.removesuffix(" %"), high=high
    )
