"""A film has about sixty moments, denser at the start, however long the training is."""

import itertools
import math

import pytest

from lenet_desktop.training.film.spacing import MOST, is_due, one_to_drop


def kept_of(steps: range) -> list[int]:
    """Return which steps a film keeps of a training."""
    kept: list[int] = []
    for step in steps:
        if is_due(kept, step):
            kept.append(step)
            dropped = one_to_drop(kept)
            if dropped is not None:
                del kept[dropped]
    return kept


@pytest.mark.parametrize("steps", [756, 2_000, 30_000])
@pytest.mark.parametrize("first", [0, 500])
def test_a_training_of_any_length_leaves_about_sixty_moments(steps: int, first: int) -> None:
    kept = kept_of(range(first, first + steps + 1))
    assert MOST * 3 / 4 <= len(kept) <= MOST
    assert kept[0] == first
    assert first + steps - kept[-1] <= steps / 20
    roots = [math.sqrt(step - first) for step in kept]
    widest = max(b - a for a, b in itertools.pairwise(roots))
    assert widest <= 3 * math.sqrt(steps) / MOST, "no part of the training is missing"
    halves = sum(step - first < steps / 4 for step in kept)
    assert halves == pytest.approx(len(kept) / 2, rel=0.3), "denser at the start"


def test_a_short_training_keeps_every_step() -> None:
    assert kept_of(range(20)) == list(range(20))


def test_there_is_room_for_sixty() -> None:
    assert one_to_drop(range(MOST)) is None
    assert one_to_drop(range(MOST + 1)) == MOST - 1, "the late ones are the densest here"
    assert one_to_drop([*range(MOST), 10_000]) not in (0, MOST)
