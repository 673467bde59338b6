"""Champion and challenger are compared by an exact test on the same held-out images."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from lenet_desktop.evaluation.compare import Better, Comparison, compare
from small_models import LETTERS, THREE, a_model, images


def a_comparison(won: int, lost: int) -> Comparison:
    """Return a comparison in which only the challenger was right on ``won`` images."""
    some = images(*[1] * won, *[2] * lost)
    labels = ["one"] * won + ["two"] * lost
    return compare(a_model(wrong=1), a_model(wrong=2), some, labels, "some images")


def with_counts(won: int, lost: int) -> Comparison:
    """Return a comparison with these counts, whatever their size."""
    return replace(a_comparison(1, 1), only_challenger=won, only_champion=lost)


@pytest.mark.parametrize(
    ("won", "lost", "p_value", "verdict"),
    [
        (0, 0, 1, Better.NEITHER),
        (1, 0, 1, Better.NEITHER),
        (3, 3, 1, Better.NEITHER),
        (4, 3, 1, Better.NEITHER),
        (4, 0, 0.125, Better.NEITHER),
        (5, 0, 0.0625, Better.NEITHER),
        (7, 1, 0.0703125, Better.NEITHER),
        (6, 0, 0.03125, Better.CHALLENGER),
        (8, 1, 0.0390625, Better.CHALLENGER),
        (25, 10, 0.016673848, Better.CHALLENGER),
    ],
)
def test_the_test_is_the_exact_binomial_one_at_5_percent(
    won: int, lost: int, p_value: float, verdict: Better
) -> None:
    mirrored = {Better.CHALLENGER: Better.CHAMPION, Better.NEITHER: Better.NEITHER}
    assert a_comparison(won, lost).p_value == pytest.approx(p_value, rel=1e-6)
    assert a_comparison(won, lost).verdict is verdict
    assert a_comparison(lost, won).p_value == a_comparison(won, lost).p_value
    assert a_comparison(lost, won).verdict is mirrored[verdict]


@pytest.mark.parametrize(("won", "lost"), [(1000, 1000), (1040, 960), (5200, 5000), (900, 1100)])
def test_large_counts_agree_with_the_normal_approximation(won: int, lost: int) -> None:
    # With the continuity correction: A. Edwards, Psychometrika 13, 1948.
    z = max(abs(won - lost) - 1, 0) / math.sqrt(won + lost)
    assert with_counts(won, lost).p_value == pytest.approx(math.erfc(z / math.sqrt(2)), rel=0.02)


def test_tens_of_thousands_of_discordant_images_are_no_trouble() -> None:
    far_apart, close = with_counts(30_000, 1_000), with_counts(30_200, 30_000)
    assert far_apart.p_value == 0  # too small for a float
    assert far_apart.verdict is Better.CHALLENGER
    assert close.p_value == pytest.approx(0.4173, abs=0.0001)
    assert close.verdict is Better.NEITHER


def test_both_models_read_the_same_images() -> None:
    some, labels = images(0, 1, 2, 2, 1), ["zero", "one", "two", "two", "zero"]
    result = compare(a_model(wrong=1), a_model(wrong=2), some, labels, "five images")
    assert result.data == "five images"
    assert result.champion is not None
    assert [result.champion.accuracy, result.challenger.accuracy] == pytest.approx([0.8, 0.4])
    assert (result.only_champion, result.only_challenger) == (3, 1)
    assert [(m.meant, m.best_class) for m in result.mistakes] == [
        ("two", "zero"),
        ("two", "zero"),
        ("zero", "one"),
    ]
    assert all(a.probability >= b.probability for a, b in itertools.pairwise(result.mistakes))
    assert np.array_equal(result.mistakes[0].image, some[2])
    assert [m.champion_class for m in result.mistakes] == ["two", "two", "zero"]
    # A logit of 4 among two of 0.
    probabilities = [m.champion_probability for m in result.mistakes]
    assert probabilities == pytest.approx([0.9647] * 3, abs=1e-4)


@pytest.mark.parametrize("champion", [LETTERS, THREE[:2], ("zero", "one", "three")])
def test_a_champion_of_other_classes_is_not_compared(champion: tuple[str, ...]) -> None:
    some, labels = images(*[1] * 10), ["one"] * 10
    result = compare(a_model(champion, wrong=1), a_model(), some, labels, "ten images")
    assert result.champion is None
    assert result.verdict is Better.UNKNOWN
    assert (result.only_champion, result.only_challenger) == (0, 0)
    assert result.challenger.accuracy == 1
    (mistake,) = compare(a_model(champion), a_model(wrong=1), some[:1], labels[:1], "one").mistakes
    assert (mistake.champion_class, mistake.champion_probability) == (None, None)


def test_the_same_classes_in_another_order_are_compared_by_name() -> None:
    some, labels = images(*[0] * 10), ["zero"] * 10
    result = compare(a_model(THREE[::-1]), a_model(), some, labels, "ten images")
    assert result.champion is not None
    assert (result.champion.accuracy, result.challenger.accuracy) == (0, 1)
    assert result.verdict is Better.CHALLENGER
    # The champion's answer is named by its own classes.
    (mistake,) = compare(
        a_model(THREE[::-1]), a_model(wrong=2), images(2), ["two"], "one image"
    ).mistakes
    assert (mistake.best_class, mistake.champion_class) == ("zero", "zero")


def test_26_classes_are_compared() -> None:
    letters = list(range(26)) * 2
    some, labels = images(*letters), [LETTERS[index] for index in letters]
    result = compare(a_model(LETTERS), a_model(LETTERS, wrong=25), some, labels, "letters")
    assert (result.only_champion, result.only_challenger) == (2, 0)
    assert [(m.meant, m.best_class) for m in result.mistakes] == [("Z", "A"), ("Z", "A")]


def test_images_of_none_of_the_classes_decide_nothing_and_are_no_mistakes() -> None:
    some, labels = images(0, 1, 1), ["zero", "none of them", "one"]
    result = compare(a_model(), a_model(), some, labels, "three images")
    assert result.challenger.count == 2
    assert result.mistakes == ()
