"""The command 'train': train a model and write it to a file."""

import argparse
import contextlib
import secrets
import shlex
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from lenet_desktop import paths
from lenet_desktop.cli.mnist import chosen_data
from lenet_desktop.cli.progress_bar import train_to_end
from lenet_desktop.errors import UserError
from lenet_desktop.evaluation.compare import Better, Comparison
from lenet_desktop.inference.recognizer import device_names
from lenet_desktop.models import library, model_file
from lenet_desktop.models.model_file import Model, ModelFileError
from lenet_desktop.percent import percent
from lenet_desktop.printable import printable
from lenet_desktop.training.checkpoint import seed_of
from lenet_desktop.training.history.record import Fate
from lenet_desktop.training.history.recorder import Recorder
from lenet_desktop.training.job import Job
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
    _check_output(output)
    _check_text(options.name, options.credit, options.data, options.strokes, output)
    with _alone(output):
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
    )
    loaded = job.load()
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
    _save(replace(outcome.challenger, card=card), output, checkpoint)
    recorder.end(Fate.KEPT, name=str(output))
    what = data.train.noun
    scores = [f"{percent(card.validation_accuracy or 0, 2)} of the validation {what}"]
    scores += [f"{percent(card.test_accuracy, 2)} of the test {what}"] if card.test_accuracy else []
    print(f"{printable(str(output), 4096)}: {', '.join(scores)}")
    print(_verdict(outcome.comparison, card.title, outcome.champion_name))
    return 0


@contextlib.contextmanager
def _alone(output: Path) -> Iterator[None]:
    """Keep a second training from writing to the same output and checkpoint meanwhile.

    Raises:
        UserError: one is under way.
    """
    path = output.with_name(f"{output.name}.lock")
    lock = FileLock(path, timeout=0)
    # Where files cannot be locked, trainings are not kept apart.
    with contextlib.suppress(OSError, NotImplementedError):
        try:
            lock.acquire()
        except Timeout as error:
            raise UserError(
                f"Another training is writing to {output}: wait for it, or name another file."
            ) from error
    try:
        yield
    finally:
        # While the lock is held; on Windows filelock itself removes the file afterwards.
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        lock.release()


def _check_output(output: Path) -> None:
    """Check before the training that its result can be written.

    Raises:
        UserError: it cannot.
    """
    if output.is_dir():
        raise UserError(f"{output} is a folder: name a file to write the model to.")
    if output.exists() and not output.is_file():
        raise UserError(f"{output} is not a regular file: name another file for the model.")
    if output.is_file() and not _is_model(output):
        raise UserError(f"{output} exists and is not a model: name another file, or remove it.")
    if library.is_factory_model(output):
        raise UserError(f"{output} is the factory model: name another file.")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=output.parent):
            pass
    except OSError as error:
        raise UserError(f"{output} cannot be written: {error.strerror or error}.") from error


def _is_model(path: Path) -> bool:
    try:
        model_file.read_card(path)
    except ModelFileError:
        return False
    return True


def _check_text(*texts: object) -> None:
    """Check before the training that the model card can be written.

    Raises:
        UserError: a text contains bytes that are not UTF-8.
    """
    for text in texts:
        try:
            str(text).encode()
        except UnicodeEncodeError as error:
            raise UserError(f"{text!a} is not text in UTF-8: use another name.") from error


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
    parts += ["--data", _shareable(options.data)] if options.data else []
    parts += ["--strokes", _shareable(options.strokes)] if options.strokes else []
    parts += ["--credit", options.credit] if options.credit else []
    parts += ["--network", options.network] if options.network else []
    for name in options.teacher:
        parts += ["--teacher", _shareable(Path(name))]
    parts += ["--epochs", str(recipe.epochs)] if options.epochs is not None else []
    parts += ["--name", options.name] if options.name else []
    parts += ["--seed", str(recipe.seed), "--output", options.output.name]
    before = [teacher.card.command for teacher in teachers]
    return " && ".join(filter(None, (*before, shlex.join(parts))))


def _shareable(path: Path) -> str:
    """Return a relative path as it was typed, and only the last part of an absolute one.

    Model cards are shared, so they must not contain the folders of this computer.
    """
    return path.name if path.is_absolute() else str(path)


def _save(model: Model, output: Path, checkpoint: Path) -> None:
    """Write the model and remove the checkpoint.

    Raises:
        UserError: it cannot be written there, but somewhere else, or the checkpoint stays. The
            message says where it is.
    """
    try:
        model_file.save(model, output)
    except ModelFileError as error:
        room = "room and run the same command again"
        if checkpoint.exists():
            room += f", which continues from {checkpoint}"
        path = _save_elsewhere(model, output)
        if path is None:
            raise UserError(f"{error} Make {room}.") from error
        raise UserError(f"{error} It is in {path} instead; you can also make {room}.") from error
    checkpoint.unlink(missing_ok=True)


def _save_elsewhere(model: Model, output: Path) -> Path | None:
    """Write the model among the kept models, else to a temporary folder; None if both fail."""
    with contextlib.suppress(ModelFileError):
        return library.keep(model, library.free_name(model.card.title))
    with contextlib.suppress(OSError):
        folder = Path(tempfile.mkdtemp(prefix="lenet-desktop-"))
        try:
            model_file.save(model, folder / output.name)
        except ModelFileError:
            folder.rmdir()
        else:
            return folder / output.name
    return None


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
