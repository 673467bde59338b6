"""Connected patches of a mask."""

import numpy as np
from numpy.typing import NDArray


def patches(mask: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Number the connected patches of a mask (8 neighbours) from 1; 0 is outside.

    The runs of each row are joined with those they touch in the row above, by union-find (B. A.
    Galler, M. J. Fischer, "An Improved Equivalence Algorithm", 1964), in linear time.
    """
    height, width = mask.shape
    # All rows one after the other, with an empty column between them.
    row = np.pad(mask, ((0, 0), (0, 1))).ravel()
    edges = np.flatnonzero(np.diff(row, prepend=False, append=False))
    starts, ends = edges[::2], edges[1::2]
    # The runs in the row above that touch a run, beside or across a corner.
    first = np.searchsorted(ends, starts - (width + 1), "left").tolist()
    last = np.searchsorted(starts, ends - (width + 1), "right").tolist()
    parents = list(range(len(starts)))

    def root(run: int) -> int:
        while parents[run] != run:
            parents[run] = run = parents[parents[run]]
        return run

    for run, (begin, end) in enumerate(zip(first, last, strict=True)):
        for above in range(begin, end):
            parents[root(above)] = root(run)
    roots = [root(run) for run in range(len(starts))]
    numbers = np.unique(roots, return_inverse=True)[1] + 1
    labels = np.zeros(len(row), np.intp)
    labels[row] = np.repeat(numbers, ends - starts)
    return labels.reshape(height, width + 1)[:, :width]
