"""Drawings in files: a picture or a stroke file, depending on the file's name."""

from collections.abc import Iterator
from pathlib import Path

from lenet_desktop.drawing.stroke_file import (
    MAX_FILE_BYTES,
    StrokeFileError,
    read_strokes,
    write_strokes,
)
from lenet_desktop.drawing.strokes import DEFAULT_BRUSH, WIDEST, Drawing, Ink, place

__all__ = ["MAX_FILE_BYTES", "STROKE_SUFFIXES", "read_drawings", "write_drawing"]

STROKE_SUFFIXES = (".jsonl", ".json")
# A line of a stroke file is a JSON object; before the first there may be spaces and a mark that
# the text is in UTF-8. No picture starts so.
_SPACE = b"\xef\xbb\xbf \t\r\n"


def read_drawings(
    source: Path | bytes, brush: float = DEFAULT_BRUSH, name: str | None = None
) -> Iterator[Drawing]:
    """Read a picture as one drawing, or each line of a stroke file as a drawing.

    Args:
        source: a stroke file if its name ends in one of STROKE_SUFFIXES, else a picture; or the
            content of either.
        brush: the brush's diameter in pad units for strokes that were recorded without one.
        name: what messages call it; the path if None.

    Raises:
        PictureError, StrokeFileError: the file cannot be read, or contains no drawing.
    """
    if not _holds_strokes(source):
        # Load Pillow when the first picture is read, not when the window opens.
        from lenet_desktop.drawing.picture import read_picture

        yield Drawing(picture=read_picture(source, name))
        return
    empty = True
    for record in read_strokes(source, name):
        empty = False
        yield record.drawing or place(record.strokes, brush=brush, widest=WIDEST)
    if empty:
        name = name or ("The stroke file" if isinstance(source, bytes) else str(source))
        raise StrokeFileError("{name} holds no drawing.", name=name)


def _holds_strokes(source: Path | bytes) -> bool:
    if isinstance(source, bytes):
        return source[:1000].lstrip(_SPACE).startswith(b"{")
    return source.suffix.lower() in STROKE_SUFFIXES


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
