"""The command line. Without a command it opens the pad."""

import argparse
import json
import os
import shlex
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lenet_desktop import __version__, paths
from lenet_desktop.cli.progress_bar import ProgressLine
from lenet_desktop.errors import UserError

if TYPE_CHECKING:
    from lenet_desktop.evaluation.metrics import Evaluation
    from lenet_desktop.inference.recognizer import Prediction
    from lenet_desktop.models.model_file import Model
    from lenet_desktop.training.recipe import Recipe

_DESCRIPTION = "A drawing pad that reads handwritten digits with LeNet."
_EPILOG = """\
Without a command the pad opens: draw a digit and see it read.

examples:
  lenet-desktop                                  open the pad
  lenet-desktop recognize photo.jpg              read the digit in a picture
  lenet-desktop train --output mine.safetensors  train on the starter digits
  lenet-desktop --model mine.safetensors         open the pad with that model
"""
_DEVICE_HELP = "where the network runs: auto (default), cpu, cuda, mps or xpu"


def run(arguments: Sequence[str]) -> int:
    """Carry out a command line; give the exit code: 0, 1 for a failed self-test, 2 for an error."""
    parser = _parser()
    options = parser.parse_args(arguments)
    for name in ("model", "device"):
        # The pad's own options are understood before a command, too; none is silently ignored.
        if getattr(options, name) is not None and name not in options.takes:
            parser.error(f"--{name} is not for the command '{options.command}'")
    try:
        code = int(options.carry_out(options))
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever reads our output has had enough of it.
        _write_no_more()
        if options.command != "train":
            return 0
        print("lenet-desktop: stopped, nobody reads the output any more", file=sys.stderr)
        return 2
    except OSError as error:
        if options.debug:
            raise
        _write_no_more()
        what = error.filename or "what there was to say could not be written"
        print(f"lenet-desktop: {what}: {error.strerror or error}", file=sys.stderr)
        return 2
    except UserError as error:
        if options.debug:
            raise
        print(f"lenet-desktop: {error}", file=sys.stderr)
        return 2


