"""Which classes practice asks for, and in which order."""

import math
import random
from collections.abc import Mapping, Sequence

LEAST = 20
"""So many drawings are asked for, or a few more: as many of each class."""


def balanced_turns(classes: Sequence[str], chance: random.Random) -> list[str]:
    """Return classes in random order, each as often; none follows itself."""
    return rounds(dict.fromkeys(classes, math.ceil(LEAST / len(classes))), chance)


def rounds(counts: Mapping[str, int], chance: random.Random) -> list[str]:
    """Return classes in random order, each so often; none follows itself unless no other is left.

    Each round asks for every class once, so a practice that is ended early is balanced, too.
    """
    turns: list[str] = []
    for number in range(max(counts.values(), default=0)):
        order = [label for label, count in counts.items() if count > number]
        chance.shuffle(order)
        if turns and order[0] == turns[-1]:
            order.append(order.pop(0))
        turns += order
    return turns
