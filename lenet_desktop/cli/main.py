"""The command line: its parser, its exit codes, and the one place where errors are reported.

The commands are in modules of their own, imported when they run: each loads numpy, torch or Qt.
"""

import argparse
import contextlib
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn, TypeAlias

from lenet_desktop import __version__
from lenet_desktop.cli.output import complain
from lenet_desktop.errors import UserError
from lenet_desktop.printable import printable

_DESCRIPTION = "A drawing pad that reads handwritten digits with LeNet."
_EPILOG = """\
Without a command the pad opens: draw a digit and see it read.

examples:
  lenet-desktop                                  open the pad
  lenet-desktop recognize photo.jpg              read the digit in a picture
  lenet-desktop train --output mine.safetensors  train on the starter digits
  lenet-desktop --model mine.safetensors         open the pad with that model
"""
_DEVICES = ("auto", "cpu", "cuda", "mps", "xpu")
_DEVICE_HELP = "where the network runs: auto (default), cpu, cuda, mps or xpu"


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return the exit code.

    Returns:
        0; 1 after a failed self-test; 2 after an error; 130 after Ctrl+C.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal may support only ASCII. Flush each line, so that it appears at once.
            stream.reconfigure(errors="replace", line_buffering=True)
    parser = make_parser()
    options = parser.parse_args(arguments)
    for name in ("model", "device"):
        # Options of the pad may be given before a command that knows them, too.
        if getattr(options, name) is not None and name not in options.takes:
            parser.error(f"the command '{options.command}' does not have the option --{name}")
    try:
        code = _run_command(options)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        hint = ": the same command continues the training" if options.command == "train" else ""
        complain(f"stopped{hint}")
        return 130
    except BrokenPipeError:
        # The program that reads our output has closed the pipe, as `head` does.
        _discard_output()
        if options.command != "train":
            return 0
        complain("stopped because the output was closed")
        return 2
    except OSError as error:
        if options.debug:
            raise
        _discard_output()
        complain(f"{error.filename or 'the output'}: {error.strerror or error}")
        return 2
    except UserError as error:
        if options.debug:
            raise
        complain(str(error))
        return 2


def _run_command(options: argparse.Namespace) -> int:
    match options.command:
        case "recognize":
            from lenet_desktop.cli import recognize

            return recognize.run(options)
        case "train":
            from lenet_desktop.cli import train

            return train.run(options)
        case "evaluate":
            from lenet_desktop.cli import evaluate

            return evaluate.run(options)
        case "self-test":
            from lenet_desktop.cli import self_test

            return self_test.run(options)
        case _:
            from lenet_desktop.cli import pad

            return pad.run(options)


