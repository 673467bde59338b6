"""A picture of the samples that a model misread, to be looked at."""

from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from lenet_desktop.atomic_write import replace_file
from lenet_desktop.drawing.picture import PictureError
from lenet_desktop.evaluation.metrics import Evaluation

_TILE, _CAPTION, _COLUMNS, _MOST = 84, 16, 12, 600


def write_contact_sheet(path: Path, evaluation: Evaluation, samples: NDArray[np.float32]) -> int:
    """Write a PNG of the digits read wrongly and of the others that were not refused.

    Args:
        path: the file to write.
        evaluation: what the model made of the samples.
        samples: float32 (N, 28, 28), 0 to 1, in the same order.

    Returns:
        How many there are; the first 600 of them are shown.

    Raises:
        PictureError: the file cannot be written.
    """
    wrong = np.where(evaluation.is_digit, ~evaluation.is_right, ~evaluation.refused)
    chosen = np.flatnonzero(wrong).tolist()
    rows = max(1, -(-min(len(chosen), _MOST) // _COLUMNS))
    sheet = Image.new("L", (_COLUMNS * _TILE, rows * (_TILE + _CAPTION)), 255)
    pen = ImageDraw.Draw(sheet)
    for place, index in enumerate(chosen[:_MOST]):
        x, y = place % _COLUMNS * _TILE, place // _COLUMNS * (_TILE + _CAPTION)
        tile = Image.fromarray((255 - samples[index] * 255).astype(np.uint8))
        sheet.paste(tile.resize((_TILE, _TILE), Image.Resampling.NEAREST), (x, y + _CAPTION))
        guess = evaluation.classes[evaluation.predicted[index]]
        doubt = "?" if evaluation.refused[index] else ""
        label = evaluation.labels[index].encode("ascii", "replace").decode()
        pen.text(
            (x + 2, y + 3),
            f"{index + 1}: {label}>{guess}{doubt} {evaluation.confidences[index]:.2f}",
            fill=0,
        )
    buffer = BytesIO()
    sheet.save(buffer, "PNG")
    try:
        replace_file(path, buffer.getvalue())
    except OSError as error:
        raise PictureError(f"{path} cannot be written: {error.strerror or error}.") from error
    return len(chosen)
