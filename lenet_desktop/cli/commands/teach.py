"""The command 'teach': learn from a person's own drawings."""

import argparse
import secrets
import shlex
from dataclasses import replace
from pathlib import Path

from lenet_desktop.cli.mnist import chosen_data
from lenet_desktop.cli.output import note
from lenet_desktop.cli.output_file import alone, check_output, check_text, save, shareable
from lenet_desktop.cli.progress_bar import train_to_end
from lenet_desktop.data import catalog
from lenet_desktop.data.sources import find_mnist
from lenet_desktop.data.teaching.drawings import (
    LabelledDrawings,
    check_own_classes,
    listed,
    read_drawings,
)
from lenet_desktop.errors import UserError
from lenet_desktop.evaluation.compare import Comparison
from lenet_desktop.models import library, model_file
from lenet_desktop.models.model_card import DIGITS
from lenet_desktop.models.model_file import Model
from lenet_desktop.percent import percent
from lenet_desktop.printable import printable
from lenet_desktop.training.history.record import Fate
from lenet_desktop.training.history.recorder import Recorder
from lenet_desktop.training.job import Outcome
from lenet_desktop.training.teaching.classes_job import ClassesJob, LoadedClassesJob
from lenet_desktop.training.teaching.hand import MIN_HELD_OUT, Advice, HandOutcome
from lenet_desktop.training.teaching.hand_job import HandJob, LoadedHandJob

# New seeds are short enough to be typed again.
_NEW_SEEDS = 1_000_000
_ADVICE = {
    Advice.KEEP: "keep it: it reads your hand better, and other digits as well as before",
    Advice.NO_DIFFERENCE: "no significant difference on your drawings: nothing is gained so far",
    Advice.WORSE_HAND: "do not keep it: it reads your drawings worse than before",
    Advice.WORSE_DIGITS: "do not keep it: it reads the digits of other people worse than before",
    Advice.TOO_FEW: (
        f"it cannot be told yet whether it is better: that takes {MIN_HELD_OUT} held-out drawings, "
        f"about {4 * MIN_HELD_OUT} in all"
    ),
}


def run(options: argparse.Namespace) -> int:
    """Learn from the drawings, write the model, and print what is known about it.

    Drawings of digits teach a model that reads digits the person's hand; all others teach classes
    of their own.

    Raises:
        UserError: an argument, the drawings or the model cannot be used, the training fails, or
            the model cannot be written.
    """
    output: Path = options.output
    check_output(output)
    check_text(options.name, options.samples, output)
    with alone(output):
        drawings = read_drawings(options.samples)
        if drawings.notice:
            note(drawings.notice)
        start = model_file.load(library.find(options.start))
        seed = _seed(options.seed)
        is_hand = set(drawings.counts) <= set(DIGITS) and start.card.classes == DIGITS
        if is_hand and not options.new_classes:
            _learn_hand(options, drawings, start, seed)
        else:
            _learn_classes(options, drawings, start, seed)
    return 0


def _seed(wanted: int | None) -> int:
    if wanted is None:
        return secrets.randbelow(_NEW_SEEDS)
    if not 0 <= wanted < 2**32:
        raise UserError("The seed must be a whole number from 0 to 4,294,967,295.")
    return wanted


def _learn_classes(
    options: argparse.Namespace, drawings: LabelledDrawings, start: Model, seed: int
) -> None:
    classes = tuple(drawings.counts)
    check_own_classes(drawings, classes)
    print(
        f"{len(classes)} classes from {len(drawings.drawings):,} drawings, seed {seed}: "
        f"{printable(listed(classes), 1000)}"
    )
    job = ClassesJob(options.samples, classes, seed, library.find(options.start))
    outcome, recorder = _trained(LoadedClassesJob(job, start, drawings))
    model = _with_command(outcome.challenger, options, seed)
    save(model, options.output)
    recorder.end(Fate.KEPT, name=str(options.output))
    accuracy = percent(model.card.validation_accuracy or 0)
    print(
        f"{printable(str(options.output), 4096)}: reads {accuracy} of new distortions of these "
        "drawings; draw on the pad to see how well it reads others"
    )


def _learn_hand(
    options: argparse.Namespace, drawings: LabelledDrawings, start: Model, seed: int
) -> None:
    source = chosen_data(options.data) if options.data else find_mnist() or chosen_data(None)
    data = catalog.load(source)
    held_out = sum(each.is_held_out for each in drawings.drawings)
    print(
        f"your hand from {len(drawings.drawings) - held_out:,} drawings ({held_out:,} more are "
        f"held out) together with {printable(data.name, 200)}, seed {seed}"
    )
    job = HandJob(options.samples, source, library.find(options.start), seed)
    outcome, recorder = _trained(LoadedHandJob(job, start, drawings, data))
    assert isinstance(outcome, HandOutcome)
    model = _with_command(outcome.challenger, options, seed)
    save(model, options.output)
    recorder.end(Fate.KEPT, name=str(options.output))
    print(f"{printable(str(options.output), 4096)}: it begins with {outcome.champion_name}")
    for comparison in (outcome.hand, outcome.comparison):
        if comparison is not None:
            print(_row(comparison, outcome, model.card.title))
    print(_ADVICE[outcome.advice])


def _trained(loaded: LoadedHandJob | LoadedClassesJob) -> tuple[Outcome, Recorder]:
    """Train, and record it in the history."""
    recorder = Recorder(loaded)
    return train_to_end(recorder.watch(loaded.train()), prints_epochs=False), recorder


def _row(comparison: Comparison, outcome: HandOutcome, name: str) -> str:
    """Return one line with both accuracies before and after."""
    before = comparison.champion.accuracy if comparison.champion else 0.0
    return (
        f"on {printable(comparison.data, 200)}: {outcome.champion_name} {percent(before, 2)}, "
        f"{name} {percent(comparison.challenger.accuracy, 2)} (p = {comparison.p_value:.2g})"
    )


def _with_command(model: Model, options: argparse.Namespace, seed: int) -> Model:
    """Return the model with its name and the command that trains it again."""
    parts = ["lenet-desktop", "teach", "--samples", shareable(options.samples)]
    parts += ["--from", shareable(Path(options.start))] if options.start != library.FACTORY else []
    parts += ["--data", shareable(options.data)] if options.data else []
    parts += ["--new-classes"] if options.new_classes else []
    parts += ["--name", options.name] if options.name else []
    parts += ["--seed", str(seed), "--output", options.output.name]
    name = options.name or options.output.name.removesuffix(".safetensors")
    return replace(model, card=replace(model.card, name=name, command=shlex.join(parts)))