def _discard_output() -> None:
    """Send stdout to the null device: Python flushes it once more when it exits."""
    with contextlib.suppress(io.UnsupportedOperation):  # stdout is not a file
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are safe on a terminal: a file's name may be taken for an option."""

    def error(self, message: str) -> NoReturn:
        """Print the usage and the error, and exit with code 2."""
        super().error(printable(message, 1000))


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line; ``takes`` names the pad's options that apply."""
    parser = _Parser(
        prog="lenet-desktop",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"lenet-desktop {__version__}")
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")
    parser.add_argument("--model", type=Path, metavar="FILE", help="read with this model file")
    parser.add_argument("--device", choices=_DEVICES, metavar="NAME", help=_DEVICE_HELP)
    parser.set_defaults(takes=("model", "device"))
    # These options are accepted before and after the command.
    common = _Parser(add_help=False)
    common.add_argument(
        "--debug",
        action="store_true",
        default=argparse.SUPPRESS,
        help="show the traceback of an error",
    )
    device = _Parser(add_help=False)
    device.add_argument(
        "--device",
        choices=_DEVICES,
        metavar="NAME",
        default=argparse.SUPPRESS,
        help=_DEVICE_HELP,
    )
    model = _Parser(add_help=False)
    model.add_argument(
        "--model",
        type=Path,
        metavar="FILE",
        default=argparse.SUPPRESS,
        help="read with this model file (default: the factory model)",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command")
    _add_recognize(commands, [common, device, model])
    _add_train(commands, [common, device])
    _add_evaluate(commands, [common, model])
    _add_self_test(commands, [common])
    return parser


_Commands: TypeAlias = "argparse._SubParsersAction[_Parser]"
_Parents: TypeAlias = "list[_Parser]"


def _add_recognize(commands: _Commands, parents: _Parents) -> None:
    parser = commands.add_parser(
        "recognize",
        parents=parents,
        help="read the digit in pictures or stroke files",
        description="Read the digit in each picture (PNG, JPEG, BMP, GIF, TIFF or WebP; photos "
        "work too) or stroke file (.jsonl), without a window.",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true", help="print one JSON object per line")
    parser.set_defaults(takes=("model", "device"))


def _add_train(commands: _Commands, parents: _Parents) -> None:
    parser = commands.add_parser(
        "train",
        parents=parents,
        help="train a new model",
        description="Train LeNet and write a model file. Without --data it learns from the 5,000 "
        "starter digits inside the program, without a network connection. To continue an "
        "interrupted training, run the same command again.",
    )
    parser.add_argument(
        "--output", type=Path, required=True, metavar="FILE", help="the model file to write"
    )
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="a folder that holds MNIST (DIR/MNIST/raw/train-images-idx3-ubyte.gz and so on)",
    )
    parser.add_argument(
        "--strokes", type=Path, metavar="FILE", help="also learn from the drawings of a stroke file"
    )
    parser.add_argument(
        "--credit", default="", metavar="TEXT", help="who made the strokes, for the model card"
    )
    parser.add_argument(
        "--recipe", default="quick", metavar="NAME", help="quick (default), tutorial or thorough"
    )
    parser.add_argument(
        "--network",
        metavar="NAME",
        help="lenet (default), lenet-variant or residual, a deeper network that takes longer",
    )
    parser.add_argument(
        "--teacher",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="also learn from the answers of this model (distillation); may be given several times",
    )
    parser.add_argument(
        "--epochs", type=int, metavar="N", help="the number of epochs (default: the recipe's)"
    )
    parser.add_argument(
        "--seed", type=int, metavar="N", help="the random seed (default: a new one)"
    )
    parser.add_argument("--name", metavar="TEXT", help="the model's name (default: the file's)")
    parser.set_defaults(takes=("device",))


def _add_evaluate(commands: _Commands, parents: _Parents) -> None:
    parser = commands.add_parser(
        "evaluate",
        parents=parents,
        help="measure the accuracy of a model",
        description="Measure the accuracy of a model on held-out starter digits, on the test "
        "digits of MNIST, or on a stroke file.",
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--data", type=Path, metavar="DIR", help="use the test digits of MNIST in this folder"
    )
    source.add_argument(
        "--strokes", type=Path, metavar="FILE", help="use this stroke file with labels (.jsonl)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--mistakes", type=Path, metavar="FILE", help="write a picture of the mistakes (PNG)"
    )
    parser.set_defaults(takes=("model",))


def _add_self_test(commands: _Commands, parents: _Parents) -> None:
    parser = commands.add_parser(
        "self-test",
        parents=parents,
        help="open the window, draw ten digits, check the answers, train and keep a model",
        description="Open the real window, draw the digits 0 to 9 with the mouse and check the "
        "answers; then train a model, keep it in a temporary folder and open it again. Works "
        "without a screen when QT_QPA_PLATFORM=offscreen is set.",
    )
    parser.add_argument(
        "--screenshot", type=Path, metavar="FILE", help="save a picture of the window (PNG)"
    )
    parser.add_argument(
        "--theme", choices=("light", "dark"), help="use this theme (default: the one in use)"
    )
    parser.set_defaults(takes=())
