"""The person's own samples: drawings whose class they told, in the user's folder.

One file for each set of classes: a stroke file, so that `train --strokes` takes it. A picture is a
line of it, too: with the strokes that were traced in it, and the picture itself. A sample is added
at the end of the file, so a killed process loses at most that one. Every other change writes a new
file beside the old one and replaces it. A lock keeps other programs out meanwhile, so that nobody
loses what another one adds.
"""

import base64
import contextlib
import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import BinaryIO

import numpy as np
from filelock import FileLock, Timeout

from lenet_desktop import paths
from lenet_desktop.atomic_write import replace_file
from lenet_desktop.data.teaching.held_out import is_held_out
from lenet_desktop.drawing.picture import read_picture, to_png
from lenet_desktop.drawing.stroke_file import (
    MAX_FILE_BYTES,
    line_of,
    read_strokes,
)
from lenet_desktop.drawing.strokes import Drawing, Ink, Stroke, place
from lenet_desktop.drawing.tracing.trace import traced
from lenet_desktop.errors import NO_TEXT, Text, UserError
from lenet_desktop.models.model_card import DIGITS
from lenet_desktop.regular_file import read_regular

# How long to wait for another program that is writing to the same file.
_LOCK_SECONDS = 5.0
_CHUNK = 64 * 1024


class OwnSamplesError(UserError):
    """The samples cannot be read or written."""


@dataclass(frozen=True, eq=False)
class OwnSample:
    """A drawing and the class that the person says it is.

    Attributes:
        line: its line in the file, without the line's end.
        label: its class.
        is_held_out: whether it is never trained on.
    """

    line: bytes
    label: str
    is_held_out: bool

    @property
    def drawing(self) -> Drawing:
        """The drawing; it is read from the line each time."""
        return _parse(self.line, "")[1]


@dataclass(frozen=True, eq=False)
class OwnSamples:
    """What a file holds.

    Attributes:
        samples: in the order in which they were added.
        notice: one sentence about lines that cannot be read, or ''. They stay in the file.
    """

    samples: tuple[OwnSample, ...] = ()
    notice: Text = NO_TEXT


@dataclass(frozen=True)
class Deleted:
    """Deleted lines and their places in the file, counted from 0, so that they can be restored."""

    lines: tuple[tuple[int, bytes], ...] = ()


def file_of(classes: Sequence[str]) -> Path:
    """Return the file of the samples of a set of classes; it need not exist."""
    if tuple(classes) == DIGITS:
        return paths.samples_folder() / "digits.jsonl"
    digest = hashlib.sha256(json.dumps(list(classes)).encode()).hexdigest()
    return paths.samples_folder() / f"classes-{digest[:12]}.jsonl"


def sample_of(line: bytes, name: str) -> OwnSample:
    """Return the sample of a line, which is as in the file.

    Raises:
        OwnSamplesError, StrokeFileError, PictureError: it is not a sample, or is damaged; the
            message begins with ``name``.
    """
    label, _, held_out = _parse(line, name)
    return OwnSample(line, label, held_out)


def relabelled(sample: OwnSample, label: str) -> OwnSample:
    """Return a sample with another label; its side, held out or not, stays the same."""
    values = json.loads(sample.line) | {"label": label}
    return OwnSample(_as_line(values), label, sample.is_held_out)


# Reading


def read(path: Path, known: Iterable[OwnSample] = (), stop: Event | None = None) -> OwnSamples:
    """Return the samples of a file; none if it is missing.

    A last line that a killed process left incomplete is ignored.

    Args:
        path: the file.
        known: samples that were read before; they are returned again where the file still has
            them, and need not be parsed.
        stop: stops the reading when it is set; what was read so far is returned.

    Raises:
        OwnSamplesError: the file cannot be read.
    """
    by_line: dict[bytes, list[OwnSample]] = {}
    for sample in known:
        by_line.setdefault(sample.line, []).append(sample)
    samples: list[OwnSample] = []
    damaged: list[int] = []
    for number, line in enumerate(_lines(path), 1):
        if stop is not None and stop.is_set():
            break
        if not line.strip():
            continue
        same = by_line.get(line)
        try:
            samples.append(same.pop() if same else sample_of(line, str(path)))
        except UserError:
            damaged.append(number)
    return OwnSamples(tuple(samples), _about(damaged, path))


def _about(damaged: Sequence[int], path: Path) -> Text:
    if not damaged:
        return NO_TEXT
    if len(damaged) == 1:
        return Text(
            "Line {line} of {path} cannot be read and is left as it is.", line=damaged[0], path=path
        )
    return Text(
        "{count:,} lines of {path} cannot be read and are left as they are; the first is line "
        "{line}.",
        count=len(damaged),
        path=path,
        line=damaged[0],
    )


def _lines(path: Path) -> list[bytes]:
    """Return the complete lines of a file; none if it is missing."""
    try:
        content = read_regular(path, MAX_FILE_BYTES)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise OwnSamplesError(
            "{path} cannot be read: {reason}.", path=path, reason=error.strerror or error
        ) from error
    return content.split(b"\n")[:-1]


