"""The command 'evaluate': measure the accuracy of a model."""

import argparse
import json
import sys

import numpy as np

from lenet_desktop import paths
from lenet_desktop.data import catalog
from lenet_desktop.data.sources import STARTER
from lenet_desktop.data.stroke_samples import samples_of_strokes
from lenet_desktop.evaluation import metrics
from lenet_desktop.evaluation.contact_sheet import write_contact_sheet
from lenet_desktop.evaluation.metrics import Evaluation
from lenet_desktop.models import model_file
from lenet_desktop.printable import printable


def run(options: argparse.Namespace) -> int:
    """Print the accuracy and the confusion matrix; write a picture of the mistakes if asked to.

    Raises:
        UserError: the model or the data cannot be read, or the picture cannot be written.
    """
    model = model_file.load(options.model or paths.factory_model())
    if options.strokes:
        strokes = samples_of_strokes(options.strokes)
        samples, labels, writers = strokes.samples, strokes.labels, strokes.writers
        name = str(options.strokes)
    else:
        data = catalog.load(options.data or STARTER)
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


def _report(name: str, result: Evaluation) -> str:
    name = printable(name, 4096)
    lines = []
    if result.count:
        low, high = result.interval
        lines += [
            f"{name}: {result.accuracy:.2%} of {result.count:,} read correctly "
            f"(95 % confidence interval {low:.2%} to {high:.2%})",
            f"refused: {result.refused_share:.2%}; of the others {result.accuracy_answered:.2%} "
            f"read correctly; expected calibration error {result.ece:.2%}",
            "",
            *_confusion_table(result),
        ]
    if result.others:
        lines.append(
            f"{name}: {result.others_refused_share:.1%} of {result.others:,} that belong to no "
            "class were refused"
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
    lines = [f"{'class':>{left}}  right  read as {heads}"]
    for name, class_name, row in zip(names, result.classes, result.confusion.tolist(), strict=True):
        right = result.per_class[class_name]
        share = "     -" if right is None else f"{right:6.1%}"
        counts = "".join(f"{count or '.':>{width}}" for count in row)
        lines.append(f"{name:>{left}} {share}          {counts}")
    return lines
