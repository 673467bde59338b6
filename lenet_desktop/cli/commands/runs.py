"""The command 'runs': the history of trainings."""

import argparse
import json
from dataclasses import asdict

from lenet_desktop.errors import UserError
from lenet_desktop.percent import percent
from lenet_desktop.printable import printable
from lenet_desktop.training.history import folder
from lenet_desktop.training.history.folder import Run
from lenet_desktop.training.history.record import Record, differences


def run(options: argparse.Namespace) -> int:
    """List all trainings, or show some of them; return 0.

    Raises:
        UserError: there is no such training, or its record is damaged.
    """
    numbers = _numbers(options.what)
    if numbers:
        chosen = [folder.run(number) for number in numbers]
        if options.json:
            for each in chosen:
                print(json.dumps({"number": each.number} | asdict(each.record)))
        else:
            _show(chosen)
        return 0
    all_runs = folder.runs()
    for each in all_runs:
        if options.json:
            record = asdict(each.record)
            del record["curves"]
            print(json.dumps({"number": each.number} | record))
        else:
            print(_line(each))
    if not all_runs and not options.json:
        print("No training yet.")
    return 0


def _numbers(what: list[str]) -> list[int]:
    """Return the numbers of the trainings to show; none for a list of all.

    Raises:
        UserError: the words are neither none nor 'show' and numbers.
    """
    if not what:
        return []
    word, *numbers = what
    if (
        word != "show"
        or not numbers
        or not all(each.isascii() and each.isdigit() for each in numbers)
    ):
        raise UserError("Write 'runs' to list all trainings, or 'runs show' and their numbers.")
    return [int(each[:12]) for each in numbers]


def _line(each: Run) -> str:
    record = each.record
    parts = [
        f"{each.number:4d}  {record.started[:16].replace('T', ' ')}",
        f"{record.recipe_name} on {record.data}",
    ]
    if record.test_accuracy is not None:
        parts.append(f"test {percent(record.test_accuracy, 2)}")
    elif record.validation_accuracy is not None:
        parts.append(f"validation {percent(record.validation_accuracy, 2)}")
    parts.append(_fate(record))
    return printable("  ".join(parts), 400)


def _fate(record: Record) -> str:
    name = f" as {record.name}" if record.name else ""
    reason = f": {record.reason}" if record.reason else ""
    return f"{record.fate.value}{name}{reason}"


def _show(chosen: list[Run]) -> None:
    for each in chosen:
        record = each.record
        print(_line(each))
        versions = ", ".join(f"{name} {text}" for name, text in sorted(record.versions.items()))
        rows = [
            ("images", f"{record.images:,}"),
            ("device", record.device),
            ("seconds", f"{record.seconds:.1f}"),
            ("compared with", f"{record.champion}: {record.verdict or 'not compared'}"),
            ("versions", versions),
        ]
        if len(chosen) == 1:
            rows = [(name, str(value)) for name, value in sorted(record.recipe.items())] + rows
        for name, value in rows:
            print(f"      {name:20} {printable(str(value), 200)}")
        curves = record.curves
        for number, (step, loss, accuracy) in enumerate(
            zip(
                curves.epoch_steps,
                curves.validation_losses,
                curves.validation_accuracies,
                strict=True,
            ),
            1,
        ):
            figures = f"loss {loss:.4f}  validation {percent(accuracy, 2)}"
            print(f"      epoch {number:3d}  step {step:6d}  {figures}")
    if len(chosen) > 1:
        print("They differ in:")
        for name, values in differences([each.record for each in chosen]):
            print(f"      {name:20} {'  |  '.join(printable(value, 60) for value in values)}")
