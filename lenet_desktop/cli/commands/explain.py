"""The command 'explain': a picture of the whole network while it reads one digit."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import torch

from lenet_desktop.cli.answer import in_a_row, in_words, to_json
from lenet_desktop.cli.drawing_source import STANDARD_INPUT, name_of, source_of
from lenet_desktop.cli.output import note
from lenet_desktop.drawing.drawing_file import read_drawings
from lenet_desktop.drawing.strokes import Drawing
from lenet_desktop.errors import UserError
from lenet_desktop.evaluation.network_picture import network_picture, write_network_picture
from lenet_desktop.inference.inside.attribution import DEFAULT, Attribution, Method
from lenet_desktop.inference.inside.layers import Layer
from lenet_desktop.inference.inside.reading import InsideReading
from lenet_desktop.inference.numbers import NumberReader, NumberReading
from lenet_desktop.inference.recognizer import Recognizer
from lenet_desktop.models import library
from lenet_desktop.models.model_card import ModelCard
from lenet_desktop.printable import printable

_MAX_PATH = 4096


def run(options: argparse.Namespace) -> int:
    """Write the picture; print the answer.

    Raises:
        UserError: the drawing or the model cannot be read, there is no such class, digit or
            drawing, or the picture cannot be written.
    """
    output: Path = options.output
    _check_output(output, options.file)
    # One drawing is too little work to share; waiting for a busy core costs far more.
    torch.set_num_threads(1)
    recognizer = Recognizer.from_file(
        library.find(options.model or library.FACTORY), options.device or "auto"
    )
    target = _target(options.class_name, recognizer.card.classes)
    name = name_of(options.file)
    drawing = _chosen(read_drawings(source_of(options.file), name=name), options.drawing, name)
    where = name if drawing.picture is not None else f"{name}, drawing {options.drawing}"
    reading = NumberReader(recognizer).read(drawing)
    if reading is None:
        raise UserError(f"{where} leaves no ink on the pad.")
    position = len(reading.digits) if options.digit is None else options.digit
    if not 1 <= position <= len(reading.digits):
        raise UserError(
            f"There is no digit {position} in {where}: it was read as {in_a_row(reading.text)}."
        )
    inside = _inside(recognizer, reading, position)
    if target is None:
        target = inside.prediction.classes.index(inside.prediction.best_class)
    method = Method(options.method) if options.method else DEFAULT
    attribution = recognizer.attribute(inside.sample, target, method)
    if recognizer.notice:
        note(recognizer.notice)
    which = ""
    if len(reading.digits) > 1:
        which = f", digit {position} of {len(reading.digits)} in {in_a_row(reading.text)}"
    picture = network_picture(
        inside, attribution, Path(where).name + which, _model(inside, recognizer.card)
    )
    write_network_picture(output, picture)
    if options.json:
        values = {
            "file": options.file if options.file == STANDARD_INPUT else name,
            "drawing": options.drawing,
            "reading": reading.text,
            "position": position,
            **_values(inside, attribution),
        }
        print(json.dumps(values))
    else:
        answer = printable(in_words(inside.prediction), 100)
        read, written = (printable(each, _MAX_PATH) for each in (where + which, str(output)))
        print(f"{read}: {answer}, explained in {written}")
    return 0


def _model(inside: InsideReading, card: ModelCard) -> str:
    parameters = sum(layer.parameters for layer in inside.layers)
    facts = [card.architecture, f"{parameters:,} parameters"]
    if card.temperature != 1:
        facts.append(f"softmax temperature {card.temperature:.2f}")
    return f"{card.title} ({', '.join(facts)})"


def _check_output(output: Path, file: str) -> None:
    """Refuse a file that is no place for a picture.

    Raises:
        UserError: the file is of another kind, or the one that is read.
    """
    if output.suffix.lower() != ".png":
        raise UserError(f"{output} cannot be written: the picture's name must end in .png.")
    if output.is_dir():
        raise UserError(f"{output} is a folder: name a file to write the picture to.")
    is_input = file != STANDARD_INPUT and Path(file).exists() and output.exists()
    if is_input and output.samefile(file):
        raise UserError(f"{output} is the picture to explain: name another file to write.")


def _target(name: str | None, classes: tuple[str, ...]) -> int | None:
    """Return the place of the class to explain, or None for that of the answer.

    Raises:
        UserError: the model has no such class.
    """
    if name is None:
        return None
    if name not in classes:
        raise UserError(f"The model has no class '{name}': its classes are {', '.join(classes)}.")
    return classes.index(name)


def _chosen(drawings: Iterator[Drawing], number: int, name: str) -> Drawing:
    count = 0
    for count, drawing in enumerate(drawings, 1):
        if count == number:
            return drawing
    raise UserError(f"There is no drawing {number} in {name}: it holds {count}.")


def _inside(recognizer: Recognizer, reading: NumberReading, position: int) -> InsideReading:
    """Return what the network makes of one digit of a reading.

    The neighbours in a number have a say in how it is read; here the network alone answers.
    """
    digit = reading.digits[position - 1]
    inside = recognizer.read_inside(digit.sample)
    if len(reading.digits) > 1:
        return inside
    return replace(inside, prediction=replace(inside.prediction, verdict=digit.verdict))


def _values(inside: InsideReading, attribution: Attribution) -> dict[str, object]:
    return {
        **to_json(inside.prediction),
        "layers": [_values_of(layer) for layer in inside.layers],
        "attribution": {
            "method": attribution.method,
            "class": inside.prediction.classes[attribution.target],
            "probability": attribution.probability,
            "values": [
                [round(each, 6) + 0.0 for each in row] for row in attribution.values.tolist()
            ],
        },
    }


def _values_of(layer: Layer) -> dict[str, object]:
    return {
        "name": layer.name,
        "kind": layer.kind.value,
        "shape": list(layer.shape),
        "parameters": layer.parameters,
    }
