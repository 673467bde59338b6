"""Numbers written with the demo strokes, digit beside digit."""

import numpy as np

from lenet_desktop import paths
from lenet_desktop.drawing.stroke_file import read_strokes
from lenet_desktop.drawing.strokes import Points, Stroke

DEMO = {
    record.label: record.strokes for record in read_strokes(paths.resource("demo-strokes.jsonl"))
}


def digit(label: str, height: float = 400.0) -> list[Points]:
    """Return a digit's strokes with the upper left corner at the origin."""
    points = np.concatenate(DEMO[label])
    low, scale = points.min(axis=0), height / float(np.ptp(points[:, 1]))
    return [(stroke - low) * scale for stroke in DEMO[label]]


def written(text: str, *, gap: float = 60.0, height: float = 400.0) -> tuple[Stroke, ...]:
    """Write digits beside each other, ``gap`` pad units apart; a negative gap lets them overlap."""
    strokes: list[Stroke] = []
    left = 100.0
    for label in text:
        points = digit(label, height)
        strokes += [Stroke((p + np.array([left, 200.0])).astype(np.float32), 40) for p in points]
        left += max(float(p[:, 0].max()) for p in points) + gap
    return tuple(strokes)