def _write_no_more() -> None:
    # Python flushes once more at its end.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lenet-desktop",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"lenet-desktop {__version__}")
    parser.add_argument("--debug", action="store_true", help="show a traceback for an error")
    parser.add_argument("--model", type=Path, metavar="FILE", help="read with this model file")
    parser.add_argument("--device", metavar="NAME", help=_DEVICE_HELP)
    parser.set_defaults(carry_out=_pad, takes=("model", "device"))
    # Given after the command as well as before it.
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--debug", action="store_true", default=argparse.SUPPRESS, help="show a traceback"
    )
    on_device = argparse.ArgumentParser(add_help=False)
    on_device.add_argument("--device", metavar="NAME", default=argparse.SUPPRESS, help=_DEVICE_HELP)
    with_model = argparse.ArgumentParser(add_help=False)
    with_model.add_argument(
        "--model",
        type=Path,
        metavar="FILE",
        default=argparse.SUPPRESS,
        help="the model file to read with (default: the factory model)",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command")

    recognize = commands.add_parser(
        "recognize",
        parents=[common, on_device, with_model],
        help="read the digit in pictures or stroke files",
        description="Read the digit in each picture (PNG, JPEG, BMP, GIF, TIFF, WebP; a photograph "
        "will do) or stroke file (.jsonl), without a window.",
    )
    recognize.add_argument("files", nargs="+", type=Path, metavar="FILE")
    recognize.add_argument("--json", action="store_true", help="print a JSON object a line")
    recognize.set_defaults(carry_out=_recognize, takes=("model", "device"))

    train = commands.add_parser(
        "train",
        parents=[common, on_device],
        help="train a new model",
        description="Train LeNet and write a model file. Without --data it learns from the 5,000 "
        "starter digits inside the program, with no network.",
    )
    train.add_argument(
        "--output", type=Path, required=True, metavar="FILE", help="the model file to write"
    )
    train.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="a folder that holds MNIST (DIR/MNIST/raw/train-images-idx3-ubyte.gz and so on)",
    )
    train.add_argument(
        "--strokes", type=Path, metavar="FILE", help="digits of a stroke file to learn from as well"
    )
    train.add_argument(
        "--credit", default="", metavar="TEXT", help="whose strokes they are, for the model's card"
    )
    train.add_argument(
        "--recipe", default="quick", metavar="NAME", help="quick (default), tutorial or thorough"
    )
    train.add_argument(
        "--network",
        metavar="NAME",
        help="lenet (default), lenet-variant or residual, a deeper net that takes longer",
    )
    train.add_argument(
        "--teacher",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="a model file whose answers are learned from as well (distillation); may be given "
        "several times",
    )
    train.add_argument("--epochs", type=int, metavar="N", help="instead of the recipe's number")
    train.add_argument("--seed", type=int, metavar="N", help="instead of the recipe's, which is 0")
    train.add_argument("--name", metavar="TEXT", help="what the model calls itself")
    train.set_defaults(carry_out=_train, takes=("device",))

    evaluate = commands.add_parser(
        "evaluate",
        parents=[common, with_model],
        help="measure how well a model reads",
        description="Measure a model on the test digits of MNIST or on a file of pen strokes.",
    )
    source = evaluate.add_mutually_exclusive_group()
    source.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="a folder that holds MNIST; without it and --strokes: held-out starter digits",
    )
    source.add_argument(
        "--strokes", type=Path, metavar="FILE", help="a stroke file with labels (.jsonl)"
    )
    evaluate.add_argument("--json", action="store_true", help="print one JSON object")
    evaluate.add_argument(
        "--mistakes", type=Path, metavar="FILE", help="write a picture of the mistakes as PNG"
    )
    evaluate.set_defaults(carry_out=_evaluate, takes=("model",))

    self_test = commands.add_parser(
        "self-test",
        parents=[common],
        help="open the window, draw ten digits, check the answers, train and keep a model",
        description="Open the real window, draw our own digits from 0 to 9 with the mouse, check "
        "the answers; then train for a moment, keep the model in a temporary folder and find it "
        "again. Works without a screen when QT_QPA_PLATFORM=offscreen is set.",
    )
    self_test.add_argument("--screenshot", type=Path, metavar="FILE", help="save a picture as PNG")
    self_test.add_argument("--theme", choices=("light", "dark"), help="instead of the remembered")
    self_test.set_defaults(carry_out=_self_test, takes=())
    return parser


def _pad(options: argparse.Namespace) -> int:
    _check_device(options.device)
    _load_torch_before_qt()
    from lenet_desktop.ui.display import check_display

    check_display()
    from lenet_desktop.ui import app

    return app.run(options.model, options.device)


def _load_torch_before_qt() -> None:
    if sys.platform == "win32":
        # There torch's libraries are not found once Qt's are loaded (pytorch #169429).
        import torch  # noqa: F401


def _self_test(options: argparse.Namespace) -> int:
    _load_torch_before_qt()
    from lenet_desktop.ui.display import check_display

    check_display()
    from lenet_desktop.ui.self_test import self_test

    return self_test(options.screenshot, options.theme)


def _recognize(options: argparse.Namespace) -> int:
    from lenet_desktop.drawing.drawing_file import read_drawings
    from lenet_desktop.drawing.picture import PictureError
    from lenet_desktop.drawing.stroke_file import StrokeFileError
    from lenet_desktop.inference.recognizer import Recognizer

    _check_device(options.device)
    recognizer = Recognizer.from_file(
        options.model or paths.factory_model(), options.device or "auto"
    )
    if recognizer.notice:
        print(recognizer.notice, file=sys.stderr)
    failed = False
    for file in options.files:
        try:
            drawings = list(read_drawings(file))
        except (PictureError, StrokeFileError) as error:
            if options.debug:
                raise
            print(f"lenet-desktop: {error}", file=sys.stderr)
            failed = True
            continue
        for drawing in drawings:
            prediction = recognizer.recognize(drawing)
            if prediction is None:
                print(f"lenet-desktop: {file} holds no ink.", file=sys.stderr)
                failed = True
            else:
                print(_answer(file, prediction, options.json))
    return 2 if failed else 0


