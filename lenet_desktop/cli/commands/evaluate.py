"""The command 'evaluate': measure the accuracy of a model."""

import argparse
import json
import sys
from collections.abc import Sequence

import numpy as np
import torch

from lenet_desktop.cli.mnist import chosen_data
from lenet_desktop.cli.output import note
from lenet_desktop.data import catalog
from lenet_desktop.data.stroke_samples import samples_of_strokes
from lenet_desktop.data.teaching.drawings import listed
from lenet_desktop.errors import UserError
from lenet_desktop.evaluation import metrics
from lenet_desktop.evaluation.contact_sheet import write_contact_sheet
from lenet_desktop.evaluation.metrics import Evaluation
from lenet_desktop.evaluation.numbers import NumberEvaluation, evaluate_numbers
from lenet_desktop.inference.kind import Kind
from lenet_desktop.inference.numbers import NumberReader
from lenet_desktop.inference.recognizer import Recognizer
from lenet_desktop.models import library, model_file
from lenet_desktop.models.model_card import ModelCard
from lenet_desktop.percent import percent
from lenet_desktop.printable import printable


def run(options: argparse.Namespace) -> int:
    """Print the accuracy and the confusion matrix; write a picture of the mistakes if asked to.

    Raises:
        UserError: the model or the data cannot be read, or the picture cannot be written.
    """
    if options.numbers:
        return _run_numbers(options)
    if options.pictures:
        raise UserError("--pictures belongs to --numbers: name a stroke file of numbers.")
    if options.mistakes and options.mistakes.suffix.lower() != ".png":
        raise UserError(
            f"{options.mistakes} cannot be written: the picture's name must end in .png."
        )
    model = model_file.load(library.find(options.model or library.FACTORY))
    if options.strokes:
        strokes = samples_of_strokes(options.strokes)
        samples, labels, writers = strokes.samples, strokes.labels, strokes.writers
        name = str(options.strokes)
        _note_other_labels(name, labels, model.card)
    else:
        data = catalog.load(chosen_data(options.data))
        samples = data.test.images.numpy().astype(np.float32) / np.float32(255)
        labels = tuple(data.test.names)
        writers = ("",) * len(labels)
        name = f"the test {data.test.noun} of {data.name}"
    result = metrics.evaluate(model, samples, labels, writers)
    print(json.dumps(result.to_json()) if options.json else _report(name, result))
    if options.mistakes:
        count = write_contact_sheet(options.mistakes, result, samples)
        print(f"{printable(str(options.mistakes), 4096)}: {count} mistakes", file=sys.stderr)
    return 0


def _note_other_labels(name: str, labels: Sequence[str], card: ModelCard) -> None:
    """Say on stderr which labels are no classes of the model."""
    others = sorted(set(labels) - set(card.classes))
    if others:
        count = sum(label not in card.classes for label in labels)
        note(
            f"{count:,} of {len(labels):,} drawings in {name} "
            f"{'belongs' if count == 1 else 'belong'} to no class of {card.title} and should be "
            f"refused: labelled {listed(others)}."
        )


def _run_numbers(options: argparse.Namespace) -> int:
    """Print how well whole numbers are read."""
    if options.mistakes:
        raise UserError("--mistakes shows single digits: leave it out, or use --strokes.")
    # A number is too little work to share; waiting for a busy core costs far more.
    torch.set_num_threads(1)
    recognizer = Recognizer.from_file(library.find(options.model or library.FACTORY), "cpu")
    reader = NumberReader(recognizer)
    result = evaluate_numbers(
        options.numbers,
        lambda drawing: reader.read(drawing, Kind.NUMBER),
        as_pictures=options.pictures,
    )
    if options.json:
        print(json.dumps(result.to_json()))
    else:
        print(_report_numbers(printable(str(options.numbers), 4096), result))
    return 0


def _report_numbers(name: str, result: NumberEvaluation) -> str:
    low, high = result.interval
    return (
        f"{name}: {percent(result.accuracy, 2)} of {len(result.answers):,} numbers read correctly "
        f"(95 % confidence interval {percent(low, 2).removesuffix(' %')} to {percent(high, 2)})\n"
        f"digits: {percent(result.digit_accuracy, 2)} read correctly; wrong number of digits: "
        f"{percent(result.wrong_count, 2)}\n"
        f"refused: {percent(result.refused)}; of the others "
        f"{percent(result.accuracy_answered, 2)} read correctly"
    )


def _report(name: str, result: Evaluation) -> str:
    name = printable(name, 4096)
    lines = []
    if result.count:
        low, high = result.interval
        lines += [
            f"{name}: {percent(result.accuracy, 2)} of {result.count:,} read correctly "
            f"(95 % confidence interval {percent(low, 2).removesuffix(' %')} to "
            f"{percent(high, 2)})",
            f"refused: {percent(result.refused_share)}; of the others "
            f"{percent(result.accuracy_answered, 2)} read correctly; expected calibration error "
            f"{percent(result.ece)}",
            "",
            *_confusion_table(result),
        ]
    if result.others:
        lines.append(
            f"{name}: {percent(result.others_refused_share)} of {result.others:,} that belong to "
            "no class were refused"
        )
    writers = [each for each in result.worst_writers if each[1] < each[2]]
    if writers:
        lines += ["", "writers with the most mistakes:"]
        lines += [
            f"  {printable(who, 60)}: {right} of {count} right" for who, right, count in writers
        ]
    return "\n".join(lines)


def _confusion_table(result: Evaluation) -> list[str]:
    """Return the lines of the confusion matrix; plain ASCII, which every terminal can show."""
    names = [printable(name, 20) for name in result.classes]
    left, width = max(5, *map(len, names)), max(5, *(len(name) + 1 for name in names))
    heads = "".join(f"{name:>{width}}" for name in names)
    lines = [f"{'class':>{left}}   right  read as {heads}"]
    for name, class_name, row in zip(names, result.classes, result.confusion.tolist(), strict=True):
        right = result.per_class[class_name]
        share = f"{'-' if right is None else percent(right):>7}"
        counts = "".join(f"{count or '.':>{width}}" for count in row)
        lines.append(f"{name:>{left}} {share}          {counts}")
    return lines
