"""The person's own samples: drawings whose class they told, in the user's folder.

One file for each set of classes: a stroke file, so that `train --strokes` takes it. A picture is a
line of it, too: with the strokes that were traced in it, and the picture itself. A sample is added
at the end of the file, so a killed process loses at most that one.
"""

import base64
import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from filelock import FileLock, Timeout

from lenet_desktop import paths
from lenet_desktop.drawing.picture import read_picture, to_png
from lenet_desktop.drawing.stroke_file import (
    MAX_FILE_BYTES,
    line_of,
    read_strokes,
)
from lenet_desktop.drawing.strokes import Drawing, Ink, Stroke
from lenet_desktop.drawing.tracing.trace import traced
from lenet_desktop.errors import UserError
from lenet_desktop.models.model_card import DIGITS
from lenet_desktop.regular_file import read_regular

# How long to wait for another program that is writing to the same file.
_LOCK_SECONDS = 5.0
_CHUNK = 64 * 1024


class OwnSamplesError(UserError):
    """The samples cannot be read or written."""


@dataclass(frozen=True, eq=False)
class OwnSample:
    """A drawing and the class that the person says it is."""

    drawing: Drawing
    label: str


def file_of(classes: Sequence[str]) -> Path:
    """Return the file of the samples of a set of classes; it need not exist."""
    if tuple(classes) == DIGITS:
        return paths.samples_folder() / "digits.jsonl"
    digest = hashlib.sha256(json.dumps(list(classes)).encode()).hexdigest()
    return paths.samples_folder() / f"classes-{digest[:12]}.jsonl"


def add(path: Path, drawing: Drawing, ink: Ink, label: str) -> None:
    """Add a sample to a file; create it if it is missing.

    Args:
        path: the file.
        drawing: the drawing; its strokes are kept unless it contains a picture.
        ink: its ink, which is kept as a picture if it contains one.
        label: its class.

    Raises:
        OwnSamplesError: the file cannot be written; nothing that was in it is lost.
        StrokeFileError: the drawing is too large.
    """
    line = line_of(drawing, label) if drawing.picture is None else _line_of_picture(ink, label)
    with _open(path) as file:
        end = _last_line_end(file, file.seek(0, os.SEEK_END))
        if end + len(line) > MAX_FILE_BYTES:
            raise OwnSamplesError(
                "{path} is full: move it elsewhere, and a new one is begun.", path=path
            )
        file.truncate(end)
        file.seek(end)
        file.write(line.encode())


def take_back(path: Path) -> None:
    """Remove the last sample of a file; do nothing if there is none.

    Raises:
        OwnSamplesError: the file cannot be written.
    """
    if not path.exists():
        return
    with _open(path) as file:
        end = _last_line_end(file, file.seek(0, os.SEEK_END))
        file.truncate(_last_line_end(file, max(end - 1, 0)))


def read(path: Path) -> list[OwnSample]:
    """Return the samples of a file, in the order in which they were added; none if it is missing.

    A last line that a killed process left incomplete is ignored.

    Raises:
        OwnSamplesError, StrokeFileError, PictureError: the file or a line of it cannot be read.
    """
    try:
        content = read_regular(path, MAX_FILE_BYTES)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise OwnSamplesError(
            "{path} cannot be read: {reason}.", path=path, reason=error.strerror or error
        ) from error
    lines = content[: content.rfind(b"\n") + 1].splitlines()
    return [_sample(line, path, number) for number, line in enumerate(lines, 1)]


def _line_of_picture(ink: Ink, label: str) -> str:
    strokes = traced(ink)
    if not strokes:
        # No writing: one point in its middle keeps the line readable.
        middle = np.argwhere(ink).mean(axis=0)[::-1]
        strokes = (Stroke(middle[np.newaxis].astype(np.float32)),)
    record = json.loads(line_of(Drawing(strokes, bare_width=ink.shape[1]), label))
    record["picture"] = base64.b64encode(to_png(ink)).decode()
    return json.dumps(record, separators=(",", ":")) + "\n"


def _sample(line: bytes, path: Path, number: int) -> OwnSample:
    name = f"{path}, line {number}"
    try:
        values = json.loads(line)
        label, picture = values["label"], values.get("picture")
        if not isinstance(label, str) or not label:
            raise ValueError("no label")
        if picture is not None:
            ink = read_picture(base64.b64decode(picture, validate=True), name)
            return OwnSample(Drawing(picture=ink), label)
        record = next(read_strokes(line, name))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise OwnSamplesError("{name} is not a sample of yours.", name=name) from error
    if record.drawing is None:
        raise OwnSamplesError("{name} is not a sample of yours.", name=name)
    return OwnSample(record.drawing, label)


@contextlib.contextmanager
def _open(path: Path) -> Iterator[BinaryIO]:
    """Open a file for reading and writing while no other program does; flush it to the disk."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{path}.lock", timeout=_LOCK_SECONDS):
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
            with os.fdopen(descriptor, "r+b") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
    except Timeout as error:
        raise OwnSamplesError(
            "{path} is in use by another program: try again.", path=path
        ) from error
    except OSError as error:
        raise OwnSamplesError(
            "{path} cannot be written: {reason}.", path=path, reason=error.strerror or error
        ) from error


def _last_line_end(file: BinaryIO, before: int) -> int:
    """Return where the last complete line of the first ``before`` bytes ends; 0 if there is none.

    What follows the last complete line of a file was left by a killed process.
    """
    while before > 0:
        start = max(before - _CHUNK, 0)
        file.seek(start)
        newline = file.read(before - start).rfind(b"\n")
        if newline >= 0:
            return start + newline + 1
        before = start
    return 0