def _answer(file: Path, prediction: "Prediction", as_json: bool) -> str:
    if as_json:
        probabilities = dict(
            zip(prediction.classes, prediction.probabilities.tolist(), strict=True)
        )
        return json.dumps(
            {
                "file": str(file),
                "digit": prediction.best_class if prediction.is_sure else None,
                "verdict": prediction.verdict,
                "guess": prediction.best_class,
                "probability": prediction.probability,
                "probabilities": probabilities,
                "seconds": prediction.seconds,
            }
        )
    doubt = "" if prediction.is_sure else f"{prediction.verdict}, perhaps "
    return f"{file}: {doubt}{prediction.best_class} ({prediction.probability:.1%})"


def _train(options: argparse.Namespace) -> int:
    from lenet_desktop.data.sources import STARTER
    from lenet_desktop.inference.recognizer import device_names
    from lenet_desktop.models import model_file
    from lenet_desktop.models.library import is_factory_model
    from lenet_desktop.training.job import Job, Outcome
    from lenet_desktop.training.recipe import RECIPES, suited_to

    if options.recipe not in RECIPES:
        raise UserError(f"there is no recipe '{options.recipe}', only {', '.join(RECIPES)}")
    if options.output.is_dir():
        raise UserError(f"{options.output} is a folder: name a file to write the model to")
    if options.output.exists() and not options.output.is_file():
        raise UserError(f"{options.output} is no ordinary file: name one to write the model to")
    if is_factory_model(options.output):
        raise UserError(f"{options.output} is the factory model: name another file")
    _check_folder(options.output)
    _check_text(options.name, options.credit, options.data, options.strokes, options.output)
    _check_device(options.device)
    device = options.device if options.device not in (None, "auto") else device_names()[0]
    if device not in device_names():
        raise UserError(f"there is no device '{device}' here, only {', '.join(device_names())}")
    changes = {k: v for k in ("epochs", "seed") if (v := getattr(options, k)) is not None}
    if options.network is not None:
        changes["architecture"] = options.network
    try:
        recipe = replace(RECIPES[options.recipe], **changes)
    except ValueError as error:
        raise UserError(str(error)) from error
    job = Job(
        recipe=recipe,
        data=options.data or STARTER,
        champion=paths.factory_model(),
        device=device,
        strokes=options.strokes,
        credit=options.credit,
        teachers=tuple(options.teacher),
    )
    loaded = job.load()
    if options.epochs is None:
        recipe = suited_to(recipe, len(loaded.held_out.train))
        loaded = replace(loaded, job=replace(job, recipe=recipe))
    data = loaded.data
    print(f"{recipe.name}: {len(data.train):,} of {data.name} on {device}", flush=True)
    # Started again with the same words, a training that was killed goes on after its last epoch.
    checkpoint = options.output.with_name(options.output.name + ".checkpoint")
    if checkpoint.exists():
        print(f"going on from {checkpoint}")
    progress = loaded.train(checkpoint=checkpoint)
    outcome: Outcome | None = None
    line = ProgressLine()
    while outcome is None:
        try:
            line.show(next(progress))
        except StopIteration as end:
            outcome = end.value
    assert outcome is not None
    card = replace(
        outcome.challenger.card,
        name=options.name or options.output.stem,
        command=_command(options, recipe, loaded.teachers),
    )
    model_file.save(replace(outcome.challenger, card=card), options.output)
    checkpoint.unlink(missing_ok=True)
    print(f"{options.output}: {card.validation_accuracy:.2%} of the validation digits", end="")
    print(f", {card.test_accuracy:.2%} of the test digits" if card.test_accuracy else "")
    return 0


