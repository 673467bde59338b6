"""Where a command reads drawings from: a file, or standard input."""

import sys
from pathlib import Path

from lenet_desktop.drawing.drawing_file import MAX_FILE_BYTES
from lenet_desktop.errors import UserError

STANDARD_INPUT = "-"


def name_of(file: str) -> str:
    """Return what messages call a file, or standard input."""
    return "Standard input" if file == STANDARD_INPUT else str(Path(file))


def source_of(file: str) -> Path | bytes:
    """Return the path of a file, or what standard input holds.

    Raises:
        UserError: standard input is empty or cannot be read.
    """
    if file != STANDARD_INPUT:
        return Path(file)
    if sys.stdin is None:
        raise UserError("There is no standard input: name a file.")
    try:
        # To its end, or to more bytes than a file may have.
        content = sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise UserError(f"Standard input cannot be read: {error.strerror or error}.") from error
    if not content:
        raise UserError("Standard input is empty: send a picture or a stroke file.")
    return content
