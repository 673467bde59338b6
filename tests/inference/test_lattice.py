"""The best path and the probabilities, compared with all paths and readings, one by one."""

import itertools
import math

import numpy as np
import pytest

from lenet_desktop.inference.lattice import Lattice

CLASSES = 3


def all_paths(first: list[int], last: list[int], start: int, end: int) -> list[list[int]]:
    """Return all paths of candidates from one piece to another."""
    if start == end:
        return [[]]
    return [
        [node, *rest]
        for node, (begin, stop) in enumerate(zip(first, last, strict=True))
        if begin == start
        for rest in all_paths(first, last, stop, end)
    ]


@pytest.mark.parametrize("seed", range(8))
def test_a_lattice_does_what_trying_all_paths_does(seed: int) -> None:
    random = np.random.default_rng(seed)
    pieces = 1 + seed % 5
    runs = [(f, t) for f in range(pieces) for t in range(f + 1, min(f + 3, pieces) + 1)]
    first, last = [f for f, _ in runs], [t for _, t in runs]
    scores = random.normal(0, 1.5, (len(runs), CLASSES))
    left, right = np.nonzero(np.array(last)[:, np.newaxis] == np.array(first))
    border = random.normal(0, 1.5, len(left))
    between = {(a, b): s for a, b, s in zip(left.tolist(), right.tolist(), border, strict=True)}

    weight: dict[tuple[tuple[int, ...], tuple[int, ...]], float] = {}
    for path in all_paths(first, last, 0, pieces):
        edges = sum(between[pair] for pair in itertools.pairwise(path))
        for classes in itertools.product(range(CLASSES), repeat=len(path)):
            score = edges + sum(scores[n, c] for n, c in zip(path, classes, strict=True))
            weight[tuple(path), classes] = math.exp(score)
    total = sum(weight.values())
    path, classes = max(weight, key=weight.__getitem__)

    found = Lattice(first, last, scores, (left, right, border)).best_path()
    assert (found.candidates, found.classes) == (path, classes)
    same_text = sum(w for (_, text), w in weight.items() if text == classes)
    assert found.probability == pytest.approx(same_text / total)
    for node, share in zip(found.candidates, found.shares, strict=True):
        through = sum(w for (nodes, _), w in weight.items() if node in nodes)
        assert share == pytest.approx(through / total)
