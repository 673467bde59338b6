"""Drawings in files: a picture or a stroke file, depending on the file's name."""

from collections.abc import Iterator
from pathlib import Path

from lenet_desktop.drawing.stroke_file import StrokeFileError, read_strokes, write_strokes
from lenet_desktop.drawing.strokes import DEFAULT_BRUSH, Drawing, Ink, place

STROKE_SUFFIXES = (".jsonl", ".json")


def read_drawings(path: Path, brush: float = DEFAULT_BRUSH) -> Iterator[Drawing]:
    """Read a picture as one drawing, or each line of a stroke file as a drawing.

    Args:
        path: a stroke file if its name ends in one of STROKE_SUFFIXES, else a picture.
        brush: the brush's diameter in pad units for strokes that were recorded without one.

    Raises:
        PictureError, StrokeFileError: the file cannot be read, or contains no drawing.
    """
    if path.suffix.lower() not in STROKE_SUFFIXES:
        # Load Pillow when the first picture is read, not when the window opens.
        from lenet_desktop.drawing.picture import read_picture

        yield Drawing(picture=read_picture(path))
        return
    empty = True
    for record in read_strokes(path):
        empty = False
        yield record.drawing or place(record.strokes, brush=brush)
    if empty:
        raise StrokeFileError(f"{path} holds no drawing.")


def write_drawing(path: Path, drawing: Drawing, ink: Ink) -> None:
    """Write a drawing as strokes if the name ends in one of STROKE_SUFFIXES, else as PNG.

    Args:
        path: the file to write.
        drawing: the drawing.
        ink: its ink, which the pad has: rasterizing a long drawing takes up to two seconds.

    Raises:
        PictureError, StrokeFileError: there is nothing to save, or it cannot be written.
    """
    if path.suffix.lower() in STROKE_SUFFIXES:
        write_strokes(path, [drawing])
    else:
        from lenet_desktop.drawing.picture import write_picture

        write_picture(ink, path)
