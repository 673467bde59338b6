"""Strokes are cut into pieces, and runs of pieces are candidates."""

import numpy as np
import pytest

from lenet_desktop.drawing.line.segmentation import Segmentation, segment
from lenet_desktop.drawing.strokes import Stroke
from written_numbers import digit, written


def stroke(*points: tuple[float, float]) -> Stroke:
    return Stroke(np.array(points, np.float32))


def runs(segmentation: Segmentation) -> set[tuple[int, int]]:
    return {(c.first, c.last) for c in segmentation.candidates}


def circle(middle: float) -> list[tuple[float, float]]:
    """Return a zero that begins to the right of its top and ends at its top."""
    angles = np.linspace(-np.pi / 6, -np.pi / 2 - 2 * np.pi, 40)
    return [(middle + 100 * np.cos(a), 200 + 150 * np.sin(a)) for a in angles]


@pytest.mark.parametrize("text", ["0123456789", "10", "4"])
def test_each_digit_of_a_number_is_a_candidate(text: str) -> None:
    strokes = written(text)
    found = segment(strokes)
    first = 0
    for label in text:
        own = set(strokes[first : first + len(digit(label))])
        assert own in [set(candidate.strokes) for candidate in found.candidates]
        first += len(own)


def test_two_zeros_in_one_stroke_are_cut_between_them() -> None:
    found = segment([stroke(*circle(150), *circle(400))])
    assert len(found.pieces) == 2
    left, right = found.pieces
    assert left.box[2] <= right.box[0] + 0.12 * found.height
    assert runs(found) == {(0, 1), (0, 2), (1, 2)}


def test_it_does_not_matter_in_which_direction_a_stroke_was_drawn() -> None:
    points = [*circle(150), *circle(400)]
    assert len(segment([stroke(*points[::-1])]).pieces) == 2


def test_a_cut_stroke_is_whole_again_in_the_candidate_of_all_its_pieces() -> None:
    whole = stroke(*circle(150), *circle(400), *circle(650))
    found = segment([whole])
    assert len(found.pieces) == 3
    by_run = {(c.first, c.last): c.strokes for c in found.candidates}
    (two,) = by_run[0, 2]
    np.testing.assert_array_equal(two.points[0], whole.points[0])
    np.testing.assert_allclose(two.points[-1], found.pieces[1].stroke.points[-1], atol=1e-3)
    assert by_run.get((0, 3), (whole,)) == (whole,)


def test_a_narrow_stroke_and_a_flat_one_are_not_cut() -> None:
    assert len(segment([stroke(*circle(150))]).pieces) == 1
    bar = stroke((0, 0), (150, 20), (300, 0))
    stem = stroke((150, 0), (150, 400))
    assert len(segment([bar, stem]).pieces) == 2


def test_pieces_are_in_order_of_their_middles() -> None:
    late = stroke((0, 0), (0, 100))
    early = stroke((300, 0), (300, 100))
    assert [piece.number for piece in segment([early, late]).pieces] == [1, 0]


def test_characters_far_apart_are_no_candidate_together() -> None:
    found = segment([stroke((x, 0), (x, 100)) for x in (0, 150, 900)])
    assert runs(found) == {(0, 1), (0, 2), (1, 2), (2, 3)}


def test_many_strokes_on_one_place_may_still_be_one_character() -> None:
    found = segment([stroke((x, 0), (x + 20, 100)) for x in range(0, 60, 3)])
    assert (0, 20) in runs(found)
    assert max(last - first for first, last in runs(found) - {(0, 20)}) == 8


@pytest.mark.parametrize("points", [[(5, 5)], [(5, 5), (5, 5)], [(0, 7), (90, 7)]])
def test_a_dot_and_a_dash_are_candidates(points: list[tuple[float, float]]) -> None:
    found = segment([stroke(*points)])
    assert runs(found) == {(0, 1)}
    assert found.height > 0


def test_one_long_stem_does_not_change_the_height_of_the_line() -> None:
    usual = segment(written("2354")).height
    long_stem = stroke((1900, -700), (1880, 700))
    assert segment([*written("2354"), long_stem]).height == pytest.approx(usual, rel=0.1)
    assert usual == pytest.approx(400, rel=0.1)
