"""Which of a person's drawings are held out: one in four is never trained on."""

import hashlib
from collections.abc import Sequence

import numpy as np

from lenet_desktop.drawing.strokes import Points

_ONE_IN = 4


def is_held_out(strokes: Sequence[Points]) -> bool:
    """Return whether a drawing is held out, which depends on its strokes alone.

    So a drawing never changes sides: not when others are added or deleted, and not when it gets
    another label. On average one in four is held out.

    Args:
        strokes: points (N, 2) each, as they are in the stroke file.
    """
    digest = hashlib.sha256()
    for points in strokes:
        # The program's own files have two decimals, which float32 may turn into their neighbours.
        hundredths = np.rint(points.astype(np.float64) * 100).astype("<i8")
        digest.update(len(points).to_bytes(8, "little"))
        digest.update(hundredths.tobytes())
    return digest.digest()[0] % _ONE_IN == 0
