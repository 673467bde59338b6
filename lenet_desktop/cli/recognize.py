"""The command 'recognize': read the digits in pictures and stroke files, without a window."""

import argparse
import json
from pathlib import Path

import torch

from lenet_desktop import paths
from lenet_desktop.cli.output import complain
from lenet_desktop.drawing.drawing_file import read_drawings
from lenet_desktop.errors import UserError
from lenet_desktop.inference.recognizer import Prediction, Recognizer
from lenet_desktop.printable import printable


def run(options: argparse.Namespace) -> int:
    """Print an answer for each drawing as soon as it is read; return 2 if any was not readable.

    A file that cannot be read is reported, and the next one follows.

    Raises:
        UserError: the model cannot be used.
    """
    # One drawing is too little work to share; waiting for a busy core costs far more.
    torch.set_num_threads(1)
    recognizer = Recognizer.from_file(
        options.model or paths.factory_model(), options.device or "auto"
    )
    if recognizer.notice:
        complain(recognizer.notice)
    failed = False
    for file in options.files:
        try:
            for number, drawing in enumerate(read_drawings(file), 1):
                prediction = recognizer.recognize(drawing)
                if prediction is None:
                    complain(f"drawing {number} in {file} leaves no ink on the pad.")
                    failed = True
                else:
                    print(_as_json(file, prediction) if options.json else _line(file, prediction))
        except UserError as error:
            if options.debug:
                raise
            complain(str(error))
            failed = True
    return 2 if failed else 0


def _line(file: Path, prediction: Prediction) -> str:
    doubt = "" if prediction.is_sure else f"{prediction.description}, perhaps "
    answer = f"{doubt}{prediction.best_class} ({prediction.probability:.1%})"
    return f"{printable(str(file), 4096)}: {printable(answer, 100)}"


def _as_json(file: Path, prediction: Prediction) -> str:
    # JSON escapes everything that is not ASCII: no control character reaches a terminal.
    return json.dumps(
        {
            "file": str(file),
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
