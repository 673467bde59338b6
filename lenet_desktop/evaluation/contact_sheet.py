"""A picture of the samples that a model misread."""

from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from lenet_desktop.atomic_write import replace_file
from lenet_desktop.drawing.picture import PictureError
from lenet_desktop.evaluation.metrics import Evaluation

_TILE, _CAPTION, _COLUMNS, _MAX_TILES = 84, 28, 12, 600
# Two names of this length fit beside each other above a tile.
_MAX_NAME = 6


def write_contact_sheet(path: Path, evaluation: Evaluation, samples: NDArray[np.float32]) -> int:
    """Write a PNG file of the misread samples and of the outliers that were not refused.

    The caption above each sample shows its place in the data, the probability of its best class,
    its label and its best class; a question mark means that it was refused.

    Args:
        path: the file to write.
        evaluation: the model's answers to the samples.
        samples: float32 (N, 28, 28), 0 to 1, in the same order.

    Returns:
        The number of these samples; the first 600 are in the picture.

    Raises:
        PictureError: the file cannot be written.
    """
    wrong = np.where(evaluation.has_class, ~evaluation.is_right, ~evaluation.refused)
    chosen = np.flatnonzero(wrong).tolist()
    rows = max(1, -(-min(len(chosen), _MAX_TILES) // _COLUMNS))
    sheet = Image.new("L", (_COLUMNS * _TILE, rows * (_TILE + _CAPTION)), 255)
    for place, index in enumerate(chosen[:_MAX_TILES]):
        x, y = place % _COLUMNS * _TILE, place // _COLUMNS * (_TILE + _CAPTION)
        tile = Image.fromarray((255 - samples[index] * 255).astype(np.uint8))
        sheet.paste(_caption(evaluation, index), (x, y))
        sheet.paste(tile.resize((_TILE, _TILE), Image.Resampling.NEAREST), (x, y + _CAPTION))
    buffer = BytesIO()
    sheet.save(buffer, "PNG")
    try:
        replace_file(path, buffer.getvalue())
    except OSError as error:
        raise PictureError(
            "{path} cannot be written: {reason}.", path=path, reason=error.strerror or error
        ) from error
    return len(chosen)


def _caption(evaluation: Evaluation, index: int) -> Image.Image:
    """Draw the text above a tile, in a picture of its own: nothing reaches the next tile."""
    label = _short(evaluation.labels[index])
    best_class = _short(evaluation.classes[evaluation.predicted[index]])
    doubt = "?" if evaluation.refused[index] else ""
    caption = Image.new("L", (_TILE, _CAPTION), 255)
    pen = ImageDraw.Draw(caption)
    pen.text((2, 2), f"{index + 1}: {evaluation.confidences[index]:.2f}", fill=0)
    pen.text((2, 14), f"{label}>{best_class}{doubt}", fill=0)
    return caption


def _short(name: str) -> str:
    """Return the start of a name, in characters that Pillow's own font can draw."""
    start = name if len(name) <= _MAX_NAME else f"{name[: _MAX_NAME - 1]}~"
    # Latin-1 is all that the font has; half a surrogate pair cannot be drawn at all.
    drawable = start.encode("latin-1", "replace").decode("latin-1")
    return "".join(c if c.isprintable() else "?" for c in drawable)
