"""Which classes practice asks for, and in which order."""

import math
import random
from collections.abc import Sequence

LEAST = 20
"""So many drawings are asked for, or a few more: as many of each class."""


def balanced_turns(classes: Sequence[str], chance: random.Random) -> list[str]:
    """Return classes in random order, each as often; none follows itself.

    Each round asks for every class once, so a practice that is ended early is balanced, too.
    """
    turns: list[str] = []
    for _ in range(math.ceil(LEAST / len(classes))):
        order = list(classes)
        chance.shuffle(order)
        if turns and order[0] == turns[-1]:
            order.append(order.pop(0))
        turns += order
    return turns
