"""The command 'recognize': read digits and numbers in pictures and stroke files, no window."""

import argparse
import csv
import io
import json
import os

import torch

from lenet_desktop.cli.answer import in_a_row, in_words, to_json
from lenet_desktop.cli.drawing_source import STANDARD_INPUT, name_of, source_of
from lenet_desktop.cli.output import complain, note
from lenet_desktop.drawing.drawing_file import read_drawings
from lenet_desktop.errors import UserError
from lenet_desktop.inference.decision import Verdict
from lenet_desktop.inference.numbers import DigitReading, NumberReader, NumberReading
from lenet_desktop.inference.recognizer import Recognizer
from lenet_desktop.models import library
from lenet_desktop.percent import percent
from lenet_desktop.printable import printable

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
        name = name_of(file)
        shown = file if file == STANDARD_INPUT else name
        try:
            for number, drawing in enumerate(read_drawings(source_of(file), name=name), 1):
                where = name if drawing.picture is not None else f"{name}, drawing {number}"
                reading = reader.read(drawing)
                if reading is None:
                    complain(f"{where} leaves no ink on the pad.")
                    failed = True
                elif options.json:
                    print(_json(shown, number, reading))
                elif options.csv:
                    _print_row(_row(shown, number, reading))
                else:
                    print(_line(where, reading))
        except UserError as error:
            if options.debug:
                raise
            complain(str(error))
            failed = True
    return 2 if failed else 0


def _line(where: str, reading: NumberReading) -> str:
    if len(reading.digits) == 1:
        answer = in_words(reading.digits[0])
    elif reading.is_sure:
        answer = f"{in_a_row(reading.text)} ({percent(reading.probability)})"
    else:
        answer = f"{in_a_row(reading.shown)} (not sure)"
    return f"{printable(where, _MAX_PATH)}: {printable(answer, 100)}"


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
        **to_json(digit),
        # Left, top, right and bottom in the units of the pad.
        "box": list(digit.box) if digit.strokes else None,
    }


def _header(classes: tuple[str, ...]) -> list[object]:
    columns = ["file", "drawing", "digit", "verdict", "guess", "probability"]
    return [*columns, *(f"p({name})" for name in classes), "seconds"]


def _row(file: str, number: int, reading: NumberReading) -> list[object]:
    # With './' it is still the path of the file. '-' alone is no formula.
    if file.startswith(_FORMULA) and file != STANDARD_INPUT:
        file = f"./{file}"
    first = reading.digits[0]
    is_digit = len(reading.digits) == 1
    verdict = Verdict.DIGIT if reading.is_sure else Verdict.UNSURE
    best = in_a_row(reading.text)
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
