"""One drawing in four is held out, and it never changes sides."""

import numpy as np

from lenet_desktop.data.teaching.held_out import is_held_out


def strokes(seed: int) -> list[np.ndarray]:
    random = np.random.default_rng(seed)
    return [np.round(random.uniform(0, 800, (9, 2)), 2).astype(np.float32) for _ in range(2)]


def test_about_one_in_four_is_held_out() -> None:
    count = sum(is_held_out(strokes(seed)) for seed in range(2000))
    assert 440 < count < 560


def test_the_rule_never_changes() -> None:
    """Drawings that were trained on would become test drawings."""
    sides = "".join("x" if is_held_out(strokes(seed)) else "." for seed in range(40))
    assert sides == ".....x........x....x.x...xx..........xx."
