"""The command 'train': train a model and write it to a file."""

import argparse
import contextlib
import secrets
import shlex
import signal
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

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
from lenet_desktop.training.progress import TrainingError
from lenet_desktop.training.recipe import RECIPES, Recipe, suited_to
from lenet_desktop.training.step.processes import Processes, launched_processes, use_own_gpu

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
    checkpoint is beside the output file. Of several processes, started by ``torchrun``, only the
    first writes and prints.

    Raises:
        UserError: an argument, the data or a teacher cannot be used, the training fails, or the
            model cannot be written.
    """
    with launched_processes() as processes:
        try:
            return _train(options, options.output, processes)
        except (TrainingError, KeyboardInterrupt) as error:
            # The launcher ends all processes as soon as one has ended: each keeps its exit code.
            if processes.is_launched:
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
            if processes.is_first:
                raise
            return 130 if isinstance(error, KeyboardInterrupt) else 2


def _train(options: argparse.Namespace, output: Path, processes: Processes) -> int:
    checkpoint = output.with_name(f"{output.name}.checkpoint")
    data = None
    with contextlib.ExitStack() as until_end:
        with processes.together():
            if processes.is_first:
                check_output(output)
                check_text(options.name, options.credit, options.data, options.strokes, output)
                until_end.enter_context(alone(output))
                data = chosen_data(options.data)  # which may download it: the others wait
        seed = int(processes.texts(str(_seed(options, checkpoint)))[0])
        with processes.together():
            loaded = _load(options, data or chosen_data(options.data), seed, processes)
        if processes.is_first:
            return _train_and_save(options, loaded, output, checkpoint, processes)
        for _ in loaded.train(processes=processes):
            pass
        with processes.together():
            pass  # the first process may fail to write the model
        return 0


def _load(options: argparse.Namespace, data: Path, seed: int, processes: Processes) -> LoadedJob:
    recipe = _recipe(options, seed)
    job = Job(
        recipe=recipe,
        data=data,
        champion=paths.factory_model(),
        device=_device(options.device, processes),
        strokes=options.strokes,
        credit=options.credit,
        teachers=tuple(map(library.find, options.teacher)),
        pictures=PicturesAre(options.pictures),
    )
    loaded = _read(job) if processes.is_first else job.load()
    if options.epochs is None:
        recipe = suited_to(recipe, len(loaded.held_out.train))
        loaded = replace(loaded, job=replace(job, recipe=recipe))
    return loaded


def _train_and_save(
    options: argparse.Namespace,
    loaded: LoadedJob,
    output: Path,
    checkpoint: Path,
    processes: Processes,
) -> int:
    recipe, data = loaded.job.recipe, loaded.data
    several = f", {processes.count} processes" if processes.count > 1 else ""
    print(
        f"{recipe.name}: {len(data.train):,} of {printable(data.name, 200)} on "
        f"{loaded.job.device}{several}, seed {recipe.seed}"
    )
    if checkpoint.exists():
        print(f"continuing from {printable(str(checkpoint), 4096)}")
    recorder = Recorder(loaded, resumed=checkpoint.exists())
    training = loaded.train(checkpoint=checkpoint, processes=processes)
    outcome = train_to_end(recorder.watch(training))
    card = replace(
        outcome.challenger.card,
        name=options.name or output.name.removesuffix(".safetensors"),
        command=_command(options, recipe, loaded.teachers),
    )
    with processes.together():
        save(replace(outcome.challenger, card=card), output, checkpoint)
    recorder.end(Fate.KEPT, name=str(output))
    what = data.train.noun
    scores = [f"{percent(card.validation_accuracy or 0, 2)} of the validation {what}"]
    scores += [f"{percent(card.test_accuracy, 2)} of the test {what}"] if card.test_accuracy else []
    print(f"{printable(str(output), 4096)}: {', '.join(scores)}")
    print(_verdict(outcome.comparison, card.title, outcome.champion_name))
    return 0


def _read(job: Job) -> LoadedJob:
    """Read the job's files, with a bar for the pictures of a folder."""
    with reading_bar() as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        return job.load(show)


def _device(wanted: str | None, processes: Processes) -> str:
    """Return the device to train on.

    Raises:
        UserError: it is not there, or not for several processes.
    """
    available = device_names()
    device = available[0] if wanted in (None, "auto") else wanted
    if device not in available:
        raise UserError(f"There is no device '{device}' here, only {', '.join(available)}.")
    if processes.is_launched and device == "cuda":
        use_own_gpu()
    elif processes.count > 1 and device != "cpu":
        raise UserError(
            f"Several processes train on the CPU or on NVIDIA's GPUs, not on '{device}': add "
            "'--device cpu'."
        )
    return device


def _seed(options: argparse.Namespace, checkpoint: Path) -> int:
    """Return a new seed unless one is given or a training is to be continued."""
    if options.seed is not None:
        return int(options.seed)
    continued = seed_of(checkpoint)
    return secrets.randbelow(_NEW_SEEDS) if continued is None else continued


def _recipe(options: argparse.Namespace, seed: int) -> Recipe:
    """Return the recipe with a seed.

    Raises:
        UserError: there is no such recipe, or a value is outside its range.
    """
    if options.recipe not in RECIPES:
        raise UserError(f"There is no recipe '{options.recipe}', only {', '.join(RECIPES)}.")
    changes: dict[str, Any] = {"seed": seed if options.seed is None else options.seed}
    if options.epochs is not None:
        changes["epochs"] = options.epochs
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