def _command(options: argparse.Namespace, recipe: "Recipe", teachers: "Sequence[Model]") -> str:
    """Give the command line that trains this model again, its teachers first."""
    parts = ["lenet-desktop", "train", "--recipe", recipe.name]
    parts += ["--data", str(options.data)] if options.data else []
    parts += ["--strokes", str(options.strokes)] if options.strokes else []
    parts += ["--credit", options.credit] if options.credit else []
    parts += ["--network", options.network] if options.network else []
    for path in options.teacher:
        parts += ["--teacher", str(path)]
    parts += ["--epochs", str(recipe.epochs)] if options.epochs is not None else []
    parts += ["--name", options.name] if options.name else []
    parts += ["--seed", str(recipe.seed), "--output", options.output.name]
    before = [teacher.card.command for teacher in teachers]
    return " && ".join(filter(None, (*before, shlex.join(parts))))


def _evaluate(options: argparse.Namespace) -> int:
    import numpy as np

    from lenet_desktop.data import catalog
    from lenet_desktop.data.sources import STARTER
    from lenet_desktop.data.stroke_samples import samples_of_strokes
    from lenet_desktop.evaluation import metrics
    from lenet_desktop.models import model_file

    model = model_file.load(options.model or paths.factory_model())
    if options.strokes:
        labelled = samples_of_strokes(options.strokes)
        samples, labels, writers = labelled.samples, labelled.labels, labelled.writers
        name = str(options.strokes)
    else:
        data = catalog.load(options.data or STARTER)
        samples = data.test.images.numpy().astype(np.float32) / np.float32(255)
        labels = tuple(str(label) for label in data.test.labels.tolist())
        writers = ("",) * len(labels)
        name = f"the test digits of {data.name}"
    result = metrics.evaluate(model, samples, labels, writers)
    print(json.dumps(result.to_json()) if options.json else _report(name, result))
    if options.mistakes:
        from lenet_desktop.evaluation.contact_sheet import write_contact_sheet

        count = write_contact_sheet(options.mistakes, result, samples)
        print(f"{options.mistakes}: {count} mistakes", file=sys.stderr)
    return 0


def _report(name: str, result: "Evaluation") -> str:
    lines = []
    if result.count:
        low, high = result.interval
        lines += [
            f"{name}: {result.accuracy:.2%} of {result.count:,} digits read rightly "
            f"(95 % interval {low:.2%} to {high:.2%})",
            f"refused: {result.refused_share:.2%}; of the rest {result.accuracy_answered:.2%} "
            f"read rightly; expected calibration error {result.ece:.2%}",
            "",
            *_confusion_table(result),
        ]
    if result.others:
        lines.append(
            f"{name}: {result.others_refused_share:.1%} of {result.others:,} that are no digits "
            "were refused"
        )
    writers = [w for w in result.worst_writers if w[1] < w[2]]
    if writers:
        lines += ["", "writers misread most:"]
        lines += [f"  {writer}: {right} of {count} right" for writer, right, count in writers]
    return "\n".join(lines)


def _confusion_table(result: "Evaluation") -> list[str]:
    width = max(5, *(len(c) + 1 for c in result.classes))
    lines = ["meant  right   read as" + "".join(f"{c:>{width}}" for c in result.classes)]
    for name, row in zip(result.classes, result.confusion.tolist(), strict=True):
        right = result.per_class[name]
        share = "     —" if right is None else f"{right:6.1%}"
        lines.append(f"{name:>5} {share}          " + "".join(f"{n or '·':>{width}}" for n in row))
    return lines


def _check_folder(file: Path) -> None:
    """Find out before the work, not after it, that its result cannot be written."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=file.parent):
            pass
    except OSError as error:
        raise UserError(f"{file} cannot be written: {error.strerror or error}") from error


def _check_text(*words: object) -> None:
    """Find out before the work that what will stand in the model card cannot be written."""
    for word in words:
        try:
            str(word).encode()
        except UnicodeEncodeError as error:
            raise UserError(f"{word!a} is not text in UTF-8: use another name") from error


def _check_device(device: str | None) -> None:
    if device not in (None, "auto", "cpu", "cuda", "mps", "xpu"):
        raise UserError(f"there is no device '{device}': choose auto, cpu, cuda, mps or xpu")
