"""The folder of the records: one small file for each training."""

import contextlib
import re
from dataclasses import dataclass
from pathlib import Path

from lenet_desktop import paths
from lenet_desktop.atomic_write import create_file, list_folder, replace_file
from lenet_desktop.errors import UserError
from lenet_desktop.regular_file import read_regular
from lenet_desktop.training.history.record import MAX_BYTES, Record

_MAX_FOLDER_BYTES = 50_000_000
_NAME = re.compile(r"run-(\d{1,9})\.json")


class HistoryError(UserError):
    """There is no such training, or its record cannot be read or removed."""


@dataclass(frozen=True)
class Run:
    """A training of the history.

    Attributes:
        number: by which it is called; each new training has a higher one.
        record: its record.
    """

    number: int
    record: Record


def runs() -> list[Run]:
    """Return all trainings whose records can be read, the newest first."""
    found = []
    for number in numbers():
        with contextlib.suppress(HistoryError):
            found.append(run(number))
    return found


def run(number: int) -> Run:
    """Return one training.

    Raises:
        HistoryError: there is no record of it, or it cannot be read.
    """
    path = _path(number)
    try:
        return Run(number, Record.from_bytes(read_regular(path, MAX_BYTES)))
    except FileNotFoundError as error:
        raise HistoryError(
            "There is no training number {number}: 'lenet-desktop runs' lists those there are.",
            number=number,
        ) from error
    except (OSError, ValueError) as error:
        raise HistoryError(
            "The record of training number {number} is damaged: {path}.", number=number, path=path
        ) from error


def add(record: Record) -> int:
    """Write the record of a new training; return its number.

    The oldest records are removed if all of them together would take more than 50 MB.

    Raises:
        OSError: it could not be written.
    """
    _make_room()
    number = max(numbers(), default=0) + 1
    # Another program may take the same number at the same moment.
    while not create_file(_path(number), record.to_bytes()):
        number += 1
    return number


def replace(number: int, record: Record) -> None:
    """Write the record of a training again.

    Raises:
        OSError: it could not be written; the old one is unchanged.
    """
    replace_file(_path(number), record.to_bytes())


def remove(number: int) -> None:
    """Remove the record of a training; do nothing if there is none.

    Raises:
        HistoryError: it could not be removed.
    """
    try:
        _path(number).unlink(missing_ok=True)
    except OSError as error:
        raise HistoryError(
            "The record of training number {number} cannot be removed: {reason}.",
            number=number,
            reason=error.strerror or error,
        ) from error


def _make_room() -> None:
    sizes = {}
    for number in numbers():
        with contextlib.suppress(OSError):
            sizes[number] = _path(number).stat().st_size
    total = sum(sizes.values())
    for number in sorted(sizes):
        if total <= _MAX_FOLDER_BYTES:
            break
        with contextlib.suppress(OSError):
            _path(number).unlink()
            total -= sizes[number]


def numbers() -> list[int]:
    """Return the numbers of all trainings, the newest first."""
    matches = [_NAME.fullmatch(path.name) for path in list_folder(paths.history_folder(), "run-*")]
    return sorted((int(match[1]) for match in matches if match is not None), reverse=True)


def _path(number: int) -> Path:
    return paths.history_folder() / f"run-{number:04}.json"
