"""The command 'train': train a model and write it to a file."""

import argparse
import secrets
import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lenet_desktop import paths
from lenet_desktop.cli.mnist import chosen_data
from lenet_desktop.cli.output_file import alone, check_output, check_text, save, shareable
from lenet_desktop.cli.progress_bar import reading_bar, train_to_end
from lenet_desktop.data.sources import PicturesAre
from lenet_desktop.errors import UserError
from lenet_desktop.evaluation.compare import Better, Comparison
from lenet_desktop.inference.recognizer import device_names
from lenet_desktop.models import library
from lenet_desktop.models.model_file import Model
from lenet_desktop.percent import percent
from lenet_desktop.printable import printable
from lenet_desktop.training.checkpoint import seed_of
from lenet_desktop.training.history.record import Fate
from lenet_desktop.training.history.recorder import Recorder
from lenet_desktop.training.job import Job, LoadedJob
from lenet_desktop.training.recipe import RECIPES, Recipe, suited_to

# New seeds are short enough to be typed again.
_NEW_SEEDS = 1_000_000
_VERDICTS = {
    Better.CHALLENGER: "{} is better",
    Better.CHAMPION: "the factory model is better",
    Better.NEITHER: "no significant difference",
}


def run(options: argparse.Namespace) -> int:
    """Train, write the model, and print how it compares with the factory model.

    If a training was killed, the same command continues from its last complete epoch. The
    checkpoint is beside the output file.

    Raises:
        UserError: an argument, the data or a teacher cannot be used, the training fails, or the
            model cannot be written.
    """
    output: Path = options.output
    check_output(output)
    check_text(options.name, options.credit, options.data, options.strokes, output)
    with alone(output):
        return _train(options, output)


def _train(options: argparse.Namespace, output: Path) -> int:
    checkpoint = output.with_name(f"{output.name}.checkpoint")
    recipe = _recipe(options, checkpoint)
    job = Job(
        recipe=recipe,
        data=chosen_data(options.data),
        champion=paths.factory_model(),
        device=_device(options.device),
        strokes=options.strokes,
        credit=options.credit,
        teachers=tuple(map(library.find, options.teacher)),
        pictures=PicturesAre(options.pictures),
    )
    loaded = _load(job)
    if options.epochs is None:
        recipe = suited_to(recipe, len(loaded.held_out.train))
        loaded = replace(loaded, job=replace(job, recipe=recipe))
    data = loaded.data
    print(
        f"{recipe.name}: {len(data.train):,} of {printable(data.name, 200)} on {job.device}, "
        f"seed {recipe.seed}"
    )
    if checkpoint.exists():
        print(f"continuing from {printable(str(checkpoint), 4096)}")
    recorder = Recorder(loaded, resumed=checkpoint.exists())
    outcome = train_to_end(recorder.watch(loaded.train(checkpoint=checkpoint)))
    card = replace(
        outcome.challenger.card,
        name=options.name or output.name.removesuffix(".safetensors"),
        command=_command(options, recipe, loaded.teachers),
    )
    save(replace(outcome.challenger, card=card), output, checkpoint)
    recorder.end(Fate.KEPT, name=str(output))
    what = data.train.noun
    scores = [f"{percent(card.validation_accuracy or 0, 2)} of the validation {what}"]
    scores += [f"{percent(card.test_accuracy, 2)} of the test {what}"] if card.test_accuracy else []
    print(f"{printable(str(output), 4096)}: {', '.join(scores)}")
    print(_verdict(outcome.comparison, card.title, outcome.champion_name))
    return 0


def _load(job: Job) -> LoadedJob:
    """Read the job's files, with a bar for the pictures of a folder."""
    with reading_bar() as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        return job.load(show)


def _device(wanted: str | None) -> str:
    available = device_names()
    if wanted in (None, "auto"):
        return available[0]
    if wanted not in available:
        raise UserError(f"There is no device '{wanted}' here, only {', '.join(available)}.")
    return wanted


def _recipe(options: argparse.Namespace, checkpoint: Path) -> Recipe:
    """Return the recipe, with a new seed unless one is given or a training is to be continued.

    Raises:
        UserError: there is no such recipe, or a value is outside its range.
    """
    if options.recipe not in RECIPES:
        raise UserError(f"There is no recipe '{options.recipe}', only {', '.join(RECIPES)}.")
    changes = {k: v for k in ("epochs", "seed") if (v := getattr(options, k)) is not None}
    if options.seed is None:
        continued = seed_of(checkpoint)
        changes["seed"] = secrets.randbelow(_NEW_SEEDS) if continued is None else continued
    if options.network is not None:
        changes["architecture"] = options.network
    try:
        return replace(RECIPES[options.recipe], **changes)
    except ValueError as error:
        sentence = str(error)
        raise UserError(f"{sentence[:1].upper()}{sentence[1:]}.") from error


def _command(options: argparse.Namespace, recipe: Recipe, teachers: Sequence[Model]) -> str:
    """Return the command that trains this model again, after those of its teachers."""
    parts = ["lenet-desktop", "train", "--recipe", recipe.name]
    parts += ["--data", shareable(options.data)] if options.data else []
    parts += ["--pictures", options.pictures] if options.pictures != PicturesAre.DRAWINGS else []
    parts += ["--strokes", shareable(options.strokes)] if options.strokes else []
    parts += ["--credit", options.credit] if options.credit else []
    parts += ["--network", options.network] if options.network else []
    for name in options.teacher:
        parts += ["--teacher", shareable(Path(name))]
    parts += ["--epochs", str(recipe.epochs)] if options.epochs is not None else []
    parts += ["--name", options.name] if options.name else []
    parts += ["--seed", str(recipe.seed), "--output", options.output.name]
    before = [teacher.card.command for teacher in teachers]
    return " && ".join(filter(None, (*before, shlex.join(parts))))


def _verdict(comparison: Comparison, name: str, champion_name: str) -> str:
    """Return one line on how the model compares with the factory model."""
    on = printable(f"on {comparison.data}", 200)
    mine = f"{name} {percent(comparison.challenger.accuracy, 2)}"
    if comparison.champion is None:
        return f"{on}: {mine}; {champion_name}, the factory model, has other classes"
    return (
        f"{on}: {mine}, {champion_name} (the factory model) "
        f"{percent(comparison.champion.accuracy, 2)}: {_VERDICTS[comparison.verdict].format(name)}"
    )