def _parse(line: bytes, name: str) -> tuple[str, Drawing, bool]:
    """Return the label and the drawing of a line, and whether it is held out."""
    record = next(read_strokes(line, name), None)
    if record is None or record.label is None:
        raise OwnSamplesError("{name} is not a sample of yours.", name=name)
    drawing = record.drawing or place(record.strokes)
    if b'"picture"' in line:
        try:
            picture = json.loads(line).get("picture")
            content = base64.b64decode(picture, validate=True) if picture else b""
        except (ValueError, TypeError) as error:
            raise OwnSamplesError("{name} is not a sample of yours.", name=name) from error
        if content:
            drawing = Drawing(picture=read_picture(content, name))
    # The strokes that were traced in a picture are in its line: they decide for it.
    return record.label, drawing, is_held_out(record.strokes)


# Adding


def add(path: Path, drawing: Drawing, ink: Ink, label: str) -> OwnSample:
    """Add a sample to a file, and return it; create the file if it is missing.

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
    sample = sample_of(line.encode().rstrip(), str(path))
    content = sample.line + b"\n"
    with _locked(path), _opened(path) as file:
        end = _last_line_end(file)
        _check_room(path, end + len(content))
        file.truncate(end)
        file.seek(end)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return sample


def extend(path: Path, samples: Iterable[OwnSample]) -> int:
    """Add the samples that are not in a file yet; return how many those are.

    Raises:
        OwnSamplesError: the file cannot be read or written, and none was added.
    """
    new: dict[bytes, None] = {}

    def extended(lines: list[bytes]) -> list[bytes]:
        present = set(lines)
        new.update((sample.line, None) for sample in samples if sample.line not in present)
        return [*lines, *new]

    _rewrite(path, extended)
    return len(new)


def _line_of_picture(ink: Ink, label: str) -> str:
    strokes = traced(ink)
    if not strokes:
        # No writing: one point in its middle keeps the line readable.
        middle = np.argwhere(ink).mean(axis=0)[::-1]
        strokes = (Stroke(middle[np.newaxis].astype(np.float32)),)
    record = json.loads(line_of(Drawing(strokes, bare_width=ink.shape[1]), label))
    record["picture"] = base64.b64encode(to_png(ink)).decode()
    return _as_line(record).decode()


def _as_line(values: dict[str, object]) -> bytes:
    return json.dumps(values, separators=(",", ":")).encode()


# Changing


def delete(path: Path, samples: Iterable[OwnSample]) -> Deleted:
    """Delete samples from a file; those that are not in it are ignored.

    Raises:
        OwnSamplesError: the file cannot be read or written, and nothing has changed.
    """
    wanted = Counter(sample.line for sample in samples)
    deleted: list[tuple[int, bytes]] = []

    def without(lines: list[bytes]) -> list[bytes]:
        kept = []
        for index, line in enumerate(lines):
            if wanted[line]:
                wanted[line] -= 1
                deleted.append((index, line))
            else:
                kept.append(line)
        return kept

    _rewrite(path, without)
    return Deleted(tuple(deleted))


def restore(path: Path, deleted: Deleted) -> None:
    """Put deleted samples back, in their places if nothing before them has changed.

    Raises:
        OwnSamplesError: the file cannot be read or written, and nothing has changed.
    """

    def with_deleted(lines: list[bytes]) -> list[bytes]:
        whole = list(lines)
        for index, line in deleted.lines:
            whole.insert(index, line)
        return whole

    _rewrite(path, with_deleted)


def replace(path: Path, pairs: Iterable[tuple[OwnSample, OwnSample]]) -> None:
    """Replace the first sample of each pair by the second, where the file still has it.

    Raises:
        OwnSamplesError: the file cannot be read or written, and nothing has changed.
    """
    others: dict[bytes, list[bytes]] = {}
    for old, new in pairs:
        others.setdefault(old.line, []).append(new.line)

    def replaced(lines: list[bytes]) -> list[bytes]:
        return [others[line].pop(0) if others.get(line) else line for line in lines]

    _rewrite(path, replaced)


def _rewrite(path: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    """Replace a file by one with other lines, while no other program changes it."""
    with _locked(path):
        lines = _lines(path)
        changed = change(lines)
        if changed != lines:
            content = b"".join(line + b"\n" for line in changed)
            _check_room(path, len(content))
            replace_file(path, content)


def _check_room(path: Path, size: int) -> None:
    if size > MAX_FILE_BYTES:
        raise OwnSamplesError(
            "{path} is full: move it elsewhere, and a new one is begun.", path=path
        )


# The file


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Let no other program change a file; turn what the system refuses into one sentence."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{path}.lock", timeout=_LOCK_SECONDS):
            yield
    except Timeout as error:
        raise OwnSamplesError(
            "{path} is in use by another program: try again.", path=path
        ) from error
    except OSError as error:
        raise OwnSamplesError(
            "{path} cannot be written: {reason}.", path=path, reason=error.strerror or error
        ) from error


def _opened(path: Path) -> BinaryIO:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
    return os.fdopen(descriptor, "r+b")


def _last_line_end(file: BinaryIO) -> int:
    """Return where the last complete line of a file ends; 0 if there is none.

    What follows it was left by a killed process.
    """
    before = file.seek(0, os.SEEK_END)
    while before > 0:
        start = max(before - _CHUNK, 0)
        file.seek(start)
        newline = file.read(before - start).rfind(b"\n")
        if newline >= 0:
            return start + newline + 1
        before = start
    return 0
