"""The command 'recognize': read digits and numbers in pictures and stroke files, no window."""

import argparse
import csv
import io
import json
import os
import sys
from pathlib import Path

import torch

from lenet_desktop.cli.output import complain, note
from lenet_desktop.drawing.drawing_file import MAX_FILE_BYTES, read_drawings
from lenet_desktop.errors import UserError
from lenet_desktop.inference.decision import Verdict
from lenet_desktop.inference.numbers import DigitReading, NumberReader, NumberReading
from lenet_desktop.inference.recognizer import Recognizer
from lenet_desktop.models import library
from lenet_desktop.percent import percent
from lenet_desktop.printable import printable

_STANDARD_INPUT = "-"
_MAX_PATH = 4096
# What a spreadsheet takes for the start of a formula.
_FORMULA = ("=", "+", "-", "@")


def run(options: argparse.Namespace) -> int:
    """Print an answer for each drawing as soon as it is read; return 2 if any was not readable.

    A file that cannot be read is reported, and the next one follows.

    Raises:
        UserError: the model cannot be used.
    """
    # One drawing is too little work to share; waiting for a busy core costs far more.
    torch.set_num_threads(1)
    recognizer = Recognizer.from_file(
        library.find(options.model or library.FACTORY), options.device or "auto"
    )
    reader = NumberReader(recognizer)
    if recognizer.notice:
        note(recognizer.notice)
    if options.csv:
        _print_row(_header(recognizer.card.classes))
    failed = False
    for file in options.files:
        is_input = file == _STANDARD_INPUT
        name = "Standard input" if is_input else str(Path(file))
        try:
            source = _standard_input() if is_input else Path(file)
            for number, drawing in enumerate(read_drawings(source, name=name), 1):
                where = name if drawing.picture is not None else f"{name}, drawing {number}"
                reading = reader.read(drawing)
                if reading is None:
                    complain(f"{where} leaves no ink on the pad.")
                    failed = True
                elif options.json:
                    print(_json(file if is_input else name, number, reading))
                elif options.csv:
                    _print_row(_row(file if is_input else name, number, reading))
                else:
                    print(_line(where, reading))
        except UserError as error:
            if options.debug:
                raise
            complain(str(error))
            failed = True
    return 2 if failed else 0


def _standard_input() -> bytes:
    """Read standard input to its end, or to more bytes than a file may have.

    Raises:
        UserError: it is empty or cannot be read.
    """
    if sys.stdin is None:
        raise UserError("There is no standard input: name a file.")
    try:
        content = sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise UserError(f"Standard input cannot be read: {error.strerror or error}.") from error
    if not content:
        raise UserError("Standard input is empty: send a picture or a stroke file.")
    return content


def _line(where: str, reading: NumberReading) -> str:
    if len(reading.digits) == 1:
        digit = reading.digits[0]
        doubt = "" if digit.is_sure else f"{digit.description}, perhaps "
        answer = f"{doubt}{digit.best_class} ({percent(digit.probability)})"
    elif reading.is_sure:
        answer = f"{_in_a_row(reading.text)} ({percent(reading.probability)})"
    else:
        answer = f"{_in_a_row(reading.shown)} (not sure)"
    return f"{printable(where, _MAX_PATH)}: {printable(answer, 100)}"


def _in_a_row(lines: str) -> str:
    return lines.replace("\n", ", ")


def _json(file: str, number: int, reading: NumberReading) -> str:
    values: dict[str, object] = {
        "file": file,
        "drawing": number,
        "number": reading.text if reading.is_sure else None,
        "guess": reading.text,
        # One for each line of a picture.
        "lines": reading.text.split("\n"),
        "probability": reading.probability,
        "digits": [_values_of(digit) for digit in reading.digits],
        "seconds": reading.seconds,
    }
    if len(reading.digits) == 1:
        single = _values_of(reading.digits[0])
        values |= {name: single[name] for name in ("digit", "verdict", "probabilities")}
    # JSON escapes everything that is not ASCII: no control character reaches a terminal.
    return json.dumps(values)


def _values_of(digit: DigitReading) -> dict[str, object]:
    return {
        "digit": digit.best_class if digit.is_sure else None,
        "verdict": digit.verdict,
        "guess": digit.best_class,
        "probability": digit.probability,
        "probabilities": dict(zip(digit.classes, digit.probabilities.tolist(), strict=True)),
        # Left, top, right and bottom in the units of the pad.
        "box": list(digit.box) if digit.strokes else None,
    }


def _header(classes: tuple[str, ...]) -> list[object]:
    columns = ["file", "drawing", "digit", "verdict", "guess", "probability"]
    return [*columns, *(f"p({name})" for name in classes), "seconds"]


def _row(file: str, number: int, reading: NumberReading) -> list[object]:
    # With './' it is still the path of the file. '-' alone is no formula.
    if file.startswith(_FORMULA) and file != _STANDARD_INPUT:
        file = f"./{file}"
    first = reading.digits[0]
    is_digit = len(reading.digits) == 1
    verdict = Verdict.DIGIT if reading.is_sure else Verdict.UNSURE
    best = _in_a_row(reading.text)
    best = f"'{best}" if best.startswith(_FORMULA) else best
    return [
        file,
        number,
        best if reading.is_sure else "",
        first.verdict if is_digit else verdict,
        best,
        reading.probability,
        # A number has a row of probabilities for each digit: '--json' gives them.
        *(first.probabilities.tolist() if is_digit else [""] * len(first.classes)),
        reading.seconds,
    ]


def _print_row(values: list[object]) -> None:
    """Print a row in the form of RFC 4180."""
    row = io.StringIO()
    cells = [printable(v, _MAX_PATH) if isinstance(v, str) else v for v in values]
    csv.writer(row, lineterminator="").writerow(cells)
    # On Windows the stream itself writes CR and LF for each '\n'.
    print(row.getvalue(), end="\r\n" if os.linesep == "\n" else "\n")
