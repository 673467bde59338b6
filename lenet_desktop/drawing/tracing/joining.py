"""Join the branches of a skeleton to strokes, as a pen may have drawn them."""

import itertools

import numpy as np

from lenet_desktop.drawing.tracing.skeleton import Branch, Path

# In widths of the stroke: shorter ends are no strokes but the corners of thick ink; crossings that
# are closer to each other are one, which thick ink has drawn apart.
_SPUR, _SAME_CROSSING = 0.8, 1.0
# The direction of a branch at a crossing is taken this far from it.
_NEAR, _FAR = 0.5, 2.5
# A stroke goes on where it bends by less than this at a crossing, in radians.
_MOST_BENT = 1.0
# Connected ink that is wider than this, in heights of a digit, may be several digits.
_WIDE = 0.65

_End = tuple[int, int]
"""A branch's number and which of its ends: 0 or 1."""


def joined(branches: list[Branch], width: float) -> list[list[Path]]:
    """Return strokes made of branches: for each the parts that follow each other.

    A stroke has several parts only where several digits may touch: there it may be cut between
    them.

    Args:
        branches: the branches of a skeleton.
        width: the width of the ink's strokes, in pixels.
    """
    branches = _without_spurs(branches, _SPUR * width)
    branches = _with_crossings_united(branches, _SAME_CROSSING * width)
    return _strokes(branches, _following(branches, width), _wide_parts(branches))


def _without_spurs(branches: list[Branch], shortest: float) -> list[Branch]:
    counts: dict[int, int] = {}
    for branch in branches:
        for node in branch.nodes:
            counts[node] = counts.get(node, 0) + 1

    def is_spur(branch: Branch) -> bool:
        ends = [counts[node] == 1 for node in branch.nodes]
        return any(ends) and not all(ends) and branch.length < shortest

    return [branch for branch in branches if not is_spur(branch)]


def _with_crossings_united(branches: list[Branch], nearest: float) -> list[Branch]:
    counts: dict[int, int] = {}
    for branch in branches:
        for node in branch.nodes:
            counts[node] = counts.get(node, 0) + 1
    united: dict[int, int] = {}

    def node_of(node: int) -> int:
        while node in united:
            node = united[node]
        return node

    kept = []
    for branch in branches:
        one, other = map(node_of, branch.nodes)
        is_bridge = one != other and min(counts[node] for node in branch.nodes) > 2
        if is_bridge and branch.length < nearest:
            united[other] = one
        else:
            kept.append(branch)
    for branch in kept:
        branch.nodes = node_of(branch.nodes[0]), node_of(branch.nodes[1])
    return kept


def _wide_parts(branches: list[Branch]) -> set[int]:
    """Return the nodes of connected parts that are so wide that several digits may touch there."""
    part_of: dict[int, int] = {}

    def root(node: int) -> int:
        while part_of.get(node, node) != node:
            node = part_of[node]
        return node

    for branch in branches:
        one, other = map(root, branch.nodes)
        part_of[other] = one
        part_of.setdefault(one, one)
    boxes: dict[int, list[float]] = {}
    for branch in branches:
        (left, top), (right, bottom) = branch.path.min(axis=0), branch.path.max(axis=0)
        box = boxes.setdefault(root(branch.nodes[0]), [left, top, right, bottom])
        box[:] = min(box[0], left), min(box[1], top), max(box[2], right), max(box[3], bottom)
    heights = np.array([bottom - top for _, top, _, bottom in boxes.values()])
    height = float(np.median(heights[heights >= heights.max() / 2])) if len(heights) else 0.0
    wide = {part for part, box in boxes.items() if box[2] - box[0] > _WIDE * height}
    return {node for branch in branches for node in branch.nodes if root(node) in wide}


def _following(branches: list[Branch], width: float) -> dict[_End, _End]:
    """Return for each end of a branch the end at which the stroke goes on, if it does."""
    at_node: dict[int, list[_End]] = {}
    for number, branch in enumerate(branches):
        for which in (0, 1):
            at_node.setdefault(branch.nodes[which], []).append((number, which))
    following: dict[_End, _End] = {}
    for ends in at_node.values():
        if len(ends) < 2:
            continue
        directions = {end: _direction(branches[end[0]], end[1], width) for end in ends}
        pairs = [
            (_bend(directions[one], directions[other]), one, other)
            for one, other in itertools.combinations(ends, 2)
            # A loop does not go on into itself where other branches end.
            if one[0] != other[0] or len(ends) == 2
        ]
        # With two ends, the stroke goes on however much it bends.
        most = np.inf if len(ends) == 2 else _MOST_BENT
        for bend, one, other in sorted(pairs):
            if bend < most and one not in following and other not in following:
                following[one], following[other] = other, one
    return following


def _direction(branch: Branch, which: int, width: float) -> Path:
    """Return the direction in which a branch leaves the node at one of its ends."""
    path = branch.path if which == 0 else branch.path[::-1]
    far = np.hypot(*(path - path[0]).T)
    near = path[(far >= _NEAR * width) & (far <= _FAR * width)]
    towards = (near if len(near) else path[-1:]).mean(axis=0) - path[0]
    length = float(np.hypot(*towards))
    return towards / length if length > 0 else np.zeros(2)


def _bend(one: Path, other: Path) -> float:
    """Return how much a stroke bends that comes along one branch and leaves along another."""
    return float(np.arccos(np.clip(-(one @ other), -1, 1)))


def _strokes(
    branches: list[Branch], following: dict[_End, _End], wide: set[int]
) -> list[list[Path]]:
    left = set(range(len(branches)))
    strokes = []
    # First those with an end, then the closed ones.
    starts = [
        (number, which)
        for number in range(len(branches))
        for which in (0, 1)
        if (number, which) not in following
    ]
    for number, which in (*starts, *((number, 0) for number in range(len(branches)))):
        if number not in left:
            continue
        parts: list[list[Path]] = []
        end: _End | None = (number, which)
        while end is not None and end[0] in left:
            left.discard(end[0])
            branch = branches[end[0]].path
            path = branch if end[1] == 0 else branch[::-1]
            if not parts or branches[end[0]].nodes[end[1]] in wide:
                parts.append([])
            parts[-1].append(path)
            end = following.get((end[0], 1 - end[1]))
        strokes.append([np.concatenate(part) for part in parts])
    return strokes
