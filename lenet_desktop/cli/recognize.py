"""The command 'recognize': read the digits in pictures and stroke files, without a window."""

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
from lenet_desktop.inference.recognizer import Prediction, Recognizer
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
                prediction = recognizer.recognize(drawing)
                if prediction is None:
                    complain(f"{where} leaves no ink on the pad.")
                    failed = True
                elif options.json:
                    print(_json(file if is_input else name, number, prediction))
                elif options.csv:
                    _print_row(_row(file if is_input else name, number, prediction))
                else:
                    print(_line(where, prediction))
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


def _line(where: str, prediction: Prediction) -> str:
    doubt = "" if prediction.is_sure else f"{prediction.description}, perhaps "
    answer = f"{doubt}{prediction.best_class} ({percent(prediction.probability)})"
    return f"{printable(where, _MAX_PATH)}: {printable(answer, 100)}"


def _json(file: str, number: int, prediction: Prediction) -> str:
    # JSON escapes everything that is not ASCII: no control character reaches a terminal.
    return json.dumps(
        {
            "file": file,
            "drawing": number,
            "digit": prediction.best_class if prediction.is_sure else None,
            "verdict": prediction.verdict,
            "guess": prediction.best_class,
            "probability": prediction.probability,
            "probabilities": dict(
                zip(prediction.classes, prediction.probabilities.tolist(), strict=True)
            ),
            "seconds": prediction.seconds,
        }
    )


def _header(classes: tuple[str, ...]) -> list[object]:
    columns = ["file", "drawing", "digit", "verdict", "guess", "probability"]
    return [*columns, *(f"p({name})" for name in classes), "seconds"]


def _row(file: str, number: int, prediction: Prediction) -> list[object]:
    # With './' it is still the path of the file. '-' alone is no formula.
    if file.startswith(_FORMULA) and file != _STANDARD_INPUT:
        file = f"./{file}"
    best = prediction.best_class
    best = f"'{best}" if best.startswith(_FORMULA) else best
    return [
        file,
        number,
        best if prediction.is_sure else "",
        prediction.verdict,
        best,
        prediction.probability,
        *prediction.probabilities.tolist(),
        prediction.seconds,
    ]


def _print_row(values: list[object]) -> None:
    """Print a row in the form of RFC 4180."""
    row = io.StringIO()
    cells = [printable(v, _MAX_PATH) if isinstance(v, str) else v for v in values]
    csv.writer(row, lineterminator="").writerow(cells)
    # On Windows the stream itself writes CR and LF for each '\n'.
    print(row.getvalue(), end="\r\n" if os.linesep == "\n" else "\n")
