"""A skeleton as a graph: branches between ends and crossings."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lenet_desktop.drawing.tracing.thinning import Mask

Path = NDArray[np.float64]
"""Points x and y, (N, 2), in pixels."""


@dataclass(eq=False)
class Branch:
    """A line of the skeleton.

    Attributes:
        nodes: the crossings or ends at its two ends; twice the same for a loop.
        path: its points, from the first node to the second one.
    """

    nodes: tuple[int, int]
    path: Path

    @property
    def length(self) -> float:
        """The length in pixels."""
        return float(np.hypot(*np.diff(self.path, axis=0).T).sum())


def branches_of(skeleton: Mask) -> list[Branch]:
    """Return the branches of a skeleton, lines one pixel wide (H, W).

    A dot is a branch of one point. Neighbouring pixels with three neighbours or more are one
    crossing; its branches meet in the middle of these pixels.
    """
    rows, columns = np.nonzero(skeleton)
    count = len(rows)
    points: Path = np.stack([columns, rows], axis=1).astype(np.float64) + 0.5
    index = np.full((skeleton.shape[0] + 2, skeleton.shape[1] + 2), -1, np.int64)
    index[rows + 1, columns + 1] = np.arange(count)
    around = np.stack(
        [
            index[rows + 1 + down, columns + 1 + right]
            for down in (-1, 0, 1)
            for right in (-1, 0, 1)
            if (down, right) != (0, 0)
        ],
        axis=1,
    )
    neighbours = [[n for n in row if n >= 0] for row in around.tolist()]
    node_of, places = _nodes(neighbours, points)
    branches: list[Branch] = []
    walked: set[tuple[int, int]] = set()
    for pixel in range(count):
        if node_of[pixel] < 0:
            continue
        if not neighbours[pixel]:
            branches.append(Branch((node_of[pixel], node_of[pixel]), points[pixel : pixel + 1]))
        for following in neighbours[pixel]:
            if node_of[following] != node_of[pixel] and (pixel, following) not in walked:
                chain = _walk(pixel, following, neighbours, node_of)
                walked.add((chain[-1], chain[-2]))
                branches.append(_branch(chain, points, node_of, places))
    return branches + _circles(neighbours, node_of, branches, points, len(places))


def _nodes(neighbours: list[list[int]], points: Path) -> tuple[list[int], list[Path]]:
    """Return the node of each pixel, or -1, and the place of each node."""
    node_of = [-1] * len(neighbours)
    places: list[Path] = []
    for pixel, beside in enumerate(neighbours):
        if len(beside) == 2 or node_of[pixel] >= 0:
            continue
        group = [pixel]
        node_of[pixel] = len(places)
        if len(beside) > 2:
            for member in group:
                for other in neighbours[member]:
                    if len(neighbours[other]) > 2 and node_of[other] < 0:
                        node_of[other] = len(places)
                        group.append(other)
        places.append(points[group].mean(axis=0))
    return node_of, places


def _walk(start: int, following: int, neighbours: list[list[int]], node_of: list[int]) -> list[int]:
    """Return the pixels from a node's pixel to the next node's."""
    chain = [start, following]
    while node_of[chain[-1]] < 0:
        one, other = neighbours[chain[-1]]
        chain.append(other if one == chain[-2] else one)
    return chain


def _branch(chain: list[int], points: Path, node_of: list[int], places: list[Path]) -> Branch:
    first, last = node_of[chain[0]], node_of[chain[-1]]
    path = np.concatenate([[places[first]], points[chain[1:-1]], [places[last]]])
    return Branch((first, last), path)


def _circles(
    neighbours: list[list[int]],
    node_of: list[int],
    branches: list[Branch],
    points: Path,
    next_node: int,
) -> list[Branch]:
    """Return the closed lines that have neither an end nor a crossing."""
    left = {pixel for pixel, node in enumerate(node_of) if node < 0}
    rows = {tuple(point) for branch in branches for point in branch.path.tolist()}
    left = {pixel for pixel in left if tuple(points[pixel].tolist()) not in rows}
    circles = []
    while left:
        # From the highest pixel, where a pen would begin.
        start = min(left, key=lambda pixel: (points[pixel, 1], points[pixel, 0]))
        chain = [start, neighbours[start][0]]
        while chain[-1] != start:
            one, other = neighbours[chain[-1]]
            chain.append(other if one == chain[-2] else one)
        left.difference_update(chain)
        circles.append(Branch((next_node, next_node), points[chain]))
        next_node += 1
    return circles
